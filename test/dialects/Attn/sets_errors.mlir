// RUN: lacuna-opt %s -split-input-file -verify-diagnostics
// One case for every way in which a set, or a mask on it, can be wrong.

func.func @csr_element(%p: tensor<1x8x?xi64>, %i: tensor<?xi32>) {
  // expected-error@+1 {{operand #0 must be 3D tensor of 32-bit signless integer, but got 'tensor<1x8x?xi64>'}}
  %s = attn.csr_set %p, %i granule = [64, 64] : tensor<1x8x?xi64>, tensor<?xi32> -> !attn.set<csr>
  return
}

// -----

func.func @csr_rank(%p: tensor<8x?xi32>, %i: tensor<?xi32>) {
  // expected-error@+1 {{operand #0 must be 3D tensor of 32-bit signless integer, but got 'tensor<8x?xi32>'}}
  %s = attn.csr_set %p, %i granule = [64, 64] : tensor<8x?xi32>, tensor<?xi32> -> !attn.set<csr>
  return
}

// -----

func.func @csr_rows(%p: tensor<1x8x0xi32>, %i: tensor<?xi32>) {
  // expected-error@+1 {{expects indptr to have R + 1 entries per row, at least 1, but got 0}}
  %s = attn.csr_set %p, %i granule = [64, 64] : tensor<1x8x0xi32>, tensor<?xi32> -> !attn.set<csr>
  return
}

// -----

func.func @format(%p: tensor<1x8x?xi32>, %i: tensor<?xi32>) {
  // expected-error@+1 {{expects result type !attn.set<csr>, but got '!attn.set<list>'}}
  %s = attn.csr_set %p, %i granule = [64, 64] : tensor<1x8x?xi32>, tensor<?xi32> -> !attn.set<list>
  return
}

// -----

func.func @granule_count(%p: tensor<1x8x?xi32>, %i: tensor<?xi32>) {
  // expected-error@+1 {{expects a granule of 2 sizes [queries, keys], but got 1}}
  %s = attn.csr_set %p, %i granule = [64] : tensor<1x8x?xi32>, tensor<?xi32> -> !attn.set<csr>
  return
}

// -----

func.func @granule_zero(%t: tensor<1x8x?x?xi1>) {
  // expected-error@+1 {{expects positive sizes in the granule, but got 0}}
  %s = attn.table_set %t granule = [64, 0] : tensor<1x8x?x?xi1> -> !attn.set<table>
  return
}

// -----

func.func @list_heads(%l: tensor<1x8x?x?xi32>, %n: tensor<1x4x?xi32>) {
  // expected-error@+1 {{expects the same number of heads in both tables, but got 8 and 4}}
  %s = attn.list_set %l, %n granule = [64, 64] : tensor<1x8x?x?xi32>, tensor<1x4x?xi32> -> !attn.set<list>
  return
}

// -----

func.func @bitmap_words(%w: tensor<1x8x?x?xi16>) {
  // expected-error@+1 {{operand #0 must be 4D tensor of 8-bit signless integer or 32-bit signless integer or 64-bit signless integer}}
  %s = attn.bitmap_set %w granule = [64, 64] : tensor<1x8x?x?xi16> -> !attn.set<bitmap>
  return
}

// -----

func.func @table_floats(%t: tensor<1x8x?x?xf32>) {
  // expected-error@+1 {{operand #0 must be 4D tensor of 1-bit signless integer or 8-bit signless integer}}
  %s = attn.table_set %t granule = [64, 64] : tensor<1x8x?x?xf32> -> !attn.set<table>
  return
}

// -----

func.func @runs_lower(%r: tensor<1x1x?x4xi32>) {
  // expected-error@+1 {{expects a static last dimension of 1 or 2 for 'lower', but got 'tensor<1x1x?x4xi32>'}}
  %s = attn.runs_set %r lower : tensor<1x1x?x4xi32> -> !attn.set<runs>
  return
}

// -----

func.func @runs_both(%r: tensor<1x1x?x?xi32>) {
  // expected-error@+1 {{expects a static last dimension of 2 or 4 for 'both', but got 'tensor<1x1x?x?xi32>'}}
  %s = attn.runs_set %r both : tensor<1x1x?x?xi32> -> !attn.set<runs>
  return
}

// -----

func.func @slices_ranges(%q: tensor<?x3xi32>, %k: tensor<?x2xi32>, %t: tensor<?xi32>) {
  // expected-error@+1 {{expects ranges of shape [N, 2], but got 'tensor<?x3xi32>'}}
  %s = attn.slices_set %q, %k, %t : tensor<?x3xi32>, tensor<?x2xi32>, tensor<?xi32> -> !attn.set<slices>
  return
}

// -----

func.func @slices_count(%q: tensor<4x2xi32>, %k: tensor<4x2xi32>, %t: tensor<5xi32>) {
  // expected-error@+1 {{expects the same number of slices in both tables, but got 4 and 5}}
  %s = attn.slices_set %q, %k, %t : tensor<4x2xi32>, tensor<4x2xi32>, tensor<5xi32> -> !attn.set<slices>
  return
}

// -----

func.func @runs_are_no_blocks(%r: tensor<1x1x?x2xi32>) {
  %s = attn.runs_set %r lower : tensor<1x1x?x2xi32> -> !attn.set<runs>
  // expected-error@+1 {{expects a set of blocks, but got '!attn.set<runs>'; attn.column_runs applies that one}}
  %m = attn.block_sparse %s : !attn.set<runs>
  return
}

// -----

func.func @blocks_are_no_runs(%t: tensor<1x8x?x?xi1>) {
  %s = attn.table_set %t granule = [64, 64] : tensor<1x8x?x?xi1> -> !attn.set<table>
  // expected-error@+1 {{expects !attn.set<runs>, but got '!attn.set<table>'}}
  %m = attn.column_runs %s : !attn.set<table>
  return
}

// -----

func.func @member_yield(%t: tensor<1x8x?x?xi1>) {
  %s = attn.table_set %t granule = [64, 64] : tensor<1x8x?x?xi1> -> !attn.set<table>
  %m = attn.member %s {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    // expected-error@+1 {{expects 2 value(s) of type 'index', but got 'index'}}
    attn.yield %q : index
  } : !attn.set<table>
  return
}

// -----

func.func @member_arguments(%t: tensor<1x8x?x?xi1>) {
  %s = attn.table_set %t granule = [64, 64] : tensor<1x8x?x?xi1> -> !attn.set<table>
  // expected-error@+1 {{expects a region with index arguments (batch, head, query, key), but got}}
  %m = attn.member %s {
  ^bb0(%b: index, %h: index, %q: index):
    attn.yield %q, %q : index, index
  } : !attn.set<table>
  return
}

// -----

func.func @cover(%t: tensor<1x8x?x?xi1>) {
  %s = attn.table_set %t granule = [1, 1] : tensor<1x8x?x?xi1> -> !attn.set<table>
  // expected-error@+1 {{attribute 'cover' failed to satisfy constraint}}
  %m = attn.vertical_slash %s, %s align(bottom_right) cover = 0 : !attn.set<table>, !attn.set<table>
  return
}

// -----

func.func @slash_granule(%l: tensor<1x8x1x?xi32>, %n: tensor<1x8x1xi32>) {
  %columns = attn.list_set %l, %n granule = [1, 64] : tensor<1x8x1x?xi32>, tensor<1x8x1xi32> -> !attn.set<list>
  // expected-error@+1 {{expects sets of granule [1, 1], but got array<i64: 1, 64>}}
  %m = attn.vertical_slash %columns, %columns align(bottom_right) : !attn.set<list>, !attn.set<list>
  return
}

// -----

func.func @slash_runs(%t: tensor<1x8x?x?xi1>, %r: tensor<1x1x?x2xi32>) {
  %v = attn.table_set %t granule = [1, 1] : tensor<1x8x?x?xi1> -> !attn.set<table>
  %d = attn.runs_set %r lower : tensor<1x1x?x2xi32> -> !attn.set<runs>
  // expected-error@+1 {{expects a set of blocks, but got '!attn.set<runs>'}}
  %m = attn.vertical_slash %v, %d align(bottom_right) : !attn.set<table>, !attn.set<runs>
  return
}

// -----

func.func @hashed(%h: tensor<8x?xi32>) {
  // expected-error@+1 {{operand #0 must be 3D tensor of 32-bit signless integer, but got 'tensor<8x?xi32>'}}
  %m = attn.hashed %h, %h : tensor<8x?xi32>, tensor<8x?xi32>
  return
}

// -----

func.func @contains_tables(%p: tensor<1x8x?xi32>) {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    // expected-error@+1 {{expects 2 table(s) for format csr, but got 1}}
    %in = attn.contains csr(%p) [%b, %h, %q] from %k to %k : tensor<1x8x?xi32>
    attn.yield %in : i1
  }
  return
}

// -----

func.func @contains_rank(%p: tensor<8x?xi32>, %i: tensor<?xi32>) {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    // expected-error@+1 {{expects an integer table of rank 3, but got 'tensor<8x?xi32>'}}
    %in = attn.contains csr(%p, %i) [%b, %h, %q] from %k to %k : tensor<8x?xi32>, tensor<?xi32>
    attn.yield %in : i1
  }
  return
}

// -----

func.func @contains_runs(%r: tensor<1x1x?x2xi32>) {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    // expected-error@+1 {{expects a set of blocks, but got format runs}}
    %in = attn.contains runs(%r) [%b, %h, %q] from %k to %k : tensor<1x1x?x2xi32>
    attn.yield %in : i1
  }
  return
}

// -----

func.func @in_bounds_of_a_list(%p: tensor<1x8x?xi32>, %i: tensor<?xi32>) {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    // expected-error@+1 {{expects format table with in_bounds, but got csr}}
    %in = attn.contains csr(%p, %i) [%b, %h, %q] from %k to %k in_bounds : tensor<1x8x?xi32>, tensor<?xi32>
    attn.yield %in : i1
  }
  return
}

// -----

func.func @grouped_rank(%t: tensor<?xi32>) {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    // expected-error@+1 {{expects a table with batch and head dimensions for 'grouped', but got 'tensor<?xi32>'}}
    %x = attn.lookup %t[%q] grouped : tensor<?xi32> -> index
    %c = arith.cmpi eq, %x, %k : index
    attn.yield %c : i1
  }
  return
}
