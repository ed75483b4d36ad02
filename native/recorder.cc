#include "recorder.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "dispatch.h"

namespace node_torch {

Recorder::Recorder(const std::vector<at::Tensor>& inputs, int64_t batch)
    : grad_mode_(at::GradMode::is_enabled()), keys_(c10::impl::tls_local_dispatch_key_set()) {
  program_.batch = batch;
  for (const at::Tensor& input : inputs) {
    const bool strided = input.layout() == c10::Layout::Strided;
    program_.guards.push_back({input.scalar_type(), input.device(), input.layout(), input.sizes().vec(),
                               strided ? input.strides().vec() : std::vector<int64_t>{},
                               batch > 0 && input.dim() > 0 && input.size(0) == batch});
    known_[input.unsafeGetTensorImpl()] = static_cast<int64_t>(held_.size());
    held_.push_back(input);
  }
}

Operand Recorder::Describe(const c10::IValue& value) const {
  if (value.isTensor()) {
    const auto found = known_.find(value.unsafeToTensorImpl());
    if (found != known_.end()) return {Operand::Source::kRegister, {}, found->second, {}};
  } else if (value.isList()) {
    Operand list{Operand::Source::kList, value, 0, {}};
    for (const c10::IValue& element : value.toListRef()) list.elements.push_back(Describe(element));
    const bool constant = std::all_of(list.elements.begin(), list.elements.end(), [](const Operand& element) {
      return element.source == Operand::Source::kConstant;
    });
    if (!constant) return list;
  }
  return {Operand::Source::kConstant, value, 0, {}};
}

int64_t Recorder::RegisterOf(const at::Tensor& tensor) {
  const auto next = static_cast<int64_t>(held_.size());
  const auto [place, added] = known_.try_emplace(tensor.unsafeGetTensorImpl(), next);
  if (added || !tensor.defined()) {
    held_.push_back(tensor);
    return next;
  }
  return place->second;
}

void Recorder::Call(const Overload& overload, torch::jit::Stack& stack) {
  if (ReadsData(overload)) {
    EachTensor(stack, [&](const at::Tensor& tensor) { RequireConstant(tensor, overload.text.c_str()); });
  }
  Step step;
  step.overload = &overload;
  for (const c10::IValue& value : stack) step.operands.push_back(Describe(value));
  const c10::impl::LocalDispatchKeySet keys = c10::impl::tls_local_dispatch_key_set();
  if (at::GradMode::is_enabled() != grad_mode_ || keys.included_ != keys_.included_ ||
      keys.excluded_ != keys_.excluded_) {
    step.modes.emplace();
  }
  CallBoxed(overload, stack);
  EachTensor(stack, [&](const at::Tensor& tensor) { step.results.push_back(RegisterOf(tensor)); });
  program_.steps.push_back(std::move(step));
}

void Recorder::RequireConstant(const at::Tensor& tensor, const char* reader) const {
  TORCH_CHECK(!tensor.defined() || !known_.contains(tensor.unsafeGetTensorImpl()),
              "a recorded function cannot read the contents of what it computes: ", reader);
}

Program Recorder::Finish(const std::vector<at::Tensor>& outputs) {
  for (const at::Tensor& output : outputs) program_.outputs.push_back(Describe(output));
  program_.registers = held_.size();
  std::vector<Step*> last(program_.registers, nullptr);
  const auto note = [&](const auto& self, const Operand& operand, Step* step) -> void {
    if (operand.source == Operand::Source::kRegister) last[operand.number] = step;
    for (const Operand& element : operand.elements) self(self, element, step);
  };
  for (Step& step : program_.steps) {
    for (const Operand& operand : step.operands) note(note, operand, &step);
    for (const int64_t result : step.results) last[result] = &step;
  }
  for (const Operand& output : program_.outputs) note(note, output, nullptr);
  for (size_t i = 0; i < last.size(); ++i) {
    if (last[i]) last[i]->last_read.push_back(static_cast<int64_t>(i));
  }
  return std::move(program_);
}

}  // namespace node_torch
