// REQUIRES: lacuna-compile
// RUN: lacuna-compile %s --target=sapphirerapids --emit=asm -o - | FileCheck %s
// RUN: lacuna-compile %s --target=emulate:sapphirerapids --emit=asm -o - | FileCheck %s --check-prefix=EMULATED
// RUN: lacuna-compile %s --target=x86-64-v4-bf16 --emit=asm -o - | FileCheck %s --check-prefix=PAIRS
// The way to AMX: two bodies (partial, full) of two products, head 64 and tiles of 64 keys, so eight tile products each. No accumulator is spilled: the only
// tile stores are the four results of each product.

// CHECK: f.attention0:
// CHECK: ldtilecfg
// CHECK-COUNT-4: tilezero
// CHECK-NOT: tilestored
// CHECK-COUNT-8: tdpbf16ps
// CHECK-COUNT-4: tilestored
// CHECK-NOT: tilestored
// CHECK-COUNT-8: tdpbf16ps
// CHECK-COUNT-4: tilestored
// CHECK-NOT: tilestored
// CHECK-COUNT-8: tdpbf16ps
// CHECK-COUNT-4: tilestored
// CHECK-NOT: tilestored
// CHECK-COUNT-8: tdpbf16ps
// CHECK-COUNT-4: tilestored
// CHECK-NOT: {{tilestored|tdpbf16ps}}
// CHECK: .size f.attention0

// EMULATED: f.attention0:
// EMULATED-NOT: {{tile|dpbf16ps}}
// EMULATED: .size f.attention0

// PAIRS: f.attention0:
// PAIRS-COUNT-24: vdpbf16ps {{.*}}%zmm
// PAIRS: vcvtne2ps2bf16
// PAIRS: .size f.attention0
func.func @f(%q: tensor<1x2x?x64xbf16>) -> tensor<1x2x?x64xbf16> {
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : tensor<1x2x?x64xbf16>, tensor<1x2x?x64xbf16>, tensor<1x2x?x64xbf16> -> tensor<1x2x?x64xbf16>
  return %o : tensor<1x2x?x64xbf16>
}
