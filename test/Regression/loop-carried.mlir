// REQUIRES: lacuna-run
// RUN: lacuna-run %s --entry=refine --arg=q=randn:1x2x40x16xf32:1 --arg=k=randn:1x2x50x16xf32:2 --arg=n=3 --check | FileCheck %s
// RUN: lacuna-run %s --entry=refine --arg=q=randn:1x2x40x16xf32:1 --arg=k=randn:1x2x50x16xf32:2 --arg=n=0 --check | FileCheck %s
// RUN: lacuna-run %s --entry=sum --arg=q=randn:4x1x2x16x16xf32:1 --arg=k=randn:1x2x50x16xf32:2 --arg=init=randn:1x2x16x16xf32:3 --check | FileCheck %s
// RUN: lacuna-run %s --entry=swap --arg=q=randn:1x2x16x16xf32:1 --arg=k=randn:1x2x16x16xf32:2 --arg=n=3 --check | FileCheck %s
// RUN: lacuna-run %s --entry=upstream --raise --arg=q=randn:40x16xf32:1 --arg=k=randn:50x16xf32:2 --arg=n=2 --check | FileCheck %s
// Attention in a loop that carries its output: bufferization wanted it in the memory of what was carried, and sizes of a loop's result were not known.

// CHECK: check {{ *}}PASS

func.func @refine(%q: tensor<1x2x?x16xf32> {attn.name = "q"}, %k: tensor<1x2x?x16xf32> {attn.name = "k"}, %n: index {attn.name = "n"}) -> tensor<1x2x?x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %o = scf.for %i = %c0 to %n step %c1 iter_args(%x = %q) -> tensor<1x2x?x16xf32> {
    %y = attn.attention %x, %k, %k layout(bhsd) : tensor<1x2x?x16xf32>, tensor<1x2x?x16xf32>, tensor<1x2x?x16xf32> -> tensor<1x2x?x16xf32>
    scf.yield %y : tensor<1x2x?x16xf32>
  }
  return %o : tensor<1x2x?x16xf32>
}

func.func @sum(%q: tensor<4x1x2x16x16xf32> {attn.name = "q"}, %k: tensor<1x2x?x16xf32> {attn.name = "k"}, %init: tensor<1x2x16x16xf32> {attn.name = "init"}) -> tensor<1x2x16x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 4 : index
  %o = scf.for %i = %c0 to %n step %c1 iter_args(%x = %init) -> tensor<1x2x16x16xf32> {
    %qi = tensor.extract_slice %q[%i, 0, 0, 0, 0] [1, 1, 2, 16, 16] [1, 1, 1, 1, 1] : tensor<4x1x2x16x16xf32> to tensor<1x2x16x16xf32>
    %y = attn.attention %qi, %k, %k layout(bhsd) : tensor<1x2x16x16xf32>, tensor<1x2x?x16xf32>, tensor<1x2x?x16xf32> -> tensor<1x2x16x16xf32>
    %z = arith.addf %x, %y : tensor<1x2x16x16xf32>
    scf.yield %z : tensor<1x2x16x16xf32>
  }
  return %o : tensor<1x2x16x16xf32>
}

// Keys become queries, and what was computed the next keys.
func.func @swap(%q: tensor<1x2x16x16xf32> {attn.name = "q"}, %k: tensor<1x2x16x16xf32> {attn.name = "k"}, %n: index {attn.name = "n"}) -> (tensor<1x2x16x16xf32>, tensor<1x2x16x16xf32>, tensor<1x2x16x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %o:3 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %q, %y = %k, %z = %k) -> (tensor<1x2x16x16xf32>, tensor<1x2x16x16xf32>, tensor<1x2x16x16xf32>) {
    %a = attn.attention %x, %y, %z layout(bhsd) : tensor<1x2x16x16xf32>, tensor<1x2x16x16xf32>, tensor<1x2x16x16xf32> -> tensor<1x2x16x16xf32>
    scf.yield %y, %x, %a : tensor<1x2x16x16xf32>, tensor<1x2x16x16xf32>, tensor<1x2x16x16xf32>
  }
  return %o#0, %o#1, %o#2 : tensor<1x2x16x16xf32>, tensor<1x2x16x16xf32>, tensor<1x2x16x16xf32>
}

func.func @upstream(%q: tensor<40x16xf32> {attn.name = "q"}, %k: tensor<50x16xf32> {attn.name = "k"}, %n: index {attn.name = "n"}) -> tensor<40x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %et = tensor.empty() : tensor<16x50xf32>
  %kt = linalg.transpose ins(%k : tensor<50x16xf32>) outs(%et : tensor<16x50xf32>) permutation = [1, 0]
  %es = tensor.empty() : tensor<40x50xf32>
  %eo = tensor.empty() : tensor<40x16xf32>
  %o = scf.for %i = %c0 to %n step %c1 iter_args(%x = %q) -> tensor<40x16xf32> {
    %zs = linalg.fill ins(%zero : f32) outs(%es : tensor<40x50xf32>) -> tensor<40x50xf32>
    %s = linalg.matmul ins(%x, %kt : tensor<40x16xf32>, tensor<16x50xf32>) outs(%zs : tensor<40x50xf32>) -> tensor<40x50xf32>
    %p = linalg.softmax dimension(1) ins(%s : tensor<40x50xf32>) outs(%es : tensor<40x50xf32>) -> tensor<40x50xf32>
    %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<40x16xf32>) -> tensor<40x16xf32>
    %y = linalg.matmul ins(%p, %k : tensor<40x50xf32>, tensor<50x16xf32>) outs(%zo : tensor<40x16xf32>) -> tensor<40x16xf32>
    scf.yield %y : tensor<40x16xf32>
  }
  return %o : tensor<40x16xf32>
}
