// What a thread's operators depend on beside their arguments: libtorch's modes, and the accelerator's current device
// and streams. Work that another thread does for this one takes them along.
#pragma once

#include <ATen/ThreadLocalState.h>
#include <c10/core/Stream.h>

#include <optional>
#include <vector>

namespace node_torch {

// An accelerator's current device and the current stream of each device.
struct Streams {
  // Of this thread; nothing where there is no accelerator.
  static std::optional<Streams> Current();

  // Makes them this thread's and returns what was.
  Streams Exchange() const;

  c10::Device device;
  std::vector<c10::Stream> streams;
};

// The state of the thread that makes it.
struct Caller {
  const at::ThreadLocalState modes;
  const std::optional<Streams> streams = Streams::Current();
};

// Puts this thread into the caller's state until its own end.
class CallerGuard {
 public:
  explicit CallerGuard(const Caller& caller);
  ~CallerGuard();

 private:
  const at::ThreadLocalStateGuard modes_;
  std::optional<Streams> before_;
};

}  // namespace node_torch
