// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CommandLine.h"

#include <charconv>
#include <cmath>
#include <set>

using namespace lacuna;
using namespace lacuna::score;
using runtime::Status;

const char *const lacuna::score::helpText =
    R"(lacuna-score: S(t), ES(t) and the aggregate score of benchmark results, as GraphNet defines them

USAGE: lacuna-score [options] FILE...

  FILE is a GraphNet log (.log, .txt, or anything that is not JSON), a lacuna-bench result (.json), or a folder of such
  files. A log is one curve, called by its stem; a lacuna-bench result has one per baseline.

OPTIONS:
  --p=X, --negative-speedup-penalty=X   Exponent that punishes slowdowns, 0 or more (default 0.1, as the paper plots;
                                        GraphNet's own scripts take 0)
  --b=X, --fpdb=X                       What a failure counts, in (0, 1] (default 0.1)
  --positive-tolerance-interpretation=default|paper|mismatch_extended
                                        Which failures are forgiven from which positive level on (default: default)
  --json=F                              Write the scores as JSON (- for standard output)
  --html=F                              Write a report with charts as one HTML file that needs nothing else
  --help                                Show this text
  --version                             Show the version

EXAMPLES:
  lacuna-score run.log
  lacuna-score results/ --p 0 --json scores.json
  lacuna-score bench.json --html report.html
  lacuna-score a100.log bench.json --positive-tolerance-interpretation=mismatch_extended
)";

namespace {
class Parser {
public:
  explicit Parser(const std::vector<std::string> &arguments) : arguments(arguments) {}
  Status parse();
  CommandLine line;

private:
  Status parseFlag(std::string name);
  Status setValue(const std::string &flag, const std::string &value);
  Status setNumber(const std::string &flag, const std::string &value);

  const std::vector<std::string> &arguments;
  size_t position = 0;
  std::set<std::string> seen;
};
} // namespace

/// One name per flag; empty for an unknown one.
static std::string canonical(const std::string &name) {
  if (name == "p" || name == "negative-speedup-penalty")
    return "p";
  if (name == "b" || name == "fpdb")
    return "b";
  for (const char *known : {"positive-tolerance-interpretation", "json", "html", "help", "version"})
    if (name == known)
      return known;
  return "";
}

Status Parser::setNumber(const std::string &flag, const std::string &value) {
  double number = 0;
  auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  bool isP = flag == "p", isNumber = problem == std::errc() && end == value.data() + value.size();
  if (!isNumber || !std::isfinite(number) || (isP ? number < 0 : number <= 0 || number > 1))
    return runtime::expectsButGot("--" + flag, isP ? "a finite number of 0 or more" : "a number in (0, 1]",
                                  "'" + value + "'");
  (isP ? line.options.p : line.options.b) = number;
  return runtime::success();
}

Status Parser::setValue(const std::string &flag, const std::string &value) {
  if (flag == "p" || flag == "b")
    return setNumber(flag, value);
  if (flag == "json" || flag == "html") {
    (flag == "json" ? line.jsonPath : line.htmlPath) = value;
    return value.empty() ? runtime::expectsButGot("--" + flag, "a file", "''") : runtime::success();
  }
  std::optional<Interpretation> interpretation = parseInterpretation(value);
  if (!interpretation)
    return runtime::expectsButGot("--" + flag, "one of default, paper, mismatch_extended", "'" + value + "'");
  line.options.interpretation = *interpretation;
  return runtime::success();
}

Status Parser::parseFlag(std::string name) {
  std::optional<std::string> value;
  if (size_t end = name.find('='); end != name.npos) {
    value = name.substr(end + 1);
    name.resize(end);
  }
  std::string flag = canonical(name);
  if (flag.empty())
    return runtime::invalidArgument("unknown flag '--" + name + "'; see --help");
  if (!seen.insert(flag).second)
    return runtime::invalidArgument("expects --" + flag + " once, but got it again");
  if (flag == "help" || flag == "version") {
    (flag == "help" ? line.help : line.version) = true;
    return value ? runtime::invalidArgument("--" + flag + " takes no value") : runtime::success();
  }
  if (!value) {
    if (position == arguments.size())
      return runtime::invalidArgument("expects a value after --" + name);
    value = arguments[position++];
  }
  return setValue(flag, *value);
}

Status Parser::parse() {
  bool onlyFiles = false;
  while (position < arguments.size()) {
    const std::string &argument = arguments[position++];
    size_t dashes = argument.find_first_not_of('-');
    if (onlyFiles || argument.empty() || argument[0] != '-') {
      line.files.push_back(argument);
    } else if (argument == "--") {
      onlyFiles = true;
    } else if (dashes == argument.npos || dashes > 2) {
      return runtime::invalidArgument("unknown flag '" + argument + "'; see --help");
    } else if (Status status = parseFlag(argument.substr(dashes)); !status.ok()) {
      return status;
    }
  }
  if (line.files.empty() && !line.help && !line.version)
    return runtime::invalidArgument("expects a file to score; see --help");
  return runtime::success();
}

runtime::Result<CommandLine> lacuna::score::parseCommandLine(const std::vector<std::string> &arguments) {
  Parser parser(arguments);
  Status status = parser.parse();
  if (!status.ok())
    return status;
  return parser.line;
}
