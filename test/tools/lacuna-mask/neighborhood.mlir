// The rows of a table made by brute force, independent of this program: 96 queries and keys, tiles of 8 x 8. No tile is doubtful.
// RUN: lacuna-mask %s --entry line --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=LINE
// RUN: lacuna-mask %s --entry stride --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=STRIDE
// RUN: lacuna-mask %s --entry dilated --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=DILATED
// RUN: lacuna-mask %s --entry plane --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=PLANE
// RUN: lacuna-mask %s --entry windows --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=WINDOWS
// Tiles that span rows of the image: 936 uniform ones would be doubtful without cutting them.
// RUN: lacuna-mask %s --entry image --size 2400,2400 --tile 16x32 | FileCheck %s --check-prefix=IMAGE
// RUN: lacuna-mask %s --entry run_time --size 2400,2400 --tile 16x32 | FileCheck %s --check-prefix=IMAGE
// RUN: lacuna-mask %s --entry packed --size 2400,2400 --tile 16x32 | FileCheck %s --check-prefix=PACKED
// RUN: lacuna-mask %s --entry part --size 1000,2393 --tile 16x32 | FileCheck %s --check-prefix=PART
// RUN: lacuna-mask %s --entry volume --size 5760,5760 | FileCheck %s --check-prefix=VOLUME

!t = tensor<1x1x?x64xf32>

// LINE: tiles {{ *}}144: 12 full, 22 partial, 110 empty
// LINE-NEXT: row runs {{ *}}1{{$}}
// LINE-NEXT: column runs {{ *}}1{{$}}
// LINE-NOT: note
func.func @line(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[96] window[15]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// STRIDE: tiles {{ *}}144: 14 full, 20 partial, 110 empty
// STRIDE-NEXT: row runs {{ *}}1{{$}}
// STRIDE-NEXT: column runs {{ *}}1{{$}}
// STRIDE-NOT: note
func.func @stride(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[96] window[16] stride[8]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// DILATED: tiles {{ *}}144: 0 full, 34 partial, 110 empty
// DILATED-NEXT: row runs {{ *}}5{{$}}
// DILATED-NEXT: column runs {{ *}}7{{$}}
// DILATED-NOT: note
func.func @dilated(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[96] window[5] dilation[3]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// PLANE: tiles {{ *}}144: 0 full, 98 partial, 46 empty
// PLANE-NEXT: row runs {{ *}}5{{$}}
// PLANE-NEXT: column runs {{ *}}8{{$}}
// PLANE-NOT: note
func.func @plane(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[8, 12] window[5, 5]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// WINDOWS: tiles {{ *}}144: 0 full, 72 partial, 72 empty
// WINDOWS-NEXT: row runs {{ *}}4{{$}}
// WINDOWS-NEXT: column runs {{ *}}4{{$}}
// WINDOWS-NOT: note
func.func @windows(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[8, 12] window[4, 4] stride[4, 4]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// IMAGE: tiles {{ *}}11250: 0 full, 8262 partial, 2988 empty
// IMAGE-NOT: note
func.func @image(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[24, 100] window[24, 30] stride[1, 10]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

func.func @run_time(%q: !t, %k: !t, %v: !t, %h: index {attn.default = 24 : index}, %w: index {attn.default = 100 : index},
                    %x: index {attn.default = 30 : index}, %s: index {attn.default = 10 : index}, %one: index {attn.default = 1 : index}) -> !t {
  %m = attn.neighborhood space[%h, %w] window[%h, %x] stride[%one, %s] dilation[%one, %one]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// VOLUME: tiles {{ *}}8100: 0 full, 2160 partial, 5940 empty
// VOLUME-NOT: note
func.func @volume(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[6, 24, 40] window[3, 6, 12] dilation[1, 2, 2]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Images of packed documents: only tiles that span two of them are doubtful, 27 here (16 if the pair were asked for its row, too, which its hull answers); 483 would
// be without cutting.
// PACKED: tiles {{ *}}11250: 0 full, 4176 partial, 7074 empty
// PACKED: cannot tell that 27 of
func.func @packed(%q: !t, %k: !t, %v: !t, %cu: tensor<?xi32> {attn.default = "[0, 1300, 2400]"}) -> !t {
  %n = attn.neighborhood space[13, 100] window[13, 30] stride[1, 10]
  %m = attn.document %cu, %cu where %n : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// PART: tiles {{ *}}4725: 2 full, 3616 partial, 1107 empty
// PART-NOT: note
func.func @part(%q: !t, %k: !t, %v: !t, %q0: index {attn.default = 130 : index}, %s: index {attn.default = 2400 : index}) -> !t {
  %n = attn.neighborhood space[24, 100] window[24, 30] stride[1, 10]
  %m = attn.restrict %n queries(%q0 of %s) keys(7 of %s)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
