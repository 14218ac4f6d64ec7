// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which copies of loaded tiles are the same for all work items that visit a key tile, and what tells them apart otherwise. Pure analysis: tile-share-copies asks.
#pragma once

#include "dialects/Tile/Tile.h"

namespace lacuna {

/// Copies that hold the same values for the same (`place`, key tile), whichever body makes them.
struct VisitCopies {
  tile::LoadOp load;                     ///< of the first one
  llvm::SmallVector<mlir::Value> place;  ///< the batch entry, where only the load's map asks for it, and the load's indices; heads come last
  llvm::SmallVector<tile::ConvertOp> converts;

  tile::VisitOp visit() const { return load->getParentOfType<tile::VisitOp>(); }
  tile::TileType type() const { return tile::ConvertOp(converts.front()).getResult().getType(); }
};

/// Groups of copies in the kernel's only visit. `inputs`: how many of the kernel's parameters nobody writes.
llvm::SmallVector<VisitCopies> findVisitCopies(tile::KernelOp kernel, unsigned inputs);

} // namespace lacuna
