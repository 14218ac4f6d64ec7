// RUN: lacuna-opt %s -split-input-file -attn-expand-masks -verify-diagnostics

!t = tensor<1x2x?x64xf32>
func.func @set_from_outside(%q: !t, %k: !t, %v: !t, %s: !attn.set<csr>) -> !t {
  // expected-error@+1 {{expects a set that a set op in the same function makes}}
  %m = attn.block_sparse %s : !attn.set<csr>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<1x2x?x64xf32>
func.func @runs_from_outside(%q: !t, %k: !t, %v: !t, %s: !attn.set<runs>) -> !t {
  // expected-error@+1 {{expects a set that attn.runs_set in the same function makes}}
  %m = attn.column_runs %s : !attn.set<runs>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
