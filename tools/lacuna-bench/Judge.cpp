// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Judge.h"

#include "JsonReader.h"
#include "runtime/DType.h"

#include <cmath>

using namespace lacuna;
using namespace lacuna::bench;
using namespace lacuna::run;
using score::Formula;

static const char *const formulaNames[score::numFormulas] = {"float16", "bfloat16", "float32", "float64"};

std::string lacuna::bench::torchName(lacunaDType dtype) {
  switch (dtype) {
  case LACUNA_F64:
    return "float64";
  case LACUNA_F32:
    return "float32";
  case LACUNA_F16:
    return "float16";
  case LACUNA_BF16:
    return "bfloat16";
  case LACUNA_I1:
    return "bool";
  case LACUNA_I64:
  case LACUNA_INDEX:
    return "int64";
  default:
    return "int" + std::to_string(8 * lacunaDTypeSize(dtype));
  }
}

/// torch.isclose: equal infinities are close, NaN never is.
static bool isClose(double got, double expected, const score::Tolerance &tolerance) {
  if (got == expected)
    return true;
  double difference = std::fabs(got - expected);
  return std::isfinite(expected) && difference <= tolerance.atol + tolerance.rtol * std::fabs(expected);
}

PassesFrom lacuna::bench::passesFrom(const HostTensor &got, const HostTensor &expected) {
  std::array<int, score::numFormulas> level;
  level.fill(score::minLevel);
  std::array<score::Tolerance, score::numFormulas> tolerance;
  for (size_t f = 0; f < score::numFormulas; ++f)
    tolerance[f] = score::toleranceOf(Formula(f), score::minLevel);
  for (int64_t i = 0; i < expected.count(); ++i) {
    double a = got.real(i), b = expected.real(i);
    for (size_t f = 0; f < score::numFormulas; ++f)
      while (level[f] <= score::maxLevel && !isClose(a, b, tolerance[f]))
        if (++level[f] <= score::maxLevel)
          tolerance[f] = score::toleranceOf(Formula(f), level[f]);
  }
  PassesFrom result;
  for (size_t f = 0; f < score::numFormulas; ++f)
    if (level[f] <= score::maxLevel)
      result[f] = level[f];
  return result;
}

static bool areEqual(const HostTensor &got, const HostTensor &expected) {
  if (!runtime::isFloat(expected.dtype) || !runtime::isFloat(got.dtype))
    return got.dtype == expected.dtype && got.bytes == expected.bytes;
  for (int64_t i = 0; i < expected.count(); ++i)
    if (got.real(i) != expected.real(i)) // -0 equals 0, NaN nothing, as for torch.equal
      return false;
  return true;
}

static double largestDifference(const HostTensor &got, const HostTensor &expected) {
  double largest = 0;
  for (int64_t i = 0; i < expected.count(); ++i) {
    double a = got.real(i), b = expected.real(i), difference = a == b ? 0 : std::fabs(a - b);
    largest = std::isnan(difference) ? INFINITY : std::max(largest, difference);
  }
  return largest;
}

static Json orNull(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json lacuna::bench::judgeOutput(const std::string &name, const HostTensor &got, const HostTensor &expected) {
  Json output = {{"name", name}, {"dtype", torchName(expected.dtype)}};
  if (!runtime::sameDType(got.dtype, expected.dtype))
    output["compiled_dtype"] = torchName(got.dtype);
  bool equal = areEqual(got, expected), floats = runtime::isFloat(expected.dtype) && runtime::isFloat(got.dtype);
  PassesFrom from;
  if (floats)
    from = passesFrom(got, expected);
  else if (equal)
    from.fill(score::minLevel);
  std::optional<Formula> formula = score::formulaOf(torchName(expected.dtype));
  std::optional<int> own = formula ? from[size_t(*formula)] : from[0];
  Json levels = Json::object(), byFormula = Json::object();
  for (int t = score::minLevel; t <= score::maxLevel; ++t)
    levels[std::to_string(t)] = own && t >= *own;
  for (size_t f = 0; f < score::numFormulas; ++f)
    byFormula[formulaNames[f]] = from[f] ? Json(*from[f]) : Json();
  output["equal"] = equal;
  output["all_close"] = levels;
  output["passes_from"] = byFormula;
  output["max_abs_error"] = floats ? orNull(largestDifference(got, expected)) : Json();
  return output;
}

//===--- Samples --------------------------------------------------------------------------------------------------===//

static score::Output makeOutput(const Json &json) {
  score::Output output;
  output.dtype = textOf(memberOf(json, "dtype"));
  output.compiledDType = textOf(memberOf(json, "compiled_dtype"));
  output.equal = memberOf(json, "equal") == Json(true);
  for (size_t f = 0; f < score::numFormulas; ++f) {
    const Json &from = memberOf(memberOf(json, "passes_from"), formulaNames[f]);
    for (int t = score::minLevel; t <= score::maxLevel; ++t)
      output.setClose(Formula(f), t, from.is_number_integer() && t >= from.get<int>());
  }
  return output;
}

score::Sample lacuna::bench::makeSample(const std::string &name, const Json &comparison) {
  score::Sample sample;
  sample.name = name;
  sample.failure = textOf(memberOf(comparison, "error"));
  std::string status = textOf(memberOf(comparison, "status"));
  for (auto failed :
       {score::SampleStatus::RuntimeFail, score::SampleStatus::TypeMismatch, score::SampleStatus::ShapeMismatch,
        score::SampleStatus::CompileFail, score::SampleStatus::EagerFail})
    if (status == score::statusName(failed))
      sample.status = failed;
  if (const Json &speedup = memberOf(memberOf(comparison, "speedup"), "e2e"); speedup.is_number())
    sample.speedup = speedup.get<double>();
  if (const Json &outputs = memberOf(comparison, "outputs"); outputs.is_array())
    for (const Json &output : outputs)
      sample.outputs.push_back(makeOutput(output));
  (void)score::settleSpeedup(sample);
  return sample;
}

//===--- Approximation --------------------------------------------------------------------------------------------===//

double lacuna::bench::relativeL2(const HostTensor &got, const HostTensor &expected) {
  double errors = 0, values = 0;
  for (int64_t i = 0; i < expected.count(); ++i) {
    double a = got.real(i), b = expected.real(i);
    errors += (a - b) * (a - b);
    values += b * b;
  }
  return errors == 0 ? 0 : std::sqrt(errors / values);
}

std::optional<double> lacuna::bench::softmaxMassKept(const HostTensor &masked, const HostTensor &dense) {
  double sum = 0;
  int64_t rows = 0;
  for (int64_t i = 0; i < dense.count(); ++i) {
    double all = dense.real(i);
    if (!std::isfinite(all))
      continue;
    sum += std::exp(masked.real(i) - all); // exp(-inf) is 0
    ++rows;
  }
  return rows && std::isfinite(sum) ? std::optional(sum / double(rows)) : std::nullopt;
}
