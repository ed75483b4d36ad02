#include "data.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/Storage.h>
#include <c10/util/accumulate.h>

#include <cstring>

#include "function.h"
#include "promise.h"
#include "view.h"

namespace node_torch {

namespace {

// Bits of matmul-like ops depend on alignment, so memory that is not aligned like libtorch's own is copied.
constexpr size_t kAlignment = 64;

// buffer.constants.MAX_LENGTH of Node 20, the smallest of the supported versions.
constexpr size_t kLargestBuffer = size_t{4} << 30;

bool ReadSizes(napi_env env, napi_value array, std::vector<int64_t>* sizes) {
  uint32_t count = 0;
  if (napi_get_array_length(env, array, &count) != napi_ok) return false;
  for (uint32_t i = 0; i < count; ++i) {
    napi_value element = nullptr;
    int64_t size = 0;
    if (napi_get_element(env, array, i, &element) != napi_ok || napi_get_value_int64(env, element, &size) != napi_ok) {
      return false;
    }
    sizes->push_back(size);
  }
  return true;
}

bool ReadDtype(napi_env env, napi_value value, c10::ScalarType* dtype) {
  int32_t code = 0;
  if (napi_get_value_int32(env, value, &code) != napi_ok) return false;
  *dtype = static_cast<c10::ScalarType>(code);
  return true;
}

void ReleaseStorage(node_api_basic_env, void*, void* hint) { delete static_cast<c10::Storage*>(hint); }

// Zero-copy: the ArrayBuffer holds a reference to the storage, which may no longer be resized.
napi_value Expose(Environment& environment, const c10::Storage& storage, void* data, size_t bytes) {
  napi_value buffer = nullptr;
  if (bytes == 0) {
    NODE_TORCH_TRY(napi_create_arraybuffer(environment.env, 0, nullptr, &buffer));
    return buffer;
  }
  TORCH_CHECK(bytes <= kLargestBuffer, "a typed array holds at most ", kLargestBuffer, " bytes, this memory has ",
              bytes, "; take a part of the tensor with narrow()");
  storage.unsafeGetStorageImpl()->set_resizable(false);
  auto* holder = new c10::Storage(storage);
  // Where this fails Node has run the finalizer already.
  NODE_TORCH_TRY(napi_create_external_arraybuffer(environment.env, data, bytes, ReleaseStorage, holder, &buffer));
  return buffer;
}

void RequireCpu(const at::Tensor& tensor) {
  if (!tensor.device().is_cpu()) {
    throw TypeError{"can't convert " + tensor.device().str() +
                    " device type tensor to a typed array. Use tensor.cpu() to copy the tensor to host memory first."};
  }
}

at::Tensor Over(void* data, size_t bytes) {
  return at::from_blob(data, {static_cast<int64_t>(bytes)}, at::TensorOptions().dtype(at::kByte));
}

void RequireInside(const c10::Storage& storage, int64_t offset, size_t bytes) {
  TORCH_CHECK(offset >= 0 && bytes <= storage.nbytes() && offset <= static_cast<int64_t>(storage.nbytes() - bytes),
              bytes, " bytes at ", offset, " are not inside a storage of ", storage.nbytes(), " bytes");
}

at::Tensor PartOf(const at::Tensor& tensor, int64_t offset, size_t bytes) {
  at::Tensor part = at::empty({0}, tensor.options().dtype(at::kByte));
  return part.set_(tensor.storage(), offset, {static_cast<int64_t>(bytes)}, {1});
}

// Between the storage of a tensor and a typed array.
void CopyStorage(Environment& e, CallInfo<3>& call, void (*copy)(const at::Tensor&, int64_t, const View&)) {
  const at::Tensor& tensor = TensorOf(e, call.args[0]);
  int64_t offset = 0;
  View view;
  if (napi_get_value_int64(e.env, call.args[1], &offset) != napi_ok || !ReadView(e.env, call.args[2], &view)) {
    throw TypeError{"expected an offset and a typed array"};
  }
  copy(tensor, offset, view);
}

}  // namespace

// memcpy on the host, here and below: copy_ would wake the thread pool for every block.
void ReadStorageInto(const at::Tensor& tensor, int64_t offset, uint8_t* target, size_t bytes) {
  RequireInside(tensor.storage(), offset, bytes);
  if (bytes == 0) return;
  if (tensor.device().is_cpu())
    std::memcpy(target, static_cast<const uint8_t*>(tensor.storage().data()) + offset, bytes);
  else
    Over(target, bytes).copy_(PartOf(tensor, offset, bytes));
}

napi_value CopyIn(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    View view;
    c10::ScalarType dtype;
    std::vector<int64_t> sizes;
    if (!ReadView(e.env, call.args[0], &view)) throw TypeError{"expected a typed array"};
    if (!ReadDtype(e.env, call.args[1], &dtype) || !ReadSizes(e.env, call.args[2], &sizes)) return nullptr;
    at::Tensor tensor = at::empty(sizes, at::TensorOptions().dtype(dtype));
    TORCH_CHECK(tensor.nbytes() == view.bytes, "the array holds ", view.bytes, " bytes, a tensor of size ", sizes,
                " and dtype ", dtype, " needs ", tensor.nbytes());
    if (view.bytes > 0) std::memcpy(tensor.mutable_data_ptr(), view.data, view.bytes);
    e.ReportMemory();
    return NewHandle(e, std::move(tensor));
  });
}

napi_value Borrow(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    View view;
    c10::ScalarType dtype;
    if (!ReadView(e.env, call.args[0], &view)) throw TypeError{"expected a typed array"};
    if (!ReadDtype(e.env, call.args[1], &dtype)) return nullptr;
    napi_value null = nullptr;
    NODE_TORCH_TRY(napi_get_null(e.env, &null));
    if (view.bytes == 0 || reinterpret_cast<uintptr_t>(view.data) % kAlignment != 0) return null;
    e.released->Drain(e.env);
    napi_ref pinned = nullptr;
    NODE_TORCH_TRY(napi_create_reference(e.env, view.buffer, 1, &pinned));
    const auto count = static_cast<int64_t>(view.bytes / c10::elementSize(dtype));
    // The tensor may die on any thread; the reference goes back through its environment's queue.
    auto release = [queue = e.released, pinned](void*) { queue->Push(pinned); };
    return NewHandle(e, at::from_blob(view.data, {count}, release, at::TensorOptions().dtype(dtype)));
  });
}

napi_value TensorBytes(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    const at::Tensor& tensor = TensorOf(e, call.args[0]);
    RequireCpu(tensor);
    TORCH_CHECK(tensor.is_contiguous(), "only a contiguous tensor can share its memory; call contiguous() first");
    return Expose(e, tensor.storage(), tensor.mutable_data_ptr(), tensor.nbytes());
  });
}

napi_value TensorBytesAsync(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) {
    return Await<at::Tensor>(
        e,
        [tensor = t.detach()] {
          const c10::InferenceMode no_graph;
          return at::empty(tensor.sizes(), tensor.options().device(at::kCPU)).copy_(tensor);
        },
        [](Environment& environment, const at::Tensor& copy) {
          return Expose(environment, copy.storage(), copy.mutable_data_ptr(), copy.nbytes());
        });
  });
}

napi_value StorageId(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    const auto* impl = TensorOf(e, call.args[0]).storage().unsafeGetStorageImpl();
    napi_value id = nullptr;
    NODE_TORCH_TRY(napi_create_bigint_uint64(e.env, reinterpret_cast<uint64_t>(impl), &id));
    return id;
  });
}

napi_value StorageNbytes(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    return Number(e.env, static_cast<double>(TensorOf(e, call.args[0]).storage().nbytes()));
  });
}

napi_value ReadStorage(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    CopyStorage(e, call, [](const at::Tensor& tensor, int64_t offset, const View& view) {
      ReadStorageInto(tensor, offset, static_cast<uint8_t*>(view.data), view.bytes);
    });
    return nullptr;
  });
}

napi_value WriteStorage(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    CopyStorage(e, call, [](const at::Tensor& tensor, int64_t offset, const View& view) {
      const c10::Storage& storage = tensor.storage();
      RequireInside(storage, offset, view.bytes);
      if (view.bytes == 0) return;
      if (tensor.device().is_cpu())
        std::memcpy(static_cast<uint8_t*>(storage.mutable_data()) + offset, view.data, view.bytes);
      else
        PartOf(tensor, offset, view.bytes).copy_(Over(view.data, view.bytes));
    });
    return nullptr;
  });
}

napi_value OverStorage(napi_env env, napi_callback_info info) {
  return Function<5>(env, info, [](Environment& e, CallInfo<5>& call) -> napi_value {
    const at::Tensor& base = TensorOf(e, call.args[0]);
    c10::ScalarType dtype;
    std::vector<int64_t> sizes, strides;
    int64_t offset = 0;
    if (!ReadDtype(e.env, call.args[1], &dtype) || !ReadSizes(e.env, call.args[2], &sizes) ||
        !ReadSizes(e.env, call.args[3], &strides) || napi_get_value_int64(e.env, call.args[4], &offset) != napi_ok) {
      return nullptr;
    }
    TORCH_CHECK(sizes.size() == strides.size(), "mismatch in length of strides and shape");
    bool empty = false;
    int64_t last = offset;
    for (size_t i = 0; i < sizes.size(); ++i) {
      TORCH_CHECK(sizes[i] >= 0 && strides[i] >= 0, "negative size or stride: ", sizes, ", ", strides);
      if (sizes[i] == 0) {
        empty = true;
        continue;
      }
      int64_t span = 0;
      TORCH_CHECK(
          !__builtin_mul_overflow(sizes[i] - 1, strides[i], &span) && !__builtin_add_overflow(last, span, &last),
          "Storage size calculation overflowed with sizes=", sizes, " and strides=", strides);
    }
    TORCH_CHECK(offset >= 0, "Tensor: invalid storage offset ", offset);
    const auto capacity = static_cast<int64_t>(base.storage().nbytes() / c10::elementSize(dtype));
    TORCH_CHECK(empty || last < capacity, "a tensor of size ", sizes, ", stride ", strides, " and offset ", offset,
                " reaches element ", last, " of a storage of ", capacity, " elements of ", dtype);
    at::Tensor tensor = at::empty({0}, base.options().dtype(dtype));
    tensor.set_(base.storage(), offset, sizes, strides);
    return NewHandle(e, std::move(tensor));
  });
}

napi_value SliceStorage(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    const c10::Storage storage = TensorOf(e, call.args[0]).storage();
    int64_t offset = 0, bytes = 0;
    NODE_TORCH_TRY(napi_get_value_int64(e.env, call.args[1], &offset));
    NODE_TORCH_TRY(napi_get_value_int64(e.env, call.args[2], &bytes));
    const auto size = static_cast<int64_t>(storage.nbytes());
    TORCH_CHECK(offset >= 0 && bytes >= 0 && bytes <= size && offset <= size - bytes, bytes, " bytes at ", offset,
                " are not inside a storage of ", size, " bytes");
    // The part must not be resized: the memory belongs to the whole.
    storage.unsafeGetStorageImpl()->set_resizable(false);
    auto* data = static_cast<uint8_t*>(storage.mutable_data()) + offset;
    auto keep = [storage](void*) {};
    return NewHandle(e,
                     at::from_blob(data, {bytes}, keep, at::TensorOptions().dtype(at::kByte).device(storage.device())));
  });
}

}  // namespace node_torch
