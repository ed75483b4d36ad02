#include "dispatch-direct.h"

#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <type_traits>
#include <utility>

#include "convert.h"

namespace node_torch {

namespace {

bool IsDefault(int32_t entry) { return entry == Assignment::kDefault; }
bool IsNone(const Arguments& arguments, int32_t entry) {
  return IsDefault(entry) || arguments.tag(entry) == Tag::kNone;
}
bool HasValue(const Arguments& arguments, int32_t entry) {
  return IsDefault(entry) || arguments.tag(entry) != Tag::kNone;
}
bool IsOne(const Parameter& parameter, Kind kind) { return parameter.kind == kind && !parameter.list; }
bool IsList(const Parameter& parameter, Kind kind) {
  return parameter.kind == kind && parameter.list && !parameter.optional_element;
}
// libtorch takes a call with int64_t for SymInt too, and boxes its arguments.
template <typename Int>
bool IsIntOf(const Parameter& parameter) {
  return parameter.kind == Kind::kInt && parameter.symbolic == std::is_same_v<Int, c10::SymInt>;
}

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
  static bool Takes(const Arguments& a, int32_t entry) { return IsNone(a, entry) || a.tag(entry) == Tag::kTensor; }
  static std::optional<at::Tensor> Read(const Parameter&, const Arguments& a, int32_t entry) {
    if (IsNone(a, entry)) return std::nullopt;
    return a.tensor(entry);
  }
};

template <>
struct Reader<const c10::Scalar&> {
  static bool Matches(const Parameter& p) { return IsOne(p, Kind::kScalar) && !p.optional; }
  static bool Takes(const Arguments& a, int32_t entry) { return HasValue(a, entry); }
  static c10::Scalar Read(const Parameter& p, const Arguments& a, int32_t entry) {
    return IsDefault(entry) ? p.default_value.toScalar() : ToScalar(a, entry);
  }
};

template <typename Int>
struct IntReader {
  static bool Matches(const Parameter& p) { return IsIntOf<Int>(p) && !p.list && !p.optional; }
  static bool Takes(const Arguments& a, int32_t entry) { return HasValue(a, entry); }
  static Int Read(const Parameter& p, const Arguments& a, int32_t entry) {
    return IsDefault(entry) ? p.default_value.toInt() : ToInt(a, entry);
  }
};
template <>
struct Reader<int64_t> : IntReader<int64_t> {};
template <>
struct Reader<c10::SymInt> : IntReader<c10::SymInt> {};

template <>
struct Reader<std::optional<c10::SymInt>> {
  static bool Matches(const Parameter& p) {
    return IsIntOf<c10::SymInt>(p) && !p.list && p.optional && p.default_value.isNone();
  }
  static bool Takes(const Arguments&, int32_t) { return true; }
  static std::optional<c10::SymInt> Read(const Parameter&, const Arguments& a, int32_t entry) {
    if (IsNone(a, entry)) return std::nullopt;
    return ToInt(a, entry);
  }
};

template <>
struct Reader<bool> {
  static bool Matches(const Parameter& p) { return IsOne(p, Kind::kBool) && !p.optional; }
  static bool Takes(const Arguments& a, int32_t entry) { return HasValue(a, entry); }
  static bool Read(const Parameter& p, const Arguments& a, int32_t entry) {
    return IsDefault(entry) ? p.default_value.toBool() : a.number(entry) != 0;
  }
};

template <typename Int>
struct Ints {
  c10::SmallVector<Int, 6> all;
  operator c10::ArrayRef<Int>() const { return all; }

  static Ints Read(const Arguments& a, int32_t list) {
    Ints ints;
    a.EachElement(list, [&](uint32_t element) { ints.all.push_back(ToInt(a, element)); });
    return ints;
  }
};

// Of a list that the caller gave as one.
template <typename Int>
struct Reader<c10::ArrayRef<Int>> {
  static bool Matches(const Parameter& p) { return IsIntOf<Int>(p) && p.list && !p.optional; }
  static bool Takes(const Arguments& a, int32_t entry) { return entry >= 0 && a.tag(entry) == Tag::kList; }
  static Ints<Int> Read(const Parameter&, const Arguments& a, int32_t entry) { return Ints<Int>::Read(a, entry); }
};

struct OptionalInts {
  std::optional<Ints<int64_t>> given;
  operator at::OptionalIntArrayRef() const {
    if (!given) return std::nullopt;
    return at::OptionalIntArrayRef(given->all);
  }
};

template <>
struct Reader<at::OptionalIntArrayRef> {
  static bool Matches(const Parameter& p) {
    return IsIntOf<int64_t>(p) && p.list && p.optional && p.default_value.isNone();
  }
  static bool Takes(const Arguments&, int32_t entry) { return entry != Assignment::kVarargs; }
  static OptionalInts Read(const Parameter& p, const Arguments& a, int32_t entry) {
    if (IsNone(a, entry)) return {};
    if (a.tag(entry) == Tag::kList) return {Ints<int64_t>::Read(a, entry)};
    Ints<int64_t> repeated;
    repeated.all.assign(p.fixed_length, ToInt(a, entry));
    return {std::move(repeated)};
  }
};

template <>
struct Reader<std::optional<at::ScalarType>> {
  static bool Matches(const Parameter& p) { return IsOne(p, Kind::kDtype) && p.optional; }
  static bool Takes(const Arguments&, int32_t) { return true; }
  static std::optional<at::ScalarType> Read(const Parameter&, const Arguments& a, int32_t entry) {
    if (IsNone(a, entry)) return std::nullopt;
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
  static bool Matches(const Parameter& p) { return IsList(p, Kind::kTensor) && !p.optional; }
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

template <typename Direct>
std::shared_ptr<const DirectCall> Try(const c10::OperatorHandle& handle, const Overload& plan) {
  if (!Direct::Matches(plan)) return nullptr;
  try {
    return std::make_shared<Direct>(handle);
  } catch (const c10::Error&) {
    return nullptr;  // another C++ type stands for the same type of the schema
  }
}

template <typename... Direct>
std::shared_ptr<const DirectCall> FirstOf(const c10::OperatorHandle& handle, const Overload& plan) {
  std::shared_ptr<const DirectCall> found;
  ((found = Try<Direct>(handle, plan)) || ...);
  return found;
}

using T = const at::Tensor&;
using N = const c10::Scalar&;
using D = std::optional<at::ScalarType>;
using S = c10::SymInt;

}  // namespace

std::shared_ptr<const DirectCall> FindDirectCall(const c10::OperatorHandle& handle, const Overload& plan) {
  const c10::FunctionSchema& schema = handle.schema();
  const bool is_function = schema.returns().size() == 1 &&
                           schema.returns()[0].type()->kind() == c10::TypeKind::TensorType && !schema.is_mutable() &&
                           !plan.factory;
  // Of libtorch's own operators alone the C++ signature is known to be the schema's.
  if (!is_function || schema.getNamespace() != "aten") return nullptr;
  return FirstOf<Signature<T>, Signature<T, T>, Signature<T, N>, Signature<T, T, N>, Signature<T, N, N>,
                 Signature<T, T, const std::optional<at::Tensor>&>, Signature<T, D>,
                 Signature<T, const c10::List<std::optional<at::Tensor>>&>,
                 Signature<const at::ITensorListRef&, int64_t>,
                 // Views, and what takes dimensions.
                 Signature<T, int64_t>, Signature<T, int64_t, int64_t>, Signature<T, int64_t, S>,
                 Signature<T, int64_t, std::optional<S>, std::optional<S>, S>, Signature<T, c10::SymIntArrayRef>,
                 Signature<T, c10::SymIntArrayRef, bool>, Signature<T, at::IntArrayRef>, Signature<T, int64_t, D>,
                 Signature<T, at::OptionalIntArrayRef, bool, D>>(handle, plan);
}

}  // namespace node_torch
