#include "results.h"

#include <cmath>
#include <cstring>

#include "errors.h"

namespace node_torch {

namespace {

// Doubles hold integers exactly up to here; beyond it JavaScript gets a BigInt.
constexpr int64_t kSafeInteger = (int64_t{1} << 53) - 1;

class Writer {
 public:
  Writer(Environment& environment, const TensorArguments& arguments)
      : environment_(environment), arguments_(arguments) {}

  void Write(c10::IValue value) {
    if (value.isTensor()) return WriteTensor(std::move(value).toTensor());
    if (value.isNone()) return Put(Tag::kNone, 0);
    if (value.isInt()) return WriteInt(value.toInt());
    if (value.isDouble()) return Put(Tag::kFloat, value.toDouble());
    if (value.isBool()) return Put(Tag::kBool, value.toBool() ? 1 : 0);
    if (value.isScalar()) return WriteScalar(value.toScalar());
    if (value.isSymInt()) return WriteInt(value.toSymInt().guard_int(__FILE__, __LINE__));
    if (value.isTensorList()) return WriteList(value.toTensorVector());
    if (value.isIntList()) return WriteList(value.toIntVector());
    if (value.isDoubleList()) return WriteList(value.toDoubleVector());
    if (value.isList()) return WriteList(value.toListRef());
    throw TypeError{"results of type " + value.tagKind() + " are not supported"};
  }

  c10::SmallVector<Handle, 4> made;

  void Put(Tag tag, double number) {
    environment_.ReserveBuffer(at_ + 1);
    environment_.buffer.kinds[at_] = static_cast<uint8_t>(tag);
    environment_.buffer.values[at_++] = number;
  }

  void WriteTensor(at::Tensor tensor) {
    if (!tensor.defined()) return Put(Tag::kNone, 0);
    if (const double same = arguments_.HandleOf(tensor)) return Put(Tag::kSame, same);
    made.push_back(environment_.Own(std::move(tensor)));
    Put(Tag::kTensor, static_cast<double>(made.back()));
  }

 private:
  void WriteInt(int64_t value) {
    if (value >= -kSafeInteger && value <= kSafeInteger) return Put(Tag::kInt, static_cast<double>(value));
    double bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    Put(Tag::kBigInt, bits);
  }

  void WriteScalar(const c10::Scalar& scalar) {
    if (scalar.isBoolean()) return Put(Tag::kBool, scalar.toBool() ? 1 : 0);
    if (scalar.isIntegral(false)) return WriteInt(scalar.toLong());
    if (!scalar.isComplex()) return Put(Tag::kFloat, scalar.toDouble());
    const auto complex = scalar.toComplexDouble();
    Put(Tag::kComplex, complex.real());
    Put(Tag::kFloat, complex.imag());
  }

  template <typename List>
  void WriteList(const List& list) {
    Put(Tag::kList, static_cast<double>(list.size()));
    for (const auto& element : list) Write(c10::IValue(element));
  }

  Environment& environment_;
  const TensorArguments& arguments_;
  size_t at_ = 0;
};

napi_value AnchorMade(Environment& environment, const Writer& writer) {
  if (environment.current_scope() != 0 || writer.made.empty()) return nullptr;

  napi_env env = environment.env;
  if (writer.made.size() == 1) return environment.Anchor(writer.made[0]);
  napi_value anchors = nullptr;
  NODE_TORCH_TRY(napi_create_array_with_length(env, writer.made.size(), &anchors));
  for (size_t i = 0; i < writer.made.size(); ++i) {
    napi_value anchor = environment.Anchor(writer.made[i]);
    if (!anchor) return nullptr;
    NODE_TORCH_TRY(napi_set_element(env, anchors, static_cast<uint32_t>(i), anchor));
  }
  return anchors;
}

}  // namespace

void TensorArguments::Add(const Arguments& arguments, uint32_t entry) {
  const Tag tag = arguments.tag(entry);
  if (tag == Tag::kTensor) {
    seen_.emplace_back(arguments.tensor(entry).unsafeGetTensorImpl(), arguments.number(entry));
  } else if (tag == Tag::kList) {
    arguments.EachElement(entry, [&](uint32_t element) { Add(arguments, element); });
  }
}

double TensorArguments::HandleOf(const at::Tensor& tensor) const {
  for (const auto& [impl, handle] : seen_) {
    if (impl == tensor.unsafeGetTensorImpl()) return handle;
  }
  return 0;
}

napi_value WriteResults(Environment& environment, const Overload& overload, const TensorArguments& arguments,
                        torch::jit::Stack& results) {
  Writer writer(environment, arguments);
  try {
    if (results.empty()) {
      writer.Put(Tag::kNone, 0);
    } else {
      if (results.size() > 1) writer.Put(Tag::kTuple, static_cast<double>(results.size()));
      for (size_t i = 0; i < results.size(); ++i) {
        if (overload.dtype_results[i]) {
          writer.Put(Tag::kDtype, static_cast<double>(results[i].toInt()));
        } else {
          writer.Write(std::move(results[i]));
        }
      }
    }
  } catch (...) {
    for (const Handle handle : writer.made) environment.slots.Free(handle);
    throw;
  }
  return AnchorMade(environment, writer);
}

napi_value WriteResult(Environment& environment, const TensorArguments& arguments, at::Tensor result) {
  Writer writer(environment, arguments);
  writer.WriteTensor(std::move(result));
  return AnchorMade(environment, writer);
}

}  // namespace node_torch
