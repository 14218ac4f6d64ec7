// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/shifted_window_tiles.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @shifted_window_tiles
// LINK: attn.equal

// Rows of the map are an interval of keys, columns an equality.
// CHECK-LABEL: func.func @shifted_window_tiles
// CHECK: %[[ROWS:.*]] = attn.interval
// CHECK: %[[COLUMNS:.*]] = attn.equal
// CHECK: %[[M:.*]] = attn.and %[[ROWS]], %[[COLUMNS]]
// CHECK: mask(%[[M]])
func.func @shifted_window_tiles(%q: !t, %k: !t, %v: !t, %height: index, %width: index, %window: index, %shift: index) -> !t {
  %m = attn.named @shifted_window_tiles(%height, %width, %window, %shift : index, index, index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
