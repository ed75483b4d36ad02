#include "mapping.h"

#include <ATen/ops/from_blob.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <mutex>

#include "function.h"

namespace node_torch {

namespace {

// Bits of matmul-like ops depend on alignment, so memory that is not aligned like libtorch's own is copied.
constexpr size_t kAlignment = 64;

// A signal handler may take no lock and follow no list, so the mappings it knows are in a table of fixed size.
constexpr size_t kMostMappings = 1024;

struct Guarded {
  std::atomic<uintptr_t> start{0};
  std::atomic<uintptr_t> end{0};
  std::atomic<bool> damaged{false};
};

Guarded guarded[kMostMappings];
std::mutex guarded_mutex;
struct sigaction previous_action;
uintptr_t page_size = 4096;

void CallPrevious(int signal, siginfo_t* info, void* context) {
  if (previous_action.sa_flags & SA_SIGINFO) {
    previous_action.sa_sigaction(signal, info, context);
  } else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN) {
    previous_action.sa_handler(signal);
  } else {
    // The access is tried again and ends the process as if this handler were not there.
    sigaction(signal, &previous_action, nullptr);
  }
}

// The kernel raises SIGBUS where a mapped file has become shorter. The page becomes zeros instead, said once per file.
void OnBusError(int signal, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  for (Guarded& entry : guarded) {
    if (address < entry.start.load() || address >= entry.end.load()) continue;
    void* page = reinterpret_cast<void*>(address & ~(page_size - 1));
    if (mmap(page, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
      break;
    }
    static constexpr char kWarning[] =
        "libtorch-node: a file that torch.load mapped has become shorter; the missing part reads as zeros\n";
    if (!entry.damaged.exchange(true)) (void)!write(STDERR_FILENO, kWarning, sizeof kWarning - 1);
    errno = saved_errno;
    return;
  }
  errno = saved_errno;
  CallPrevious(signal, info, context);
}

void InstallHandler() {
  static std::once_flag once;
  std::call_once(once, [] {
    page_size = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    struct sigaction action = {};
    action.sa_sigaction = OnBusError;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGBUS, &action, &previous_action);
  });
}

// A whole file, private: what is written to it stays in this process.
class Mapping {
 public:
  // Null when the kernel refuses, the file is empty, or the table is full; the caller reads the file instead.
  static std::shared_ptr<Mapping> Open(int file) {
    struct stat status;
    if (fstat(file, &status) != 0 || status.st_size <= 0) return nullptr;
    const auto size = static_cast<size_t>(status.st_size);
    std::lock_guard<std::mutex> lock(guarded_mutex);
    for (Guarded& entry : guarded) {
      if (entry.end.load() != 0) continue;
      void* data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file, 0);
      if (data == MAP_FAILED) return nullptr;
      InstallHandler();
      const auto start = reinterpret_cast<uintptr_t>(data);
      entry.damaged.store(false);
      entry.start.store(start);
      entry.end.store(start + size);
      return std::shared_ptr<Mapping>(new Mapping(static_cast<uint8_t*>(data), size, entry));
    }
    return nullptr;
  }

  ~Mapping() {
    std::lock_guard<std::mutex> lock(guarded_mutex);
    munmap(data_, size_);
    entry_.end.store(0);
    entry_.start.store(0);
  }

  // Null for a part that is not inside the file.
  uint8_t* At(int64_t offset, int64_t bytes) const {
    if (offset < 0 || bytes < 0) return nullptr;
    const auto begin = static_cast<size_t>(offset), count = static_cast<size_t>(bytes);
    return begin <= size_ && count <= size_ - begin ? data_ + begin : nullptr;
  }

 private:
  Mapping(uint8_t* data, size_t size, Guarded& entry) : data_(data), size_(size), entry_(entry) {}

  uint8_t* data_;
  size_t size_;
  Guarded& entry_;
};

using Shared = std::shared_ptr<Mapping>;

void FinalizeMapping(node_api_basic_env, void* data, void*) { delete static_cast<Shared*>(data); }

Shared& MappingOf(Environment& e, napi_value value) { return ExternalOf<Shared>(e, value, "expected a mapping"); }

napi_value Null(napi_env env) {
  napi_value null = nullptr;
  NODE_TORCH_TRY(napi_get_null(env, &null));
  return null;
}

}  // namespace

napi_value MapFile(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    int32_t file = -1;
    NODE_TORCH_TRY(napi_get_value_int32(e.env, call.args[0], &file));
    Shared mapping = Mapping::Open(file);
    if (!mapping) return Null(e.env);
    auto holder = std::make_unique<Shared>(std::move(mapping));
    napi_value external = nullptr;
    NODE_TORCH_TRY(napi_create_external(e.env, holder.get(), FinalizeMapping, nullptr, &external));
    holder.release();
    return external;
  });
}

napi_value ReleaseMapping(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    MappingOf(e, call.args[0]).reset();
    return nullptr;
  });
}

napi_value MappedStorage(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    const Shared mapping = MappingOf(e, call.args[0]);
    int64_t offset = 0, bytes = 0;
    NODE_TORCH_TRY(napi_get_value_int64(e.env, call.args[1], &offset));
    NODE_TORCH_TRY(napi_get_value_int64(e.env, call.args[2], &bytes));
    TORCH_CHECK(mapping, "the mapping was released");
    uint8_t* data = mapping->At(offset, bytes);
    TORCH_CHECK(data, bytes, " bytes at ", offset, " are not inside the file");
    if (bytes == 0 || reinterpret_cast<uintptr_t>(data) % kAlignment != 0) return Null(e.env);
    auto keep = [mapping](void*) {};
    return NewHandle(e, at::from_blob(data, {bytes}, keep, at::TensorOptions().dtype(at::kByte)));
  });
}

}  // namespace node_torch
