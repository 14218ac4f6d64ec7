// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/SpaceReport.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <cmath>

using llvm::StringRef;
using llvm::Twine;

namespace lacuna {
namespace {

constexpr int64_t kMaxPoints = INT32_MAX, kMaxTile = 4096;

llvm::Error error(const Twine &message) { return llvm::createStringError(llvm::inconvertibleErrorCode(), message); }

std::string show(const std::vector<int64_t> &shape) {
  return llvm::join(llvm::map_range(shape, [](int64_t extent) { return std::to_string(extent); }), "x");
}

/// `option` is a list of 1 to 3 numbers in [1, most].
llvm::Expected<std::vector<int64_t>> parseShape(const char *option, StringRef text, int64_t most) {
  std::vector<int64_t> shape;
  llvm::SmallVector<StringRef> parts;
  text.split(parts, 'x');
  for (StringRef part : parts) {
    int64_t extent = 0;
    if (part.getAsInteger(10, extent) || extent < 1 || extent > most)
      shape.clear(), parts.resize(4);
    shape.push_back(extent);
  }
  if (parts.size() > 3)
    return error(Twine("--") + option + " expects 1 to 3 numbers in [1, " + Twine(most) + "], such as 30x48x80, but got '" + text + "'");
  return shape;
}

std::optional<double> ratio(double x, double y) { return y == 0 ? std::nullopt : std::optional(x / y); }
std::optional<double> inverse(std::optional<double> x) { return x ? ratio(1, *x) : std::nullopt; }

} // namespace

llvm::Expected<TiledSpace> parseSpace(StringRef space, StringRef queryTile, StringRef keyTile) {
  TiledSpace result;
  for (auto [option, text, most, shape] : {std::tuple("space", space, kMaxPoints, &result.extents), std::tuple("q-tile", queryTile, kMaxTile, &result.queryTile),
                                           std::tuple("kv-tile", keyTile, kMaxTile, &result.keyTile)}) {
    if (text.empty())
      return error(Twine("--space, --q-tile and --kv-tile go together: --") + option + " is missing");
    llvm::Expected<std::vector<int64_t>> parsed = parseShape(option, text, most);
    if (!parsed)
      return parsed.takeError();
    *shape = std::move(*parsed);
    if (shape->size() != result.rank())
      return error(Twine("--") + option + " expects " + Twine(result.rank()) + " number(s), as --space has, but got '" + text + "'");
  }
  double points = 1;
  for (int64_t extent : result.extents)
    points *= extent;
  if (points > kMaxPoints)
    return error("--space expects at most " + Twine(kMaxPoints) + " points, but got '" + space + "'");
  return result;
}

std::optional<double> SpaceReport::density() const {
  double points = space.points();
  return ratio(statistics.attended, points * points);
}
std::optional<double> SpaceReport::bound() const { return ratio(statistics.total, statistics.visited); }
std::optional<double> SpaceReport::worstBound() const { return ratio(space.keyTiles(), statistics.worstVisited); }

void SpaceReport::writeText(llvm::raw_ostream &os, StringRef subject) const {
  auto number = [](std::optional<double> x) { return x ? llvm::formatv("{0:f4}", *x).str() : std::string("none"); };
  auto count = [](double x) { return llvm::formatv("{0:f0}", x).str(); };
  auto list = [](const std::vector<int64_t> &values) {
    return llvm::join(llvm::map_range(values, [](int64_t x) { return x ? std::to_string(x) : std::string("none"); }), ", ");
  };
  std::string worst = llvm::join(llvm::map_range(statistics.worstTile, [](int64_t x) { return std::to_string(x); }), ", ");
  os << subject << ": space " << show(space.extents) << ", query tiles of " << show(space.queryTile) << ", key tiles of " << show(space.keyTile) << "\n"
     << "density         " << number(density()) << "\n"
     << "FLOP ratio      " << number(inverse(density())) << "\n"
     << "tiles           " << count(statistics.total) << ": " << count(statistics.full) << " full, " << count(statistics.partial()) << " partial, "
     << count(statistics.empty()) << " empty\n"
     << "speed-up bound  " << number(bound()) << "\n"
     << "worst tile      [" << worst << "] visits " << statistics.worstVisited << " of " << space.keyTiles() << " key tiles: bound " << number(worstBound())
     << "\n";
  if (isNeighborhood)
    os << "perfect stride  [" << list(perfectStrides) << "] is the smallest without partial tiles in each dimension\n";
}

void SpaceReport::writeJson(llvm::raw_ostream &os) const {
  llvm::json::OStream json(os, 2);
  auto number = [&](const char *key, std::optional<double> x) { json.attribute(key, x ? llvm::json::Value(*x) : llvm::json::Value(nullptr)); };
  auto list = [&](const char *key, const std::vector<int64_t> &values, bool zeroIsNone = false) {
    json.attributeArray(key, [&] {
      for (int64_t x : values)
        json.value(x || !zeroIsNone ? llvm::json::Value(x) : llvm::json::Value(nullptr));
    });
  };
  json.object([&] {
    json.attribute("schema_version", 1);
    list("space", space.extents);
    list("q_tile", space.queryTile);
    list("kv_tile", space.keyTile);
    number("density", density());
    number("flop_ratio", inverse(density()));
    json.attributeObject("tiles", [&] {
      json.attribute("total", std::llround(statistics.total));
      json.attribute("full", std::llround(statistics.full));
      json.attribute("partial", std::llround(statistics.partial()));
      json.attribute("empty", std::llround(statistics.empty()));
    });
    number("speedup_bound", bound());
    json.attributeObject("worst", [&] {
      list("tile", statistics.worstTile);
      json.attribute("visited", statistics.worstVisited);
      number("speedup_bound", worstBound());
    });
    if (isNeighborhood)
      list("perfect_stride", perfectStrides, /*zeroIsNone=*/true);
    else
      json.attribute("perfect_stride", nullptr);
  });
  os << "\n";
}

} // namespace lacuna
