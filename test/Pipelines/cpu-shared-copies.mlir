// REQUIRES: lacuna-compile
// RUN: lacuna-compile %s --target=x86-64-v4-bf16 --emit=tile -o - | lacuna-opt -lacuna-cpu-memory -lacuna-host | FileCheck %s --check-prefix=HOST
// RUN: lacuna-compile %s --target=x86-64-v4-bf16 --emit=mlir -o - | FileCheck %s --check-prefix=MLIR
// RUN: lacuna-compile %s --target=x86-64-v4-bf16 --emit=asm -o - | FileCheck %s --check-prefix=ASM
// RUN: lacuna-compile %s --target=sapphirerapids --emit=asm -o - | FileCheck %s --check-prefix=ASM
// RUN: lacuna-compile %s --target=x86-64-v4 --emit=asm -o - | FileCheck %s --check-prefix=NONE
// V packed once per launch, the whole way. Two launches in a row may share their slots; states are zero for each of them. The kernel's atomic maxima order
// the packing thread's stores before the readers' loads.

// HOST: func.func @f.run(
// HOST: %[[ZEROS:.*]] = memref.view %{{.*}} to memref<1x2x?xi32>
// HOST: memref.store %c0_i32, %[[ZEROS]]
// HOST: %[[SLOTS:.*]] = memref.view %{{.*}} to memref<1x2x?x8192xbf16>
// HOST: %[[STATES:.*]] = memref.view %{{.*}} to memref<1x2x?xi32>
// HOST: %[[ZERO:.*]] = memref.load %[[ZEROS]]
// HOST: memref.store %[[ZERO]], %[[STATES]]
// HOST: tile.launch @f.attention0 {{.*}} outs(%{{.*}}, %[[SLOTS]], %[[STATES]] :
// HOST: tile.launch @f.attention3 {{.*}} outs(%{{.*}}, %[[SLOTS]], %[[ZEROS]] :
// HOST: func.func @f.workspace_bytes(
// HOST: arith.constant 32768
// HOST: tile.kernel @f.attention0
// HOST-COUNT-2: tile.convert_once
// HOST: tile.kernel @f.attention0.cost({{.*}}: memref<?x?x?x8192xbf16, {{.*}}>, {{.*}}: memref<?x?x?xi32,

// MLIR: llvm.func @f.attention0(
// MLIR: llvm.atomicrmw umax %{{.*}}, %{{.*}} acq_rel : !llvm.ptr, i32
// MLIR: llvm.atomicrmw umax %{{.*}}, %{{.*}} acq_rel : !llvm.ptr, i32

// ASM: f.attention0:
// ASM: lock{{[[:space:]]}}
// ASM: .size f.attention0
// NONE: f.attention0:
// NONE-NOT: lock{{[[:space:]]}}
// NONE: .size f.attention0
func.func @f(%q: tensor<1x2x?x64xbf16>, %k: tensor<1x2x?x64xbf16>, %v: tensor<1x2x?x64xbf16>) -> (tensor<1x2x?x64xbf16>, tensor<1x2x?x64xbf16>) {
  %o = attn.attention %q, %k, %k layout(bhsd) : tensor<1x2x?x64xbf16>, tensor<1x2x?x64xbf16>, tensor<1x2x?x64xbf16> -> tensor<1x2x?x64xbf16>
  %p = attn.attention %o, %k, %v layout(bhsd) : tensor<1x2x?x64xbf16>, tensor<1x2x?x64xbf16>, tensor<1x2x?x64xbf16> -> tensor<1x2x?x64xbf16>
  return %o, %p : tensor<1x2x?x64xbf16>, tensor<1x2x?x64xbf16>
}
