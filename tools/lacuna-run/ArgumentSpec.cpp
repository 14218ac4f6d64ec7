// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ArgumentSpec.h"

#include "runtime/DType.h"

#include "llvm/ADT/SmallVector.h"

using namespace lacuna;
using namespace lacuna::run;
using namespace lacuna::runtime;
using llvm::StringRef;

namespace {
struct DistributionRow {
  StringRef name;
  Distribution distribution;
  bool seeded;
};
const DistributionRow distributions[] = {
    {"randn", Distribution::Randn, true},    {"rand", Distribution::Rand, true},
    {"zeros", Distribution::Zeros, false},   {"ones", Distribution::Ones, false},
    {"arange", Distribution::Arange, false}, {"randint", Distribution::Randint, true},
};
} // namespace

static const DistributionRow *findDistribution(StringRef name) {
  for (const DistributionRow &row : distributions)
    if (row.name == name)
      return &row;
  return nullptr;
}

static std::string quoted(StringRef text) { return "'" + text.str() + "'"; }

/// Sizes first, the rest is the type: "index" has an x of its own.
static Status parseType(StringRef text, Generator &generator) {
  StringRef rest = text;
  while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
    int64_t size;
    if (rest.consumeInteger(10, size) || !rest.consume_front("x"))
      return expectsButGot("type", "sizes and an element type like 2x3xf32", quoted(text));
    generator.shape.push_back(size);
  }
  std::optional<lacunaDType> dtype = parseDType(rest.str());
  if (!dtype)
    return expectsButGot("type", "sizes and an element type like 2x3xf32", quoted(text));
  generator.dtype = *dtype;
  return success();
}

static Result<ArgumentSpec> parseGenerator(const DistributionRow &row, StringRef text) {
  Generator generator{row.distribution, LACUNA_F32, {}, std::nullopt};
  auto [type, seed] = text.split(':');
  if (Status status = parseType(type, generator); !status.ok())
    return status;
  if (row.distribution == Distribution::Randint) {
    StringRef limit = seed.split(':').first;
    if (limit.getAsInteger(10, generator.limit) || generator.limit < 1 || generator.limit > int64_t(1) << 32)
      return expectsButGot("limit", "an integer in [1, 2^32]", quoted(limit));
    text = seed;
    seed = seed.split(':').second;
  }
  if (text.contains(':')) {
    uint64_t number;
    if (!row.seeded)
      return invalidArgument(row.name.str() + " takes no seed, but got " + quoted(seed));
    if (seed.getAsInteger(10, number))
      return expectsButGot("seed", "an integer from 0", quoted(seed));
    generator.seed = number;
  }
  return ArgumentSpec(generator);
}

namespace {
/// Reads one bracketed list after another; numbers are whatever stands between commas.
class ListParser {
public:
  explicit ListParser(StringRef text) : text(text), rest(text) {}

  Result<ArgumentSpec> parse() {
    if (Status status = parseList(0); !status.ok())
      return status;
    return rest.trim().empty() ? Result<ArgumentSpec>(ArgumentSpec(list)) : fail();
  }

private:
  Status fail() { return expectsButGot("list", "numbers in brackets", quoted(text)); }

  Status parseList(size_t depth) {
    rest = rest.ltrim().drop_front(); // the bracket
    if (list.shape.size() == depth)
      list.shape.push_back(-1);
    int64_t size = 0;
    if (rest = rest.ltrim(); !rest.consume_front("]"))
      for (bool more = true; more; ++size) {
        if (Status status = parseItem(depth); !status.ok())
          return status;
        more = (rest = rest.ltrim()).consume_front(",");
        if (!more && !rest.consume_front("]"))
          return fail();
      }
    if (list.shape[depth] >= 0 && list.shape[depth] != size)
      return expectsButGot("list", "lists of one length", quoted(text));
    list.shape[depth] = size;
    return success();
  }

  Status parseItem(size_t depth) {
    rest = rest.ltrim();
    bool nested = rest.starts_with("[");
    if (depth + 1 < list.shape.size() ? !nested : nested && !list.numbers.empty())
      return expectsButGot("list", "numbers all nested to one depth", quoted(text));
    if (nested)
      return parseList(depth + 1);
    size_t end = rest.find_first_of(",]");
    list.numbers.push_back(rest.take_front(end).trim().str());
    rest = rest.substr(end);
    return success();
  }

  StringRef text, rest;
  NumberList list;
};
} // namespace

/// The key follows the last colon, because paths may have colons, too. Keys with one need another name.
static Result<ArgumentSpec> parseFile(StringRef text) {
  auto [path, key] = text.rsplit(':');
  if (path.empty())
    return expectsButGot("file", "@PATH:KEY", quoted("@" + text.str()));
  return ArgumentSpec(FileTensor{path.str(), key.str()});
}

Result<ArgumentSpec> lacuna::run::parseArgumentSpec(StringRef text) {
  text = text.trim();
  if (text.empty())
    return expectsButGot("value", "a generator, a list, a number or a file", "''");
  if (text.front() == '[')
    return ListParser(text).parse();
  if (text.front() == '@')
    return parseFile(text.drop_front());
  auto [name, rest] = text.split(':');
  if (const DistributionRow *row = findDistribution(name))
    return parseGenerator(*row, rest);
  if (text.contains(':'))
    return expectsButGot("generator", "randn, rand, randint, zeros, ones or arange", quoted(name));
  return ArgumentSpec(Number{text.str()});
}

Result<Assignment> lacuna::run::parseAssignment(StringRef text) {
  auto [name, value] = text.split('=');
  if (name.trim().empty() || !text.contains('='))
    return invalidArgument("expects NAME=VALUE, but got " + quoted(text));
  return Assignment{name.trim().str(), value.trim().str()};
}
