// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// Spaces and layouts of the tile type. `any` and no layout are not printed; GPU layouts are printed as aliases.

// CHECK-DAG: #[[SPREAD:.*]] = #tile.spread<inner = 1, lanes = 8, stride = 4, outer = 2, warps = 4>
// CHECK-DAG: #[[COLUMNS:.*]] = #tile.spread<inner = 2, lanes = 4, stride = 1, outer = 8, warps = 1>
// CHECK-DAG: #[[SWIZZLE:.*]] = #tile.swizzle<pitch = 64, vector = 8, phases = 8, repeat = 1>
// CHECK-DAG: #[[FRAGMENT:.*]] = #tile.fragment<rows = #[[SPREAD]], columns = #[[COLUMNS]]>
#rows = #tile.spread<inner = 1, lanes = 8, stride = 4, outer = 2, warps = 4>
#fragment = #tile.fragment<rows = <inner = 1, lanes = 8, stride = 4, outer = 2, warps = 4>, columns = <inner = 2, lanes = 4, stride = 1, outer = 8, warps = 1>>

// CHECK-LABEL: func.func private @types(
// CHECK-SAME: !tile.tile<64xf32>, !tile.tile<48x64xi32, scratch>, !tile.tile<48x64xf32, scratch, #tile.lanes<0>>, !tile.tile<48x64xbf16, scratch, #tile.pairs<0>>, !tile.tile<128x64xbf16, global>,
// CHECK-SAME: !tile.tile<64x64xf32, registers, #[[FRAGMENT]]>, !tile.tile<64xf32, registers, #[[SPREAD]]>, !tile.tile<64x64xf16, shared, #[[SWIZZLE]]>,
// CHECK-SAME: !tile.ring<2, !tile.tile<64x64xbf16, shared>>)
func.func private @types(!tile.tile<64xf32, any>, !tile.tile<48x64xi32, scratch>, !tile.tile<48x64xf32, scratch, #tile.lanes<0>>, !tile.tile<48x64xbf16, scratch, #tile.pairs<0>>, !tile.tile<128x64xbf16, global>,
    !tile.tile<64x64xf32, registers, #fragment>, !tile.tile<64xf32, registers, #rows>,
    !tile.tile<64x64xf16, shared, #tile.swizzle<pitch = 64, vector = 8, phases = 8, repeat = 1>>, !tile.ring<2, !tile.tile<64x64xbf16, shared>>)
