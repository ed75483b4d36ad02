#include "convert.h"

#include <ATen/Context.h>
#include <ATen/ScalarOps.h>
#include <c10/core/Device.h>

#include "accelerator.h"
#include "errors.h"

namespace node_torch {

namespace {

bool IsInt(Tag tag) { return tag == Tag::kInt || tag == Tag::kBigInt; }
bool IsReal(Tag tag) { return IsInt(tag) || tag == Tag::kFloat; }
bool IsNumber(Tag tag) { return IsReal(tag) || tag == Tag::kBool || tag == Tag::kComplex; }

bool IsZeroDim(const Arguments& arguments, uint32_t entry) {
  return arguments.tag(entry) == Tag::kTensor && arguments.tensor(entry).dim() == 0;
}

bool AcceptsElement(const Operator& op, const Parameter& parameter, const Arguments& arguments, uint32_t entry,
                    Strictness strictness) {
  const Tag tag = arguments.tag(entry);
  const bool loose = strictness == Strictness::kLoose;
  switch (parameter.kind) {
    case Kind::kTensor: return tag == Tag::kTensor || (op.takes_numbers && !parameter.list && IsNumber(tag));
    case Kind::kInt: return IsInt(tag) || (loose && IsZeroDim(arguments, entry));
    case Kind::kFloat: return IsReal(tag) || (loose && (tag == Tag::kBool || IsZeroDim(arguments, entry)));
    case Kind::kBool: return tag == Tag::kBool;
    case Kind::kScalar: return IsNumber(tag) || (loose && IsZeroDim(arguments, entry));
    case Kind::kString: return tag == Tag::kString;
    case Kind::kDtype: return tag == Tag::kDtype;
    case Kind::kLayout: return tag == Tag::kLayout;
    case Kind::kMemoryFormat: return tag == Tag::kMemoryFormat;
    case Kind::kDevice: return tag == Tag::kDevice || tag == Tag::kString;
    case Kind::kGenerator: return tag == Tag::kGenerator;
    case Kind::kUnsupported: return false;
  }
  return false;
}

// A tensor that stands for a number.
c10::Scalar NumberIn(const Arguments& arguments, uint32_t entry) {
  const at::Tensor& tensor = arguments.tensor(entry);
  if (arguments.environment.recorder) arguments.environment.recorder->RequireConstant(tensor, "a tensor as a number");
  return tensor.item();
}

}  // namespace

int64_t ToInt(const Arguments& arguments, uint32_t entry) {
  switch (arguments.tag(entry)) {
    case Tag::kBigInt: return arguments.bits(entry);
    case Tag::kTensor: return NumberIn(arguments, entry).toLong();
    default: return static_cast<int64_t>(arguments.number(entry));
  }
}

c10::Scalar ToScalar(const Arguments& arguments, uint32_t entry) {
  switch (arguments.tag(entry)) {
    case Tag::kBool: return arguments.number(entry) != 0;
    case Tag::kFloat: return arguments.number(entry);
    case Tag::kComplex: return c10::complex<double>(arguments.number(entry), arguments.number(entry + 1));
    case Tag::kTensor: return NumberIn(arguments, entry);
    default: return ToInt(arguments, entry);
  }
}

namespace {

double ToFloat(const Arguments& arguments, uint32_t entry) { return ToScalar(arguments, entry).toDouble(); }

at::Tensor ToTensor(const Arguments& arguments, uint32_t entry) {
  if (arguments.tag(entry) == Tag::kTensor) return arguments.tensor(entry);
  at::Tensor number = c10::scalar_to_tensor(ToScalar(arguments, entry));
  // Type promotion treats a number that stands for a tensor as Python's parser marks it.
  number.unsafeGetTensorImpl()->set_wrapped_number(true);
  return number;
}

// As Python's argument parser: a device type is brought up where an argument names it, or said to be missing.
c10::Device ToDevice(const std::string& text) {
  const c10::Device device(text);
  if (device.is_cuda() || device.is_xpu()) {
    const auto& hooks = at::globalContext().getAcceleratorHooksInterface(device.type());
    TORCH_CHECK(hooks.isBuilt(), "Torch not compiled with ", c10::DeviceTypeName(device.type()), " enabled");
    device.is_cuda() ? InitializeCuda() : at::globalContext().lazyInitDevice(device.type());
  }
  return device;
}

at::Generator ToGenerator(const Arguments& arguments, uint32_t entry) {
  const auto index = static_cast<size_t>(arguments.number(entry));
  if (index >= arguments.environment.generators.size() || !arguments.environment.generators[index].defined()) {
    throw TypeError{"this Generator belongs to another thread"};
  }
  return arguments.environment.generators[index];
}

// A list of length 1 for a lone value, repeated to the schema's fixed length.
template <typename T, typename Read>
c10::IValue ToList(const Parameter& parameter, const Arguments& arguments, uint32_t entry, Read read) {
  c10::List<T> list;
  if (arguments.tag(entry) != Tag::kList) {
    const size_t count = parameter.fixed_length > 0 ? parameter.fixed_length : 1;
    list.reserve(count);
    for (size_t i = 0; i < count; ++i) list.push_back(read(arguments, entry));
    return list;
  }
  list.reserve(arguments.length(entry));
  arguments.EachElement(entry, [&](uint32_t element) { list.push_back(read(arguments, element)); });
  return list;
}

c10::IValue ToListOfKind(const Parameter& parameter, const Arguments& arguments, uint32_t entry) {
  switch (parameter.kind) {
    case Kind::kTensor:
      if (parameter.optional_element) {
        return ToList<std::optional<at::Tensor>>(parameter, arguments, entry, [](const Arguments& a, uint32_t e) {
          return a.tag(e) == Tag::kNone ? std::nullopt : std::optional<at::Tensor>(a.tensor(e));
        });
      }
      return ToList<at::Tensor>(parameter, arguments, entry, ToTensor);
    case Kind::kInt: return ToList<int64_t>(parameter, arguments, entry, ToInt);
    case Kind::kFloat: return ToList<double>(parameter, arguments, entry, ToFloat);
    case Kind::kBool:
      return ToList<bool>(parameter, arguments, entry, [](const Arguments& a, uint32_t e) { return a.number(e) != 0; });
    case Kind::kScalar: {
      c10::List<c10::IValue> list(c10::NumberType::get());
      arguments.EachElement(entry, [&](uint32_t element) { list.push_back(ToScalar(arguments, element)); });
      return list;
    }
    case Kind::kString:
      return ToList<std::string>(parameter, arguments, entry, [](const Arguments& a, uint32_t e) { return a.text(e); });
    default: throw TypeError{"lists of " + parameter.type + " are not supported"};
  }
}

}  // namespace

bool Accepts(const Operator& op, const Parameter& parameter, const Arguments& arguments, uint32_t entry,
             Strictness strictness) {
  const Tag tag = arguments.tag(entry);
  if (tag == Tag::kNone) return parameter.optional || parameter.has_default;
  if (!parameter.list) return AcceptsElement(op, parameter, arguments, entry, strictness);
  if (tag != Tag::kList) {
    return parameter.fixed_length > 0 && AcceptsElement(op, parameter, arguments, entry, strictness);
  }
  const uint32_t count = arguments.length(entry);
  uint32_t at = entry + 1;
  for (uint32_t i = 0; i < count; ++i, at = arguments.Next(at)) {
    if (arguments.tag(at) == Tag::kNone ? !parameter.optional_element
                                        : !AcceptsElement(op, parameter, arguments, at, strictness)) {
      return false;
    }
  }
  return true;
}

c10::IValue ToIValue(const Parameter& parameter, const Arguments& arguments, uint32_t entry) {
  if (arguments.tag(entry) == Tag::kNone) return parameter.optional ? c10::IValue() : parameter.default_value;
  if (parameter.list) return ToListOfKind(parameter, arguments, entry);
  switch (parameter.kind) {
    case Kind::kTensor: return ToTensor(arguments, entry);
    case Kind::kInt: return ToInt(arguments, entry);
    case Kind::kFloat: return ToFloat(arguments, entry);
    case Kind::kBool: return arguments.number(entry) != 0;
    case Kind::kScalar: return ToScalar(arguments, entry);
    case Kind::kString: return arguments.text(entry);
    case Kind::kDevice: return ToDevice(arguments.text(entry));
    case Kind::kGenerator: return ToGenerator(arguments, entry);
    case Kind::kDtype:
    case Kind::kLayout:
    case Kind::kMemoryFormat: return static_cast<int64_t>(arguments.number(entry));
    case Kind::kUnsupported: break;
  }
  throw TypeError{"arguments of type " + parameter.type + " are not supported"};
}

c10::IValue VarargsToIValue(const Arguments& arguments, size_t first) {
  c10::List<int64_t> list;
  list.reserve(arguments.positional.size() - first);
  for (size_t i = first; i < arguments.positional.size(); ++i) {
    list.push_back(ToInt(arguments, arguments.positional[i]));
  }
  return list;
}

}  // namespace node_torch
