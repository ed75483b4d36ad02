// A recorded function of tensors: operator calls in order. Tensors travel in registers; everything else is constant, or
// a multiple of the batch size.
#pragma once

#include <ATen/ThreadLocalState.h>
#include <ATen/core/ivalue.h>

#include <memory>
#include <optional>
#include <vector>

#include "schema.h"

namespace node_torch {

class Recorder;

// Where an argument of a recorded call comes from.
struct Operand {
  enum class Source : uint8_t { kConstant, kRegister, kBatch, kList };

  Source source = Source::kConstant;
  c10::IValue constant;           // of a kList: a list of the element type
  int64_t number = 0;             // the register, or how many times the batch size
  std::vector<Operand> elements;  // of a kList
};

struct Step {
  const Overload* overload = nullptr;
  std::vector<Operand> operands;
  std::vector<int64_t> results;               // registers of the tensors among the results, in their order
  std::vector<int64_t> last_read;             // registers that no later step reads
  std::optional<at::ThreadLocalState> modes;  // where the function itself had changed them
};

// What an input must be: views and copies were decided by it while recording.
struct InputGuard {
  c10::ScalarType dtype = c10::ScalarType::Undefined;
  c10::Device device{c10::DeviceType::CPU};
  c10::Layout layout = c10::Layout::Strided;
  std::vector<int64_t> sizes, strides;
  bool batched = false;  // the first dimension is free
};

struct Program {
  std::vector<InputGuard> guards;
  std::vector<Step> steps;
  std::vector<Operand> outputs;
  size_t registers = 0;
  int64_t batch = 0;  // the recorded batch size, where it is free

  // `recorder`: who notes the calls in its turn, or null. Runs on any thread.
  std::vector<at::Tensor> Run(std::vector<at::Tensor> inputs, Recorder* recorder) const;

  // Compares with the same function recorded at another batch size: integers that grew with it become multiples of it.
  // Throws where anything else differs.
  void FreeBatch(const Program& other);
};

}  // namespace node_torch
