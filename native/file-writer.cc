#include "file-writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "crc32.h"
#include "data.h"
#include "function.h"
#include "view.h"

namespace node_torch {

namespace {

// What is copied stays in the processor's cache until its checksum is made and it is in the kernel.
constexpr size_t kBlock = size_t{1} << 20;
constexpr size_t kBlocks = 3;

// So often the kernel is asked to begin; flushing at the end then waits for little.
constexpr off_t kWriteback = off_t{4} << 20;

struct Block {
  std::unique_ptr<uint8_t[]> bytes = std::make_unique_for_overwrite<uint8_t[]>(kBlock);
  size_t length = 0;
};

class FileWriter {
 public:
  explicit FileWriter(int file) : file_(file) {}

  ~FileWriter() { End(); }

  // fill(target, done, count) makes `count` bytes, those from `done` on, until all are there.
  template <typename Fill>
  void Write(size_t bytes, Fill&& fill) {
    for (size_t done = 0; done < bytes && error_ == 0;) {
      Block& block = Room();
      const size_t count = std::min(bytes - done, kBlock - block.length);
      fill(block.bytes.get() + block.length, done, count);
      block.length += count;
      done += count;
      if (block.length == kBlock) HandOver();
    }
  }

  int Finish() {
    Block& last = Room();
    if (last.length > 0 && thread_.joinable()) HandOver();
    // A small file is not worth a thread.
    if (!thread_.joinable()) Store(last);
    End();
    return error_;
  }

 private:
  Block& Current() { return blocks_[filled_ % kBlocks]; }

  // The block that is being filled, as soon as it is no longer being written.
  Block& Room() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return filled_ - written_ < kBlocks; });
    return Current();
  }

  void HandOver() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++filled_;
    if (!thread_.joinable()) thread_ = std::thread([this] { Loop(); });
    changed_.notify_all();
  }

  void End() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void Loop() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return ending_ || written_ < filled_; });
      if (written_ == filled_) return;
      Block& block = blocks_[written_ % kBlocks];
      lock.unlock();
      if (error_ == 0) Store(block);
      block.length = 0;
      lock.lock();
      ++written_;
      changed_.notify_all();
    }
  }

  void Store(const Block& block) {
    for (size_t done = 0; done < block.length;) {
      const ssize_t count = write(file_, block.bytes.get() + done, block.length - done);
      if (count >= 0) {
        done += static_cast<size_t>(count);
      } else if (errno != EINTR) {
        error_ = errno;
        return;
      }
    }
    stored_ += static_cast<off_t>(block.length);
    if (stored_ - started_ < kWriteback) return;
    // A hint: what fails here fails again where the file is flushed.
    (void)sync_file_range(file_, started_, stored_ - started_, SYNC_FILE_RANGE_WRITE);
    started_ = stored_;
  }

  const int file_;
  std::array<Block, kBlocks> blocks_;
  size_t filled_ = 0, written_ = 0;  // blocks, since the beginning
  bool ending_ = false;
  std::atomic<int> error_{0};
  off_t stored_ = 0, started_ = 0;  // the thread's own
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

void Finalize(node_api_basic_env, void* data, void*) { delete static_cast<FileWriter*>(data); }

FileWriter& WriterOf(Environment& e, napi_value value) { return ExternalOf<FileWriter>(e, value, "expected a writer"); }

}  // namespace

napi_value OpenWriter(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    int32_t file = -1;
    NODE_TORCH_TRY(napi_get_value_int32(e.env, call.args[0], &file));
    auto writer = std::make_unique<FileWriter>(file);
    napi_value external = nullptr;
    NODE_TORCH_TRY(napi_create_external(e.env, writer.get(), Finalize, nullptr, &external));
    writer.release();
    return external;
  });
}

napi_value WriteBytes(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    FileWriter& writer = WriterOf(e, call.args[0]);
    View view;
    if (!ReadView(e.env, call.args[1], &view)) throw TypeError{"expected a typed array"};
    writer.Write(view.bytes, [&](uint8_t* target, size_t done, size_t count) {
      std::memcpy(target, static_cast<const uint8_t*>(view.data) + done, count);
    });
    return nullptr;
  });
}

napi_value WriteStorageBytes(napi_env env, napi_callback_info info) {
  return Function<5>(env, info, [](Environment& e, CallInfo<5>& call) -> napi_value {
    FileWriter& writer = WriterOf(e, call.args[0]);
    const at::Tensor& tensor = TensorOf(e, call.args[1]);
    int64_t offset = 0, bytes = 0;
    uint32_t crc = 0;
    NODE_TORCH_TRY(napi_get_value_int64(e.env, call.args[2], &offset));
    NODE_TORCH_TRY(napi_get_value_int64(e.env, call.args[3], &bytes));
    NODE_TORCH_TRY(napi_get_value_uint32(e.env, call.args[4], &crc));
    TORCH_CHECK(bytes >= 0, "a negative number of bytes");
    writer.Write(static_cast<size_t>(bytes), [&](uint8_t* target, size_t done, size_t count) {
      ReadStorageInto(tensor, offset + static_cast<int64_t>(done), target, count);
      crc = Crc32(target, count, crc);
    });
    return Number(e.env, crc);
  });
}

napi_value FinishWriting(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    return Number(e.env, WriterOf(e, call.args[0]).Finish());
  });
}

}  // namespace node_torch
