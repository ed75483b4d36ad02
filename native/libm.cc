#include <cmath>

#include "backends.h"
#include "function.h"

namespace node_torch {

namespace {

struct Unary {
  const char* name;
  double (*call)(double);
};

const Unary kUnary[] = {{"exp", std::exp},      {"expm1", std::expm1}, {"log", std::log},   {"log1p", std::log1p},
                        {"log2", std::log2},    {"log10", std::log10}, {"sin", std::sin},   {"cos", std::cos},
                        {"tan", std::tan},      {"asin", std::asin},   {"acos", std::acos}, {"atan", std::atan},
                        {"sinh", std::sinh},    {"cosh", std::cosh},   {"tanh", std::tanh}, {"sqrt", std::sqrt},
                        {"cbrt", std::cbrt},    {"erf", std::erf},     {"erfc", std::erfc}, {"lgamma", std::lgamma},
                        {"tgamma", std::tgamma}};

struct Binary {
  const char* name;
  double (*call)(double, double);
};

const Binary kBinary[] = {{"pow", std::pow}, {"fmod", std::fmod}, {"atan2", std::atan2}, {"hypot", std::hypot}};

}  // namespace

napi_value Libm(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    std::string name;
    double x = 0, y = 0;
    if (!ReadString(e.env, call.args[0], &name)) return nullptr;
    NODE_TORCH_TRY(napi_get_value_double(e.env, call.args[1], &x));
    for (const Unary& function : kUnary) {
      if (name == function.name) return Number(e.env, function.call(x));
    }
    NODE_TORCH_TRY(napi_get_value_double(e.env, call.args[2], &y));
    for (const Binary& function : kBinary) {
      if (name == function.name) return Number(e.env, function.call(x, y));
    }
    throw TypeError{"libm has no function '" + name + "' here"};
  });
}

}  // namespace node_torch
