// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "test/unit/analysis/RandomMasks.h"

#include "llvm/ADT/Twine.h"

#include <algorithm>
#include <cstring>

using llvm::StringRef;
using llvm::Twine;

namespace lacuna::test {
namespace {

/// Writes one function, value by value.
class Writer {
public:
  Writer(Random &random, MaskFamily family) : random(random), family(family) {}

  std::string mask(int depth) {
    if (depth == 0 || chance(random, 25))
      return atom();
    if (chance(random, 20))
      return combinator(depth);
    int64_t kind = pick(random, 0, 4);
    if (kind == 0)
      return define("attn.not " + mask(depth - 1));
    std::string operands = mask(depth - 1);
    for (int64_t more = pick(random, 1, 2); more > 0; --more)
      operands += ", " + mask(depth - 1);
    return define((kind <= 2 ? "attn.and " : "attn.or ") + operands);
  }

  /// Blocks of intervals, often in a document or a part, or with a frame of their own.
  std::string blocksOfIntervals(int depth) {
    family = MaskFamily::Intervals;
    std::string inner = mask(depth), result = chance(random, 30) ? framed(inner) : blocks(inner);
    family = MaskFamily::Mixed;
    if (chance(random, 30))
      result = define("attn.not " + result);
    if (chance(random, 40))
      result = define("attn.document %cu, %cu where " + result + " : tensor<?xi32>, tensor<?xi32>");
    return chance(random, 40) ? part(result) : result;
  }

  /// One interval with an end, or both, in chunks: (x / c + n) d + e, each of them at run time or not.
  std::string chunks() {
    int64_t kind = pick(random, 0, 2);
    std::string ends = region({"b", "h", "q"}, [&] {
      std::string low = kind == 0 ? constant(pick(random, -5, 30)) : chunkEnd(), high = kind == 1 ? constant(pick(random, 0, 60)) : chunkEnd();
      return low + ", " + high + " : index, index";
    });
    return define("attn.interval " + ends);
  }

  std::string text;

private:
  std::string chunkEnd() {
    auto size = [&]() -> std::string { return chance(random, 50) ? positive() : chance(random, 50) ? leaf2() : binary("arith.maxsi", leaf2(), constant(1)); };
    std::string x = coordinates[0], c = size();
    if (chance(random, 50))
      x = binary(any({"arith.addi", "arith.subi"}), x, chance(random, 50) ? constant(pick(random, 0, 40)) : define("attn.key_length"));
    x = binary(any({"arith.floordivsi", "arith.floordivsi", "arith.ceildivsi", "arith.divsi"}), x, c);
    if (chance(random, 50))
      x = binary(any({"arith.addi", "arith.subi"}), x, constant(pick(random, 0, 3)));
    if (chance(random, 70))
      x = binary("arith.muli", x, chance(random, 70) ? c : size());
    return chance(random, 50) ? binary("arith.subi", constant(pick(random, 0, 60)), x) : binary("arith.addi", x, constant(pick(random, -9, 9)));
  }

  std::string fresh() { return ("%v" + Twine(next++)).str(); }
  std::string define(const Twine &op) {
    std::string operation = op.str(), name = fresh();
    text += "  " + name + " = " + operation + "\n";
    return name;
  }
  std::string constant(int64_t value) { return define("arith.constant " + Twine(value) + " : index"); }
  std::string positive() { return constant(pick(random, 1, chance(random, 50) ? 4 : 24)); }
  StringRef any(std::initializer_list<StringRef> choices) { return choices.begin()[pick(random, 0, choices.size() - 1)]; }
  std::string binary(StringRef op, StringRef x, StringRef y) { return define(op + " " + x + ", " + y + " : index"); }

  std::string combinator(int depth) {
    int64_t kind = pick(random, 0, 4);
    if (kind == 4 && family != MaskFamily::Intervals) // where it need not be an interval
      return define("attn.transpose " + mask(depth - 1));
    if (kind == 0) {
      std::string masks = mask(depth - 1);
      for (int64_t more = pick(random, 0, 3); more > 0; --more)
        masks += ", " + mask(depth - 1);
      return define("attn.select " + any({"head", "batch"}) + " %ids[" + masks + "] : tensor<?xi32>");
    }
    if (family == MaskFamily::Mixed && chance(random, 25))
      return define("attn.document %cu, %cu where " + mask(depth - 1) + " : tensor<?xi32>, tensor<?xi32>");
    if (kind == 1 || family == MaskFamily::Predicates || family == MaskFamily::Intervals)
      return part(mask(depth - 1));
    return blocks(mask(depth - 1));
  }

  std::string part(const std::string &whole) {
    auto offset = [&] { return chance(random, 80) ? std::to_string(pick(random, 0, 30)) : leaf2(); };
    auto length = [&] { return chance(random, 80) ? std::to_string(pick(random, 0, 240)) : leaf2(); };
    std::string queries = offset() + " of " + length(), keys = offset() + " of " + length();
    return define("attn.restrict " + whole + " queries(" + queries + ") keys(" + keys + ")");
  }

  std::string blocks(StringRef inner, StringRef frame = "") {
    std::string extents = (Twine(pick(random, 1, 9)) + ", " + Twine(pick(random, 1, 9))).str();
    return define("attn." + any({"block_cover ", "block_interior "}) + inner + " [" + extents + "]" + frame);
  }

  /// Frames that no document and no part has: rows in any order, some of them none of the mask's.
  std::string framed(const std::string &inner) {
    auto position = [&](const std::string &row) {
      switch (pick(random, 0, 6)) {
      case 5:
      case 6: // the same for all rows: blocks that differ in one thing only
        return constant(pick(random, -3, 60));
      case 0:
        return binary("arith.subi", row, constant(pick(random, -9, 30)));
      case 1:
        return binary("arith.floordivsi", row, positive());
      case 2:
        return lookup("%ids", row);
      default:
        return chance(random, 50) ? row : segment(row);
      }
    };
    auto length = [&](const std::string &row) { return chance(random, 60) ? constant(pick(random, 0, 120)) : position(row); };
    std::string frame = region({"b", "h", "q"}, [&] {
      std::string row = coordinates[0], local = position(row), queries = length(row), first = position(row);
      return local + ", " + queries + ", " + first + ", " + length(row) + " : index, index, index, index";
    });
    return blocks(inner, " within " + frame);
  }

  /// Intervals only: one dimension without dilation. Some values at run time, legal or not.
  std::string neighborhood() {
    bool simple = family == MaskFamily::Intervals;
    std::string space, window, stride, dilation, causal;
    for (int64_t dim = 0, rank = simple ? 1 : pick(random, 1, 3); dim < rank; ++dim) {
      int64_t extent = pick(random, 1, rank == 1 ? 200 : rank == 2 ? 20 : 8), w = pick(random, 1, extent);
      auto add = [&](std::string &list, int64_t value, bool fixed = false) {
        list += (dim ? ", " : "") + (fixed || chance(random, 90) ? std::to_string(value) : leaf2());
      };
      add(space, extent), add(window, w), add(stride, pick(random, 1, w)), add(dilation, simple ? 1 : pick(random, 1, extent / w), simple);
      causal += std::string(dim ? ", " : "") + (chance(random, 30) ? "true" : "false");
    }
    return define("attn.neighborhood space[" + Twine(space) + "] window[" + window + "] stride[" + stride + "] dilation[" + dilation + "] causal[" + causal + "]");
  }

  std::string atom() {
    if (chance(random, 12))
      return neighborhood();
    if (family == MaskFamily::Intervals)
      return interval();
    int64_t kind = family == MaskFamily::Predicates ? 2 : pick(random, 0, 2);
    return kind == 0 ? interval() : kind == 1 ? equal() : predicate();
  }

  std::string region(std::initializer_list<StringRef> arguments, llvm::function_ref<std::string()> body) {
    std::string outer;
    std::swap(outer, text);
    coordinates.clear();
    std::string header;
    for (StringRef kind : arguments) {
      std::string name = fresh();
      header += (header.empty() ? "" : ", ") + name + ": index";
      (kind == "b" ? batch : kind == "h" ? head : kind == "q" ? query : key) = name;
      if (kind == "q" || kind == "k")
        coordinates.push_back(name);
    }
    std::string yielded = body(), inside = text;
    text = outer;
    return "{\n  ^bb0(" + header + "):\n" + inside + "    attn.yield " + yielded + "\n  }";
  }

  std::string interval() {
    std::string body = region({"b", "h", "q"}, [&] {
      std::string lo = integer(pick(random, 0, 3));
      // Often an end near the beginning, as in windows; otherwise anything.
      std::string hi = chance(random, 50) ? binary("arith.addi", lo, constant(pick(random, 0, 40))) : integer(pick(random, 0, 3));
      return lo + ", " + hi + " : index, index";
    });
    return define("attn.interval " + body);
  }

  std::string equal() {
    int64_t shape = pick(random, 0, 5), divisor = pick(random, 1, 24);
    auto side = [&] {
      std::string x = coordinates[0];
      std::string y = shape == 0   ? lookup("%ids", x)
                      : shape == 1 ? binary("arith.floordivsi", x, constant(divisor))
                      : shape == 2 ? binary("arith.remsi", x, constant(divisor))
                      : shape == 3 ? segment(x)
                                   : integer(pick(random, 0, 2));
      return y + " : index";
    };
    std::string query = region({"b", "h", "q"}, side);
    return define("attn.equal query " + query + " key " + region({"b", "h", "k"}, side));
  }

  std::string predicate() {
    return define("attn.predicate " + region({"b", "h", "q", "k"}, [&] { return truth(pick(random, 0, 2)) + " : i1"; }));
  }

  std::string truth(int depth) {
    int64_t kind = pick(random, 0, 9);
    if (depth == 0 || kind <= 3)
      return comparison();
    if (kind == 9)
      return define("arith.select " + truth(depth - 1) + ", " + truth(depth - 1) + ", " + truth(depth - 1) + " : i1");
    StringRef op = kind <= 5 ? "arith.andi" : kind <= 7 ? "arith.ori" : "arith.xori";
    return define(op + " " + truth(depth - 1) + ", " + truth(depth - 1) + " : i1");
  }

  std::string comparison() {
    if (family == MaskFamily::Mixed && chance(random, 6))
      return unknownComparison();
    StringRef predicate = any({"slt", "sle", "sgt", "sge", "slt", "sle", "sgt", "sge", "eq", "ne", "ult", "ule", "ugt", "uge"});
    int64_t depth = pick(random, 0, 2);
    if (chance(random, 10))
      return define("arith.cmpi " + predicate + ", " + word(depth) + ", " + word(depth) + " : i32");
    std::string x = integer(depth), y = integer(pick(random, 0, 2));
    return define("arith.cmpi " + predicate + ", " + x + ", " + y + " : index");
  }

  /// Floats and other things no range is kept for.
  std::string unknownComparison() {
    std::string x = integer(1);
    if (chance(random, 50)) {
      std::string whole = define("arith.index_cast " + x + " : index to i64"), real = define("arith.sitofp " + whole + " : i64 to f64");
      std::string half = define("arith.constant 20.5 : f64");
      return define("arith.cmpf olt, " + real + ", " + half + " : f64");
    }
    std::string whole = define("arith.index_cast " + x + " : index to i64"), bits = define("math.ctpop " + whole + " : i64");
    std::string three = define("arith.constant 3 : i64");
    return define("arith.cmpi slt, " + bits + ", " + three + " : i64");
  }

  std::string lookup(StringRef table, const std::string &index) {
    StringRef type = table == "%flags" ? "tensor<?xi1>" : table == "%wide" ? "tensor<?xi64>" : "tensor<?xi32>";
    StringRef promise = table == "%sorted" && chance(random, 80) ? " monotone" : "";
    return define("attn.lookup " + table + "[" + index + "]" + promise + " : " + type + " -> index");
  }

  std::string segment(const std::string &position) { return define("attn.segment %cu[" + position + "] : tensor<?xi32>"); }

  std::string leaf() {
    int64_t kind = pick(random, 0, 19);
    if (kind <= 10)
      return coordinates[pick(random, 0, coordinates.size() - 1)];
    if (kind <= 14)
      return constant(chance(random, 90) ? pick(random, -20, 70) : pick(random, -3, 3) * (int64_t(1) << pick(random, 20, 60)));
    if (kind == 15)
      return define(any({"attn.query_length", "attn.key_length"}));
    if (kind == 16)
      return chance(random, 50) ? batch : head;
    return any({"%w", "%u"}).str();
  }

  std::string integer(int depth) {
    if (depth == 0)
      return leaf();
    std::string x = integer(depth - 1);
    switch (pick(random, 0, 26)) {
    case 26: // a truth value: 0 or 1, or 0 or -1
      return define("arith.index_cast " + define(any({"arith.extui ", "arith.extsi "}) + comparison() + " : i1 to i32") + " : i32 to index");
    case 0: case 1: case 2:
      return binary("arith.addi", x, integer(depth - 1));
    case 3: case 4: case 5:
      return binary("arith.subi", x, integer(depth - 1));
    case 6:
      return binary("arith.muli", x, constant(pick(random, -3, 5)));
    case 7:
      return binary("arith.muli", x, leaf());
    case 8: case 9:
      return binary(any({"arith.floordivsi", "arith.divsi", "arith.ceildivsi", "arith.divui", "arith.ceildivui"}), x,
                    chance(random, 80) ? positive() : leaf2());
    case 10: case 11:
      return binary(any({"arith.remsi", "arith.remui"}), x, chance(random, 80) ? positive() : leaf2());
    case 12:
      return affine(x);
    case 13: case 14:
      return binary(any({"arith.minsi", "arith.maxsi", "arith.minsi", "arith.maxsi", "arith.minui", "arith.maxui"}), x, integer(depth - 1));
    case 15: case 16:
      return select(x, depth);
    case 17:
      return binary(any({"arith.shrsi", "arith.shli", "arith.shrui"}), x, constant(pick(random, 0, 5)));
    case 18:
      return binary(any({"arith.andi", "arith.ori", "arith.xori"}), x, chance(random, 60) ? constant(pick(random, -9, 31)) : leaf());
    case 19: case 20:
      return lookup(any({"%ids", "%sorted", "%flags", "%wide"}), x);
    case 21:
      return define("attn.lookup %grid[" + binary("arith.floordivsi", x, positive()) + ", " + leaf() + "] : tensor<?x?xi32> -> index");
    case 22:
      return segment(x);
    case 23:
      return define("math.absi " + x + " : index");
    case 24:
      return roundDown(x);
    default:
      return define(Twine(any({"arith.index_cast ", "arith.index_castui "})) + word(depth - 1) + " : i32 to index");
    }
  }

  std::string leaf2() { return any({"%w", "%u"}).str(); }

  std::string affine(StringRef x) {
    StringRef op = any({"floordiv", "ceildiv", "mod"});
    if (chance(random, 70))
      return define("affine.apply affine_map<(d0) -> (d0 " + op + " " + Twine(pick(random, 1, 12)) + " + " + Twine(pick(random, -3, 3)) +
                    ")>(" + x + ")");
    return define("affine.apply affine_map<(d0)[s0] -> (d0 " + op + " s0)>(" + x + ")[" + leaf2() + "]");
  }

  /// x - x mod c, the beginning of its chunk, in one of its spellings.
  std::string roundDown(const std::string &x) {
    std::string c = chance(random, 70) ? positive() : leaf2();
    if (chance(random, 50))
      return binary("arith.subi", x, binary("arith.remsi", x, c));
    std::string least = binary("arith.maxsi", c, constant(1));
    return binary("arith.muli", binary("arith.floordivsi", x, least), least);
  }

  std::string select(const std::string &x, int depth) {
    StringRef predicate = any({"slt", "sge", "sgt", "eq"});
    std::string limit = chance(random, 60) ? constant(pick(random, 0, 30)) : leaf();
    std::string condition = define("arith.cmpi " + predicate + ", " + x + ", " + limit + " : index");
    std::string moved = chance(random, 60) ? binary("arith.addi", x, constant(pick(random, -8, 8))) : integer(depth - 1);
    bool swap = chance(random, 50);
    return define("arith.select " + condition + ", " + (swap ? moved : x) + ", " + (swap ? x : moved) + " : index");
  }

  /// An i32: what the twin must not let wrap.
  std::string word(int depth) {
    if (depth == 0)
      return chance(random, 20) ? std::string("%x") : define("arith.index_cast " + leaf() + " : index to i32");
    std::string x = word(depth - 1), y = word(depth - 1);
    return define(any({"arith.addi", "arith.subi", "arith.subi", "arith.muli", "arith.maxsi", "arith.xori"}) + " " + x + ", " + y + " : i32");
  }

  Random &random;
  MaskFamily family;
  unsigned next = 0;
  std::string batch, head, query, key;
  std::vector<std::string> coordinates;
};

template <typename T> ProbeArgumentValue table(std::vector<int64_t> shape, const std::vector<T> &entries) {
  ProbeArgumentValue value;
  value.isTensor = true;
  value.shape = std::move(shape);
  value.bytes.resize(entries.size() * sizeof(T));
  if (!entries.empty())
    std::memcpy(value.bytes.data(), entries.data(), value.bytes.size());
  return value;
}

template <typename T> ProbeArgumentValue list(const std::vector<T> &entries) {
  return table<T>({static_cast<int64_t>(entries.size())}, entries);
}

template <typename T> ProbeArgumentValue scalar(T x) {
  ProbeArgumentValue value;
  value.bytes.resize(sizeof(T));
  std::memcpy(value.bytes.data(), &x, sizeof(T));
  return value;
}

int64_t wild(Random &random, int64_t low, int64_t high) {
  int64_t kind = pick(random, 0, 39);
  if (kind == 0)
    return INT64_MAX - pick(random, 0, 3);
  if (kind == 1)
    return INT64_MIN + pick(random, 0, 3);
  if (kind <= 3)
    return pick(random, -4, 4) * (int64_t(1) << pick(random, 28, 60));
  return pick(random, low, high);
}

template <typename T> std::vector<T> entries(Random &random, int64_t count, int64_t low, int64_t high) {
  std::vector<T> result(count);
  for (T &entry : result)
    entry = static_cast<T>(chance(random, 1) ? wild(random, low, high) : pick(random, low, high));
  return result;
}

/// Runs of equal ids: what documents and buckets look like.
std::vector<int32_t> ids(Random &random, int64_t count) {
  std::vector<int32_t> result(count);
  int64_t run = pick(random, 1, 40);
  int32_t id = 0;
  for (int32_t &entry : result)
    entry = id = pick(random, 0, run) == 0 ? static_cast<int32_t>(pick(random, 0, 6)) : id;
  return result;
}

} // namespace

std::string randomMaskFunction(Random &random, StringRef name, MaskFamily family) {
  Writer writer(random, family);
  int depth = pick(random, 0, 2);
  std::string result = family == MaskFamily::Blocks ? writer.blocksOfIntervals(depth) : family == MaskFamily::Chunks ? writer.chunks() : writer.mask(depth);
  const char *tensor = "tensor<1x1x?x8xf32>";
  std::string header = ("func.func @" + name + "(%q: " + tensor + ", %k: " + tensor + ", %v: " + tensor +
                        ", %w: index, %u: index, %x: i32, %ids: tensor<?xi32>, %sorted: tensor<?xi32>, %wide: tensor<?xi64>, "
                        "%flags: tensor<?xi1>, %grid: tensor<?x?xi32>, %cu: tensor<?xi32>) -> " +
                        tensor + " {\n")
                           .str();
  std::string use = ("  %o = attn.attention %q, %k, %v mask(" + Twine(result) + ") layout(bhsd) : " + tensor + ", " + tensor + ", " + tensor +
                     " -> " + tensor + "\n  return %o : " + tensor + "\n}\n")
                        .str();
  return header + writer.text + use;
}

std::vector<ProbeArgumentValue> randomArguments(Random &random, int64_t queries, int64_t keys) {
  int64_t length = std::max(queries, keys);
  auto size = [&] { return chance(random, 80) ? length : pick(random, 0, length); };
  std::vector<ProbeArgumentValue> result;
  for (int64_t extent : {queries, keys, keys})
    result.push_back(table<float>({1, 1, extent, 8}, {}));
  result.push_back(scalar(wild(random, -10, 50)));
  result.push_back(scalar(wild(random, 1, 20)));
  result.push_back(scalar(static_cast<int32_t>(wild(random, -10, 50))));
  result.push_back(list(ids(random, size())));
  std::vector<int32_t> sorted = entries<int32_t>(random, size(), 0, length);
  std::sort(sorted.begin(), sorted.end());
  result.push_back(list(sorted));
  result.push_back(list(entries<int64_t>(random, size(), -5, length)));
  std::vector<int8_t> flags = entries<int8_t>(random, size(), 0, 1);
  for (int8_t &flag : flags)
    flag &= 1;
  result.push_back(list(flags));
  int64_t rows = pick(random, 0, 12), columns = pick(random, 1, 60);
  result.push_back(table<int32_t>({rows, columns}, entries<int32_t>(random, rows * columns, 0, 40)));
  std::vector<int32_t> cu = entries<int32_t>(random, pick(random, 0, 8), -4, length + 4);
  std::sort(cu.begin(), cu.end());
  result.push_back(list(cu));
  return result;
}

} // namespace lacuna::test
