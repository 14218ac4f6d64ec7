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
    {"arange", Distribution::Arange, false},
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

static Result<ArgumentSpec> parseList(StringRef text) {
  NumberList list;
  if (!text.ends_with("]"))
    return expectsButGot("list", "numbers in brackets", quoted(text));
  text = text.drop_front().drop_back();
  if (text.trim().empty())
    return ArgumentSpec(list);
  llvm::SmallVector<StringRef> parts;
  text.split(parts, ',');
  for (StringRef part : parts)
    list.numbers.push_back(part.trim().str());
  return ArgumentSpec(list);
}

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
    return parseList(text);
  if (text.front() == '@')
    return parseFile(text.drop_front());
  auto [name, rest] = text.split(':');
  if (const DistributionRow *row = findDistribution(name))
    return parseGenerator(*row, rest);
  if (text.contains(':'))
    return expectsButGot("generator", "randn, rand, zeros, ones or arange", quoted(name));
  return ArgumentSpec(Number{text.str()});
}

Result<Assignment> lacuna::run::parseAssignment(StringRef text) {
  auto [name, value] = text.split('=');
  if (name.trim().empty() || !text.contains('='))
    return invalidArgument("expects NAME=VALUE, but got " + quoted(text));
  return Assignment{name.trim().str(), value.trim().str()};
}
