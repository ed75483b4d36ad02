#include "program.h"

#include <ATen/ops/equal.h>

#include <sstream>

#include "dispatch.h"
#include "recorder.h"

namespace node_torch {

namespace {

void CheckInput(const InputGuard& guard, const at::Tensor& input, size_t index) {
  const auto differs = [&](const char* what, const auto& given, const auto& recorded) {
    TORCH_CHECK(given == recorded, "input ", index, " has ", what, " ", given, ", the function was recorded with ",
                recorded);
  };
  differs("dtype", input.scalar_type(), guard.dtype);
  differs("device", input.device(), guard.device);
  differs("layout", input.layout(), guard.layout);
  std::vector<int64_t> recorded = guard.sizes;
  if (guard.batched && input.dim() > 0) recorded[0] = input.size(0);
  differs("shape", input.sizes(), at::IntArrayRef(recorded));
  if (guard.layout != c10::Layout::Strided) return;
  for (int64_t dim = 0; dim < input.dim(); ++dim) {
    TORCH_CHECK(input.size(dim) == 1 || guard.sizes[dim] == 1 || input.stride(dim) == guard.strides[dim], "input ",
                index, " has strides ", input.strides(), ", the function was recorded with ",
                at::IntArrayRef(guard.strides), "; give it contiguous(), or record with such a tensor");
  }
}

int64_t BatchOf(const Program& program, const std::vector<at::Tensor>& inputs) {
  std::optional<int64_t> batch;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!program.guards[i].batched) continue;
    const int64_t size = inputs[i].size(0);
    TORCH_CHECK(!batch || *batch == size, "input ", i, " has a batch of ", size, ", an input before it has ", *batch);
    batch = size;
  }
  return batch.value_or(0);
}

class Registers {
 public:
  Registers(const Program& program, const std::vector<at::Tensor>& inputs)
      : tensors_(program.registers), batch_(BatchOf(program, inputs)) {
    std::copy(inputs.begin(), inputs.end(), tensors_.begin());
  }

  c10::IValue Read(const Operand& operand) const {
    switch (operand.source) {
      case Operand::Source::kConstant: return operand.constant;
      case Operand::Source::kRegister: return tensors_[operand.number];
      case Operand::Source::kBatch: return operand.number * batch_;
      case Operand::Source::kList: break;
    }
    c10::impl::GenericList list(operand.constant.toList().elementType());
    list.reserve(operand.elements.size());
    for (const Operand& element : operand.elements) list.push_back(Read(element));
    return list;
  }

  void Write(const Step& step, const torch::jit::Stack& results) {
    size_t written = 0;
    Recorder::EachTensor(results, [&](const at::Tensor& tensor) {
      TORCH_CHECK(written < step.results.size(), "more results than were recorded: ", step.overload->text);
      tensors_[step.results[written++]] = tensor;
    });
    TORCH_CHECK(written == step.results.size(), "fewer results than were recorded: ", step.overload->text);
    for (const int64_t done : step.last_read) tensors_[done] = at::Tensor();
  }

 private:
  std::vector<at::Tensor> tensors_;
  const int64_t batch_;
};

std::string Shown(const c10::IValue& value) {
  std::ostringstream text;
  if (value.isTensor() && value.toTensor().dim() == 0) {
    text << value.toTensor().item();
  } else if (value.isTensor()) {
    text << "a tensor";
  } else {
    text << value;
  }
  return text.str();
}

bool Same(const c10::IValue& a, const c10::IValue& b) {
  if (a.is(b)) return true;
  if (a.isTensor() && b.isTensor()) {
    const at::Tensor &x = a.toTensor(), &y = b.toTensor();
    return x.defined() && y.defined() && x.scalar_type() == y.scalar_type() && x.device() == y.device() && x.equal(y);
  }
  if (a.isDouble() && b.isDouble() && a.toDouble() != a.toDouble()) return b.toDouble() != b.toDouble();
  return !a.isTensor() && !b.isTensor() && a.tagKind() == b.tagKind() && a == b;
}

class Comparison {
 public:
  Comparison(int64_t batch, int64_t other_batch) : batch_(batch), other_batch_(other_batch) {}

  void Free(const Step& step, Operand& operand, const Operand& other) const {
    if (operand.source == Operand::Source::kConstant && operand.constant.isList() && other.constant.isList() &&
        !Same(operand.constant, other.constant)) {
      return FreeList(step, operand, other);
    }
    Require(operand.source == other.source && operand.number == other.number &&
                operand.elements.size() == other.elements.size(),
            step, operand, other);
    for (size_t i = 0; i < operand.elements.size(); ++i) Free(step, operand.elements[i], other.elements[i]);
    if (operand.source != Operand::Source::kConstant || Same(operand.constant, other.constant)) return;
    FreeNumber(step, operand, other);
  }

 private:
  // Lists of numbers are whole constants until one of them turns out to be the batch size.
  void FreeList(const Step& step, Operand& operand, const Operand& other) const {
    const auto elements = [](const c10::IValue& list) {
      std::vector<Operand> made;
      for (const c10::IValue& element : list.toListRef()) made.push_back({Operand::Source::kConstant, element, 0, {}});
      return made;
    };
    operand.elements = elements(operand.constant);
    operand.source = Operand::Source::kList;
    Operand spread = other;
    spread.elements = elements(other.constant);
    spread.source = Operand::Source::kList;
    Free(step, operand, spread);
  }

  void FreeNumber(const Step& step, Operand& operand, const Operand& other) const {
    Require(operand.constant.isInt() && other.constant.isInt(), step, operand, other);
    const int64_t factor = operand.constant.toInt() / batch_;
    Require(factor * batch_ == operand.constant.toInt() && factor * other_batch_ == other.constant.toInt(), step,
            operand, other);
    operand.constant = c10::IValue();
    operand.source = Operand::Source::kBatch;
    operand.number = factor;
  }

  void Require(bool holds, const Step& step, const Operand& operand, const Operand& other) const {
    TORCH_CHECK(holds, "the batch size cannot be free: ", step.overload->text, " got ", Shown(operand.constant),
                " for a batch of ", batch_, " and ", Shown(other.constant), " for a batch of ", other_batch_);
  }

  const int64_t batch_, other_batch_;
};

}  // namespace

std::vector<at::Tensor> Program::Run(std::vector<at::Tensor> inputs, Recorder* recorder) const {
  TORCH_CHECK(inputs.size() == guards.size(), "the function was recorded with ", guards.size(), " inputs, got ",
              inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) CheckInput(guards[i], inputs[i], i);
  Registers values(*this, inputs);
  inputs.clear();
  torch::jit::Stack stack;
  for (const Step& step : steps) {
    stack.clear();
    for (const Operand& operand : step.operands) stack.push_back(values.Read(operand));
    std::optional<at::ThreadLocalStateGuard> modes;
    if (step.modes) modes.emplace(*step.modes);
    recorder ? recorder->Call(*step.overload, stack) : CallBoxed(*step.overload, stack);
    values.Write(step, stack);
  }
  std::vector<at::Tensor> results;
  for (const Operand& output : outputs) {
    const c10::IValue value = values.Read(output);
    results.push_back(value.isNone() ? at::Tensor() : value.toTensor());
  }
  return results;
}

void Program::FreeBatch(const Program& other) {
  const Comparison comparison(batch, other.batch);
  TORCH_CHECK(steps.size() == other.steps.size(), "the batch size cannot be free: the function calls ", steps.size(),
              " operators for a batch of ", batch, " and ", other.steps.size(), " for a batch of ", other.batch);
  for (size_t i = 0; i < steps.size(); ++i) {
    Step& step = steps[i];
    const Step& same = other.steps[i];
    TORCH_CHECK(step.overload == same.overload && step.results == same.results,
                "the batch size cannot be free: the function calls ", step.overload->text, " for a batch of ", batch,
                " where it calls ", same.overload->text, " for a batch of ", other.batch);
    for (size_t k = 0; k < step.operands.size(); ++k) comparison.Free(step, step.operands[k], same.operands[k]);
  }
}

}  // namespace node_torch
