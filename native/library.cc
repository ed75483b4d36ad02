#include "library.h"

#include <c10/util/Exception.h>
#include <dlfcn.h>

#include "function.h"

namespace node_torch {

napi_value LoadLibrary(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    std::string path;
    if (!ReadString(e.env, call.args[0], &path)) throw TypeError{"the path of a library must be a string", "path"};
    // Global, as libraries of operators may need each other. Never closed: the dispatcher keeps pointers into it.
    TORCH_CHECK(dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr, dlerror());
    return nullptr;
  });
}

}  // namespace node_torch
