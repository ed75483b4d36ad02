#include "script.h"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <sstream>

#include "function.h"
#include "script-values.h"

namespace node_torch {

namespace {

using torch::jit::Module;

void FinalizeModule(node_api_basic_env, void* data, void*) { delete static_cast<Module*>(data); }

napi_value NewModule(Environment& e, Module module) {
  auto holder = std::make_unique<Module>(std::move(module));
  napi_value external = nullptr;
  NODE_TORCH_TRY(napi_create_external(e.env, holder.get(), FinalizeModule, nullptr, &external));
  holder.release();
  e.ReportMemory();
  return external;
}

Module& ModuleOf(Environment& e, napi_value value) { return ExternalOf<Module>(e, value, "expected a script module"); }

std::string TextOf(Environment& e, napi_value value) {
  std::string text;
  if (!ReadString(e.env, value, &text)) throw TypeError{"expected a string"};
  return text;
}

std::optional<std::string> OptionalText(Environment& e, napi_value value) {
  napi_valuetype type = napi_undefined;
  if (napi_typeof(e.env, value, &type) != napi_ok || type != napi_string) return std::nullopt;
  return TextOf(e, value);
}

std::vector<std::string> Texts(Environment& e, napi_value array) {
  uint32_t count = 0;
  if (napi_get_array_length(e.env, array, &count) != napi_ok) throw TypeError{"expected an array of strings"};
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < count; ++i) {
    napi_value element = nullptr;
    if (napi_get_element(e.env, array, i, &element) != napi_ok) throw TypeError{"expected an array of strings"};
    texts.push_back(TextOf(e, element));
  }
  return texts;
}

template <typename List>
napi_value NamesAndHandles(Environment& e, const List& tensors) {
  napi_value array = nullptr;
  NODE_TORCH_TRY(napi_create_array(e.env, &array));
  uint32_t at = 0;
  for (const auto& entry : tensors) {
    NODE_TORCH_TRY(napi_set_element(e.env, array, at++, Text(e.env, entry.name)));
    NODE_TORCH_TRY(napi_set_element(e.env, array, at++, NewHandle(e, entry.value)));
  }
  return array;
}

// The arguments in the order of the schema, each as its parameter's type.
torch::jit::Stack ReadArguments(Environment& e, const c10::FunctionSchema& schema, napi_value array) {
  uint32_t count = 0;
  if (napi_get_array_length(e.env, array, &count) != napi_ok) throw TypeError{"expected an array of arguments"};
  // The first parameter is the module.
  const auto& parameters = schema.arguments();
  if (count + 1 > parameters.size()) {
    throw TypeError{schema.name() + "() takes " + std::to_string(parameters.size() - 1) + " arguments, not " +
                    std::to_string(count)};
  }
  torch::jit::Stack stack;
  for (uint32_t i = 0; i < count; ++i) {
    napi_value element = nullptr;
    if (napi_get_element(e.env, array, i, &element) != napi_ok) throw TypeError{"an argument cannot be read"};
    stack.push_back(ToScript(e, element, parameters[i + 1].type()));
  }
  return stack;
}

}  // namespace

napi_value ScriptLoad(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    std::optional<c10::Device> device;
    if (const auto name = OptionalText(e, call.args[1])) device = c10::Device(*name);
    const auto unit = std::make_shared<torch::jit::CompilationUnit>();
    if (const auto path = OptionalText(e, call.args[0])) {
      return NewModule(e, torch::jit::import_ir_module(unit, *path, device));
    }
    void* data = nullptr;
    size_t length = 0;
    if (napi_get_buffer_info(e.env, call.args[0], &data, &length) != napi_ok)
      throw TypeError{"expected a path or bytes"};
    std::istringstream bytes(std::string(static_cast<const char*>(data), length));
    return NewModule(e, torch::jit::import_ir_module(unit, bytes, device));
  });
}

napi_value ScriptMethods(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    napi_value names = nullptr;
    NODE_TORCH_TRY(napi_create_array(e.env, &names));
    uint32_t at = 0;
    for (const auto& method : ModuleOf(e, call.args[0]).get_methods()) {
      NODE_TORCH_TRY(napi_set_element(e.env, names, at++, Text(e.env, method.name())));
    }
    return names;
  });
}

napi_value ScriptRun(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    const torch::jit::Method method = ModuleOf(e, call.args[0]).get_method(TextOf(e, call.args[1]));
    const auto& schema = method.function().getSchema();
    const c10::IValue result = method(ReadArguments(e, schema, call.args[2]));
    e.ReportMemory();
    return FromScript(e, result);
  });
}

napi_value ScriptAttribute(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    return FromScript(e, ModuleOf(e, call.args[0]).attr(TextOf(e, call.args[1])));
  });
}

napi_value ScriptParameters(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    return NamesAndHandles(e, ModuleOf(e, call.args[0]).named_parameters());
  });
}

napi_value ScriptBuffers(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    return NamesAndHandles(e, ModuleOf(e, call.args[0]).named_buffers());
  });
}

napi_value ScriptTrain(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    ModuleOf(e, call.args[0]).train(ToBool(e.env, call.args[1], "mode"));
    return nullptr;
  });
}

napi_value ScriptIsTraining(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    return Bool(e.env, ModuleOf(e, call.args[0]).is_training());
  });
}

napi_value ScriptTo(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    Module& module = ModuleOf(e, call.args[0]);
    const auto device = OptionalText(e, call.args[1]);
    int32_t dtype = 0;
    const bool has_dtype = napi_get_value_int32(e.env, call.args[2], &dtype) == napi_ok;
    const auto type = static_cast<c10::ScalarType>(dtype);
    if (device && has_dtype)
      module.to(c10::Device(*device), type);
    else if (device)
      module.to(c10::Device(*device));
    else if (has_dtype)
      module.to(type);
    return nullptr;
  });
}

napi_value ScriptFreeze(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) {
    return NewModule(e, torch::jit::freeze(ModuleOf(e, call.args[0]), Texts(e, call.args[1])));
  });
}

napi_value ScriptOptimize(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    return NewModule(e, torch::jit::optimize_for_inference(ModuleOf(e, call.args[0])));
  });
}

napi_value ScriptSave(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    std::ostringstream bytes;
    ModuleOf(e, call.args[0]).save(bytes);
    const std::string text = std::move(bytes).str();
    napi_value buffer = nullptr;
    NODE_TORCH_TRY(napi_create_buffer_copy(e.env, text.size(), text.data(), nullptr, &buffer));
    return buffer;
  });
}

}  // namespace node_torch
