#include "call.h"

#include <c10/util/Exception.h>

#include "dispatch-direct.h"
#include "dispatch.h"
#include "errors.h"
#include "resolve.h"
#include "results.h"
#include "values.h"

namespace node_torch {

namespace {

// One stack per depth of calls: hooks and custom functions re-enter. Cleared on every exit.
class StackLease {
 public:
  explicit StackLease(CallStacks& stacks) : stacks_(stacks), stack_(Take(stacks)) {}
  ~StackLease() {
    stack_.clear();
    --stacks_.depth;
  }
  torch::jit::Stack& operator*() { return stack_; }

 private:
  static torch::jit::Stack& Take(CallStacks& stacks) {
    if (stacks.depth == stacks.all.size()) stacks.all.push_back(std::make_unique<torch::jit::Stack>());
    return *stacks.all[stacks.depth++];
  }

  CallStacks& stacks_;
  torch::jit::Stack& stack_;
};

void Push(const Arguments& arguments, const Assignment& assignment, torch::jit::Stack& stack,
          TensorArguments& tensors) {
  const auto& parameters = assignment.overload->parameters;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const int32_t entry = assignment.entries[i];
    if (entry == Assignment::kDefault) {
      stack.push_back(parameters[i].default_value);
    } else if (entry == Assignment::kVarargs) {
      stack.push_back(VarargsToIValue(arguments, i));
    } else {
      stack.push_back(ToIValue(parameters[i], arguments, static_cast<uint32_t>(entry)));
      tensors.Add(arguments, static_cast<uint32_t>(entry));
    }
  }
}

napi_value CallWithStack(Environment& environment, const Arguments& arguments, const Assignment& assignment) {
  const Overload& overload = *assignment.overload;
  StackLease lease(environment.stacks);
  TensorArguments tensors;
  Push(arguments, assignment, *lease, tensors);
  environment.recorder ? environment.recorder->Call(overload, *lease) : CallBoxed(overload, *lease);
  return WriteResults(environment, overload, tensors, *lease);
}

napi_value CallDirectly(Environment& environment, const Arguments& arguments, const Assignment& assignment) {
  TensorArguments tensors;
  for (const int32_t entry : assignment.entries) {
    if (entry != Assignment::kDefault) tensors.Add(arguments, static_cast<uint32_t>(entry));
  }
  return WriteResult(environment, tensors, assignment.overload->direct->Call(arguments, assignment));
}

napi_value Invoke(Environment& environment, const Operator& op, const Arguments& arguments) {
  Assignment assignment;
  Resolve(op, arguments, assignment);
  const DirectCall* direct = assignment.overload->direct.get();
  const bool directly = direct && !environment.recorder && direct->Takes(arguments, assignment);
  const auto call = [&] {
    return directly ? CallDirectly(environment, arguments, assignment)
                    : CallWithStack(environment, arguments, assignment);
  };
  napi_value anchors = nullptr;
  try {
    anchors = call();
  } catch (const c10::OutOfMemoryError&) {
    // Garbage may be holding the memory: collect once, then the error is the user's.
    environment.Collect();
    anchors = call();
  }
  environment.ReportMemory();
  return anchors;
}

bool ReadStrings(napi_env env, napi_value array, std::vector<std::string>* strings) {
  uint32_t count = 0;
  if (napi_get_array_length(env, array, &count) != napi_ok) return false;
  for (uint32_t i = 0; i < count; ++i) {
    napi_value element = nullptr;
    std::string text;
    if (napi_get_element(env, array, i, &element) != napi_ok || !ReadString(env, element, &text)) return false;
    strings->push_back(std::move(text));
  }
  return true;
}

}  // namespace

napi_value Call(napi_env env, napi_callback_info info) {
  CallInfo<1> call;
  if (!call.Read(env, info)) return nullptr;
  auto& environment = *static_cast<Environment*>(call.data);
  std::vector<std::string> strings;
  if (call.count > 0 && !ReadStrings(env, call.args[0], &strings)) return nullptr;
  const auto index = static_cast<size_t>(environment.buffer.values[0]);
  const Operator* op = index > 0 && index <= environment.operators.size() ? environment.operators[index - 1] : nullptr;
  try {
    if (!op) throw TypeError{"unknown operator"};
    const Arguments arguments(environment, std::move(strings));
    return Invoke(environment, *op, arguments);
  } catch (...) {
    ThrowInFlight(environment, op ? op->name : "");
    return nullptr;
  }
}

napi_value Lookup(napi_env env, napi_callback_info info) {
  CallInfo<1> call;
  if (!call.Read(env, info)) return nullptr;
  auto& environment = *static_cast<Environment*>(call.data);
  std::string name;
  if (!ReadString(env, call.args[0], &name)) return nullptr;
  return Guarded(environment, [&]() -> napi_value {
    const Operator* op = FindOperator(name);
    if (op) environment.operators.push_back(op);
    napi_value index = nullptr;
    NODE_TORCH_TRY(napi_create_uint32(env, op ? static_cast<uint32_t>(environment.operators.size()) : 0, &index));
    return index;
  });
}

napi_value Intern(napi_env env, napi_callback_info info) {
  CallInfo<1> call;
  if (!call.Read(env, info)) return nullptr;
  std::string name;
  napi_value id = nullptr;
  if (!ReadString(env, call.args[0], &name)) return nullptr;
  NODE_TORCH_TRY(napi_create_uint32(env, InternName(name), &id));
  return id;
}

napi_value NewCallBuffer(napi_env env, napi_callback_info info) {
  CallInfo<1> call;
  if (!call.Read(env, info)) return nullptr;
  auto& environment = *static_cast<Environment*>(call.data);
  uint32_t capacity = 0;
  NODE_TORCH_TRY(napi_get_value_uint32(env, call.args[0], &capacity));
  void *kinds = nullptr, *values = nullptr;
  napi_value result = nullptr, kinds_buffer = nullptr, values_buffer = nullptr;
  NODE_TORCH_TRY(napi_create_object(env, &result));
  NODE_TORCH_TRY(napi_create_arraybuffer(env, capacity, &kinds, &kinds_buffer));
  NODE_TORCH_TRY(napi_create_arraybuffer(env, size_t{capacity} * sizeof(double), &values, &values_buffer));
  NODE_TORCH_TRY(napi_set_named_property(env, result, "kinds", kinds_buffer));
  NODE_TORCH_TRY(napi_set_named_property(env, result, "values", values_buffer));
  // The memory stays where it is as long as JavaScript holds the buffers, which lib/native.ts does.
  environment.buffer = {static_cast<uint8_t*>(kinds), static_cast<double*>(values), capacity};
  return result;
}

napi_value ListSchemas(napi_env env, napi_callback_info info) {
  CallInfo<0> call;
  if (!call.Read(env, info)) return nullptr;
  auto& environment = *static_cast<Environment*>(call.data);
  return Guarded(environment, [&]() -> napi_value {
    const std::vector<std::string> schemas = Schemas();
    napi_value list = nullptr;
    NODE_TORCH_TRY(napi_create_array_with_length(env, schemas.size(), &list));
    for (size_t i = 0; i < schemas.size(); ++i) {
      napi_value text = nullptr;
      NODE_TORCH_TRY(napi_create_string_utf8(env, schemas[i].data(), schemas[i].size(), &text));
      NODE_TORCH_TRY(napi_set_element(env, list, static_cast<uint32_t>(i), text));
    }
    return list;
  });
}

}  // namespace node_torch
