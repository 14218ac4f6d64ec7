// One command per stage; text goes to standard output with -o -. The artifact is reproducible and says what is inside.
// RUN: lacuna-compile %s --emit=attn -o - | FileCheck %s --check-prefix=ATTN
// RUN: lacuna-compile %s --emit=tile -o - | FileCheck %s --check-prefix=TILE
// RUN: lacuna-compile %s --emit=mlir -o - | FileCheck %s --check-prefix=MLIR
// RUN: lacuna-compile %s --target=generic --emit=llvm -o - | FileCheck %s --check-prefix=LLVM
// RUN: lacuna-compile - --target=generic --emit=asm -o - < %s | FileCheck %s --check-prefix=ASM
// RUN: lacuna-compile %s --target=generic --emit=obj -o %t.o && llvm-nm %t.o | FileCheck %s --check-prefix=OBJ
// RUN: lacuna-compile %s --target=generic,x86-64-v3 --entry=f --resources -o %t.1 2>&1 | FileCheck %s --check-prefix=RESOURCES
// RUN: lacuna-compile %s --target=generic,x86-64-v3 --entry=f -o %t.2 && cmp %t.1 %t.2
// RUN: head -n 2 %t.1 | tail -n 1 | FileCheck %s --check-prefix=HEADER
// RUN: lacuna-compile %s --target=generic --embed-source -o %t.3 && head -n 2 %t.3 | tail -n 1 | FileCheck %s --check-prefix=SOURCE
// RUN: lacuna-opt %s --emit-bytecode -o %t.bc && lacuna-compile %t.bc --target=generic --embed-source -o %t.4
// RUN: head -n 2 %t.4 | tail -n 1 | FileCheck %s --check-prefix=DISASSEMBLED --implicit-check-not="@f.result_shapes"
// RUN: lacuna-compile --version | FileCheck %s --check-prefix=VERSION
// RUN: lacuna-compile --help | FileCheck %s --check-prefix=HELP

// ATTN: attn.interval
// ATTN: attn.attention {{.*}} schedule(#attn.schedule<
// TILE: tile.launch @f.attention0
// TILE: tile.kernel @f.attention0
// MLIR: llvm.func @f.run(
// MLIR-NOT: memref.
// LLVM: define i32 @f.run(ptr
// ASM: f.attention0:
// OBJ-DAG: T f.attention0
// OBJ-DAG: T f.result_shapes
// OBJ-DAG: T f.run
// OBJ-DAG: T f.workspace_bytes
// RESOURCES: generic f.attention0: schedule #attn.schedule<{{.*}}>, block 1x1x1, shared bytes 0
// RESOURCES: x86-64-v3 f.attention0: schedule
// HEADER: "source_hash":"sha256:{{[0-9a-f]+}}"
// HEADER-SAME: "name":"f"
// HEADER-NOT: "name":"second"
// HEADER-SAME: "name":"q","kind":"tensor","dtype":"f32","offset":0,"shape":[null,2,null,16],"default":"randn:1x2x64x16xf32:1"
// HEADER-SAME: "name":"window","kind":"scalar","dtype":"index","offset":216
// HEADER-SAME: "name":"o","kind":"tensor"
// HEADER-SAME: "name":"generic","device":"cpu"
// HEADER-SAME: "symbol":"f.attention0"
// HEADER-SAME: "name":"x86-64-v3"
// HEADER-NOT: "source":
// SOURCE: "source":"// One command per stage
// DISASSEMBLED: "source":"module {\n
// VERSION: lacuna-compile {{[0-9]+\.[0-9]+\.[0-9]+}}
// HELP: Examples:

func.func @f(%q: tensor<?x2x?x16xf32> {attn.name = "q", attn.default = "randn:1x2x64x16xf32:1"}, %k: tensor<?x2x?x16xf32>, %v: tensor<?x2x?x16xf32>,
             %w: index {attn.name = "window"}) -> (tensor<?x2x?x16xf32> {attn.name = "o"}) {
  %m = attn.sliding_window [%w, 0] align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x2x?x16xf32>, tensor<?x2x?x16xf32>, tensor<?x2x?x16xf32> -> tensor<?x2x?x16xf32>
  return %o : tensor<?x2x?x16xf32>
}
func.func @second(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
