// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// CHECK: func.func private @types(!attn.mask, !attn.set<csr>, !attn.set<list>, !attn.set<bitmap>, !attn.set<table>, !attn.set<runs>, !attn.set<slices>, !attn.state<bhsd, ?x32x?x128>, !attn.state<shd, 7x8x64>)
func.func private @types(!attn.mask, !attn.set<csr>, !attn.set<list>, !attn.set<bitmap>, !attn.set<table>, !attn.set<runs>, !attn.set<slices>, !attn.state<bhsd, ?x32x?x128>, !attn.state<shd, 7x8x64>)
// CHECK: attributes {s = #attn.schedule<tile_m = 128, tile_n = 64, warps = 4, stages = 2, transposed = true>}
func.func private @schedule() attributes {s = #attn.schedule<tile_m = 128, tile_n = 64, warps = 4, stages = 2, transposed = true>}
