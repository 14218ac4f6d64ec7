// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Report.h"
#include "Html.h"
#include "ReportSections.h"
#include "Text.h"

using namespace lacuna::score;

std::string lacuna::score::shellCommand(const std::vector<std::string> &words) {
  std::string line;
  for (const std::string &word : words) {
    constexpr const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,+@%-";
    line += line.empty() ? "" : " ";
    if (!word.empty() && word.find_first_not_of(plain) == word.npos) {
      line += word;
      continue;
    }
    line += '\'';
    for (char c : word)
      line += c == '\'' ? "'\\''" : std::string(1, c);
    line += '\'';
  }
  return line;
}

static std::string commandBlock(const std::vector<std::string> &words) {
  return words.empty() ? "" : "<pre>" + escape(shellCommand(words)) + "</pre>\n";
}

static std::string reproduceSection(const Report &report) {
  std::string html;
  for (const ReportedFile &file : report.files)
    if (file.facts && !file.facts->command.empty())
      html += paragraph("Measures <code>" + escape(file.stem) + "</code> anew:") + commandBlock(file.facts->command);
  return html + paragraph("Writes this report:") + commandBlock(report.command);
}

/// Sections of one result; their titles name the file if there are several.
static void addBenchSections(std::vector<Section> &sections, const ReportedFile &file, size_t number, bool isOnly) {
  std::string id = isOnly ? "" : std::to_string(number + 1), of = isOnly ? "" : " of " + shorten(file.stem, 40);
  sections.push_back({"density" + id, "Speed-up and density" + of, densitySection(file, "density" + id)});
  sections.push_back({"length" + id, "Time and length" + of, lengthSection(*file.facts, "length" + id)});
  sections.push_back({"approximation" + id, "Difference from dense attention" + of, approximationSection(*file.facts)});
  sections.push_back({"masks" + id, "Masks" + of, pictureSection(*file.facts, "masks" + id)});
  sections.push_back({"machine" + id, "Machine" + of, machineSection(*file.facts)});
}

std::string lacuna::score::toHtml(const Report &report) {
  std::vector<Section> sections = {{"summary", "Summary", summarySection(report)},
                                   {"scores", "Scores by tolerance", curvesSection(report)}};
  size_t count = 0;
  for (const ReportedFile &file : report.files)
    count += file.facts.has_value();
  for (size_t i = 0; i < report.files.size(); ++i)
    if (report.files[i].facts)
      addBenchSections(sections, report.files[i], i, count == 1);
  sections.push_back({"samples", "All samples", samplesSection(report)});
  sections.push_back({"reproduce", "How to reproduce", reproduceSection(report)});
  sections.push_back({"notes", "Notes", notesSection(report)});
  std::string title =
      report.files.size() == 1 ? shorten(report.files[0].stem, 60) : std::to_string(report.files.size()) + " files";
  return page("Lacuna: " + title, sections);
}
