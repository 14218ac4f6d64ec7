// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When an entry has failed, and how it is told to people.
#include "EntryResult.h"
#include "JsonReader.h"
#include "Sample.h"

using namespace lacuna;
using namespace lacuna::bench;

static std::string firstLine(const Json &text) {
  std::string all = textOf(text);
  return all.substr(0, all.find('\n'));
}

/// Results that agree at no level that is scored. (An approximation passes the loose ones.)
static bool isWrong(const Json &comparison) {
  const Json &outputs = memberOf(comparison, "outputs");
  for (size_t i = 0; outputs.is_array() && i < outputs.size(); ++i)
    if (memberOf(memberOf(outputs[i], "all_close"), std::to_string(score::frozenLevel).c_str()) != Json(true))
      return true;
  return false;
}

std::string lacuna::bench::describeFailure(const Json &result) {
  const Json &status = memberOf(result, "status");
  if (status == "skipped")
    return "";
  if (status != "ok")
    return "ours: " + textOf(status) + ": " + firstLine(memberOf(result, "error"));
  std::string text;
  auto add = [&](const std::string &what) { text += (text.empty() ? "" : "; ") + what; };
  for (const char *key : {"selection_error", "index_error"})
    if (memberOf(result, key).is_string())
      add(std::string(key) + ": " + firstLine(memberOf(result, key)));
  if (const Json &ours = memberOf(memberOf(result, "sides"), "ours"); memberOf(ours, "passed") == Json(false))
    add("ours: wrong: max_row_relative_error " + memberOf(ours, "max_row_relative_error").dump() + ", tolerance " +
        memberOf(ours, "tolerance").dump());
  if (const Json &comparisons = memberOf(result, "comparisons"); comparisons.is_array())
    for (const Json &comparison : comparisons) {
      std::string baseline = textOf(memberOf(comparison, "baseline")), how = textOf(memberOf(comparison, "status"));
      if (how != "ok")
        add(baseline + ": " + how + ": " + firstLine(memberOf(comparison, "error")));
      else if (isWrong(comparison))
        add("wrong: agrees with " + textOf(memberOf(comparison, "judged_against")) + " at no level");
    }
  return text;
}
