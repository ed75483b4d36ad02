#include "caller.h"

#include <ATen/DeviceAccelerator.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace node_torch {

std::optional<Streams> Streams::Current() {
  const auto type = at::accelerator::getAccelerator();
  if (!type) return std::nullopt;
  const c10::impl::VirtualGuardImpl accelerator(*type);
  const c10::DeviceIndex count = accelerator.deviceCount();
  if (count == 0) return std::nullopt;
  Streams current{accelerator.getDevice(), {}};
  for (c10::DeviceIndex i = 0; i < count; ++i) current.streams.push_back(accelerator.getStream({*type, i}));
  return current;
}

Streams Streams::Exchange() const {
  const c10::impl::VirtualGuardImpl accelerator(device.type());
  Streams before{accelerator.exchangeDevice(device), {}};
  for (const c10::Stream& stream : streams) before.streams.push_back(accelerator.exchangeStream(stream));
  return before;
}

CallerGuard::CallerGuard(const Caller& caller) : modes_(caller.modes) {
  if (caller.streams) before_ = caller.streams->Exchange();
}

CallerGuard::~CallerGuard() {
  if (before_) before_->Exchange();
}

}  // namespace node_torch
