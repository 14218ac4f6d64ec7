// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Html.h"
#include "Text.h"

using namespace lacuna::score;

std::string lacuna::score::page(const std::string &title, const std::vector<Section> &sections) {
  std::string links, body;
  for (const Section &section : sections) {
    if (section.body.empty())
      continue;
    links += "<a href=\"#" + section.id + "\">" + escape(section.title) + "</a>\n";
    body +=
        "<section id=\"" + section.id + "\">\n<h2>" + escape(section.title) + "</h2>\n" + section.body + "</section>\n";
  }
  // The policy forbids what is not there anyway: scripts, and everything from elsewhere.
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
         "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
         "<title>" +
         escape(title) + "</title>\n<style>\n" + styleSheet + "</style>\n</head>\n<body>\n<main>\n<h1>" +
         escape(title) + "</h1>\n<nav>\n" + links + "</nav>\n" + body + "</main>\n</body>\n</html>\n";
}

std::string lacuna::score::table(const std::vector<std::string> &columns,
                                 const std::vector<std::vector<std::string>> &rows) {
  auto isNumber = [&](size_t i) { return i < columns.size() && columns[i][0] == '#'; };
  std::string html = "<div class=\"scroll\"><table>\n<thead><tr>";
  for (size_t i = 0; i < columns.size(); ++i)
    html += std::string(isNumber(i) ? "<th class=\"n\" scope=\"col\">" : "<th scope=\"col\">") +
            escape(isNumber(i) ? columns[i].substr(1) : columns[i]) + "</th>";
  html += "</tr></thead>\n<tbody>\n";
  for (const std::vector<std::string> &row : rows) {
    html += "<tr>";
    for (size_t i = 0; i < row.size(); ++i)
      html += (isNumber(i) ? "<td class=\"n\">" : "<td>") + row[i] + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table></div>\n";
}

std::string lacuna::score::facts(const std::vector<std::pair<std::string, std::string>> &rows) {
  std::string html;
  for (const auto &[name, value] : rows)
    if (!value.empty())
      html += "<tr><th scope=\"row\">" + escape(name) + "</th><td>" + escape(value) + "</td></tr>\n";
  return html.empty() ? ""
                      : "<div class=\"scroll\"><table class=\"facts\"><tbody>\n" + html + "</tbody></table></div>\n";
}

std::string lacuna::score::paragraph(const std::string &words) { return "<p>" + words + "</p>\n"; }

std::string lacuna::score::details(const std::string &summary, const std::string &body) {
  return "<details>\n<summary>" + escape(summary) + "</summary>\n" + body + "</details>\n";
}

std::string lacuna::score::figure(const std::string &title, const std::string &description, const std::string &svg,
                                  const std::string &numbers) {
  return "<figure>\n<figcaption><h3>" + escape(title) + "</h3><p>" + escape(description) +
         "</p></figcaption>\n<div class=\"wide\">" + svg + "</div>\n" + details("The numbers", numbers) + "</figure>\n";
}
