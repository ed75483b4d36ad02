// The conversion plan of an operator, made once from its schemas. Operator plans live as long as the process
// and are shared by all environments.
#pragma once

#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace node_torch {

// The base types of native functions, from Argument::real_type(): type() shows dtype, layout and memory
// format as int.
enum class Kind : uint8_t {
  kTensor,
  kInt,
  kFloat,
  kBool,
  kScalar,
  kString,
  kDtype,
  kLayout,
  kMemoryFormat,
  kDevice,
  kGenerator,
  kUnsupported,
};

struct Parameter {
  std::string name;
  std::string type;  // as the schema spells it, for error texts
  uint32_t name_id = 0;
  Kind kind = Kind::kUnsupported;
  bool symbolic = false;  // SymInt: an int to us, another type in C++
  bool list = false;
  bool optional = false;          // T?
  bool optional_element = false;  // T?[]
  bool keyword_only = false;
  bool out = false;          // a tensor that the caller gives for a result
  int32_t fixed_length = 0;  // T[n]: n; such a list also takes one T
  bool has_default = false;
  c10::IValue default_value;
};

class DirectCall;

struct Overload {
  std::vector<Parameter> parameters;
  bool out = false;                 // writes into tensors that the caller gives by name
  size_t positional = 0;            // how many come before the keyword-only ones
  bool varargs = false;             // the only positional argument (after self) is an int list: f(2, 3) means f([2, 3])
  bool factory = false;             // makes tensors from nothing or from the shape of one
  std::vector<bool> dtype_results;  // which returns are dtypes; an IValue shows them as int
  const void* handle = nullptr;     // c10::OperatorHandle, known to dispatch.cc alone
  std::shared_ptr<const DirectCall> direct;  // null for most signatures
  std::string text;                          // the schema
};

class Operator {
 public:
  // name is the schema's, without namespace and overload.
  Operator(std::string name, std::vector<Overload> overloads);

  const std::string name;
  const std::vector<Overload> overloads;  // most specific first, as Python's parser tries them
  const bool takes_numbers;               // a number may stand for a Tensor, as in Python's parser
};

Overload PlanOverload(const c10::FunctionSchema& schema);

// False for overloads that take dimension names: named tensors are not exposed.
bool IsExposed(const c10::FunctionSchema& schema);

// One number per distinct argument name, the same in every environment.
uint32_t InternName(const std::string& name);
std::string InternedName(uint32_t id);

}  // namespace node_torch
