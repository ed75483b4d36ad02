#include "script-values.h"

#include <ATen/core/Dict.h>
#include <ATen/core/List.h>

#include <cmath>

#include "errors.h"
#include "handles.h"
#include "values.h"

namespace node_torch {

namespace {

// A status that can only mean that the environment is going away.
void Require(napi_status status) {
  if (status != napi_ok) throw TypeError{"the arguments cannot be read"};
}

bool IsOptional(const c10::TypePtr& type) { return type->kind() == c10::TypeKind::OptionalType; }

c10::IValue NumberToScript(double number, const c10::TypePtr& type) {
  constexpr double kSafe = 9007199254740991;
  const bool integral =
      std::floor(number) == number && std::abs(number) <= kSafe && !(number == 0 && std::signbit(number));
  if (type->kind() == c10::TypeKind::FloatType || (!integral && type->kind() != c10::TypeKind::IntType)) return number;
  if (!integral) throw TypeError{"expected an integer, not " + std::to_string(number)};
  return static_cast<int64_t>(number);
}

class Reader {
 public:
  explicit Reader(Environment& environment) : environment_(environment), env_(environment.env) {}

  c10::IValue Read(napi_value value, const c10::TypePtr& declared) {
    const c10::TypePtr type = IsOptional(declared) ? declared->containedType(0) : declared;
    napi_valuetype kind = napi_undefined;
    Require(napi_typeof(env_, value, &kind));
    switch (kind) {
      case napi_undefined:
      case napi_null: return {};
      case napi_boolean: return ToBool(env_, value, "argument");
      case napi_number: {
        double number = 0;
        Require(napi_get_value_double(env_, value, &number));
        return NumberToScript(number, type);
      }
      case napi_bigint: {
        int64_t number = 0;
        bool exact = false;
        Require(napi_get_value_bigint_int64(env_, value, &number, &exact));
        if (!exact) throw TypeError{"a BigInt argument does not fit 64 bits"};
        return number;
      }
      case napi_string: {
        std::string text;
        if (!ReadString(env_, value, &text)) throw TypeError{"a string cannot be read"};
        if (type->kind() == c10::TypeKind::DeviceObjType) return c10::Device(text);
        return text;
      }
      default: return ReadTagged(value, type);
    }
  }

 private:
  c10::IValue ReadTagged(napi_value array, const c10::TypePtr& type) {
    switch (static_cast<ScriptTag>(static_cast<int32_t>(NumberAt(array, 0)))) {
      case ScriptTag::kTensor: return TensorOf(environment_, NumberAt(array, 1));
      case ScriptTag::kFloat: return NumberAt(array, 1);
      case ScriptTag::kComplex: return c10::complex<double>(NumberAt(array, 1), NumberAt(array, 2));
      case ScriptTag::kDevice: return Read(At(array, 1), c10::DeviceObjType::get());
      case ScriptTag::kList:
      case ScriptTag::kTuple: return ReadItems(array, type);
      case ScriptTag::kDict: return ReadDict(array, type);
    }
    throw TypeError{"an argument has no counterpart in TorchScript"};
  }

  // An array may be meant as a list or as a tuple: the parameter decides, where it says so.
  c10::IValue ReadItems(napi_value array, const c10::TypePtr& type) {
    const uint32_t count = Length(array) - 1;
    const bool tuple = type->kind() == c10::TypeKind::TupleType ||
                       (type->kind() != c10::TypeKind::ListType && NumberAt(array, 0) == int(ScriptTag::kTuple));
    std::vector<c10::IValue> items;
    for (uint32_t i = 0; i < count; ++i) items.push_back(Read(At(array, i + 1), ItemType(type, i)));
    if (tuple) return c10::ivalue::Tuple::create(std::move(items));
    c10::TypePtr element = c10::TensorType::get();
    if (type->kind() == c10::TypeKind::ListType)
      element = type->containedType(0);
    else if (!items.empty())
      element = items[0].type();
    c10::impl::GenericList list(element);
    for (c10::IValue& item : items) list.push_back(std::move(item));
    return list;
  }

  c10::IValue ReadDict(napi_value array, const c10::TypePtr& type) {
    c10::TypePtr key = c10::StringType::get(), value = c10::TensorType::get();
    if (type->kind() == c10::TypeKind::DictType) {
      key = type->containedType(0);
      value = type->containedType(1);
    }
    c10::impl::GenericDict dict(key, value);
    const uint32_t length = Length(array);
    for (uint32_t i = 1; i + 1 < length; i += 2) dict.insert(Read(At(array, i), key), Read(At(array, i + 1), value));
    return dict;
  }

  static c10::TypePtr ItemType(const c10::TypePtr& type, uint32_t index) {
    if (type->kind() == c10::TypeKind::ListType) return type->containedType(0);
    if (type->kind() == c10::TypeKind::TupleType && index < type->containedTypes().size()) {
      return type->containedType(index);
    }
    return c10::AnyType::get();
  }

  uint32_t Length(napi_value array) {
    uint32_t length = 0;
    Require(napi_get_array_length(env_, array, &length));
    return length;
  }

  napi_value At(napi_value array, uint32_t index) {
    napi_value element = nullptr;
    Require(napi_get_element(env_, array, index, &element));
    return element;
  }

  double NumberAt(napi_value array, uint32_t index) {
    double number = -1;
    Require(napi_get_value_double(env_, At(array, index), &number));
    return number;
  }

  Environment& environment_;
  napi_env env_;
};

napi_value IntegerFromScript(napi_env env, int64_t number) {
  constexpr int64_t kSafe = 9007199254740991;
  if (number >= -kSafe && number <= kSafe) return Number(env, static_cast<double>(number));
  napi_value big = nullptr;
  NODE_TORCH_TRY(napi_create_bigint_int64(env, number, &big));
  return big;
}

napi_value Tagged(napi_env env, ScriptTag tag, const std::vector<napi_value>& items) {
  napi_value array = nullptr;
  NODE_TORCH_TRY(napi_create_array_with_length(env, items.size() + 1, &array));
  NODE_TORCH_TRY(napi_set_element(env, array, 0, Number(env, static_cast<double>(tag))));
  for (size_t i = 0; i < items.size(); ++i) {
    if (!items[i]) return nullptr;
    NODE_TORCH_TRY(napi_set_element(env, array, static_cast<uint32_t>(i + 1), items[i]));
  }
  return array;
}

napi_value Null(napi_env env) {
  napi_value null = nullptr;
  NODE_TORCH_TRY(napi_get_null(env, &null));
  return null;
}

}  // namespace

c10::IValue ToScript(Environment& environment, napi_value value, const c10::TypePtr& type) {
  return Reader(environment).Read(value, type);
}

napi_value FromScript(Environment& environment, const c10::IValue& value) {
  napi_env env = environment.env;
  std::vector<napi_value> items;
  if (value.isNone()) return Null(env);
  if (value.isBool()) return Bool(env, value.toBool());
  if (value.isInt()) return IntegerFromScript(env, value.toInt());
  if (value.isDouble()) return Number(env, value.toDouble());
  if (value.isString()) return Text(env, value.toStringRef());
  if (value.isDevice()) return Tagged(env, ScriptTag::kDevice, {Text(env, value.toDevice().str())});
  if (value.isTensor()) {
    if (!value.toTensor().defined()) return Null(env);
    return Tagged(env, ScriptTag::kTensor, {NewHandle(environment, value.toTensor())});
  }
  if (value.isComplexDouble()) {
    const c10::complex<double> number = value.toComplexDouble();
    return Tagged(env, ScriptTag::kComplex, {Number(env, number.real()), Number(env, number.imag())});
  }
  if (value.isTuple()) {
    for (const c10::IValue& item : value.toTupleRef().elements()) items.push_back(FromScript(environment, item));
    return Tagged(env, ScriptTag::kTuple, items);
  }
  if (value.isList()) {
    for (const c10::IValue& item : value.toListRef()) items.push_back(FromScript(environment, item));
    return Tagged(env, ScriptTag::kList, items);
  }
  if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      items.push_back(FromScript(environment, entry.key()));
      items.push_back(FromScript(environment, entry.value()));
    }
    return Tagged(env, ScriptTag::kDict, items);
  }
  throw TypeError{"a value of type " + value.type()->repr_str() + " has no counterpart in JavaScript"};
}

}  // namespace node_torch
