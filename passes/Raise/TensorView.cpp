// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Roles of dimensions from coordinates; expand, transpose and collapse between them and a layout.
#include "passes/Raise/TensorView.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::raise;

bool TensorView::hasHeadsInside() const {
  auto rows = llvm::find(roles, Role::Rows), heads = llvm::find(roles, Role::Head);
  return heads != roles.end() && rows < heads;
}

/// The number of query heads that share one head of this coordinate, and whether it has the batch in it.
static std::optional<std::pair<int64_t, bool>> matchHeads(Elements &elements, AffineExpr at, bool isGrouped) {
  int64_t heads = elements.size(Head);
  AffineExpr batch = elements.axis(Batch), head = elements.axis(Head);
  if (at == head)
    return std::pair(1, false);
  for (int64_t group = 1; !ShapedType::isDynamic(heads) && group <= (isGrouped ? heads : 1); ++group) {
    if (heads % group)
      continue;
    AffineExpr shared = elements.simplify(head.floorDiv(group));
    if (at == shared && group < heads) // one head for all: a unit
      return std::pair(group, false);
    if (at == elements.simplify(batch * (heads / group) + shared) && heads > 1)
      return std::pair(group, true);
  }
  return std::nullopt;
}

/// The size of the second of two dimensions that are head / group and head mod group; 0 for others.
static int64_t groupOf(Elements &elements, RankedTensorType type, ArrayRef<AffineExpr> at, int64_t dim) {
  if (dim + 1 >= type.getRank() || type.isDynamicDim(dim) || type.isDynamicDim(dim + 1))
    return 0;
  AffineExpr head = elements.axis(Head);
  int64_t group = type.getDimSize(dim + 1);
  bool isPair = group > 1 && at[dim] == head.floorDiv(group) && at[dim + 1] == head % group;
  return isPair && type.getDimSize(dim) * group == elements.size(Head) ? group : 0;
}

std::optional<TensorView> raise::viewOf(Elements &elements, RankedTensorType type, ArrayRef<AffineExpr> at, Axis rows, Axis columns, bool isGrouped) {
  TensorView view;
  auto has = [&](Role role) { return llvm::is_contained(view.roles, role); };
  for (int64_t i = 0; i < type.getRank(); ++i) {
    AffineExpr coordinate = at[i];
    int64_t size = type.getDimSize(i);
    Role role = Role::Unit;
    if (int64_t group = groupOf(elements, type, at, i)) {
      role = Role::Head;
      view.heads = elements.size(Head), view.group = group;
      ++i;
    } else if (coordinate == elements.axis(rows) || coordinate == elements.axis(columns)) {
      role = coordinate == elements.axis(rows) ? Role::Rows : Role::Columns;
    } else if (coordinate == elements.axis(Batch)) {
      role = Role::Batch;
    } else if (std::optional<std::pair<int64_t, bool>> heads = matchHeads(elements, coordinate, isGrouped)) {
      role = heads->second ? Role::Both : Role::Head;
      view.heads = ShapedType::isDynamic(elements.size(Head)) ? elements.size(Head) : elements.size(Head) / heads->first;
      if (role == Role::Head && size != view.heads)
        return std::nullopt;
    } else if (coordinate != getAffineConstantExpr(0, elements.getContext()) || size != 1) {
      return std::nullopt;
    }
    if (role != Role::Unit && has(role))
      return std::nullopt;
    view.roles.push_back(role);
  }
  bool isTwice = has(Role::Both) && (has(Role::Batch) || has(Role::Head));
  return has(Role::Rows) && has(Role::Columns) && !isTwice ? std::optional(view) : std::nullopt;
}

namespace {

/// A tensor on its way, with the roles of its dimensions.
struct Arranger {
  OpBuilder &b;
  Location loc;
  Value tensor;
  SmallVector<Role> roles;

  SmallVector<OpFoldResult> sizes() { return tensor::getMixedSizes(b, loc, tensor); }

  void expand(ArrayRef<ReassociationIndices> groups, ArrayRef<OpFoldResult> shape) {
    auto type = RankedTensorType::get(decomposeMixedValues(llvm::to_vector(shape)).first, getElementTypeOrSelf(tensor.getType()));
    tensor = tensor::ExpandShapeOp::create(b, loc, type, tensor, groups, shape);
  }

  /// Both becomes batch and head.
  void split(int64_t heads) {
    SmallVector<OpFoldResult> shape;
    SmallVector<ReassociationIndices> groups;
    SmallVector<Role> split;
    for (auto [role, size] : llvm::zip_equal(roles, sizes())) {
      groups.push_back({static_cast<int64_t>(shape.size())});
      if (role != Role::Both) {
        shape.push_back(size), split.push_back(role);
        continue;
      }
      AffineExpr whole = b.getAffineSymbolExpr(0);
      OpFoldResult batch = affine::makeComposedFoldedAffineApply(b, loc, whole.floorDiv(heads), {size});
      groups.back().push_back(shape.size() + 1);
      llvm::append_values(shape, batch, OpFoldResult(b.getIndexAttr(heads)));
      llvm::append_values(split, Role::Batch, Role::Head);
    }
    expand(groups, shape);
    roles = split;
  }

  /// Both dimensions of grouped heads become one. `roles` say where.
  SmallVector<ReassociationIndices> groupedHeads() {
    SmallVector<ReassociationIndices> groups;
    int64_t next = 0;
    for (Role role : roles) {
      groups.push_back({next++});
      if (role == Role::Head)
        groups.back().push_back(next++);
    }
    return groups;
  }

  /// Heads become two dimensions again.
  void expandHeads(const TensorView &view) {
    roles = view.roles;
    SmallVector<OpFoldResult> shape;
    for (auto [role, size] : llvm::zip_equal(roles, sizes())) {
      if (role == Role::Head)
        llvm::append_values(shape, OpFoldResult(b.getIndexAttr(view.heads / view.group)), OpFoldResult(b.getIndexAttr(view.group)));
      else
        shape.push_back(size);
    }
    expand(groupedHeads(), shape);
  }

  void collapse(ArrayRef<ReassociationIndices> groups) { tensor = tensor::CollapseShapeOp::create(b, loc, tensor, groups); }

  /// Units join a neighbour.
  void dropUnits() {
    SmallVector<ReassociationIndices> groups;
    SmallVector<Role> kept;
    ReassociationIndices pending;
    for (auto [i, role] : llvm::enumerate(roles)) {
      pending.push_back(i);
      if (role == Role::Unit)
        continue;
      groups.push_back(std::exchange(pending, {})), kept.push_back(role);
    }
    llvm::append_range(groups.back(), pending);
    if (kept.size() != roles.size())
      collapse(groups);
    roles = kept;
  }

  /// Dimensions in the order of `wanted`; those that the tensor does not have are new, of size 1.
  void insertUnits(ArrayRef<Role> wanted) {
    SmallVector<OpFoldResult> old = sizes(), shape;
    SmallVector<ReassociationIndices> groups;
    ReassociationIndices pending;
    for (auto [i, role] : llvm::enumerate(wanted)) {
      pending.push_back(i);
      bool isOld = role != Role::Unit && llvm::is_contained(roles, role);
      shape.push_back(isOld ? old[groups.size()] : OpFoldResult(b.getIndexAttr(1)));
      if (isOld)
        groups.push_back(std::exchange(pending, {}));
    }
    llvm::append_range(groups.back(), pending);
    if (wanted.size() != roles.size())
      expand(groups, shape);
    roles.assign(wanted.begin(), wanted.end());
  }

  void transpose(ArrayRef<Role> wanted) {
    if (ArrayRef(roles) == wanted)
      return;
    SmallVector<int64_t> permutation;
    SmallVector<OpFoldResult> old = sizes(), shape;
    for (Role role : wanted) {
      permutation.push_back(llvm::find(roles, role) - roles.begin());
      shape.push_back(old[permutation.back()]);
    }
    Value empty = tensor::EmptyOp::create(b, loc, shape, getElementTypeOrSelf(tensor.getType()));
    tensor = linalg::TransposeOp::create(b, loc, tensor, empty, permutation).getResult()[0];
    roles.assign(wanted.begin(), wanted.end());
  }
};

SmallVector<Role> orderOf(attn::Layout layout) {
  if (layout == attn::Layout::bshd)
    return {Role::Batch, Role::Rows, Role::Head, Role::Columns};
  return {Role::Batch, Role::Head, Role::Rows, Role::Columns};
}

/// Whether units stand where batch or head would.
bool fits(ArrayRef<Role> roles, ArrayRef<Role> order) {
  if (roles.size() != order.size())
    return false;
  for (auto [role, wanted] : llvm::zip(roles, order))
    if (role != wanted && !(role == Role::Unit && (wanted == Role::Batch || wanted == Role::Head)))
      return false;
  return true;
}

} // namespace

Value raise::arrange(OpBuilder &b, Location loc, Value tensor, const TensorView &view, attn::Layout layout) {
  SmallVector<Role> order = orderOf(layout);
  Arranger arranger{b, loc, tensor, view.roles};
  if (view.group)
    arranger.collapse(arranger.groupedHeads());
  if (fits(view.roles, order))
    return arranger.tensor;
  arranger.dropUnits();
  if (llvm::is_contained(arranger.roles, Role::Both))
    arranger.split(view.heads);
  arranger.transpose(llvm::filter_to_vector(order, [&](Role role) { return llvm::is_contained(arranger.roles, role); }));
  arranger.insertUnits(order);
  return arranger.tensor;
}

/// From four dimensions to those of the view, groups of heads still one.
static void moveTo(Arranger &arranger, const TensorView &view) {
  // Dimensions that the view has not are of size 1: first, where they join the next one.
  SmallVector<Role> order, all;
  for (Role role : view.roles)
    if (role == Role::Both)
      llvm::append_values(order, Role::Batch, Role::Head);
    else
      order.push_back(role);
  for (Role role : {Role::Batch, Role::Head})
    if (!llvm::is_contained(order, role))
      all.push_back(role);
  int64_t next = all.size();
  llvm::append_range(all, order);
  arranger.transpose(all);
  SmallVector<ReassociationIndices> groups;
  for (Role role : view.roles) {
    groups.push_back({next++});
    if (role == Role::Both)
      groups.back().push_back(next++);
  }
  groups.front() = llvm::to_vector(llvm::seq<int64_t>(0, groups.front().back() + 1));
  if (groups.size() != all.size())
    arranger.collapse(groups);
}

Value raise::restore(OpBuilder &b, Location loc, Value tensor, const TensorView &view, attn::Layout layout, RankedTensorType type) {
  Arranger arranger{b, loc, tensor, orderOf(layout)};
  if (!fits(view.roles, arranger.roles)) {
    TensorView bare = view;
    llvm::erase(bare.roles, Role::Unit);
    moveTo(arranger, bare);
    arranger.roles = bare.roles;
    arranger.insertUnits(view.roles);
  }
  if (view.group)
    arranger.expandHeads(view);
  Value result = arranger.tensor;
  return result.getType() == type ? result : tensor::CastOp::create(b, loc, type, result).getResult();
}
