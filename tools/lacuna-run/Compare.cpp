// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Compare.h"

#include "runtime/DType.h"

#include <algorithm>
#include <cmath>

using namespace lacuna;
using namespace lacuna::run;
using namespace lacuna::runtime;

static double toleranceOf(lacunaDType type) {
  if (type == LACUNA_BF16)
    return std::ldexp(1.0, -7);
  return type == LACUNA_F16 ? std::ldexp(1.0, -10) : 1e-5;
}

Rule lacuna::run::chooseRule(lacunaDType type, size_t rank, lacunaDType inputType, size_t inputRank,
                             std::optional<double> atol, std::optional<double> rtol) {
  if (!isFloat(type))
    return {Rule::Exact, 0, 0};
  if (atol || rtol)
    return {Rule::Elements, rtol.value_or(0), atol.value_or(0)};
  if (rank < inputRank && (type == LACUNA_F32 || type == LACUNA_F64))
    return {Rule::Statistics, 1e-5, 0};
  return {Rule::Rows, std::max(toleranceOf(type), toleranceOf(inputType)), 0};
}

/// 0 for equal values, infinities too; infinite if either is no number or only one is infinite.
static double distance(double got, double reference) {
  if (got == reference)
    return 0;
  double difference = std::fabs(got - reference);
  return std::isfinite(difference) ? difference : INFINITY;
}

/// Never NaN: an infinite error is one whatever is allowed.
static double ratio(double error, double unit) {
  if (error == 0)
    return 0;
  return unit > 0 && std::isfinite(error) ? error / unit : INFINITY;
}

static double element(const HostTensor &tensor, int64_t i) {
  return isFloat(tensor.dtype) ? tensor.real(i) : double(tensor.integer(i));
}

/// Largest finite magnitude of the reference in [begin, end).
static double rowMagnitude(const HostTensor &reference, int64_t begin, int64_t end) {
  double magnitude = 0;
  for (int64_t i = begin; i < end; ++i)
    if (double value = std::fabs(element(reference, i)); std::isfinite(value))
      magnitude = std::max(magnitude, value);
  return magnitude;
}

/// The error that the rule allows at a reference value.
static double allowed(const Rule &rule, double reference, double row) {
  double magnitude = std::isfinite(reference) ? std::fabs(reference) : 0;
  switch (rule.kind) {
  case Rule::Rows:
    return rule.relative * row;
  case Rule::Statistics:
    return rule.relative * std::max(1.0, magnitude);
  case Rule::Elements:
    return rule.absolute + rule.relative * magnitude;
  case Rule::Exact:
    return 0;
  }
  return 0;
}

static std::vector<int64_t> positionOf(int64_t i, const std::vector<int64_t> &shape) {
  std::vector<int64_t> position(shape.size());
  for (size_t d = shape.size(); d-- > 0; i /= shape[d])
    position[d] = i % shape[d];
  return position;
}

Difference lacuna::run::compare(const HostTensor &got, const HostTensor &reference, const Rule &rule) {
  Difference result;
  result.rule = rule;
  int64_t count = reference.count(), worst = 0;
  int64_t rowLength = reference.shape.empty() || count == 0 ? 1 : reference.shape.back();
  for (int64_t begin = 0; begin < count; begin += rowLength) {
    double row = rowMagnitude(reference, begin, begin + rowLength);
    for (int64_t i = begin; i < begin + rowLength; ++i) {
      double wanted = element(reference, i), error = distance(element(got, i), wanted);
      if (!isFloat(got.dtype) && got.integer(i) != reference.integer(i))
        error = std::max(error, 1.0); // large integers may agree as f64
      double unit = rule.kind == Rule::Statistics ? std::max(1.0, std::isfinite(wanted) ? std::fabs(wanted) : 0) : row;
      result.maxAbsolute = std::max(result.maxAbsolute, error);
      result.maxRowRelative = std::max(result.maxRowRelative, ratio(error, unit));
      if (double share = ratio(error, allowed(rule, wanted, row)); share > result.worst) {
        result.worst = share;
        worst = i;
      }
    }
  }
  result.passed = result.worst <= 1;
  if (count > 0) {
    result.position = positionOf(worst, reference.shape);
    result.got = element(got, worst);
    result.reference = element(reference, worst);
  }
  return result;
}
