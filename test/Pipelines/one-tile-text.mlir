// RUN: sed s/TARGET/x86-64-v4/ %s | lacuna-opt -attn-link-masks -attn-expand-masks -attn-select-schedule -attn-to-tile -o %t.cpu
// RUN: sed s/TARGET/sm_80/ %s | lacuna-opt -attn-link-masks -attn-expand-masks -attn-select-schedule -attn-to-tile -o %t.nvidia
// RUN: sed s/TARGET/gfx942/ %s | lacuna-opt -attn-link-masks -attn-expand-masks -attn-select-schedule -attn-to-tile -o %t.amd
// RUN: sed s/sm_80/x86-64-v4/ %t.nvidia | diff %t.cpu -
// RUN: sed s/gfx942/x86-64-v4/ %t.amd | diff %t.cpu -
// RUN: FileCheck %s < %t.cpu
// With the same schedule the text of a kernel does not depend on the target (docs/decisions/0002-orientation-is-a-layout.md).

// CHECK: tile.target = "x86-64-v4"
// CHECK: tile.kernel
// CHECK: tile.mma
module attributes {tile.target = "TARGET"} {
  func.func @f(%q: tensor<?x8x?x64xbf16>, %k: tensor<?x2x?x64xbf16>, %v: tensor<?x2x?x64xbf16>, %left: index)
      -> (tensor<?x8x?x64xbf16>, tensor<?x8x?xf32>) {
    %window = attn.sliding_window [%left, 0] align(bottom_right)
    %sinks = attn.sink_tokens [4]
    %m = attn.or %window, %sinks
    %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 64, tile_n = 64>)
      : tensor<?x8x?x64xbf16>, tensor<?x2x?x64xbf16>, tensor<?x2x?x64xbf16> -> tensor<?x8x?x64xbf16>, tensor<?x8x?xf32>
    return %o, %lse : tensor<?x8x?x64xbf16>, tensor<?x8x?xf32>
  }
}
