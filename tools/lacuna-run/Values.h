// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From --arg texts and the defaults of an artifact to the data of an entry's arguments. Counts, kinds and element
// types are checked here; shapes are the runtime's business.
#ifndef LACUNA_TOOLS_RUN_VALUES_H
#define LACUNA_TOOLS_RUN_VALUES_H

#include "ArgumentSpec.h"

namespace lacuna::run {

/// One argument: a tensor, or a scalar in `integer` or `real`.
struct HostValue {
  lacunaKind kind = LACUNA_TENSOR;
  lacunaDType dtype = LACUNA_F32;
  HostTensor tensor;
  int64_t integer = 0;
  double real = 0;
};

/// "1x8x64x128xbf16", or the number of a scalar.
std::string valueText(const HostValue &value);

/// Data for one argument. A generator without a seed takes the argument's `number`, so that q, k and v differ.
runtime::Result<HostValue> makeValue(const ArgumentSpec &spec, const lacunaArgumentInfo &info, int64_t number);

/// Data for all arguments of an entry: `assignments` (by name or number) first, then the artifact's defaults.
runtime::Result<std::vector<HostValue>> makeValues(const lacunaProgram *program, int64_t entry,
                                                   const std::vector<Assignment> &assignments);

/// Finds a result by name or number.
runtime::Result<int64_t> findResult(const lacunaProgram *program, int64_t entry, const std::string &name);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_VALUES_H
