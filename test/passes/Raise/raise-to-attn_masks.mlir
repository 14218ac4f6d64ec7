// RUN: cat %S/Inputs/parts.mlir %s | lacuna-opt -inline -raise-to-attn -canonicalize | FileCheck %s
// RUN: cat %S/Inputs/parts.mlir %s | lacuna-opt -inline -raise-to-attn=finite-mask-is-infinite=true -canonicalize | FileCheck %s --check-prefix=FINITE
// RUN: cat %S/Inputs/parts.mlir %s | lacuna-opt -inline -raise-to-attn -attn-expand-masks | FileCheck %s --check-prefix=EXPANDED --implicit-check-not=linalg.softmax
// Masks and scores: what is made of them, and that later stages take it. test/Execute/raised.test runs every function here both ways.

// EXPANDED-COUNT-23: attn.attention

// Row and column indices against each other and constants: q - k <= 7, k <= q.
// CHECK-LABEL: func.func @window
// CHECK: %[[W:[a-z0-9_]*]] = attn.interval {
// CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:[a-z0-9_]*]]: index):
// CHECK-NEXT: %[[LO:[a-z0-9_]*]] = affine.apply #{{.*}}(%[[Q]])
// CHECK-NEXT: %[[HI:[a-z0-9_]*]] = attn.key_length
// CHECK-NEXT: attn.yield %[[LO]], %[[HI]]
// CHECK: %[[C:[a-z0-9_]*]] = attn.causal align(top_left)
// CHECK: %[[M:[a-z0-9_]*]] = attn.and %[[W]], %[[C]]
// CHECK: attn.attention {{.*}} mask(%[[M]]) layout(bhsd) scale(1.000000e+00) :
// CHECK-NOT: linalg
func.func @window(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c7 = arith.constant 7 : index
    %d = arith.subi %i, %j : index
    %near = arith.cmpi sle, %d, %c7 : index
    %past = arith.cmpi sge, %i, %j : index
    %c = arith.andi %near, %past : i1
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// q - k < w solved for k: w is brought to where q - w + 1 cannot wrap.
// CHECK-LABEL: func.func @run_time_window
// CHECK: attn.interval
// CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:[a-z0-9_]*]]: index):
// CHECK-DAG: %[[W:[a-z0-9_]*]] = arith.index_cast %arg3 : i64 to index
// CHECK: %[[MAX:[a-z0-9_]*]] = arith.maxsi %[[W]], %{{.*}}
// CHECK: %[[MIN:[a-z0-9_]*]] = arith.minsi %[[MAX]], %{{.*}}
// CHECK: %[[LO:[a-z0-9_]*]] = arith.subi %{{.*}}, %[[MIN]]
// CHECK: attn.yield %[[LO]],
func.func @run_time_window(%q: !q, %k: !k, %v: !v, %w: i64 {attn.default = "9"}) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %ii = arith.index_cast %i : index to i64
    %jj = arith.index_cast %j : index to i64
    %d = arith.subi %ii, %jj : i64
    %c = arith.cmpi slt, %d, %w : i64
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// Sk - Sq = 16, both constants; masked where it is true, and unsigned.
// CHECK-LABEL: func.func @bottom_right
// CHECK: attn.causal align(bottom_right)
// CHECK: attn.attention
func.func @bottom_right(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %off = arith.constant 16 : index
    %p = arith.addi %i, %off : index
    %c = arith.cmpi ugt, %j, %p : index
    %y = arith.select %c, %inf, %x : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// k <= q + w: the sum is cloned as it is, so that it wraps where it did.
// CHECK-LABEL: func.func @run_time_diagonal
// CHECK: attn.interval
// CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:[a-z0-9_]*]]: index):
// CHECK: %[[F:[a-z0-9_]*]] = arith.addi %[[Q]], %arg3 : index
// CHECK: arith.maxsi %[[F]]
// CHECK: arith.minsi
// CHECK: arith.addi
func.func @run_time_diagonal(%q: !q, %k: !k, %v: !v, %w: index {attn.default = "3"}) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %p = arith.addi %i, %w : index
    %c = arith.cmpi sgt, %j, %p : index
    %y = arith.select %c, %inf, %x : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// masked_fill with (future or far): De Morgan leaves no negation.
// CHECK-LABEL: func.func @negated
// CHECK: %[[C:[a-z0-9_]*]] = attn.causal align(top_left)
// CHECK: %[[W:[a-z0-9_]*]] = attn.interval
// CHECK: %[[M:[a-z0-9_]*]] = attn.and %[[C]], %[[W]]
// CHECK: mask(%[[M]])
func.func @negated(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c5 = arith.constant 5 : index
    %true = arith.constant true
    %d = arith.subi %i, %j : index
    %future = arith.cmpi sgt, %j, %i : index
    %near = arith.cmpi sle, %d, %c5 : index
    %far = arith.xori %near, %true : i1
    %c = arith.ori %future, %far : i1
    %y = arith.select %c, %inf, %x : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// All keys but the own.
// CHECK-LABEL: func.func @one_key
// CHECK: attn.interval
// CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:[a-z0-9_]*]]: index):
// CHECK: %[[E:[a-z0-9_]*]] = arith.addi %[[Q]], %{{.*}}
// CHECK: attn.yield %[[Q]], %[[E]]
// CHECK: attn.not
func.func @one_key(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c = arith.cmpi ne, %i, %j : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// Arithmetic that is no interval: a predicate.
// CHECK-LABEL: func.func @strided
// CHECK: attn.predicate
// CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:[a-z0-9_]*]]: index, %[[K:[a-z0-9_]*]]: index):
// CHECK: arith.remsi
// CHECK: arith.cmpi eq
func.func @strided(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c3 = arith.constant 3 : index
    %zero = arith.constant 0 : index
    %d = arith.subi %i, %j : index
    %r = arith.remsi %d, %c3 : index
    %c = arith.cmpi eq, %r, %zero : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// A function of the query equals one of the key.
// CHECK-LABEL: func.func @chunks
// CHECK: attn.equal query {
// CHECK: arith.floordivsi
// CHECK: } key {
// CHECK: arith.floordivsi
func.func @chunks(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c10 = arith.constant 10 : index
    %ci = arith.floordivsi %i, %c10 : index
    %cj = arith.floordivsi %j, %c10 : index
    %c = arith.cmpi eq, %ci, %cj : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// A window per head and batch entry: k + 4h + b >= q.
// CHECK-LABEL: func.func @heads_and_batches
// CHECK: attn.interval
// CHECK-NEXT: ^bb0(%[[B:[a-z0-9_]*]]: index, %[[H:[a-z0-9_]*]]: index, %[[Q:[a-z0-9_]*]]: index):
// CHECK-NEXT: affine.apply #{{.*}}(%[[B]], %[[H]], %[[Q]])
func.func @heads_and_batches(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %b = linalg.index 0 : index
    %h = linalg.index 1 : index
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c4 = arith.constant 4 : index
    %hh = arith.muli %h, %c4 : index
    %w = arith.addi %hh, %b : index
    %p = arith.addi %j, %w : index
    %c = arith.cmpi sge, %p, %i : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// Padding: a length for each batch entry.
// CHECK-LABEL: func.func @lengths
// CHECK: attn.interval
// CHECK-NEXT: ^bb0(%[[B:[a-z0-9_]*]]: index,
// CHECK: %[[L:[a-z0-9_]*]] = attn.lookup %arg3[%[[B]]] : tensor<2xi32> -> index
// CHECK: attn.yield %{{.*}}, %{{.*}} : index, index
func.func @lengths(%q: !q, %k: !k, %v: !v, %lengths: tensor<2xi32> {attn.default = "[17, 40]"}) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (b)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %lengths : !s, tensor<2xi32>) outs(%e : !s) {
  ^bb0(%x: f32, %n: i32, %unused: f32):
    %j = linalg.index 3 : index
    %jj = arith.index_cast %j : index to i32
    %c = arith.cmpi slt, %jj, %n : i32
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// Document numbers of query and key, one read by tensor.extract.
// CHECK-LABEL: func.func @documents
// CHECK: attn.equal query {
// CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:[a-z0-9_]*]]: index):
// CHECK: attn.lookup %arg3[%[[Q]]] : tensor<40xi64> -> index
// CHECK: } key {
// CHECK: attn.lookup %arg3[
func.func @documents(%q: !q, %k: !k, %v: !v, %ids: tensor<40xi64> {attn.default = "randint:40xi64:3:1"}) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (k)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %ids : !s, tensor<40xi64>) outs(%e : !s) {
  ^bb0(%x: f32, %idk: i64, %unused: f32):
    %i = linalg.index 2 : index
    %idq = tensor.extract %ids[%i] : tensor<40xi64>
    %c = arith.cmpi eq, %idq, %idk : i64
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// A mask that the caller gives as a tensor is a set of pairs.
// CHECK-LABEL: func.func @boolean_argument
// CHECK: %[[T:[a-z0-9_]*]] = tensor.expand_shape %arg3 {{.*}} output_shape [2, 1, 24, 40]
// CHECK: %[[S:[a-z0-9_]*]] = attn.table_set %[[T]] granule = [1, 1] : tensor<2x1x24x40xi1>
// CHECK: attn.block_sparse %[[S]]
// CHECK: attn.causal
func.func @boolean_argument(%q: !q, %k: !k, %v: !v, %mask: tensor<2x24x40xi1> {attn.default = "randint:2x24x40xi1:2:5"}) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (b, q, k)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %mask : !s, tensor<2x24x40xi1>) outs(%e : !s) {
  ^bb0(%x: f32, %t: i1, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %past = arith.cmpi sle, %j, %i : index
    %c = arith.andi %t, %past : i1
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// An additive mask of 0 and -inf that is made from indices: the causal mask, and nothing of Sq · Sk elements.
// CHECK-LABEL: func.func @generated
// CHECK: attn.causal align(top_left)
// CHECK-NOT: tensor.generate
// CHECK: attn.attention {{.*}} scale(2.500000e-01) :
func.func @generated(%q: !q, %k: !k, %v: !v) -> !o {
  %bias = tensor.generate {
  ^bb0(%i: index, %j: index):
    %zero = arith.constant 0.0 : f32
    %low = arith.constant 0xFF800000 : f32
    %c = arith.cmpi sle, %j, %i : index
    %t = arith.select %c, %zero, %low : f32
    tensor.yield %t : f32
  } : tensor<24x40xf32>
  %quarter = arith.constant 0.25 : f32
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (q, k)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %bias : !s, tensor<24x40xf32>) outs(%e : !s) {
  ^bb0(%x: f32, %a: f32, %unused: f32):
    %t = arith.mulf %x, %quarter : f32
    %y = arith.addf %t, %a : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// A bias that the caller gives is read by the score.
// CHECK-LABEL: func.func @bias
// CHECK: attn.attention {{.*}} scale(2.500000e-01) score {
// CHECK-NEXT: ^bb0(%[[X:[a-z0-9_]*]]: f32, %{{.*}}: index, %[[H:[a-z0-9_]*]]: index, %[[Q:[a-z0-9_]*]]: index, %[[K:[a-z0-9_]*]]: index):
// CHECK-NEXT: %[[V:[a-z0-9_]*]] = attn.lookup %arg3[%[[H]], %[[Q]], %[[K]]] : tensor<4x24x40xf16> -> f16
// CHECK-NEXT: %[[W:[a-z0-9_]*]] = arith.extf %[[V]] : f16 to f32
// CHECK-NEXT: %[[Y:[a-z0-9_]*]] = arith.addf %[[X]], %[[W]]
// CHECK-NEXT: attn.yield %[[Y]]
func.func @bias(%q: !q, %k: !k, %v: !v, %bias: tensor<4x24x40xf16> {attn.default = "randn:4x24x40xf16:5"}) -> !o {
  %four64 = arith.constant 4.0 : f64
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (h, q, k)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %bias : !s, tensor<4x24x40xf16>) outs(%e : !s) {
  ^bb0(%x: f32, %a: f16, %unused: f32):
    %four = arith.truncf %four64 : f64 to f32
    %t = arith.divf %x, %four : f32
    %aa = arith.extf %a : f16 to f32
    %y = arith.addf %t, %aa : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK-LABEL: func.func @alibi
// CHECK: %[[M:[a-z0-9_]*]] = attn.causal align(top_left)
// CHECK: attn.attention {{.*}} mask(%[[M]]) layout(bhsd) scale(2.500000e-01) score {
// CHECK: attn.lookup %arg3[%{{.*}}] : tensor<4xf32> -> f32
// CHECK: arith.sitofp
// CHECK: arith.addf
// CHECK: attn.yield
func.func @alibi(%q: !q, %k: !k, %v: !v, %slopes: tensor<4xf32> {attn.default = "randn:4xf32:5"}) -> !o {
  %quarter = arith.constant 0.25 : f32
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (h)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %slopes : !s, tensor<4xf32>) outs(%e : !s) {
  ^bb0(%x: f32, %slope: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %past = arith.cmpi sle, %j, %i : index
    %t = arith.mulf %x, %quarter : f32
    %d = arith.subi %j, %i : index
    %di = arith.index_cast %d : index to i32
    %df = arith.sitofp %di : i32 to f32
    %a = arith.mulf %slope, %df : f32
    %u = arith.addf %t, %a : f32
    %y = arith.select %past, %u, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK-LABEL: func.func @softcap
// CHECK: attn.attention {{.*}} scale(5.000000e-01) score {
// CHECK: math.tanh
// CHECK: arith.mulf
// CHECK: attn.yield
func.func @softcap(%q: !q, %k: !k, %v: !v) -> !o {
  %two = arith.constant 2.0 : f32
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %t = arith.divf %x, %two : f32
    %u = math.tanh %t : f32
    %y = arith.mulf %u, %two : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// -inf passes through positive factors and sums; a tensor of rank 0 is a scalar.
// CHECK-LABEL: func.func @mask_below_scale
// CHECK: attn.causal align(top_left)
// CHECK: attn.attention {{.*}} scale(2.500000e-01) score {
// CHECK: %[[Y:[a-z0-9_]*]] = arith.addf %{{.*}}, %{{.*}} : f32
// CHECK: attn.yield %[[Y]]
func.func @mask_below_scale(%q: !q, %k: !k, %v: !v, %number: tensor<f32> {attn.default = "randn:f32:5"}) -> !o {
  %quarter = arith.constant 0.25 : f32
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> ()>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %number : !s, tensor<f32>) outs(%e : !s) {
  ^bb0(%x: f32, %add: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %past = arith.cmpi sle, %j, %i : index
    %masked = arith.select %past, %x, %inf : f32
    %t = arith.mulf %quarter, %masked : f32
    %y = arith.addf %add, %t : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// -1e9 is no infinity: a row that it masks as a whole is a mean. It stays a score, unless the option says otherwise.
// CHECK-LABEL: func.func @finite
// CHECK-NOT: mask(
// CHECK: attn.attention {{.*}} score {
// CHECK: arith.select
// FINITE-LABEL: func.func @finite
// FINITE: attn.causal align(top_left)
// FINITE-NEXT: attn.attention {{.*}} mask(%{{.*}}) layout(bhsd) scale(1.000000e+00) :
// FINITE-NEXT: return
func.func @finite(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c4 = arith.constant 4 : index
    %minus = arith.constant -1.000000e+09 : f32
    %c = arith.cmpi sle, %j, %i : index
    %y = arith.select %c, %x, %minus : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// The first four rows attend nothing: NaN in the upstream form, 0 in attn. The one deliberate difference.
// CHECK-LABEL: func.func @empty_rows
// CHECK: attn.interval
// CHECK: attn.attention
func.func @empty_rows(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c4 = arith.constant 4 : index
    %p = arith.addi %j, %c4 : index
    %c = arith.cmpi sle, %p, %i : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// 2k <= q + 20 has no single key for an end.
// CHECK-LABEL: func.func @two_keys_a_query
// CHECK: attn.predicate
func.func @two_keys_a_query(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %two = arith.constant 2 : index
    %c20 = arith.constant 20 : index
    %jj = arith.muli %j, %two : index
    %ii = arith.addi %i, %c20 : index
    %c = arith.cmpi sle, %jj, %ii : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// Unsigned, and k - q may be negative: 0 <= k - q < 8.
// CHECK-LABEL: func.func @unsigned_distance
// CHECK: attn.predicate
// CHECK: arith.cmpi ult
func.func @unsigned_distance(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c8 = arith.constant 8 : index
    %d = arith.subi %j, %i : index
    %c = arith.cmpi ult, %d, %c8 : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// k + 100 wraps in 8 bits: keys 0 to 27.
// CHECK-LABEL: func.func @wrapping
// CHECK: attn.predicate
// CHECK: arith.addi {{.*}} : i8
func.func @wrapping(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %j = linalg.index 3 : index
    %c100 = arith.constant 100 : i8
    %zero = arith.constant 0 : i8
    %jj = arith.index_cast %j : index to i8
    %t = arith.addi %jj, %c100 : i8
    %c = arith.cmpi sgt, %t, %zero : i8
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// -inf does not pass through a negative factor.
// CHECK-LABEL: func.func @negative_factor
// CHECK: attn.attention %arg0, %arg1, %arg2 layout(bhsd) scale(1.000000e+00) score {
func.func @negative_factor(%q: !q, %k: !k, %v: !v, %lengths: tensor<2xi32> {attn.default = "[40, 40]"}) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (b)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %lengths : !s, tensor<2xi32>) outs(%e : !s) {
  ^bb0(%x: f32, %n: i32, %unused: f32):
    %j = linalg.index 3 : index
    %minus = arith.constant -1.0 : f32
    %jj = arith.index_cast %j : index to i32
    %c = arith.cmpi slt, %jj, %n : i32
    %t = arith.select %c, %x, %inf : f32
    %y = arith.mulf %t, %minus : f32
    linalg.yield %y : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}
