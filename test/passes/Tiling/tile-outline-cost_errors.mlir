// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -tile-outline-cost
// Kernels whose tiles cannot be counted.

// expected-error@+1 {{expects one tile.visit}}
tile.kernel @no_visit(%m: index, %h: index, %b: index) { tile.return }
