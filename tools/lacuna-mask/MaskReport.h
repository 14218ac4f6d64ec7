// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The numbers of a mask in its linear order, as text and JSON.
#pragma once

#include "tools/lacuna-mask/MaskStatistics.h"

#include "llvm/Support/raw_ostream.h"

namespace lacuna {

void writeMaskText(llvm::raw_ostream &os, llvm::StringRef title, const MaskSize &size, const MaskStatistics &statistics);
void writeMaskJson(llvm::raw_ostream &os, const MaskSize &size, const MaskStatistics &statistics);

} // namespace lacuna
