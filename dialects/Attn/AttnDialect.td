// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The attn dialect: its name, types and attributes.
#ifndef LACUNA_DIALECTS_ATTN_ATTNDIALECT_TD
#define LACUNA_DIALECTS_ATTN_ATTNDIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Attn_Dialect : Dialect {
  let name = "attn";
  let cppNamespace = "::lacuna::attn";
  let summary = "What attention computes: tensors, described masks, scores";
  let description = [{
    A mask is a predicate on logical coordinates (batch, query head, query, key): `true` means *attend*. Masks are built
    from atoms (`interval`, `equal`, `predicate`), core masks that expand to atoms, named masks of a library, and the
    algebra `and`, `or`, `not`. `attn.attention` applies one. Storage, order and schedule never change which pairs
    attend. Conventions: docs/semantics.md; rationale: dialects/Attn/README.md.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

class Attn_Type<string name, string typeMnemonic> : TypeDef<Attn_Dialect, name> {
  let mnemonic = typeMnemonic;
}

// Buildable, so that masks are spelled nowhere in op syntax.
def Attn_MaskType : Attn_Type<"Mask", "mask">, BuildableType<"::lacuna::attn::MaskType::get($_builder.getContext())"> {
  let summary = "a predicate on (batch, query head, query, key)";
  let description = [{
    Needs no memory: it is a description. It knows no lengths; `attn.attention` supplies Sq and Sk, and
    `attn.document` supplies the lengths of each document to its inner mask.
  }];
}

def Attn_SetFormat : I32EnumAttr<"SetFormat", "storage format of a run-time set", [
    I32EnumAttrCase<"Csr", 0, "csr">, I32EnumAttrCase<"List", 1, "list">, I32EnumAttrCase<"Bitmap", 2, "bitmap">,
    I32EnumAttrCase<"Table", 3, "table">, I32EnumAttrCase<"Runs", 4, "runs">, I32EnumAttrCase<"Slices", 5, "slices">]> {
  let cppNamespace = "::lacuna::attn";
}

def Attn_SetType : Attn_Type<"Set", "set"> {
  let summary = "a run-time set of pairs in a statically known format, for example `!attn.set<csr>`";
  let parameters = (ins EnumParameter<Attn_SetFormat>:$format);
  let assemblyFormat = "`<` $format `>`";
}

def Attn_Align : I32EnumAttr<"Align", "which corners of the score matrix a diagonal mask is anchored to", [
    I32EnumAttrCase<"TopLeft", 0, "top_left">, I32EnumAttrCase<"BottomRight", 1, "bottom_right">]> {
  let cppNamespace = "::lacuna::attn";
}

def Attn_Layout : I32EnumAttr<"Layout", "order of the dimensions of Q, K, V and O", [
    I32EnumAttrCase<"bhsd", 0, "bhsd">, I32EnumAttrCase<"bshd", 1, "bshd">, I32EnumAttrCase<"shd", 2, "shd">]> {
  let cppNamespace = "::lacuna::attn";
}

def Attn_StateType : Attn_Type<"State", "state"> {
  let summary = "an unfinished softmax of a set of rows, for example `!attn.state<bhsd, ?x32x?x128>`";
  let description = [{
    What attention to some of the keys leaves so that attention to others can be joined: per row the output normalised over the keys seen so far and the logarithm
    of the sum of their exponentials, both in f32. Layout and shape are those of the output. A row that has seen no key is *empty*: output 0, logarithm -inf.
  }];
  let parameters = (ins EnumParameter<Attn_Layout>:$layout, ArrayRefParameter<"int64_t">:$shape);
  let assemblyFormat = "`<` $layout `,` custom<Shape>($shape) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getOutputType();
    ::mlir::RankedTensorType getLseType();
  }];
}

def Attn_ScheduleAttr : AttrDef<Attn_Dialect, "Schedule"> {
  let mnemonic = "schedule";
  let summary = "how one attention op is tiled; has no influence on which pairs attend";
  let description = [{
    `tile_m` query rows and `tile_n` keys make one tile; `warps` cooperate on it (1 on a CPU), `stages` buffers per operand are in flight (1: no prefetch); on a CPU with
    a tile unit 2 lets products of some queries run beside the softmax of others (`tile-group-queries`). `transposed` says which product the target computes: false,
    queries are the rows of the matrix instruction, or the rows of flat tiles on a CPU (for few queries); true, queries are its columns or the vector lanes of a CPU.
    `split` shares cut the key tiles that one query tile visits into contiguous pieces, one work item each, whose states are merged in order (for few heads and many keys).
    With `pack_heads` the rows of a tile are the pairs (query, query head of the group that shares a key head), heads fastest, so that a group reads its keys once
    (grouped-query attention with few queries).
    Chosen by `attn-select-schedule` from lib/Target's table, or written by hand.
  }];
  let parameters = (ins "int64_t":$tile_m, "int64_t":$tile_n, DefaultValuedParameter<"int64_t", "1">:$warps,
                        DefaultValuedParameter<"int64_t", "1">:$stages,
                        DefaultValuedParameter<"bool", "false">:$transposed, DefaultValuedParameter<"int64_t", "1">:$split,
                        DefaultValuedParameter<"bool", "false">:$pack_heads);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // LACUNA_DIALECTS_ATTN_ATTNDIALECT_TD
