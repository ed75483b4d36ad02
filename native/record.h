// torch.record: from JavaScript to Recorder and Program.
#pragma once

#include <algorithm>

#include "errors.h"

namespace node_torch {

// recordBegin(inputs, batch size or 0)
napi_value RecordBegin(napi_env env, napi_callback_info info);
// recordEnd(outputs) -> program
napi_value RecordEnd(napi_env env, napi_callback_info info);
napi_value RecordCancel(napi_env env, napi_callback_info info);
// freeBatch(program, the same function's program at another batch size)
napi_value FreeBatch(napi_env env, napi_callback_info info);
// programText(program) -> the schema of each call
napi_value ProgramText(napi_env env, napi_callback_info info);
// runProgram(program, inputs) -> outputs
napi_value RunProgram(napi_env env, napi_callback_info info);
napi_value RunProgramAsync(napi_env env, napi_callback_info info);

template <size_t N>
struct FunctionName {
  constexpr FunctionName(const char (&text)[N]) { std::copy_n(text, N, name); }
  char name[N];
};

// For functions that are no operators and change or read what a recording is about: it would not know.
template <FunctionName name, napi_callback function>
napi_value Unrecorded(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  NODE_TORCH_TRY(napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data));
  auto& environment = *static_cast<Environment*>(data);
  if (!environment.recorder) return function(env, info);
  return Guarded(environment, []() -> napi_value {
    TORCH_CHECK(false, name.name, "() cannot be recorded: torch.record takes functions of tensors made of operators");
  });
}

}  // namespace node_torch
