// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Results against results: GraphNet's tolerance levels, and how good an approximation is. Numbers only; which side is
// held against which is decided in EntryResult.
#ifndef LACUNA_TOOLS_BENCH_JUDGE_H
#define LACUNA_TOOLS_BENCH_JUDGE_H

#include "HostTensor.h"
#include "Sample.h"
#include "Suite.h"

namespace lacuna::bench {

/// As torch calls it: "float32".
std::string torchName(lacunaDType dtype);

/// The lowest level that passes, by formula; nothing if none does. Levels are nested: all higher ones pass, too.
using PassesFrom = std::array<std::optional<int>, score::numFormulas>;
/// Of float tensors of one shape.
PassesFrom passesFrom(const run::HostTensor &got, const run::HostTensor &expected);

/// An output of a comparison in the form of docs/design/bench_json.md. Shapes must agree.
Json judgeOutput(const std::string &name, const run::HostTensor &got, const run::HostTensor &expected);

/// A comparison as the scores and logs see it.
score::Sample makeSample(const std::string &name, const Json &comparison);

/// |got - expected| / |expected| in the Euclidean norm.
double relativeL2(const run::HostTensor &got, const run::HostTensor &expected);

/// Mean of exp(masked - dense) over rows, from log-sum-exps; rows that attend nothing keep nothing. Nothing if there is
/// no row.
std::optional<double> softmaxMassKept(const run::HostTensor &masked, const run::HostTensor &dense);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_JUDGE_H
