// An accelerator of eight devices and no hardware: its current device and streams are all that it has.
#include <ATen/ATen.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <c10/core/DeviceType.h>
#include <c10/core/impl/FakeGuardImpl.h>
#include <torch/library.h>

namespace {

constexpr auto kType = c10::DeviceType::PrivateUse1;
using Guard = c10::impl::FakeGuardImpl<kType>;

struct Hooks final : at::PrivateUse1HooksInterface {
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
};

const bool registered = [] {
  c10::register_privateuse1_backend("imagined");
  at::RegisterPrivateUse1HooksInterface(new Hooks);
  return true;
}();

void set_current(int64_t device, int64_t stream) {
  const c10::Device chosen(kType, static_cast<c10::DeviceIndex>(device));
  Guard().setDevice(chosen);
  Guard().exchangeStream(c10::Stream(c10::Stream::UNSAFE, chosen, stream));
}

// [device, its stream], where the operator runs.
at::Tensor current(const at::Tensor&) {
  const c10::DeviceIndex device = Guard::getDeviceIndex();
  return at::tensor({int64_t{device}, static_cast<int64_t>(Guard::getCurrentStreamIdFor(device))});
}

}  // namespace

C10_REGISTER_GUARD_IMPL(PrivateUse1, Guard)

TORCH_LIBRARY(libtorch_node_accelerator, m) {
  m.def("set_current(int device, int stream) -> ()", set_current);
  m.def("current(Tensor self) -> Tensor", current);
}
