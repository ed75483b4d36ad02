// Notes the operator calls of a function while it runs.
#pragma once

#include <ATen/core/stack.h>

#include <unordered_map>

#include "program.h"

namespace node_torch {

class Recorder {
 public:
  // Inputs whose first dimension is `batch` are batched; 0: none are.
  Recorder(const std::vector<at::Tensor>& inputs, int64_t batch);

  // Calls the operator and notes it.
  void Call(const Overload& overload, torch::jit::Stack& stack);

  // Throws where the tensor was computed by what is being recorded: its contents leave the recording.
  void RequireConstant(const at::Tensor& tensor, const char* reader) const;

  Program Finish(const std::vector<at::Tensor>& outputs);

  // The tensors among values and in lists, undefined ones too.
  template <typename Visit>
  static void EachTensor(const torch::jit::Stack& values, Visit&& visit) {
    for (const c10::IValue& value : values) {
      if (value.isTensor()) {
        visit(value.toTensor());
      } else if (value.isTensorList()) {
        for (const at::Tensor& tensor : value.toTensorVector()) visit(tensor);
      }
    }
  }

 private:
  Operand Describe(const c10::IValue& value) const;
  int64_t RegisterOf(const at::Tensor& tensor);

  Program program_;
  std::unordered_map<const c10::TensorImpl*, int64_t> known_;
  std::vector<at::Tensor> held_;  // an address means one tensor as long as it lives
  const bool grad_mode_;
  const c10::impl::LocalDispatchKeySet keys_;
};

}  // namespace node_torch
