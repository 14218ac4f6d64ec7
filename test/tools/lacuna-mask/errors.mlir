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
// RUN: not lacuna-mask %s --entry f --size 8,8 --space 2x4 2>&1 | FileCheck %s --check-prefix=SPACE
// RUN: not lacuna-mask %s --entry f --size 8,8 --q-tile 2x4 2>&1 | FileCheck %s --check-prefix=Q-TILE
// RUN: not lacuna-mask %s --entry f --size 8,8 --kv-tile 2x4 2>&1 | FileCheck %s --check-prefix=KV-TILE
// RUN: not lacuna-mask %s --entry unknown --size 8,8 2>&1 | FileCheck %s --check-prefix=NAMED
// RUN: not lacuna-mask %t/missing.mlir --size 8,8 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=1 --arg cu=[0,8] --svg %t/a.svg --json %t/none/a.json 2>&1 | FileCheck %s --check-prefix=UNWRITABLE
// RUN: not lacuna-mask %s --entry f --size 8,8 --arg w=x --svg %t/a.svg --json %t/a.json
// RUN: not ls %t/a.svg
// RUN: not ls %t/a.json
// Every error names what is wrong; no file is left behind.

// NO-SIZE: error: expects --size Sq,Sk: the lengths of @f are not static
// BAD-SIZE: error: --size expects Sq,Sk, two numbers in [0, 2147483647], but got '12'
// NEGATIVE-SIZE: error: --size expects Sq,Sk, two numbers in [0, 2147483647], but got '-1,3'
// BAD-TILE: error: --tile expects MxN, two numbers in [1, 4096], but got '8'
// NO-ENTRY: error: choose one function by --entry: @f, @unknown
// BAD-ENTRY: error: there is no @h with attention; there is @f, @unknown
// NO-VALUE: error: the mask of @f needs argument w: --arg w=...
// BAD-ARG: error: --arg expects NAME=VALUE, but got 'w'
// BAD-NAME: error: --arg window: @f has no such argument; it has q, 1, 2, w, cu
// BAD-VALUE: error: argument w: expects a number or a list of numbers, but got 'x'
// RANDOM: error: argument w: expects a number or a list of numbers, but got 'randint:i32:8'
// NO-TABLE: error: the mask of @f needs argument cu: --arg cu=[...]
// BAD-LIST: error: argument cu: expects a number or a list of numbers, but got '[0,x]'
// TOO-BIG: error: argument cu: expects elements of type i32, but got 8589934592
// BAD-HEAD: error: --head expects a head in [0, 2), but got 2
// SPACE: error: --space is not supported yet
// Q-TILE: error: --q-tile is not supported yet
// KV-TILE: error: --kv-tile is not supported yet
// NAMED: errors.mlir:[[@LINE+14]]:8: error: {{.*}}no_such_mask
// MISSING: error: {{.*}}missing.mlir
// UNWRITABLE: error: cannot write {{.*}}none/a.json

!t = tensor<1x2x?x64xf32>

func.func @f(%q: !t {attn.name = "q"}, %k: !t, %v: !t, %w: index {attn.name = "w"}, %cu: tensor<?xi32> {attn.name = "cu"}) -> !t {
  %s = attn.sliding_window [%w, 0] align(bottom_right)
  %m = attn.document %cu, %cu where %s : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

func.func @unknown(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.named @no_such_mask()
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
