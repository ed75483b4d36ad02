// Scopes, anchors and the numbers a user can look at.
#pragma once

#include "node-api.h"

namespace node_torch {

// openScope(): the id of a new innermost scope.
napi_value OpenScope(napi_env env, napi_callback_info info);

// closeScope(id, kept?): frees what the scope made, except the handles in `kept`, which move to the scope
// around it. Without one, the Externals that now own them come back, in order. Throws when the scope is not
// the innermost one, and frees nothing then.
napi_value CloseScope(napi_env env, napi_callback_info info);

// unwindScope(id, kept?): the same, after those that were opened inside of it and left open.
napi_value UnwindScope(napi_env env, napi_callback_info info);

// anchor(handle): takes the tensor out of its scope; the External that comes back owns it.
napi_value AnchorTensor(napi_env env, napi_callback_info info);

// scopeOf(handle): 0 for a tensor that no scope owns.
napi_value TensorScope(napi_env env, napi_callback_info info);

napi_value LiveTensors(napi_env env, napi_callback_info info);
napi_value MemoryStats(napi_env env, napi_callback_info info);
napi_value ResetPeakMemory(napi_env env, napi_callback_info info);
napi_value EmptyCache(napi_env env, napi_callback_info info);

}  // namespace node_torch
