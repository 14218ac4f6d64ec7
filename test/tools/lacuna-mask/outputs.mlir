// RUN: rm -rf %t && mkdir %t
// RUN: lacuna-mask %s --entry window --size 96,96 --tile 8x8 --json %t/m.json --svg %t/m.svg | FileCheck %s --check-prefix=TEXT
// RUN: FileCheck %s --check-prefix=JSON --match-full-lines --input-file %t/m.json
// RUN: FileCheck %s --check-prefix=SVG --input-file %t/m.svg
// RUN: lacuna-mask %s --entry window --size 96,96 --tile 8x8 --json - --arg window=1000 | FileCheck %s --check-prefix=WIDE
// RUN: lacuna-mask %s --entry window --size 0,96 --json - | FileCheck %s --check-prefix=NOTHING
// RUN: lacuna-mask %s --entry window --size 65536,65536 --svg %t/long.svg | FileCheck %s --check-prefix=LONG
// RUN: FileCheck %s --check-prefix=CELLS --input-file %t/long.svg
// RUN: lacuna-mask %s --entry window --size 1,2147483647 | FileCheck %s --check-prefix=KEYS
// RUN: lacuna-mask %s --entry window --size 2147483647,1 --tile 4096x64 | FileCheck %s --check-prefix=QUERIES
// RUN: lacuna-mask %s --entry library --size 8,8 --mask-library %S/Inputs/library.mlir | FileCheck %s --check-prefix=LIBRARY
// RUN: lacuna-mask %s --entry tables --size 4,4 --tile 2x2 --head 1 | FileCheck %s --check-prefix=TABLES
// RUN: lacuna-mask %s --entry tables --size 4,4 --tile 2x2 --arg "3=[[1,1,1,1],[0,0,0,0]]" | FileCheck %s --check-prefix=GIVEN
// RUN: lacuna-mask %s --entry static --tile 16x32 | FileCheck %s --check-prefix=STATIC
// RUN: lacuna-mask --version | FileCheck %s --check-prefix=VERSION
// RUN: lacuna-mask --help | FileCheck %s --check-prefix=HELP
// What lacuna-mask writes: text, JSON, a picture; where the values of arguments come from.

// TEXT: @window: 96 x 96 pairs in tiles of 8 x 8, batch 0, head 0
// TEXT-NEXT: density         0.1536
// TEXT-NEXT: tiles           144: 11 full, 22 partial, 111 empty
// TEXT-NEXT: row runs        1
// TEXT-NEXT: column runs     1
// TEXT-NEXT: speed-up bound  4.3636
// TEXT-NOT: note

// JSON: {
// JSON-NEXT:  "schema_version": 1,
// JSON-NEXT:  "density": 0.15364583333333334,
// JSON-NEXT:  "tiles": {
// JSON-NEXT:    "total": 144,
// JSON-NEXT:    "full": 11,
// JSON-NEXT:    "partial": 22,
// JSON-NEXT:    "empty": 111
// JSON-NEXT:  },
// JSON-NEXT:  "row_runs": 1,
// JSON-NEXT:  "column_runs": 1,
// JSON-NEXT:  "speedup_bound": 4.3636363636363633
// JSON-NEXT: }

// SVG: <svg xmlns="http://www.w3.org/2000/svg"
// SVG: prefers-color-scheme: dark
// SVG: <rect class="partial" x="0.00" y="0.00" width="53.33" height="53.33"/>
// SVG: <rect class="empty" x="53.33" y="0.00" width="586.67" height="53.33"/>
// SVG: <path class="pair"
// SVG: full 11</text>
// SVG: partial 22</text>
// SVG: empty 111</text>
// SVG: @window: 96 x 96 pairs in tiles of 8 x 8, batch 0, head 0</text>
// SVG-NEXT: </svg>

// WIDE: "density": 0.50520833333333337
// WIDE: "full": 66
// NOTHING: "density": null
// NOTHING: "total": 0
// NOTHING: "row_runs": 0
// NOTHING: "speedup_bound": null

// LONG: density         0.0002
// LONG-NEXT: tiles           1048576: 0 full, 2047 partial, 1046529 empty
// CELLS-NOT: class="pair"
// CELLS: one cell is 8 x 8 tiles

// As long as lengths can be: no memory for each key.
// KEYS: @window: 1 x 2147483647 pairs
// KEYS-NEXT: density         0.0000
// KEYS-NEXT: tiles           33554432: 0 full, 1 partial, 33554431 empty
// KEYS-NEXT: row runs        1
// QUERIES: tiles           524288: 0 full, 1 partial, 524287 empty

// LIBRARY: density         0.1250
// TABLES: tiles           4: 0 full, 2 partial, 2 empty
// GIVEN: tiles           4: 4 full, 0 partial, 0 empty
// STATIC: @static: 32 x 64 pairs in tiles of 16 x 32
// STATIC: tiles           4:
// VERSION: lacuna-mask {{[0-9]+\.[0-9]+}}
// HELP: Examples:
// HELP: --size=<Sq,Sk>

!t = tensor<?x4x?x64xf32>

func.func @window(%q: !t, %k: !t, %v: !t, %w: index {attn.name = "window", attn.default = 16 : index}) -> !t {
  %one = arith.constant 1 : index
  %left = arith.subi %w, %one : index
  %m = attn.sliding_window [%left, 0] align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

func.func @library(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.named @diagonal()
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Kept keys by head.
func.func @tables(%q: !t, %k: !t, %v: !t, %keep: tensor<2x?xi1> {attn.name = "keep", attn.default = "[[1, 1, 1, 1], [0, 1, 0, 0]]"}) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %x = attn.lookup %keep[%h, %j] : tensor<2x?xi1> -> index
    %one = arith.constant 1 : index
    %on = arith.cmpi eq, %x, %one : index
    attn.yield %on : i1
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

!f = tensor<1x1x32x64xf32>
!g = tensor<1x1x64x64xf32>
func.func @static(%q: !f, %k: !g, %v: !g) -> !f {
  %m = attn.causal align(top_left)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !f, !g, !g -> !f
  return %o : !f
}
