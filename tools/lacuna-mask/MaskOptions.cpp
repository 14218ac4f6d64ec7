// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/MaskOptions.h"
#include "tools/lacuna-mask/Fail.h"

using namespace mlir;

namespace lacuna {

static std::optional<MaskOptions::Pair> parsePair(StringRef text, char separator) {
  auto [first, second] = text.split(separator);
  MaskOptions::Pair result;
  if (first.getAsInteger(10, result.first) || second.getAsInteger(10, result.second))
    return std::nullopt;
  return result;
}

FailureOr<MaskOptions::Pair> MaskOptions::lengths(Pair otherwise) const {
  Pair size = space ? Pair(space->points(), space->points()) : otherwise;
  if (sizeText.empty())
    return size;
  std::optional<Pair> given = parsePair(sizeText, ',');
  if (!given || given->first < 0 || given->second < 0 || std::max(given->first, given->second) > INT32_MAX)
    return fail("--size expects Sq,Sk, two numbers in [0, 2147483647], but got '" + sizeText + "'");
  if (space && *given != size)
    return fail("--size " + sizeText + " does not fit --space " + spaceText + " of " + Twine(size.first) + " points");
  return *given;
}

FailureOr<MaskOptions::Pair> MaskOptions::tile(Pair otherwise) const {
  if (tileText.empty())
    return otherwise;
  std::optional<Pair> given = parsePair(tileText, 'x');
  if (!given || given->first < 1 || given->second < 1 || std::max(given->first, given->second) > 4096)
    return fail("--tile expects MxN, two numbers in [1, 4096], but got '" + tileText + "'");
  return *given;
}

} // namespace lacuna
