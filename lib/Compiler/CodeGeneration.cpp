// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of code generators.
#include "lib/Compiler/CodeGeneration.h"

namespace lacuna {

CodeGenerator lookupCodeGenerator(TargetKind kind) {
  switch (kind) {
  case TargetKind::Cpu:
    return nullptr;
  case TargetKind::Nvidia:
    return generateNvidia;
  case TargetKind::Amd:
    return generateAmd;
  }
  return nullptr;
}

} // namespace lacuna
