// RUN: rm -rf %t && mkdir %t
// RUN: lacuna-mask %s --entry video --space 30x48x80 --q-tile 2x8x8 --kv-tile 2x8x8 | FileCheck %s --check-prefix=VIDEO
// RUN: lacuna-mask %s --entry strided --space 30x48x80 --q-tile 2x8x8 --kv-tile 2x8x8 --json %t/s.json | FileCheck %s --check-prefix=STRIDED
// RUN: FileCheck %s --check-prefix=JSON --match-full-lines --input-file %t/s.json
// RUN: lacuna-mask %s --entry image --space 256x256 --q-tile 16x16 --kv-tile 16x8 | FileCheck %s --check-prefix=IMAGE
// RUN: lacuna-mask %s --entry line --space 32768 --q-tile 128 --kv-tile 128 | FileCheck %s --check-prefix=LINE
// RUN: lacuna-mask %s --entry strided --space 30x48x80 --q-tile 2x8x8 --kv-tile 4x7x8 --arg s=1 | FileCheck %s --check-prefix=NONE
// RUN: lacuna-mask %s --entry wrapped --space 6x9x10 --q-tile 2x4x4 --kv-tile 1x2x2 | FileCheck %s --check-prefix=WRAPPED
// RUN: lacuna-mask %s --entry bare --space 6x9x10 --q-tile 2x4x4 --kv-tile 1x2x2 | FileCheck %s --check-prefix=BARE
// RUN: lacuna-mask %s --entry causal --space 10x10 --q-tile 4x4 --kv-tile 5x3 --json - | FileCheck %s --check-prefix=CAUSAL
// The simulator: N-D tiles that a mask visits. NATTEN's HunyuanVideo setting, where a stride of 16x8x8 reaches the FLOP ratio.

!t = tensor<1x1x?x64xf32>

// VIDEO: @video: space 30x48x80, query tiles of 2x8x8, key tiles of 2x8x8
// VIDEO-NEXT: density         0.0900
// VIDEO-NEXT: FLOP ratio      11.1111
// VIDEO-NEXT: tiles           810000: 24768 full, 124128 partial, 661104 empty
// VIDEO-NEXT: speed-up bound  5.4400
// VIDEO-NEXT: worst tile      [5, 2, 2] visits 250 of 900 key tiles: bound 3.6000
// VIDEO-NEXT: perfect stride  [2, 8, 8] is the smallest without partial tiles in each dimension
func.func @video(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[30, 48, 80] window[18, 24, 24]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// STRIDED: tiles           810000: 72900 full, 0 partial, 737100 empty
// STRIDED-NEXT: speed-up bound  11.1111

// JSON:  "schema_version": 1,
// JSON:  "density": 0.08999{{.*}},
// JSON-NEXT:  "flop_ratio": 11.111111111111111,
// JSON-NEXT:  "tiles": {
// JSON-NEXT:    "total": 810000,
// JSON-NEXT:    "full": 72900,
// JSON-NEXT:    "partial": 0,
// JSON-NEXT:    "empty": 737100
// JSON-NEXT:  },
// JSON-NEXT:  "speedup_bound": 11.111111111111111,
// JSON-NEXT:  "worst": {
// JSON:    "visited": 81,
// JSON-NEXT:    "speedup_bound": 11.111111111111111
// JSON-NEXT:  },
// JSON-NEXT:  "perfect_stride": [
// JSON-NEXT:    2,
// JSON-NEXT:    8,
// JSON-NEXT:    8
// JSON-NEXT:  ]

// NONE: perfect stride  [none, none, 8] is the smallest
func.func @strided(%q: !t, %k: !t, %v: !t, %s: index {attn.name = "s", attn.default = 16 : index}, %w: index {attn.default = 24 : index}) -> !t {
  %m = attn.neighborhood space[30, 48, 80] window[18, 24, %w] stride[%s, 8, 8]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// NATTEN's other settings, FLUX and 1-D of 32K tokens: the published FLOP ratios, strides 16 and 256 that reach them.
// IMAGE: FLOP ratio      10.2400
// IMAGE: speed-up bound  7.0605
// IMAGE: perfect stride  [16, 16]
func.func @image(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[256, 256] window[80, 80]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
// LINE: FLOP ratio      16.0000
// LINE: speed-up bound  15.1144
// LINE: perfect stride  [256]
func.func @line(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[32768] window[2048]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// By its dimensions, and as a mask that is not known to be a neighborhood, by its raster lines. Numbers by brute force in NumPy.
// BARE: tiles           4050: 210 full, 390 partial, 3450 empty
// BARE: worst tile      [1, 1, 0] visits 32 of 150 key tiles
// BARE: perfect stride  [none, none, 4]
// WRAPPED: tiles           4050: 210 full, 390 partial, 3450 empty
// WRAPPED: worst tile      [1, 1, 0] visits 32 of 150 key tiles
// WRAPPED-NOT: perfect stride
func.func @bare(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[6, 9, 10] window[4, 5, 4] stride[2, 1, 4] causal[true, false, false]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
func.func @wrapped(%q: !t, %k: !t, %v: !t) -> !t {
  %n = attn.neighborhood space[6, 9, 10] window[4, 5, 4] stride[2, 1, 4] causal[true, false, false]
  %m = attn.and %n
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CAUSAL: "tiles": {
// CAUSAL-NEXT: "total": 72,
// CAUSAL-NEXT: "full": 16,
// CAUSAL-NEXT: "partial": 44,
// CAUSAL-NEXT: "empty": 12
// CAUSAL: "perfect_stride": null
func.func @causal(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.causal align(top_left)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
