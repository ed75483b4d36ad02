#include "record.h"

#include "function.h"
#include "promise.h"
#include "recorder.h"

namespace node_torch {

namespace {

using Shared = std::shared_ptr<Program>;

Shared ProgramOf(Environment& e, napi_value value) {
  void* program = nullptr;
  if (napi_get_value_external(e.env, value, &program) != napi_ok) throw TypeError{"expected a recorded program"};
  return *static_cast<Shared*>(program);
}

napi_value Wrap(Environment& e, Program program) {
  auto owned = std::make_unique<Shared>(std::make_shared<Program>(std::move(program)));
  const auto finalize = [](node_api_basic_env, void* data, void*) { delete static_cast<Shared*>(data); };
  napi_value external = nullptr;
  NODE_TORCH_TRY(napi_create_external(e.env, owned.get(), finalize, nullptr, &external));
  owned.release();
  return external;
}

}  // namespace

napi_value RecordBegin(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    std::vector<at::Tensor> inputs;
    int64_t batch = 0;
    TORCH_CHECK(!e.recorder, "a function is being recorded already: record() inside of record()");
    if (!ReadHandles(e, call.args[0], &inputs)) return nullptr;
    NODE_TORCH_TRY(napi_get_value_int64(e.env, call.args[1], &batch));
    e.recorder = std::make_unique<Recorder>(inputs, batch);
    return nullptr;
  });
}

napi_value RecordEnd(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    std::vector<at::Tensor> outputs;
    if (!ReadHandles(e, call.args[0], &outputs)) return nullptr;
    TORCH_CHECK(e.recorder, "no function is being recorded");
    const auto recorder = std::move(e.recorder);
    return Wrap(e, recorder->Finish(outputs));
  });
}

napi_value RecordCancel(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) -> napi_value {
    e.recorder = nullptr;
    return nullptr;
  });
}

napi_value FreeBatch(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    ProgramOf(e, call.args[0])->FreeBatch(*ProgramOf(e, call.args[1]));
    return nullptr;
  });
}

napi_value ProgramText(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    std::string text;
    for (const Step& step : ProgramOf(e, call.args[0])->steps) text += step.overload->text + "\n";
    return Text(e.env, text);
  });
}

napi_value RunProgram(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    const Shared program = ProgramOf(e, call.args[0]);
    std::vector<at::Tensor> inputs;
    if (!ReadHandles(e, call.args[1], &inputs)) return nullptr;
    const std::vector<at::Tensor> outputs = program->Run(std::move(inputs), e.recorder.get());
    e.ReportMemory();
    return NewHandles(e, outputs);
  });
}

napi_value RunProgramAsync(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    const Shared program = ProgramOf(e, call.args[0]);
    auto inputs = std::make_shared<std::vector<at::Tensor>>();
    if (!ReadHandles(e, call.args[1], inputs.get())) return nullptr;
    return Await<std::vector<at::Tensor>>(
        e, [program, inputs] { return program->Run(std::move(*inputs), nullptr); },
        [](Environment& environment, const std::vector<at::Tensor>& outputs) {
          return NewHandles(environment, outputs);
        });
  });
}

}  // namespace node_torch
