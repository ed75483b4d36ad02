#include "dispatch.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "dispatch-direct.h"

namespace node_torch {

namespace {

struct Registry {
  std::mutex mutex;
  std::unordered_map<std::string, std::vector<c10::OperatorName>> names;
  std::unordered_map<std::string, std::unique_ptr<Operator>> operators;
  std::deque<c10::OperatorHandle> handles;  // a deque never moves its elements
};

Registry& TheRegistry() {
  static auto* registry = new Registry;
  return *registry;
}

// The registered overloads of an operator; what was loaded since the last look is found by looking again.
const std::vector<c10::OperatorName>* OverloadsOf(Registry& registry, const std::string& name) {
  const auto known = registry.names.find(name);
  if (known != registry.names.end()) return &known->second;
  registry.names.clear();
  for (const c10::OperatorName& registered : c10::Dispatcher::singleton().getAllOpNames()) {
    registry.names[registered.name].push_back(registered);
  }
  const auto found = registry.names.find(name);
  return found == registry.names.end() ? nullptr : &found->second;
}

// `wanted`: one overload's name, or nothing for all that Python's parser would try.
std::unique_ptr<Operator> Plan(Registry& registry, const std::string& qualified,
                               const std::vector<c10::OperatorName>& overload_names,
                               const std::optional<std::string>& wanted) {
  std::vector<Overload> overloads;
  for (const c10::OperatorName& name : overload_names) {
    if (wanted && *wanted != name.overload_name) continue;
    const auto handle = c10::Dispatcher::singleton().findSchema(name);
    if (!handle || (!wanted && !IsExposed(handle->schema()))) continue;
    overloads.push_back(PlanOverload(handle->schema()));
    registry.handles.push_back(*handle);
    overloads.back().handle = &registry.handles.back();
    overloads.back().direct = FindDirectCall(*handle, overloads.back());
  }
  if (overloads.empty()) return nullptr;
  return std::make_unique<Operator>(qualified.substr(qualified.find("::") + 2), std::move(overloads));
}

}  // namespace

const Operator* FindOperator(const std::string& qualified_name) {
  Registry& registry = TheRegistry();
  std::lock_guard<std::mutex> lock(registry.mutex);
  const auto planned = registry.operators.find(qualified_name);
  if (planned != registry.operators.end()) return planned->second.get();
  const size_t dot = qualified_name.find('.');
  const std::string name = qualified_name.substr(0, dot);
  std::optional<std::string> overload;
  if (dot != std::string::npos) overload = qualified_name.substr(dot + 1);
  if (overload == "default") overload = "";
  const auto* overloads = OverloadsOf(registry, name);
  if (!overloads) return nullptr;
  auto plan = Plan(registry, name, *overloads, overload);
  if (!plan) return nullptr;
  return registry.operators.emplace(qualified_name, std::move(plan)).first->second.get();
}

void CallBoxed(const Overload& overload, torch::jit::Stack& stack) {
  const auto* handle = static_cast<const c10::OperatorHandle*>(overload.handle);
  if (overload.factory) {
    // As Python's factories do (variable_factories.h): filling a new tensor is no in-place change of it.
    at::AutoDispatchBelowADInplaceOrView guard;
    handle->callBoxed(&stack);
  } else {
    handle->callBoxed(&stack);
  }
}

bool ReadsData(const Overload& overload) {
  return static_cast<const c10::OperatorHandle*>(overload.handle)->hasTag(at::Tag::data_dependent_output);
}

std::vector<std::string> Schemas() {
  std::vector<std::string> texts;
  for (const c10::OperatorName& name : c10::Dispatcher::singleton().getAllOpNames()) {
    if (const auto handle = c10::Dispatcher::singleton().findSchema(name)) {
      texts.push_back(c10::toString(handle->schema()));
    }
  }
  return texts;
}

}  // namespace node_torch
