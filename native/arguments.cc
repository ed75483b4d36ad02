#include "arguments.h"

#include "errors.h"

namespace node_torch {

namespace {
// A getter or a proxy among the arguments may call torch itself while they are being written.
constexpr const char* kChanged = "the arguments changed while they were being read";
}  // namespace

Arguments::Arguments(Environment& env, std::vector<std::string> strings)
    : environment(env),
      buffer_(env.buffer),
      used_(static_cast<size_t>(env.buffer.values[3])),
      strings_(std::move(strings)) {
  if (used_ > buffer_.capacity) throw TypeError{"more arguments than the call buffer holds"};
  const auto positional_count = static_cast<size_t>(buffer_.values[1]);
  const auto named_count = static_cast<size_t>(buffer_.values[2]);
  uint32_t entry = kHeaderEntries;
  for (size_t i = 0; i < positional_count; ++i) {
    positional.push_back(entry);
    entry = Next(entry);
  }
  for (size_t i = 0; i < named_count; ++i) {
    if (entry + 1 >= used_) throw TypeError{kChanged};
    named.emplace_back(static_cast<uint32_t>(number(entry)), entry + 1);
    entry = Next(entry + 1);
  }
}

uint32_t Arguments::Next(uint32_t entry) const {
  if (entry >= used_) throw TypeError{kChanged};
  if (tag(entry) == Tag::kComplex) return entry + 2;
  if (tag(entry) != Tag::kList) return entry + 1;
  const uint32_t count = length(entry);
  uint32_t at = entry + 1;
  for (uint32_t i = 0; i < count; ++i) at = Next(at);
  return at;
}

std::string Arguments::TypeName(uint32_t entry) const {
  switch (tag(entry)) {
    case Tag::kNone: return "null";
    case Tag::kTensor: return "Tensor";
    case Tag::kInt: return "int";
    case Tag::kFloat: return "float";
    case Tag::kBool: return "boolean";
    case Tag::kBigInt: return "bigint";
    case Tag::kString: return "string";
    case Tag::kDtype: return "DType";
    case Tag::kLayout: return "Layout";
    case Tag::kMemoryFormat: return "MemoryFormat";
    case Tag::kDevice: return "Device";
    case Tag::kGenerator: return "Generator";
    case Tag::kComplex: return "complex";
    case Tag::kList: {
      const uint32_t count = length(entry);
      if (count == 0) return "empty array";
      return "array of " + TypeName(entry + 1);
    }
    default: return text(entry);
  }
}

}  // namespace node_torch
