// One call's arguments, read from the call buffer.
#pragma once

#include <c10/util/SmallVector.h>

#include <string>
#include <utility>

#include "call-buffer.h"
#include "handles.h"

namespace node_torch {

class Arguments {
 public:
  // Of the call in the environment's buffer; nothing beyond the entries that its header counts is read.
  Arguments(Environment& environment, std::vector<std::string> strings);

  Environment& environment;

  c10::SmallVector<uint32_t, 16> positional;                 // entry of each positional argument
  c10::SmallVector<std::pair<uint32_t, uint32_t>, 8> named;  // (name id, entry)

  Tag tag(uint32_t entry) const { return static_cast<Tag>(buffer_.kinds[entry]); }
  double number(uint32_t entry) const { return buffer_.values[entry]; }
  int64_t bits(uint32_t entry) const { return reinterpret_cast<const int64_t*>(buffer_.values)[entry]; }
  uint32_t length(uint32_t list) const { return static_cast<uint32_t>(number(list)); }
  const std::string& text(uint32_t entry) const { return strings_.at(static_cast<size_t>(number(entry))); }

  // The entry after this one and all it holds.
  uint32_t Next(uint32_t entry) const;

  template <typename Visit>
  void EachElement(uint32_t list, Visit&& visit) const {
    const uint32_t count = length(list);
    uint32_t at = list + 1;
    for (uint32_t i = 0; i < count; ++i, at = Next(at)) visit(at);
  }

  // Throws TypeError for a tensor that was disposed, freed by its scope, or made by another environment.
  const at::Tensor& tensor(uint32_t entry) const { return TensorOf(environment, number(entry)); }

  // What the value is, in JavaScript's words: "Tensor", "number", "string", "Date".
  std::string TypeName(uint32_t entry) const;

 private:
  const CallBuffer& buffer_;
  const size_t used_;
  const std::vector<std::string> strings_;
};

}  // namespace node_torch
