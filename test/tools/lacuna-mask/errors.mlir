// RUN: rm -rf %t && mkdir %t
// RUN: not lacuna-mask %s --entry f 2>&1 | FileCheck %s --check-prefix=NO-SIZE
// RUN: not lacuna-mask %s --entry f --size 12 2>&1 | FileCheck %s --check-prefix=BAD-SIZE
// RUN: not lacuna-mask %s --entry f --size=-1,3 2>&1 | FileCheck %s --check-prefix=NEGATIVE-SIZE
// RUN: not lacuna-mask %s --entry f --size 8,8 --tile 8 2>&1 | FileCheck %s --check-prefix=BAD-TILE
// RUN: not lacuna-mask %s --size 8,8 2>&1 | FileCheck %s --check-prefix=NO-ENTRY
// RUN: not lacuna-mask %s --entry h --size 8,8 2>&1 | FileCheck %s --check-prefix=BAD-ENTRY
// RUN: not lacuna-mask %s --entry f --size 8,8 2>&1 | FileCheck %s --check-prefix=NO-VALUE
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w 2>&1 | FileCheck %s --check-prefix=BAD-ARG
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg window=3 2>&1 | FileCheck %s --check-prefix=BAD-NAME
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=x 2>&1 | FileCheck %s --check-prefix=BAD-VALUE
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=randint:i32:8 2>&1 | FileCheck %s --check-prefix=RANDOM
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=1 2>&1 | FileCheck %s --check-prefix=NO-TABLE
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=1 --arg cu=[0,x] 2>&1 | FileCheck %s --check-prefix=BAD-LIST
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=1 --arg cu=[0,8589934592] 2>&1 | FileCheck %s --check-prefix=TOO-BIG
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=1 --arg cu=[0,8] --head 2 2>&1 | FileCheck %s --check-prefix=BAD-HEAD
// RUN: not lacuna-mask %s --entry f --space 2x4 2>&1 | FileCheck %s --check-prefix=NO-Q-TILE
// RUN: not lacuna-mask %s --entry f --size 8,8 --kv-tile 2x4 2>&1 | FileCheck %s --check-prefix=NO-SPACE
// RUN: not lacuna-mask %s --entry f --space 2x4x1x1 --q-tile 1 --kv-tile 1 2>&1 | FileCheck %s --check-prefix=BAD-SPACE
// RUN: not lacuna-mask %s --entry f --space 2x4 --q-tile 2x0 --kv-tile 2x2 2>&1 | FileCheck %s --check-prefix=BAD-Q-TILE
// RUN: not lacuna-mask %s --entry f --space 2x4 --q-tile 2x2 --kv-tile 2 2>&1 | FileCheck %s --check-prefix=RANK
// RUN: not lacuna-mask %s --entry f --space 65536x65536 --q-tile 2x2 --kv-tile 2x2 2>&1 | FileCheck %s --check-prefix=POINTS
// RUN: not lacuna-mask %s --entry f --space 2x4 --q-tile 2x2 --kv-tile 2x2 --size 9,9 2>&1 | FileCheck %s --check-prefix=SPACE-SIZE
// RUN: not lacuna-mask %s --entry f --space 2x4 --q-tile 2x2 --kv-tile 2x2 --tile 4x4 2>&1 | FileCheck %s --check-prefix=SPACE-TILE
// RUN: not lacuna-mask %s --entry plane --space 9x8 --q-tile 2x2 --kv-tile 2x2 2>&1 | FileCheck %s --check-prefix=EXTENT
// RUN: not lacuna-mask %s --entry boxes --space 8x8 --q-tile 2x2 --kv-tile 2x2 2>&1 | FileCheck %s --check-prefix=BOXES
// RUN: not lacuna-mask %s --entry unknown --size 8,8 2>&1 | FileCheck %s --check-prefix=NAMED
// RUN: not lacuna-mask %t/missing.mlir --size 8,8 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=1 --arg cu=[0,8] --svg %t/a.svg --json %t/none/a.json 2>&1 | FileCheck %s --check-prefix=UNWRITABLE
// RUN: not lacuna-mask %s --entry f --size 8,8 --batch 9223372036854775807 2>&1 | FileCheck %s --check-prefix=BAD-BATCH
// RUN: not lacuna-mask %s --entry f --size 8,8 --tile 0x64 2>&1 | FileCheck %s --check-prefix=ZERO-TILE
// RUN: not lacuna-mask %s --entry f --size 2147483647,2147483647 --arg w=1 --arg cu=[0,8] 2>&1 | FileCheck %s --check-prefix=STEPS
// RUN: not lacuna-mask %s --entry f --space 2147483647 --q-tile 1 --kv-tile 1 --arg w=1 --arg cu=[0,8] 2>&1 | FileCheck %s --check-prefix=BYTES
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=1 --arg cu=zeros:2147483647xi32 2>&1 | FileCheck %s --check-prefix=BIG-TABLE
// RUN: not lacuna-mask %s --entry gathered --size 8,8 2>&1 | FileCheck %s --check-prefix=GATHERED
// RUN: not lacuna-mask %s --entry gathered --arg rows=3 2>&1 | FileCheck %s --check-prefix=ROWS
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=x --svg %t/a.svg --json %t/a.json
// RUN: not ls %t/a.svg
// RUN: not ls %t/a.json
// Every error names what is wrong; no file is left behind.

// NO-SIZE: error: expects --size Sq,Sk: the lengths of @f are not static
// BAD-SIZE: error: --size expects Sq,Sk, two numbers in [0, 2147483647], but got '12'
// NEGATIVE-SIZE: error: --size expects Sq,Sk, two numbers in [0, 2147483647], but got '-1,3'
// BAD-TILE: error: --tile expects MxN, two numbers in [1, 4096], but got '8'
// NO-ENTRY: error: choose one function by --entry: @f, @plane, @boxes, @gathered, @unknown
// BAD-ENTRY: error: there is no @h with attention; there is @f, @plane, @boxes, @gathered, @unknown
// NO-VALUE: error: the mask of @f needs argument w: --arg w=...
// BAD-ARG: error: --arg expects NAME=VALUE, but got 'w'
// BAD-NAME: error: --arg window: @f has no such argument; it has q, 1, 2, w, cu
// BAD-VALUE: error: argument w: expects a number or a list of numbers, but got 'x'
// RANDOM: error: argument w: expects a number or a list of numbers, but got 'randint:i32:8'
// NO-TABLE: error: the mask of @f needs argument cu: --arg cu=[...]
// BAD-LIST: error: argument cu: expects a number or a list of numbers, but got '[0,x]'
// TOO-BIG: error: argument cu: expects elements of type i32, but got 8589934592
// BAD-HEAD: error: --head expects a head in [0, 2), but got 2
// NO-Q-TILE: error: --space, --q-tile and --kv-tile go together: --q-tile is missing
// NO-SPACE: error: --space, --q-tile and --kv-tile go together: --space is missing
// BAD-SPACE: error: --space expects 1 to 3 numbers in [1, 2147483647], such as 30x48x80, but got '2x4x1x1'
// BAD-Q-TILE: error: --q-tile expects 1 to 3 numbers in [1, 4096], such as 30x48x80, but got '2x0'
// RANK: error: --kv-tile expects 2 number(s), as --space has, but got '2'
// POINTS: error: --space expects at most 2147483647 points, but got '65536x65536'
// SPACE-SIZE: error: --size 9,9 does not fit --space 2x4 of 8 points
// SPACE-TILE: error: --tile shows a mask in its linear order and does not go with --space
// EXTENT: error: --space 9x8 does not fit the neighborhood of @plane in dimension 0
// BOXES: error: --space expects queries and keys in raster order, but got a neighborhood in boxes in @boxes; leave query_box and key_box out
// NAMED: errors.mlir:[[@LINE+45]]:8: error: {{.*}}no_such_mask
// BAD-BATCH: error: expects --batch and --head in [0, 2147483647), but got 9223372036854775807 and 0
// ZERO-TILE: error: --tile expects MxN, two numbers in [1, 4096], but got '0x64'
// STEPS: error: expects a mask that takes at most 4294967296 steps, but got @f at 2147483647 x 2147483647 pairs; other tiles (--tile) or a smaller --size take less
// BYTES: error: expects a mask that takes at most 512 MiB of tables, but got @f at 2147483647 x 2147483647 pairs; other tiles (--q-tile, --kv-tile) or a smaller --space take less
// BIG-TABLE: error: argument cu: expects a tensor of at most 128 MiB, but got 2147483647xi32
// GATHERED: error: expects the lengths 5,3 that @gathered finds by its arguments, but got --size 8,8
// ROWS: error: argument rows: expects a list nested 3 deep, but got 3
// MISSING: error: {{.*}}missing.mlir
// UNWRITABLE: error: cannot write {{.*}}none/a.json

!t = tensor<1x2x?x64xf32>

func.func @f(%q: !t {attn.name = "q"}, %k: !t, %v: !t, %w: index {attn.name = "w"}, %cu: tensor<?xi32> {attn.name = "cu"}) -> !t {
  %s = attn.sliding_window [%w, 0] align(bottom_right)
  %m = attn.document %cu, %cu where %s : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

func.func @plane(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[8, 8] window[3, 3]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

func.func @boxes(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[8, 8] window[3, 3] query_box[2, 2] key_box[2, 2]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

func.func @gathered(%q: !t {attn.default = "zeros:1x2x10x64xf32"}, %k: !t {attn.default = "zeros:1x2x10x64xf32"},
                    %rows: tensor<1x1x?xi32> {attn.name = "rows", attn.default = "[[[4, 2, 0]]]"}) -> !t {
  %c2 = arith.constant 2 : index
  %all = tensor.dim %q, %c2 : !t
  %half = arith.divui %all, %c2 : index
  %first = tensor.extract_slice %q[0, 0, 0, 0] [1, 2, %half, 64] [1, 1, 1, 1] : !t to !t
  %ks = attn.gather_rows %k[%rows] layout(bhsd) : !t, tensor<1x1x?xi32> -> !t
  %m = attn.causal align(top_left)
  %o = attn.attention %first, %ks, %ks mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

func.func @unknown(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.named @no_such_mask()
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
