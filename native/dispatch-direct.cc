#include "dispatch-direct.h"

#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <utility>

#include "convert.h"

namespace node_torch {

namespace {

bool IsDefault(int32_t entry) { return entry == Assignment::kDefault; }
bool IsOne(const Parameter& parameter, Kind kind) { return parameter.kind == kind && !parameter.list; }

// How an argument of a C++ type is read. What is read owns its tensors: a hook that runs inside the call may make
// others, and move the table.
template <typename T>
struct Reader;

template <>
struct Reader<const at::Tensor&> {
  static bool Matches(const Parameter& p) { return IsOne(p, Kind::kTensor) && !p.optional && !p.has_default; }
  static bool Takes(const Arguments& a, int32_t entry) { return a.tag(entry) == Tag::kTensor; }
  static at::Tensor Read(const Parameter&, const Arguments& a, int32_t entry) { return a.tensor(entry); }
};

template <>
struct Reader<const std::optional<at::Tensor>&> {
  static bool Matches(const Parameter& p) { return IsOne(p, Kind::kTensor) && p.optional; }
  static bool Takes(const Arguments& a, int32_t entry) {
    return IsDefault(entry) || a.tag(entry) == Tag::kTensor || a.tag(entry) == Tag::kNone;
  }
  static std::optional<at::Tensor> Read(const Parameter&, const Arguments& a, int32_t entry) {
    if (IsDefault(entry) || a.tag(entry) == Tag::kNone) return std::nullopt;
    return a.tensor(entry);
  }
};

template <>
struct Reader<const c10::Scalar&> {
  static bool Matches(const Parameter& p) { return IsOne(p, Kind::kScalar) && !p.optional; }
  static bool Takes(const Arguments& a, int32_t entry) { return IsDefault(entry) || a.tag(entry) != Tag::kNone; }
  static c10::Scalar Read(const Parameter& p, const Arguments& a, int32_t entry) {
    return IsDefault(entry) ? p.default_value.toScalar() : ToScalar(a, entry);
  }
};

template <>
struct Reader<int64_t> {
  static bool Matches(const Parameter& p) { return IsOne(p, Kind::kInt) && !p.optional; }
  static bool Takes(const Arguments& a, int32_t entry) { return IsDefault(entry) || a.tag(entry) != Tag::kNone; }
  static int64_t Read(const Parameter& p, const Arguments& a, int32_t entry) {
    return IsDefault(entry) ? p.default_value.toInt() : ToInt(a, entry);
  }
};

template <>
struct Reader<std::optional<at::ScalarType>> {
  static bool Matches(const Parameter& p) { return IsOne(p, Kind::kDtype) && p.optional; }
  static bool Takes(const Arguments&, int32_t) { return true; }
  static std::optional<at::ScalarType> Read(const Parameter&, const Arguments& a, int32_t entry) {
    if (IsDefault(entry) || a.tag(entry) == Tag::kNone) return std::nullopt;
    return static_cast<at::ScalarType>(a.number(entry));
  }
};

template <>
struct Reader<const c10::List<std::optional<at::Tensor>>&> {
  static bool Matches(const Parameter& p) { return p.kind == Kind::kTensor && p.list && p.optional_element; }
  static bool Takes(const Arguments& a, int32_t entry) { return a.tag(entry) == Tag::kList; }
  static c10::List<std::optional<at::Tensor>> Read(const Parameter&, const Arguments& a, int32_t entry) {
    c10::List<std::optional<at::Tensor>> list;
    list.reserve(a.length(entry));
    a.EachElement(entry, [&](uint32_t element) {
      list.push_back(a.tag(element) == Tag::kNone ? std::nullopt : std::optional<at::Tensor>(a.tensor(element)));
    });
    return list;
  }
};

struct Tensors {
  c10::SmallVector<at::Tensor, 8> all;
  operator at::ITensorListRef() const { return at::ArrayRef<at::Tensor>(all); }
};

template <>
struct Reader<const at::ITensorListRef&> {
  static bool Matches(const Parameter& p) {
    return p.kind == Kind::kTensor && p.list && !p.optional && !p.optional_element;
  }
  static bool Takes(const Arguments& a, int32_t entry) { return a.tag(entry) == Tag::kList; }
  static Tensors Read(const Parameter&, const Arguments& a, int32_t entry) {
    Tensors tensors;
    a.EachElement(entry, [&](uint32_t element) { tensors.all.push_back(a.tensor(element)); });
    return tensors;
  }
};

template <typename... T>
class Signature final : public DirectCall {
 public:
  static bool Matches(const Overload& plan) {
    return plan.parameters.size() == sizeof...(T) && Matches(plan, std::index_sequence_for<T...>{});
  }

  explicit Signature(const c10::OperatorHandle& handle) : handle_(handle.typed<at::Tensor(T...)>()) {}

  bool Takes(const Arguments& arguments, const Assignment& assignment) const override {
    return Takes(arguments, assignment, std::index_sequence_for<T...>{});
  }

  at::Tensor Call(const Arguments& arguments, const Assignment& assignment) const override {
    return Call(arguments, assignment, std::index_sequence_for<T...>{});
  }

 private:
  template <size_t... I>
  static bool Matches(const Overload& plan, std::index_sequence<I...>) {
    return (Reader<T>::Matches(plan.parameters[I]) && ...);
  }

  template <size_t... I>
  bool Takes(const Arguments& arguments, const Assignment& assignment, std::index_sequence<I...>) const {
    return (Reader<T>::Takes(arguments, assignment.entries[I]) && ...);
  }

  template <size_t... I>
  at::Tensor Call(const Arguments& arguments, const Assignment& assignment, std::index_sequence<I...>) const {
    const auto& parameters = assignment.overload->parameters;
    return handle_.call(Reader<T>::Read(parameters[I], arguments, assignment.entries[I])...);
  }

  c10::TypedOperatorHandle<at::Tensor(T...)> handle_;
};

template <typename S>
std::shared_ptr<const DirectCall> Try(const c10::OperatorHandle& handle, const Overload& plan) {
  if (!S::Matches(plan)) return nullptr;
  try {
    return std::make_shared<S>(handle);
  } catch (const c10::Error&) {
    return nullptr;  // another C++ type stands for the same type of the schema
  }
}

template <typename... S>
std::shared_ptr<const DirectCall> FirstOf(const c10::OperatorHandle& handle, const Overload& plan) {
  std::shared_ptr<const DirectCall> found;
  ((found = Try<S>(handle, plan)) || ...);
  return found;
}

using T = const at::Tensor&;
using N = const c10::Scalar&;

}  // namespace

std::shared_ptr<const DirectCall> FindDirectCall(const c10::OperatorHandle& handle, const Overload& plan) {
  const c10::FunctionSchema& schema = handle.schema();
  const bool is_function = schema.returns().size() == 1 &&
                           schema.returns()[0].type()->kind() == c10::TypeKind::TensorType && !schema.is_mutable() &&
                           !plan.factory;
  // Of libtorch's own operators alone the C++ signature is known to be the schema's.
  if (!is_function || schema.getNamespace() != "aten") return nullptr;
  return FirstOf<Signature<T>, Signature<T, T>, Signature<T, N>, Signature<T, T, N>, Signature<T, N, N>,
                 Signature<T, T, const std::optional<at::Tensor>&>, Signature<T, std::optional<at::ScalarType>>,
                 Signature<T, const c10::List<std::optional<at::Tensor>>&>,
                 Signature<const at::ITensorListRef&, int64_t>>(handle, plan);
}

}  // namespace node_torch
