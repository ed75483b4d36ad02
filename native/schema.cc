#include "schema.h"

#include <ATen/core/jit_type.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace node_torch {

namespace {

Kind KindOf(const c10::TypePtr& type) {
  switch (type->kind()) {
    case c10::TypeKind::TensorType: return Kind::kTensor;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return Kind::kInt;
    case c10::TypeKind::FloatType: return Kind::kFloat;
    case c10::TypeKind::BoolType:
    case c10::TypeKind::SymBoolType: return Kind::kBool;
    case c10::TypeKind::NumberType: return Kind::kScalar;
    case c10::TypeKind::StringType: return Kind::kString;
    case c10::TypeKind::ScalarTypeType: return Kind::kDtype;
    case c10::TypeKind::LayoutType: return Kind::kLayout;
    case c10::TypeKind::MemoryFormatType: return Kind::kMemoryFormat;
    case c10::TypeKind::DeviceObjType: return Kind::kDevice;
    case c10::TypeKind::GeneratorType: return Kind::kGenerator;
    default: return Kind::kUnsupported;
  }
}

Parameter PlanParameter(const c10::Argument& argument) {
  Parameter parameter;
  parameter.name = argument.name();
  parameter.name_id = InternName(argument.name());
  parameter.keyword_only = argument.kwarg_only();
  parameter.out = argument.is_out();
  c10::TypePtr type = argument.real_type();
  parameter.type = type->str();
  if (auto optional = type->cast<c10::OptionalType>()) {
    parameter.optional = true;
    type = optional->getElementType();
  }
  if (auto list = type->cast<c10::ListType>()) {
    parameter.list = true;
    type = list->getElementType();
    if (auto element = type->cast<c10::OptionalType>()) {
      parameter.optional_element = true;
      type = element->getElementType();
    }
  }
  parameter.kind = KindOf(type);
  parameter.symbolic = type->kind() == c10::TypeKind::SymIntType;
  parameter.fixed_length = argument.N().value_or(0);
  if (argument.default_value()) {
    parameter.has_default = true;
    parameter.default_value = *argument.default_value();
  }
  return parameter;
}

// torch/csrc/utils/python_arg_parser.cpp, should_allow_numbers_as_tensors.
bool TakesNumbers(const std::string& name) {
  static const std::unordered_set<std::string> names = {
      "add",          "add_",          "sub",      "sub_",      "mul",    "mul_",    "div",         "div_",
      "subtract",     "subtract_",     "multiply", "multiply_", "divide", "divide_", "true_divide", "true_divide_",
      "floor_divide", "floor_divide_", "to",       "_to_copy",  "copy_",  "_conj"};
  return names.count(name) != 0;
}

// The order of torchgen's is_arg_smaller as one sortable key: what Python's parser tries first comes first.
std::string SortKey(const Overload& overload) {
  std::string ranks;
  for (const Parameter& p : overload.parameters) {
    const bool tensor = p.kind == Kind::kTensor;
    // A padding of 'same' or 'valid' is no more specific than one of sizes.
    const bool last = p.kind == Kind::kString || (p.list && !tensor);
    ranks += static_cast<char>('0' + (last ? 3 : p.list ? 2 : tensor ? 1 : 0));
  }
  return std::string(overload.out ? "1" : "0") + static_cast<char>('A' + overload.parameters.size()) + ranks +
         overload.text;
}

std::vector<Overload> Arrange(const std::string& name, std::vector<Overload> overloads) {
  // Python hides the Scalar forms of these: a number becomes a wrapped tensor instead.
  if (TakesNumbers(name) && overloads.size() > 1) {
    overloads.erase(std::remove_if(overloads.begin(), overloads.end(),
                                   [](const Overload& o) {
                                     return o.parameters.size() > 1 && o.parameters[1].kind == Kind::kScalar;
                                   }),
                    overloads.end());
  }
  std::sort(overloads.begin(), overloads.end(),
            [](const Overload& a, const Overload& b) { return SortKey(a) < SortKey(b); });
  return overloads;
}

}  // namespace

Operator::Operator(std::string operator_name, std::vector<Overload> all)
    : name(std::move(operator_name)), overloads(Arrange(name, std::move(all))), takes_numbers(TakesNumbers(name)) {}

Overload PlanOverload(const c10::FunctionSchema& schema) {
  Overload overload;
  overload.text = c10::toString(schema);
  for (const c10::Argument& argument : schema.arguments()) {
    overload.parameters.push_back(PlanParameter(argument));
    if (!argument.kwarg_only()) ++overload.positional;
    if (argument.is_out()) overload.out = true;
  }
  for (const c10::Argument& result : schema.returns()) {
    overload.dtype_results.push_back(KindOf(result.real_type()) == Kind::kDtype);
  }
  const auto is_tensor = [](const Parameter& p) { return p.kind == Kind::kTensor; };
  const std::string& name = schema.operator_name().name;
  const bool like = name.size() > 5 && name.compare(name.size() - 5, 5, "_like") == 0;
  overload.factory =
      !overload.out && (like || std::none_of(overload.parameters.begin(), overload.parameters.end(), is_tensor));
  const bool has_self = overload.positional > 0 && overload.parameters[0].name == "self";
  const size_t only = has_self ? 1 : 0;
  overload.varargs =
      overload.positional == only + 1 && overload.parameters[only].list && overload.parameters[only].kind == Kind::kInt;
  return overload;
}

bool IsExposed(const c10::FunctionSchema& schema) {
  std::string overload = schema.overload_name();
  std::transform(overload.begin(), overload.end(), overload.begin(), [](unsigned char c) { return std::tolower(c); });
  return overload.find("name") == std::string::npos;
}

namespace {
struct NameTable {
  std::mutex mutex;
  std::unordered_map<std::string, uint32_t> ids;
  std::vector<std::string> names;
};

NameTable& Names() {
  static auto* table = new NameTable;
  return *table;
}
}  // namespace

uint32_t InternName(const std::string& name) {
  NameTable& table = Names();
  std::lock_guard<std::mutex> lock(table.mutex);
  const auto [at, added] = table.ids.emplace(name, static_cast<uint32_t>(table.names.size()));
  if (added) table.names.push_back(name);
  return at->second;
}

std::string InternedName(uint32_t id) {
  NameTable& table = Names();
  std::lock_guard<std::mutex> lock(table.mutex);
  return id < table.names.size() ? table.names[id] : "?";
}

}  // namespace node_torch
