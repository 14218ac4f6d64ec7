// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Masks that only the test of table D2 needs (test/masks/table_d2.py): tokens in another order, by a table `order` (new index to old one) or in closed
// form, and patterns that are neither in masks/ nor in ops/: 1-D neighborhoods, sets of columns and diagonals.

// A = dilated_window on order[q], order[k], as a predicate.
func.func @dilated_ordered(%window: index, %dilation: index, %order: tensor<?xi32>) -> !attn.mask {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %two = arith.constant 2 : index
    %q = attn.lookup %order[%i] : tensor<?xi32> -> index
    %k = attn.lookup %order[%j] : tensor<?xi32> -> index
    %rq = arith.remsi %q, %dilation : index
    %rk = arith.remsi %k, %dilation : index
    %same = arith.cmpi eq, %rq, %rk : index
    %iq = arith.divsi %q, %dilation : index
    %ik = arith.divsi %k, %dilation : index
    %sk = attn.key_length
    %rest = arith.subi %sk, %rq : index
    %length = arith.ceildivsi %rest, %dilation : index
    %left = arith.divsi %window, %two : index
    %centred = arith.subi %iq, %left : index
    %latest = arith.subi %length, %window : index
    %shifted = arith.minsi %centred, %latest : index
    %first = arith.maxsi %shifted, %zero : index
    %end = arith.addi %first, %window : index
    %from = arith.cmpi sge, %ik, %first : index
    %to = arith.cmpi slt, %ik, %end : index
    %near = arith.andi %from, %to : i1
    %yes = arith.andi %near, %same : i1
    attn.yield %yes : i1
  }
  return %m : !attn.mask
}

// The same where the length is a multiple of the dilation, the group by division: one interval.
func.func @dilated_by_residue(%window: index, %dilation: index) -> !attn.mask {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %two = arith.constant 2 : index
    %sk = attn.key_length
    %length = arith.divsi %sk, %dilation : index
    %inner = arith.remsi %i, %length : index
    %start = arith.subi %i, %inner : index
    %left = arith.divsi %window, %two : index
    %centred = arith.subi %inner, %left : index
    %latest = arith.subi %length, %window : index
    %shifted = arith.minsi %centred, %latest : index
    %first = arith.maxsi %shifted, %zero : index
    %lo = arith.addi %start, %first : index
    %hi = arith.addi %lo, %window : index
    attn.yield %lo, %hi : index, index
  }
  return %m : !attn.mask
}

// A = (order[q] - order[k]) % period = 0
func.func @multi_diagonal_ordered(%period: index, %order: tensor<?xi32>) -> !attn.mask {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %q = attn.lookup %order[%i] : tensor<?xi32> -> index
    %k = attn.lookup %order[%j] : tensor<?xi32> -> index
    %distance = arith.subi %q, %k : index
    %rest = arith.remsi %distance, %period : index
    %same = arith.cmpi eq, %rest, %zero : index
    attn.yield %same : i1
  }
  return %m : !attn.mask
}

// The same, place after place: all frames of one place are one run.
func.func @multi_diagonal_by_place(%frames: index) -> !attn.mask {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %place = arith.divsi %i, %frames : index
    %lo = arith.muli %place, %frames : index
    %hi = arith.addi %lo, %frames : index
    attn.yield %lo, %hi : index, index
  }
  return %m : !attn.mask
}

// A = k <= q  and  (k in columns  or  q - k in diagonals); lists [1, 1, 1, N] and their counts [1, 1, 1].
func.func @vertical_slash(%columns: tensor<?x?x?x?xi32>, %num_columns: tensor<?x?x?xi32>, %diagonals: tensor<?x?x?x?xi32>,
                          %num_diagonals: tensor<?x?x?xi32>) -> !attn.mask {
  %v = attn.list_set %columns, %num_columns granule = [1, 1] : tensor<?x?x?x?xi32>, tensor<?x?x?xi32> -> !attn.set<list>
  %d = attn.list_set %diagonals, %num_diagonals granule = [1, 1] : tensor<?x?x?x?xi32>, tensor<?x?x?xi32> -> !attn.set<list>
  %m = attn.vertical_slash %v, %d align(top_left) : !attn.set<list>, !attn.set<list>
  return %m : !attn.mask
}

// 1-D generalised neighborhood.
func.func @neighborhood(%length: index, %window: index, %stride: index, %dilation: index) -> !attn.mask {
  %m = attn.neighborhood space[%length] window[%window] stride[%stride] dilation[%dilation]
  return %m : !attn.mask
}

// window x window neighborhood on a height x width map on order[q], order[k], as a predicate.
func.func @neighborhood_2d_ordered(%height: index, %width: index, %window: index, %order: tensor<?xi32>) -> !attn.mask {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %two = arith.constant 2 : index
    %left = arith.divsi %window, %two : index
    %lowest = arith.subi %height, %window : index
    %rightmost = arith.subi %width, %window : index
    %q = attn.lookup %order[%i] : tensor<?xi32> -> index
    %k = attn.lookup %order[%j] : tensor<?xi32> -> index
    %yq = arith.divsi %q, %width : index
    %xq = arith.remsi %q, %width : index
    %yk = arith.divsi %k, %width : index
    %xk = arith.remsi %k, %width : index
    %y_centred = arith.subi %yq, %left : index
    %x_centred = arith.subi %xq, %left : index
    %y_shifted = arith.minsi %y_centred, %lowest : index
    %x_shifted = arith.minsi %x_centred, %rightmost : index
    %y_first = arith.maxsi %y_shifted, %zero : index
    %x_first = arith.maxsi %x_shifted, %zero : index
    %dy = arith.subi %yk, %y_first : index
    %dx = arith.subi %xk, %x_first : index
    %y_from = arith.cmpi sge, %dy, %zero : index
    %x_from = arith.cmpi sge, %dx, %zero : index
    %y_to = arith.cmpi slt, %dy, %window : index
    %x_to = arith.cmpi slt, %dx, %window : index
    %y_near = arith.andi %y_from, %y_to : i1
    %x_near = arith.andi %x_from, %x_to : i1
    %near = arith.andi %y_near, %x_near : i1
    attn.yield %near : i1
  }
  return %m : !attn.mask
}

// Swin's windows on order[q], order[k] of a height x width map; `shift` is positive or 0.
func.func @shifted_window_ordered(%height: index, %width: index, %window: index, %shift: index, %order: tensor<?xi32>) -> !attn.mask {
  %zero = arith.constant 0 : index
  %rolled = arith.cmpi sgt, %shift, %zero : index
  %y_cut0 = arith.subi %height, %window : index
  %y_cut1 = arith.subi %height, %shift : index
  %x_cut0 = arith.subi %width, %window : index
  %x_cut1 = arith.subi %width, %shift : index
  %y0 = arith.select %rolled, %y_cut0, %zero : index
  %y1 = arith.select %rolled, %y_cut1, %zero : index
  %x0 = arith.select %rolled, %x_cut0, %zero : index
  %x1 = arith.select %rolled, %x_cut1, %zero : index
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %q = attn.lookup %order[%i] : tensor<?xi32> -> index
    %k = attn.lookup %order[%j] : tensor<?xi32> -> index
    %yq = arith.divsi %q, %width : index
    %xq = arith.remsi %q, %width : index
    %yk = arith.divsi %k, %width : index
    %xk = arith.remsi %k, %width : index
    %wyq = arith.divsi %yq, %window : index
    %wxq = arith.divsi %xq, %window : index
    %wyk = arith.divsi %yk, %window : index
    %wxk = arith.divsi %xk, %window : index
    %same_y = arith.cmpi eq, %wyq, %wyk : index
    %same_x = arith.cmpi eq, %wxq, %wxk : index
    %yq0 = arith.cmpi sge, %yq, %y0 : index
    %yk0 = arith.cmpi sge, %yk, %y0 : index
    %yq1 = arith.cmpi sge, %yq, %y1 : index
    %yk1 = arith.cmpi sge, %yk, %y1 : index
    %xq0 = arith.cmpi sge, %xq, %x0 : index
    %xk0 = arith.cmpi sge, %xk, %x0 : index
    %xq1 = arith.cmpi sge, %xq, %x1 : index
    %xk1 = arith.cmpi sge, %xk, %x1 : index
    %cut_y0 = arith.cmpi eq, %yq0, %yk0 : i1
    %cut_y1 = arith.cmpi eq, %yq1, %yk1 : i1
    %cut_x0 = arith.cmpi eq, %xq0, %xk0 : i1
    %cut_x1 = arith.cmpi eq, %xq1, %xk1 : i1
    %a = arith.andi %same_y, %same_x : i1
    %c = arith.andi %cut_y0, %cut_y1 : i1
    %d = arith.andi %cut_x0, %cut_x1 : i1
    %e = arith.andi %a, %c : i1
    %yes = arith.andi %e, %d : i1
    attn.yield %yes : i1
  }
  return %m : !attn.mask
}
