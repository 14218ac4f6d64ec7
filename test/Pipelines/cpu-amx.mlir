// REQUIRES: lacuna-compile
// RUN: lacuna-compile %s --target=sapphirerapids --emit=asm -o %t.s && FileCheck %s < %t.s
// RUN: sed -n 's/^f.attention0:/&/p; s/.*tdpbf16ps.*/T/p; s/.*vscalefps.*/e/p; s/.*tilestored.*/s/p; s/.*[.]size.*/;/p' %t.s | tr -d '\n' | FileCheck %s --check-prefix=ORDER
// RUN: sed 's/x64x/x128x/g' %s | lacuna-compile - --target=sapphirerapids --emit=asm -o - | sed -n 's/^f.attention0:/&/p; s/.*tdpbf16ps.*/T/p; s/.*vscalefps.*/e/p; s/.*tilestored.*/s/p; s/.*[.]size.*/;/p' | tr -d '\n' | FileCheck %s --check-prefix=ORDER128
// RUN: echo '#attn.schedule<tile_m = 96, tile_n = 64, transposed = true>' > %t.schedule
// RUN: lacuna-compile %s --target=sapphirerapids --schedule=%t.schedule --emit=asm -o - | sed -n 's/^f.attention0:/&/p; s/.*tdpbf16ps.*/T/p; s/.*vscalefps.*/e/p; s/.*tilestored.*/s/p; s/.*[.]size.*/;/p' | tr -d '\n' | FileCheck %s --check-prefix=STAGE
// RUN: lacuna-compile %s --target=emulate:sapphirerapids --emit=asm -o - | FileCheck %s --check-prefix=EMULATED
// RUN: lacuna-compile %s --target=x86-64-v4-bf16 --emit=asm -o - | FileCheck %s --check-prefix=PAIRS
// The way to AMX: two bodies (partial, full) for three groups of 32 queries, each two products. Head 64 and tiles of 64 keys make eight tile products (T) of each
// unit; s stores a tile, e is an exponential.
//
// Q·Kᵀ of group 0 stands alone, that of groups 1 and 2 takes the exponentials of the group before between its instructions. In the full body so does one P·V with those of
// group 2; the others take rows without exponentials. LLVM keeps the order. No accumulator is spilled: the only tile stores are the four results of each unit.

// Tiles are configured once, and nothing is called that would clobber them.
// CHECK: f.attention0:
// CHECK: ldtilecfg
// CHECK-NOT: {{ldtilecfg|call}}
// CHECK: .size f.attention0

// ORDER: f.attention0:{{T{8}ssss(e?(Te{8}){8}ssss){2}T{8}sssse*T{8}ssssT{8}ssss}}
// ORDER-SAME: {{^T{8}ssss(e?(Te{8}){8}ssss){2}T{8}sssse?(Te{8}){8}ssssT{8}ssss;}}

// Head 128: sixteen tile products of a unit of Q·Kᵀ, and twice as many units of P·V.
// ORDER128: f.attention0:{{T{16}ssss(e?(Te{4}){16}ssss){2}T{8}sssse*T{8}ssssT{8}ssss}}
// ORDER128-SAME: {{^T{16}ssss(e?(Te{4}){16}ssss){2}e?(Te{4}){8}ssssT{8}ssssT{8}ssss;}}

// With one stage the whole tile is multiplied, then its softmax computed.
// STAGE: f.attention0:{{(T{8}sssse*T{8}ssss){2};}}

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
