// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The non-linear integer ops on ranges. Each result contains op(x, y) for all x and y of the operands, under the builder's assumptions (a divisor is
// positive, a shift amount lies in the word, an operand of an unsigned op is not negative).
#pragma once

#include "lib/Analysis/RangeBuilder.h"

namespace lacuna {

enum class Rounding { Zero, Down, Up };
enum class BitOp { And, Or, Xor };

Range rangeMul(RangeBuilder &r, Range x, Range y);
Range rangeDiv(RangeBuilder &r, Range x, Range y, Rounding rounding);
/// Remainder of the division that rounds to zero (sign of x) or down (not negative).
Range rangeRem(RangeBuilder &r, Range x, Range y, Rounding rounding);
Range rangeMin(RangeBuilder &r, const Range &x, const Range &y);
Range rangeMax(RangeBuilder &r, const Range &x, const Range &y);
Range rangeAbs(RangeBuilder &r, const Range &x);
Range rangeBits(RangeBuilder &r, const Range &x, const Range &y, BitOp op);
Range rangeShiftLeft(RangeBuilder &r, Range x, Range amount);
Range rangeShiftRight(RangeBuilder &r, const Range &x, Range amount);
/// x where the condition holds, else y.
Range rangeSelect(RangeBuilder &r, Tri condition, const Range &x, const Range &y);

} // namespace lacuna
