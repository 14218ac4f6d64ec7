// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Decisions about how to tile; nothing is rewritten here.
#ifndef LACUNA_PASSES_SCHEDULE_PASSES_TD
#define LACUNA_PASSES_SCHEDULE_PASSES_TD

include "mlir/Pass/PassBase.td"

def AttnSelectSchedulePass : Pass<"attn-select-schedule", "::mlir::ModuleOp"> {
  let summary = "Write a schedule on every attention op that has none";
  let description = [{
    Looks up lib/Target's table by the module's `tile.target` and the head size, or takes the given one for every op. A schedule that stands on the op
    already wins. Each decision is a remark of category `lacuna-schedule`. No row for a chip and head size is an error that names both.

    ```mlir
    attn.attention %q, %k, %v layout(bhsd) : …
    // with tile.target = "x86-64-v4" becomes
    attn.attention %q, %k, %v layout(bhsd) schedule(#attn.schedule<tile_m = 48, tile_n = 128, transposed = true>) : …
    ```
  }];
  let options = [Option<"schedule", "schedule", "std::string", /*default=*/"",
                        "a schedule for every op, as `#attn.schedule<tile_m = 64, tile_n = 64>`; empty: the table">];
}

#endif // LACUNA_PASSES_SCHEDULE_PASSES_TD
