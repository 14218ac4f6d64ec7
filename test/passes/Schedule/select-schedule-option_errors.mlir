// RUN: lacuna-opt %s -verify-diagnostics -attn-select-schedule="schedule=unit"
// RUN: not lacuna-opt %s -attn-select-schedule="schedule=#attn.schedule<tile_m=32>" 2>&1 | FileCheck %s
// The option must be a whole schedule.

// CHECK: error: expects a schedule like #attn.schedule<tile_m = 64, tile_n = 64>, but got #attn.schedule<tile_m=32>
// expected-error@below {{expects a schedule like #attn.schedule<tile_m = 64, tile_n = 64>, but got unit}}
module {
}
