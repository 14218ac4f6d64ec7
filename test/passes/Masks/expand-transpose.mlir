// RUN: lacuna-opt %s -attn-expand-masks -canonicalize -cse | FileCheck %s --implicit-check-not=attn.transpose
// attn.transpose: masks keep their kind where the transpose has it; atoms exchange their coordinates and lengths. That they mean the transpose of their
// formulas is checked by test/Execute and test/unit/analysis.

!t = tensor<2x2x?x64xf32>

// k <= q + off becomes k >= q + off: 64 bits cannot wrap, so the end is solved for the key.
// CHECK-LABEL: func.func @causal
// CHECK: attn.interval
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK-DAG: %[[SQ:.*]] = attn.query_length
// CHECK-DAG: %[[SK:.*]] = attn.key_length
// CHECK: %[[OFF:.*]] = arith.subi %[[SQ]], %[[SK]]
// CHECK: %[[LOW:.*]] = arith.subi %{{.*}}, %[[OFF]]
// CHECK: attn.yield %[[LOW]], %[[SK]]
func.func @causal(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.causal align(bottom_right)
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// [l, 5] becomes [5, l] with the same alignment.
// CHECK-LABEL: func.func @window
// CHECK-SAME: %[[L:[^:]*]]: index)
// CHECK: %[[ATLEAST:.*]] = arith.maxsi %[[L]]
// CHECK: %[[LEFT:.*]] = arith.minsi %[[ATLEAST]]
// CHECK: attn.interval
// CHECK-DAG: %[[SQ:.*]] = attn.query_length
// CHECK-DAG: %[[SK:.*]] = attn.key_length
// CHECK: %[[OFF:.*]] = arith.subi %[[SK]], %[[SQ]]
// CHECK: %[[P:.*]] = arith.addi %{{.*}}, %[[OFF]]
// CHECK: %[[LOW:.*]] = arith.subi %[[P]], %c5
// CHECK: %[[LAST:.*]] = arith.addi %[[P]], %[[LEFT]]
// CHECK: %[[HIGH:.*]] = arith.addi %[[LAST]], %c1
// CHECK: attn.yield %[[LOW]], %[[HIGH]]
func.func @window(%q: !t, %k: !t, %v: !t, %l: index) -> !t {
  %m = attn.sliding_window [%l, 5] align(bottom_right)
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// An end that no query changes decides whole rows.
// CHECK-LABEL: func.func @lengths
// CHECK: attn.interval
// CHECK: ^bb0(%[[B:.*]]: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[LENGTH:.*]] = attn.lookup %{{.*}}[%[[B]]]
// CHECK: %[[NEXT:.*]] = arith.addi %[[Q]], %c1
// CHECK: %[[ON:.*]] = arith.cmpi sge, %[[LENGTH]], %[[NEXT]]
// CHECK: %[[SK:.*]] = attn.key_length
// CHECK: %[[HIGH:.*]] = arith.select %[[ON]], %[[SK]], %c0
// CHECK: attn.yield %c0{{.*}}, %[[HIGH]]
func.func @lengths(%q: !t, %k: !t, %v: !t, %l: tensor<?xi32>) -> !t {
  %m = attn.key_lengths %l : tensor<?xi32>
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// max(q - 8, 0) <= k < min(Sk - q, Sk) on exchanged coordinates: a difference turns round, a length says nothing.
// CHECK-LABEL: func.func @clamped_ends
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[SQ:.*]] = attn.query_length
// CHECK-DAG: %[[X:.*]] = arith.addi %[[Q]], %c9
// CHECK-DAG: %[[NEXT:.*]] = arith.addi %[[Q]], %c1
// CHECK: %[[Y:.*]] = arith.subi %[[SQ]], %[[NEXT]]
// CHECK: %[[Z:.*]] = arith.addi %[[Y]], %c1
// CHECK: %[[HIGH:.*]] = arith.minsi %[[X]], %[[Z]]
// CHECK: attn.yield %c0{{.*}}, %[[HIGH]]
func.func @clamped_ends(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %eight = arith.constant 8 : index
    %sk = attn.key_length
    %x = arith.subi %i, %eight : index
    %lo = arith.maxsi %x, %zero : index
    %y = arith.subi %sk, %i : index
    %hi = arith.minsi %y, %sk : index
    attn.yield %lo, %hi : index, index
  }
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// q + w may wrap where w is any integer: pair by pair, with the same arithmetic.
// CHECK-LABEL: func.func @may_wrap
// CHECK-SAME: %[[W:[^:]*]]: index)
// CHECK-NOT: attn.interval
// CHECK: attn.predicate
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index, %[[K:.*]]: index):
// CHECK: %[[SQ:.*]] = attn.query_length
// CHECK: %[[LOW:.*]] = arith.addi %[[K]], %[[W]]
// CHECK: %[[ABOVE:.*]] = arith.cmpi sge, %[[Q]], %[[LOW]]
// CHECK: %[[BELOW:.*]] = arith.cmpi slt, %[[Q]], %[[SQ]]
// CHECK: arith.andi %[[ABOVE]], %[[BELOW]]
func.func @may_wrap(%q: !t, %k: !t, %v: !t, %w: index) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %sk = attn.key_length
    %lo = arith.addi %i, %w : index
    attn.yield %lo, %sk : index, index
  }
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @sum_may_wrap
// CHECK-NOT: attn.interval
// CHECK: attn.predicate
func.func @sum_may_wrap(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %far = arith.constant 4611686018427387904 : index
    %sk = attn.key_length
    %x = arith.addi %i, %far : index
    %lo = arith.addi %x, %far : index
    attn.yield %lo, %sk : index, index
  }
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// A table that the key reads: a miss must leave the other keys of the row alone.
// CHECK-LABEL: func.func @may_miss
// CHECK-NOT: attn.interval
// CHECK: attn.predicate
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index, %[[K:.*]]: index):
// CHECK: %[[HIGH:.*]] = attn.lookup %{{.*}}[%[[K]]]
// CHECK: arith.cmpi slt, %[[Q]], %[[HIGH]]
func.func @may_miss(%q: !t, %k: !t, %v: !t, %ends: tensor<?xi32>) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %hi = attn.lookup %ends[%i] : tensor<?xi32> -> index
    attn.yield %zero, %hi : index, index
  }
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// What nothing uses is not read.
// CHECK-LABEL: func.func @unused_read
// CHECK-NOT: attn.lookup
// CHECK: attn.interval
// CHECK-NOT: attn.lookup
// CHECK: attn.attention
func.func @unused_read(%q: !t, %k: !t, %v: !t, %ends: tensor<?xi32>) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %unused = attn.lookup %ends[%i] : tensor<?xi32> -> index
    attn.yield %zero, %i : index, index
  }
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @equal
// CHECK-SAME: %[[IDS:[^:]*]]: tensor<?xi32>)
// CHECK: attn.equal query
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: attn.lookup %[[IDS]][%[[Q]]]
// CHECK: key
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[K:.*]]: index):
// CHECK: %[[SK:.*]] = attn.key_length
// CHECK: arith.subi %[[SK]], %[[K]]
func.func @equal(%q: !t, %k: !t, %v: !t, %ids: tensor<?xi32>) -> !t {
  %m = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %sq = attn.query_length
    %f = arith.subi %sq, %i : index
    attn.yield %f : index
  } key {
  ^bb0(%b: index, %h: index, %j: index):
    %g = attn.lookup %ids[%j] : tensor<?xi32> -> index
    attn.yield %g : index
  }
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// The set of a core mask without a rule: row and column of its predicate are exchanged.
// CHECK-LABEL: func.func @block_sparse
// CHECK: attn.predicate
// CHECK: ^bb0(%[[B:.*]]: index, %[[H:.*]]: index, %[[Q:.*]]: index, %[[K:.*]]: index):
// CHECK: %[[COLUMN:.*]] = arith.floordivsi %[[Q]], %c64
// CHECK: %[[ROW:.*]] = arith.floordivsi %[[K]], %c128
// CHECK: attn.contains csr(%{{.*}}, %{{.*}}) [%[[B]], %[[H]], %[[ROW]]] from %[[COLUMN]] to %[[COLUMN]]
func.func @block_sparse(%q: !t, %k: !t, %v: !t, %p: tensor<1x2x?xi32>, %i: tensor<?xi32>) -> !t {
  %s = attn.csr_set %p, %i granule = [128, 64] : tensor<1x2x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %m = attn.block_sparse %s : !attn.set<csr>
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Column runs become row runs: intervals beside the masked ones, or the one between two ends.
// CHECK-LABEL: func.func @runs
// CHECK-NOT: attn.predicate
// CHECK: %[[A:.*]] = attn.interval
// CHECK: %[[E:.*]] = attn.lookup %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}, %c0{{.*}}] grouped
// CHECK: attn.yield %c0{{.*}}, %[[E]]
// CHECK: %[[C:.*]] = attn.interval
// CHECK: %[[E:.*]] = attn.lookup %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}, %c1{{.*}}] grouped
// CHECK: %[[SK:.*]] = attn.key_length
// CHECK: attn.yield %[[E]], %[[SK]]
// CHECK: attn.or %[[A]], %[[C]]
// CHECK: attn.interval
// CHECK-DAG: %[[LOW:.*]] = attn.lookup %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}, %c1{{.*}}] grouped
// CHECK-DAG: %[[HIGH:.*]] = attn.lookup %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}, %c0{{.*}}] grouped
// CHECK: attn.yield %[[LOW]], %[[HIGH]]
func.func @runs(%q: !t, %k: !t, %v: !t, %r: tensor<1x1x?x2xi32>) -> (!t, !t) {
  %s = attn.runs_set %r lower : tensor<1x1x?x2xi32> -> !attn.set<runs>
  %m = attn.column_runs %s : !attn.set<runs>
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  %s2 = attn.runs_set %r both : tensor<1x1x?x2xi32> -> !attn.set<runs>
  %m2 = attn.column_runs %s2 : !attn.set<runs>
  %x2 = attn.transpose %m2
  %o2 = attn.attention %q, %k, %v mask(%x2) layout(bhsd) : !t, !t, !t -> !t
  return %o, %o2 : !t, !t
}

// The tables of a document change places: keys find their document in cu_k by the query.
// CHECK-LABEL: func.func @document
// CHECK-SAME: %[[CUQ:[^:]*]]: tensor<?xi32>, %[[CUK:[^:]*]]: tensor<?xi32>)
// CHECK: attn.interval
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: attn.segment %[[CUK]][%[[Q]]]
// CHECK: attn.lookup %[[CUQ]]
// CHECK-NOT: attn.predicate
// CHECK: attn.attention
func.func @document(%q: !t, %k: !t, %v: !t, %cu_q: tensor<?xi32>, %cu_k: tensor<?xi32>) -> !t {
  %c = attn.causal align(bottom_right)
  %m = attn.document %cu_q, %cu_k where %c : tensor<?xi32>, tensor<?xi32>
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Part and blocks: the two sides change places. The query's side of a part is decided by a comparison, the key's side by the ends.
// CHECK-LABEL: func.func @part
// CHECK: attn.interval
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[X:.*]] = arith.addi %[[Q]], %c5
// CHECK: arith.cmpi ult, %[[X]], %c40
// CHECK: %[[HIGH:.*]] = arith.select %{{.*}}, %c27{{.*}}, %c-3
// CHECK: attn.yield %c-3{{.*}}, %[[HIGH]]
func.func @part(%q: !t, %k: !t, %v: !t) -> !t {
  %c = attn.causal align(top_left)
  %m = attn.restrict %c queries(3 of 30) keys(5 of 40)
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @blocks
// CHECK: %[[I:.*]] = attn.block_interior %{{.*}} [5, 3]
// CHECK: attn.block_cover %[[I]] [4, 2]
func.func @blocks(%q: !t, %k: !t, %v: !t) -> !t {
  %c = attn.causal align(top_left)
  %i = attn.block_interior %c [3, 5]
  %m = attn.block_cover %i [2, 4]
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Algebra and choices hold the transposes of their operands; a mask that two operands share is transposed once, a transpose of a transpose is the mask.
// CHECK-LABEL: func.func @algebra
// CHECK-SAME: %[[TABLE:[^:]*]]: tensor<?xi32>)
// CHECK: %[[C:.*]] = attn.interval
// CHECK: %[[T:.*]] = attn.interval
// CHECK: %[[N:.*]] = attn.not %[[T]]
// CHECK: %[[OR:.*]] = attn.or %[[N]], %[[T]], %[[C]]
// CHECK: %[[S:.*]] = attn.interval
// CHECK: attn.lookup %[[TABLE]]
// CHECK: attn.and %[[OR]], %[[S]], %[[T]]
func.func @algebra(%q: !t, %k: !t, %v: !t, %table: tensor<?xi32>) -> !t {
  %c = attn.causal align(top_left)
  %ct = attn.transpose %c
  %n = attn.not %c
  %or = attn.or %n, %c, %ct
  %s = attn.select head %table[%c] : tensor<?xi32>
  %m = attn.and %or, %s
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @all
// CHECK: attn.interval
// CHECK: attn.yield %c0{{.*}}, %{{.*}}
func.func @all(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.all
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Blocks: an end of whole chunks is solved for the key by their sizes, whatever the size is at run time: floor(x / c) c <= q is x <= floor(q / c) c + c - 1.
// CHECK-LABEL: func.func @chunks
// CHECK-SAME: %[[CHUNK:[^:]*]]: index)
// CHECK-NOT: attn.predicate
// CHECK: attn.interval
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[C:.*]] = arith.maxsi %[[CHUNK]], %c1
// CHECK: %[[NUMBER:.*]] = arith.floordivsi %[[Q]], %[[C]]
// CHECK: %[[FIRST:.*]] = arith.muli
// CHECK: %[[REST:.*]] = arith.subi %{{.*}}, %c1
// CHECK: %[[LAST:.*]] = arith.addi %[[FIRST]], %[[REST]]
// CHECK: %[[HIGH:.*]] = arith.addi %[[LAST]], %c1
// CHECK: attn.yield %[[Q]], %[[HIGH]]
func.func @chunks(%q: !t, %k: !t, %v: !t, %chunk: index) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %one = arith.constant 1 : index
    %size = arith.maxsi %chunk, %one : index
    %number = arith.floordivsi %i, %size : index
    %lo = arith.muli %number, %size : index
    %hi = arith.addi %i, %one : index
    attn.yield %lo, %hi : index, index
  }
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// k < 3 (floor(q / 8) + 1) on exchanged coordinates; constants keep the bounds of what may wrap constant.
// CHECK-LABEL: func.func @blocks_so_far
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[NEXT:.*]] = arith.addi %[[Q]], %c1
// CHECK: %[[BLOCKS:.*]] = arith.ceildivsi %[[NEXT]], %c3
// CHECK: %[[BLOCK:.*]] = arith.subi %[[BLOCKS]], %c1
// CHECK: %[[LOW:.*]] = arith.muli %{{.*}}, %c8
// CHECK: %[[SK:.*]] = attn.key_length
// CHECK: attn.yield %[[LOW]], %[[SK]]
func.func @blocks_so_far(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %eight = arith.constant 8 : index
    %three = arith.constant 3 : index
    %block = arith.floordivsi %i, %eight : index
    %next = arith.addi %block, %one : index
    %end = arith.muli %next, %three : index
    attn.yield %zero, %end : index, index
  }
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// A size that may be below 1 scales by what the division does not: no interval.
// CHECK-LABEL: func.func @odd_chunks
// CHECK: attn.predicate
func.func @odd_chunks(%q: !t, %k: !t, %v: !t, %chunk: index) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %number = arith.floordivsi %i, %chunk : index
    %lo = arith.muli %number, %chunk : index
    attn.yield %lo, %i : index, index
  }
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
