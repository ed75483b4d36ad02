#include "resolve.h"

#include <algorithm>

#include "errors.h"

namespace node_torch {

namespace {

// In Python's function forms `self` is called `input`.
uint32_t InputName() {
  static const uint32_t id = InternName("input");
  return id;
}

size_t Outputs(const Overload& overload) {
  const auto& parameters = overload.parameters;
  return std::count_if(parameters.begin(), parameters.end(), [](const Parameter& p) { return p.out; });
}

// `out=(values, indices)`: Python's one name for the tensors of several results, even where one of them has that name.
bool AssignOutputs(const Overload& overload, const Arguments& arguments, uint32_t name, uint32_t entry,
                   Assignment& out) {
  static const uint32_t kOut = InternName("out");
  if (name != kOut || arguments.tag(entry) != Tag::kList) return false;
  const size_t count = Outputs(overload);
  if (count < 2) return false;
  for (size_t i = 0; i < overload.parameters.size(); ++i) {
    if (overload.parameters[i].out && out.entries[i] != Assignment::kDefault) return false;
  }
  // A list of another length stands for each of them, and is refused there.
  const bool fits = arguments.length(entry) == count;
  uint32_t at = entry + 1;
  for (size_t i = 0; i < overload.parameters.size(); ++i) {
    if (!overload.parameters[i].out) continue;
    out.entries[i] = static_cast<int32_t>(fits ? at : entry);
    if (fits) at = arguments.Next(at);
  }
  return true;
}

std::string Shown(const Parameter& parameter, size_t index) {
  return index == 0 && parameter.name == "self" ? "input" : parameter.name;
}

// Why an overload does not fit; the text is only made when it is the last word.
struct Mismatch {
  enum Reason { kNone, kTooMany, kUnknownName, kTwice, kMissing, kWrongType } reason = kNone;
  size_t parameter = 0;
  uint32_t entry = 0;  // the offending entry; for kUnknownName the name
};

Mismatch Assign(const Operator& op, const Overload& overload, const Arguments& arguments, Strictness strictness,
                Assignment& out) {
  const auto& parameters = overload.parameters;
  out.overload = &overload;
  out.entries.assign(parameters.size(), Assignment::kDefault);

  size_t given = arguments.positional.size();
  if (overload.varargs) {
    const size_t first = overload.positional - 1;
    // A lone int for int[2] is repeated instead.
    const size_t least = parameters[first].fixed_length > 0 ? first + 1 : first;
    const bool all_ints = given > least && std::all_of(arguments.positional.begin() + first, arguments.positional.end(),
                                                       [&](uint32_t entry) {
                                                         const Tag tag = arguments.tag(entry);
                                                         return tag == Tag::kInt || tag == Tag::kBigInt;
                                                       });
    if (all_ints) {
      out.entries[first] = Assignment::kVarargs;
      given = first;
    }
  }
  if (given > overload.positional) return {Mismatch::kTooMany};
  for (size_t i = 0; i < given; ++i) out.entries[i] = static_cast<int32_t>(arguments.positional[i]);

  for (const auto& [name, entry] : arguments.named) {
    if (AssignOutputs(overload, arguments, name, entry, out)) continue;
    size_t at = 0;
    while (at < parameters.size() && parameters[at].name_id != name) ++at;
    if (at == parameters.size() && name == InputName() && !parameters.empty() && parameters[0].name == "self") at = 0;
    if (at == parameters.size()) return {Mismatch::kUnknownName, 0, name};
    if (out.entries[at] != Assignment::kDefault) return {Mismatch::kTwice, at, entry};
    out.entries[at] = static_cast<int32_t>(entry);
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    const int32_t entry = out.entries[i];
    if (entry == Assignment::kVarargs) continue;
    if (entry == Assignment::kDefault) {
      if (!parameters[i].has_default) return {Mismatch::kMissing, i};
    } else if (!Accepts(op, parameters[i], arguments, static_cast<uint32_t>(entry), strictness)) {
      return {Mismatch::kWrongType, i, static_cast<uint32_t>(entry)};
    }
  }
  return {};
}

// Python says which element of a list of tensors is none.
std::string ExplainElement(const Parameter& parameter, const Mismatch& mismatch, const Arguments& arguments) {
  if (parameter.kind != Kind::kTensor || !parameter.list || arguments.tag(mismatch.entry) != Tag::kList) return "";
  uint32_t at = mismatch.entry + 1;
  for (uint32_t i = 0; i < arguments.length(mismatch.entry); ++i, at = arguments.Next(at)) {
    if (arguments.tag(at) == Tag::kTensor) continue;
    return "expected Tensor as element " + std::to_string(i) + " in argument " + std::to_string(mismatch.parameter) +
           ", but got " + arguments.TypeName(at);
  }
  return "";
}

bool OutputsMiscounted(const Overload& overload, const Mismatch& mismatch, const Arguments& arguments) {
  if (mismatch.reason != Mismatch::kWrongType || arguments.tag(mismatch.entry) != Tag::kList) return false;
  const Parameter& parameter = overload.parameters[mismatch.parameter];
  return parameter.out && !parameter.list && Outputs(overload) > 1;
}

std::string Explain(const Operator& op, const Overload& overload, const Arguments& arguments,
                    const Mismatch& mismatch) {
  const std::string call = op.name + "()";
  const auto shown = [&] { return Shown(overload.parameters[mismatch.parameter], mismatch.parameter); };
  switch (mismatch.reason) {
    case Mismatch::kTooMany:
      return call + " takes " + std::to_string(overload.positional) + " positional argument" +
             (overload.positional == 1 ? "" : "s") + " but " + std::to_string(arguments.positional.size()) +
             (arguments.positional.size() == 1 ? " was given" : " were given");
    case Mismatch::kUnknownName:
      return call + " got an unexpected keyword argument '" + InternedName(mismatch.entry) + "'";
    case Mismatch::kTwice: return call + " got multiple values for argument '" + shown() + "'";
    case Mismatch::kMissing:
      return call + " missing 1 required " +
             (overload.parameters[mismatch.parameter].keyword_only ? "keyword" : "positional") + " argument: \"" +
             shown() + "\"";
    default:
      if (OutputsMiscounted(overload, mismatch, arguments)) {
        return "expected tuple of " + std::to_string(Outputs(overload)) + " elements but got " +
               std::to_string(arguments.length(mismatch.entry));
      }
      if (const std::string element = ExplainElement(overload.parameters[mismatch.parameter], mismatch, arguments);
          !element.empty()) {
        return element;
      }
      return call + ": argument '" + shown() + "' (position " + std::to_string(mismatch.parameter + 1) + ") must be " +
             overload.parameters[mismatch.parameter].type + ", not " + arguments.TypeName(mismatch.entry);
  }
}

// The argument that a mismatch is about.
std::string Blamed(const Overload& overload, const Mismatch& mismatch) {
  if (mismatch.reason == Mismatch::kTooMany) return "";
  if (mismatch.reason == Mismatch::kUnknownName) return InternedName(mismatch.entry);
  return Shown(overload.parameters[mismatch.parameter], mismatch.parameter);
}

std::string ExplainAll(const Operator& op, const Arguments& arguments) {
  std::string got;
  for (uint32_t entry : arguments.positional) {
    got += (got.empty() ? "" : ", ") + arguments.TypeName(entry);
  }
  for (const auto& [name, entry] : arguments.named) {
    got += (got.empty() ? "" : ", ") + InternedName(name) + "=" + arguments.TypeName(entry);
  }
  std::string message =
      op.name + "() received an invalid combination of arguments - got (" + got + "), but expected one of:";
  for (const Overload& overload : op.overloads) {
    if (overload.out) continue;
    const size_t open = overload.text.find('(');
    message += "\n * " + overload.text.substr(open, overload.text.find(" -> ") - open);
  }
  return message;
}

}  // namespace

void Resolve(const Operator& op, const Arguments& arguments, Assignment& assignment) {
  Mismatch first;
  const Overload* explained = &op.overloads[0];
  bool miscounted = false;
  for (const Strictness strictness : {Strictness::kExact, Strictness::kLoose}) {
    for (const Overload& overload : op.overloads) {
      const Mismatch mismatch = Assign(op, overload, arguments, strictness, assignment);
      if (mismatch.reason == Mismatch::kNone) return;
      if (!miscounted && OutputsMiscounted(overload, mismatch, arguments)) {
        miscounted = true;
        first = mismatch;
        explained = &overload;
      }
      if (miscounted) continue;
      const bool outputs = first.reason == Mismatch::kUnknownName && overload.out;
      if (&overload == &op.overloads[0] || (outputs && mismatch.reason != Mismatch::kUnknownName)) {
        first = mismatch;
        explained = &overload;
      }
    }
  }
  // Like Python, which folds the out form into the base one: a lone signature gets a precise answer.
  const bool alone = op.overloads.size() == 1 || (!op.overloads[0].out && op.overloads[1].out);
  if (!alone && !miscounted) throw TypeError{ExplainAll(op, arguments)};
  throw TypeError{Explain(op, *explained, arguments, first), Blamed(*explained, first)};
}

}  // namespace node_torch
