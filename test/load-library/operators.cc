// Operators of a library of one's own, for torch.ops.loadLibrary.
#include <ATen/ATen.h>
#include <torch/library.h>

namespace {

at::Tensor twice_plus(const at::Tensor& self, double add) { return self * 2 + add; }

at::Tensor refuse(const at::Tensor& self) {
  TORCH_CHECK(false, "refused: ", self.sizes());
  return self;
}

}  // namespace

TORCH_LIBRARY(libtorch_node_test, m) {
  m.def("twice_plus(Tensor self, float add=1.0) -> Tensor", twice_plus);
  m.def("refuse(Tensor self) -> Tensor", refuse);
}
