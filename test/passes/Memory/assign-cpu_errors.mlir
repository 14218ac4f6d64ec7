// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -tile-assign-memory
// Without a chip there are no rules.

// expected-error@+1 {{expects a module with attribute tile.target}}
tile.kernel @no_chip(%m: index, %h: index, %b: index) { tile.return }
