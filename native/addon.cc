// The whole native surface: one list of exports. lib/native.ts types it.
#include <ATen/Context.h>
#include <napi.h>

#include "accelerator.h"
#include "allocator.h"
#include "autocast.h"
#include "autograd.h"
#include "backends.h"
#include "call.h"
#include "crc32.h"
#include "cuda-driver.h"
#include "custom-function.h"
#include "data.h"
#include "engine.h"
#include "environment.h"
#include "file-writer.h"
#include "hooks.h"
#include "library.h"
#include "mapping.h"
#include "memory.h"
#include "node-engine.h"
#include "profiler.h"
#include "random.h"
#include "record.h"
#include "script.h"
#include "sharing.h"
#include "tensor.h"
#include "warnings.h"

namespace {

using namespace node_torch;

// setErrorFactory(makeError): makeError(class name, message, C++ trace) makes what native code throws.
napi_value SetErrorFactory(napi_env env, napi_callback_info info) {
  CallInfo<1> call;
  if (!call.Read(env, info)) return nullptr;
  auto& environment = *static_cast<Environment*>(call.data);
  NODE_TORCH_TRY(napi_create_reference(env, call.args[0], 1, &environment.make_error));
  return nullptr;
}

// setBufferGrower(grow): grow(entries) calls callBuffer for at least so many.
napi_value SetBufferGrower(napi_env env, napi_callback_info info) {
  CallInfo<1> call;
  if (!call.Read(env, info)) return nullptr;
  auto& environment = *static_cast<Environment*>(call.data);
  NODE_TORCH_TRY(napi_create_reference(env, call.args[0], 1, &environment.grow_buffer));
  return nullptr;
}

// endBackground(): for the end of the process.
napi_value EndBackground(napi_env env, napi_callback_info info) {
  CallInfo<0> call;
  if (call.Read(env, info)) static_cast<Environment*>(call.data)->EndBackground();
  return nullptr;
}

struct Export {
  const char* name;
  napi_callback callback;
};

const Export kExports[] = {
    {"setErrorFactory", SetErrorFactory},
    {"setWarner", SetWarner},
    {"setStackReader", SetStackReader},
    {"endBackground", EndBackground},
    // operators
    {"setBufferGrower", SetBufferGrower},
    {"callBuffer", NewCallBuffer},
    {"lookup", Lookup},
    {"intern", Intern},
    {"call", Call},
    {"schemas", ListSchemas},
    {"recordBegin", RecordBegin},
    {"recordEnd", RecordEnd},
    {"recordCancel", RecordCancel},
    {"freeBatch", FreeBatch},
    {"programText", ProgramText},
    {"runProgram", RunProgram},
    {"runProgramAsync", RunProgramAsync},
    {"loadLibrary", LoadLibrary},
    // tensors
    {"sizes", TensorSizes},
    {"strides", TensorStrides},
    {"dtype", TensorDtype},
    {"device", TensorDevice},
    {"layout", TensorLayout},
    {"isNested", TensorIsNested},
    {"numel", TensorNumel},
    {"storageOffset", TensorStorageOffset},
    {"isContiguous", TensorIsContiguous},
    {"isSame", TensorIsSame},
    {"duplicate", DuplicateTensor},
    {"isAlive", TensorIsAlive},
    {"dispose", DisposeTensor},
    // data
    {"copyIn", CopyIn},
    {"borrow", Borrow},
    {"bytes", Unrecorded<"bytes", TensorBytes>},
    {"bytesAsync", Unrecorded<"bytesAsync", TensorBytesAsync>},
    {"storageId", StorageId},
    {"storageNbytes", StorageNbytes},
    {"readStorage", Unrecorded<"readStorage", ReadStorage>},
    {"writeStorage", Unrecorded<"writeStorage", WriteStorage>},
    {"overStorage", OverStorage},
    {"sliceStorage", SliceStorage},
    {"mapFile", MapFile},
    {"releaseMapping", ReleaseMapping},
    {"mappedStorage", MappedStorage},
    {"openWriter", OpenWriter},
    {"writeBytes", WriteBytes},
    {"writeStorageBytes", Unrecorded<"writeStorageBytes", WriteStorageBytes>},
    {"finishWriting", FinishWriting},
    {"crc32", Crc32Of},
    {"shareTensor", ShareTensor},
    {"adoptTensor", AdoptTensor},
    // autograd
    {"backward", Unrecorded<"backward", Backward>},
    {"backwardAsync", Unrecorded<"backwardAsync", BackwardAsync>},
    {"autogradGrad", Unrecorded<"autogradGrad", AutogradGrad>},
    {"registerHook", Unrecorded<"registerHook", RegisterHook>},
    {"registerPostAccumulateGradHook", Unrecorded<"registerPostAccumulateGradHook", RegisterPostAccumulateGradHook>},
    {"removeHook", RemoveHook},
    {"pushSavedTensorHooks", Unrecorded<"pushSavedTensorHooks", PushSavedTensorHooks>},
    {"popSavedTensorHooks", PopSavedTensorHooks},
    {"setAnomaly", SetAnomaly},
    {"anomaly", GetAnomaly},
    {"newContext", NewContext},
    {"customFunction", Unrecorded<"customFunction", CustomFunction>},
    {"savedTensors", SavedTensors},
    {"grad", Unrecorded<"grad", GetGrad>},
    {"setGrad", Unrecorded<"setGrad", SetGrad>},
    {"requiresGrad", RequiresGrad},
    {"setRequiresGrad", Unrecorded<"setRequiresGrad", SetRequiresGrad>},
    {"isLeaf", IsLeaf},
    {"retainGrad", Unrecorded<"retainGrad", RetainGrad>},
    {"gradFnName", GradFnName},
    {"version", TensorVersion},
    {"setData", Unrecorded<"setData", SetData>},
    {"gradEnabled", GradEnabled},
    {"setGradEnabled", SetGradEnabled},
    {"pushInferenceMode", PushInferenceMode},
    {"popInferenceMode", PopInferenceMode},
    {"inferenceModeEnabled", InferenceModeEnabled},
    {"autocastState", AutocastState},
    {"enterAutocast", EnterAutocast},
    {"leaveAutocast", LeaveAutocast},
    // memory
    {"openScope", OpenScope},
    {"closeScope", CloseScope},
    {"unwindScope", UnwindScope},
    {"anchor", AnchorTensor},
    {"scopeOf", TensorScope},
    {"liveTensors", LiveTensors},
    {"memoryStats", MemoryStats},
    {"resetPeakMemory", ResetPeakMemory},
    {"emptyCache", EmptyCache},
    // random
    {"newGenerator", NewGenerator},
    {"seedGenerator", Unrecorded<"seedGenerator", SeedGenerator>},
    {"seedAll", Unrecorded<"seedAll", SeedAll>},
    {"reseedGenerator", Unrecorded<"reseedGenerator", ReseedGenerator>},
    {"initialSeed", InitialSeed},
    {"generatorState", GetGeneratorState},
    {"setGeneratorState", Unrecorded<"setGeneratorState", SetGeneratorState>},
    // TorchScript
    {"scriptLoad", ScriptLoad},
    {"scriptMethods", ScriptMethods},
    {"scriptRun", ScriptRun},
    {"scriptAttribute", ScriptAttribute},
    {"scriptParameters", ScriptParameters},
    {"scriptBuffers", ScriptBuffers},
    {"scriptTrain", ScriptTrain},
    {"scriptIsTraining", ScriptIsTraining},
    {"scriptTo", ScriptTo},
    {"scriptFreeze", ScriptFreeze},
    {"scriptOptimize", ScriptOptimize},
    {"scriptSave", ScriptSave},
    // backends
    {"flag", GetFlag},
    {"setFlag", SetFlag},
    {"threads", GetThreads},
    {"setThreads", SetThreads},
    {"useOneThread", UseOneThread},
    {"setDeterministic", SetDeterministic},
    {"defaultDtype", DefaultDtype},
    {"setDefaultDtype", SetDefaultDtype},
    {"option", GetOption},
    {"setOption", SetOption},
    {"versions", Versions},
    {"libm", Libm},
    // accelerators
    {"cudaDeviceCount", CudaDeviceCount},
    {"cudaInit", CudaInit},
    {"cudaCurrentDevice", CudaCurrentDevice},
    {"cudaSetDevice", CudaSetDevice},
    {"cudaSynchronize", CudaSynchronize},
    {"cudaMemoryInfo", CudaMemoryInfo},
    {"cudaMemoryStats", CudaMemoryStats},
    {"cudaResetStats", CudaResetStats},
    {"cudaEmptyCache", CudaEmptyCache},
    {"cudaSeedAll", CudaSeedAll},
    {"cudaRngState", CudaRngState},
    {"cudaSetRngState", CudaSetRngState},
    {"cudaProperties", CudaProperties},
    {"cudaNewStream", CudaNewStream},
    {"cudaCurrentStream", CudaCurrentStream},
    {"cudaDefaultStream", CudaDefaultStream},
    {"cudaSetStream", CudaSetStream},
    {"cudaQueryStream", CudaQueryStream},
    {"cudaSynchronizeStream", CudaSynchronizeStream},
    {"cudaNewEvent", CudaNewEvent},
    {"cudaRecordEvent", CudaRecordEvent},
    {"cudaWaitEvent", CudaWaitEvent},
    {"cudaQueryEvent", CudaQueryEvent},
    {"cudaSynchronizeEvent", CudaSynchronizeEvent},
    {"cudaElapsedTime", CudaElapsedTime},
    {"recordStream", RecordStream},
    // profiler
    {"startProfiler", StartProfiler},
    {"stopProfiler", StopProfiler},
    {"saveTrace", SaveTrace},
    {"enterLabel", EnterLabel},
    {"leaveLabel", LeaveLabel},
};

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  CpuAllocator::Install();
  InstallEngine();
  // NNPACK supports few processors and prints dozens of warnings per forward on the others.
  static const bool nnpack_off = (at::globalContext().setUserEnabledNNPACK(false), true);
  (void)nnpack_off;
  Environment* environment = Environment::Create(env);
  if (!environment) return exports;
  for (const Export& entry : kExports) {
    napi_value function = nullptr;
    if (napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.callback, environment, &function) != napi_ok ||
        napi_set_named_property(env, exports, entry.name, function) != napi_ok) {
      return exports;
    }
  }
  return exports;
}

}  // namespace

NODE_API_MODULE(NODE_GYP_MODULE_NAME, Init)
