// RUN: lacuna-opt %s -split-input-file -verify-diagnostics
// Verifier rules of tile.visit.

tile.kernel @count_mismatch(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects as many partial and full counts as starts, at least one, but got 2, 1 and 1}}
  tile.visit key step 64 starts(%m, %m) partial(%m) full(%m)
    partial { ^bb0(%k0: index): tile.yield } full { ^bb0(%k0: index): tile.yield }
  tile.return
}

// -----

tile.kernel @no_segment(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{at least one, but got 0, 0 and 0}}
  tile.visit key step 64 starts() partial() full()
    partial { ^bb0(%k0: index): tile.yield } full { ^bb0(%k0: index): tile.yield }
  tile.return
}

// -----

tile.kernel @step_zero(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects a positive step, but got 0}}
  tile.visit key step 0 starts(%m) partial(%m) full(%m)
    partial { ^bb0(%k0: index): tile.yield } full { ^bb0(%k0: index): tile.yield }
  tile.return
}

// -----

tile.kernel @step_negative(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects a positive step, but got -64}}
  tile.visit key step -64 starts(%m) partial(%m) full(%m)
    partial { ^bb0(%k0: index): tile.yield } full { ^bb0(%k0: index): tile.yield }
  tile.return
}

// -----

tile.kernel @carried_types(%x: f32, %m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects results of the carried types, but got 'index'}}
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%x : f32) -> index
    partial { ^bb0(%k0: index, %a: index): tile.yield %a : index } full { ^bb0(%k0: index, %a: index): tile.yield %a : index }
  tile.return
}

// -----

tile.kernel @test_and_before(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects a test or a before region, but got both}}
  tile.visit key step 64 starts(%m) partial(%m) full(%m)
    before { ^bb0(%k0: index): tile.yield }
    test { ^bb0(%k0: index):
      %true = arith.constant true
      tile.yield %true, %true : i1, i1
    }
    partial { ^bb0(%k0: index, %o: index, %n: index): tile.yield } full { ^bb0(%k0: index, %o: index, %n: index): tile.yield }
  tile.return
}

// -----

tile.kernel @test_yields_one(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects the test body to yield 'i1', 'i1'}}
  tile.visit key step 64 starts(%m) partial(%m) full(%m)
    test { ^bb0(%k0: index):
      %true = arith.constant true
      tile.yield %true : i1
    }
    partial { ^bb0(%k0: index): tile.yield } full { ^bb0(%k0: index): tile.yield }
  tile.return
}

// -----

tile.kernel @test_yields_half_a_range(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects the test body to yield 'i1', 'i1', 'index', 'index'}}
  tile.visit key step 64 starts(%m) partial(%m) full(%m)
    test { ^bb0(%k0: index):
      %true = arith.constant true
      tile.yield %true, %true, %k0 : i1, i1, index
    }
    partial { ^bb0(%k0: index): tile.yield } full { ^bb0(%k0: index): tile.yield }
  tile.return
}

// -----

tile.kernel @partial_arguments(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects the partial body to take 1 position(s) and the carried values, but got 'index', 'index'}}
  tile.visit key step 64 starts(%m) partial(%m) full(%m)
    partial { ^bb0(%k0: index, %o: index): tile.yield } full { ^bb0(%k0: index): tile.yield }
  tile.return
}

// -----

tile.kernel @look_ahead_arguments(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects the full body to take 3 position(s) and the carried values, but got 'index'}}
  tile.visit key step 64 starts(%m) partial(%m) full(%m)
    before { ^bb0(%k0: index): tile.yield }
    partial { ^bb0(%k0: index, %o: index, %n: index): tile.yield } full { ^bb0(%k0: index): tile.yield }
  tile.return
}

// -----

tile.kernel @full_yield(%x: f32, %m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects the full body to yield 'f32'}}
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%x : f32) -> f32
    partial { ^bb0(%k0: index, %a: f32): tile.yield %a : f32 } full { ^bb0(%k0: index, %a: f32): tile.yield %k0 : index }
  tile.return
}

// -----

tile.kernel @half_a_hull(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects pairs of ends as hull, but got 3 values}}
  tile.visit key step 64 starts(%m) partial(%m) full(%m) hull(%m, %m, %m)
    partial { ^bb0(%k0: index): tile.yield } full { ^bb0(%k0: index): tile.yield }
  tile.return
}
