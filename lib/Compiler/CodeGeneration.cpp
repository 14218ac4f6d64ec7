// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of code generators.
#include "lib/Compiler/CodeGeneration.h"

namespace lacuna {

CodeGenerator lookupCodeGenerator(TargetKind kind) {
  switch (kind) {
  case TargetKind::Cpu:
  case TargetKind::Nvidia:
  case TargetKind::Amd:
    return nullptr;
  }
  return nullptr;
}

} // namespace lacuna
