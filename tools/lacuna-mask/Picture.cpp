// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/Picture.h"

#include "llvm/Support/Format.h"

#include <algorithm>

using llvm::format;

namespace lacuna {
namespace {

constexpr double kSide = 640, kMargin = 28, kLegend = 64; // pixels

// Colours follow the reader's scheme; the hatching tells partial tiles from full ones without colour.
constexpr const char *kStyle = R"svg(<style>
  svg { color-scheme: light dark; }
  text { font: 13px system-ui, sans-serif; fill: #1b2430; }
  .page { fill: #ffffff; } .full { fill: #2f6fb3; } .partial { fill: #9cc4ea; } .empty { fill: #eef1f4; } .pair { fill: #12385f; }
  .hatch { stroke: #12385f; stroke-width: 0.6; stroke-opacity: 0.35; } .frame { fill: none; stroke: #1b2430; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6ebf0; } .page { fill: #14181d; } .full { fill: #5b9fe0; } .partial { fill: #2c5078; } .empty { fill: #222931; }
    .pair { fill: #cfe4f9; } .hatch { stroke: #cfe4f9; } .frame { stroke: #e6ebf0; }
  }
</style>
<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V5"/></pattern></defs>
)svg";

void rectangle(llvm::raw_ostream &os, const char *style, double x, double y, double width, double height) {
  os << "<rect class=\"" << style << "\" " << format("x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>\n", x, y, width, height);
}

std::string escaped(llvm::StringRef text) {
  std::string result;
  for (char c : text)
    result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return result;
}

} // namespace

Picture::Picture(const MaskSize &size) : size(size) {
  int64_t most = std::max(size.rowTiles(), size.columnTiles());
  step = std::max<int64_t>(1, (most + kMaxCells - 1) / kMaxCells);
  rows = (size.rowTiles() + step - 1) / step;
  columns = (size.columnTiles() + step - 1) / step;
  cells.resize(rows * columns);
}

void Picture::add(int64_t row, int64_t rowCount, int64_t column, int64_t columnCount, TileKind kind) {
  for (int64_t y = row / step; y <= (row + rowCount - 1) / step; ++y)
    for (int64_t x = column / step; x <= (column + columnCount - 1) / step; ++x) {
      Cell &cell = cells[y * columns + x];
      (kind == TileKind::Full ? cell.full : kind == TileKind::Partial ? cell.partial : cell.empty) += 1;
    }
}

void Picture::addPairs(BoundProbe &probe) {
  pairs.assign(size.queries * size.keys, 0);
  if (!pairs.empty())
    probe.bits({0, size.queries, 0, size.keys}, pairs.data(), size.keys);
}

void Picture::writeCells(llvm::raw_ostream &os, double scale) const {
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t x = 0; x < columns;) {
      TileKind kind = cells[y * columns + x].kind();
      int64_t end = x + 1;
      if (kind != TileKind::Partial) // partial tiles stay apart: their edges are what one looks for
        while (end < columns && cells[y * columns + end].kind() == kind)
          ++end;
      int64_t q0 = y * step * size.tileM, q1 = std::min(size.queries, (y + 1) * step * size.tileM);
      int64_t k0 = x * step * size.tileN, k1 = std::min(size.keys, end * step * size.tileN);
      const char *style = kind == TileKind::Full ? "full" : kind == TileKind::Partial ? "partial" : "empty";
      rectangle(os, style, k0 * scale, q0 * scale, (k1 - k0) * scale, (q1 - q0) * scale);
      if (kind == TileKind::Partial && pairs.empty())
        os << format("<rect fill=\"url(#hatch)\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>\n", k0 * scale, q0 * scale,
                     (k1 - k0) * scale, (q1 - q0) * scale);
      x = end;
    }
}

void Picture::writePairs(llvm::raw_ostream &os, double scale) const {
  os << "<path class=\"pair\" d=\"";
  double gap = scale > 4 ? 0.12 * scale : 0;
  for (int64_t q = 0; q < size.queries; ++q)
    for (int64_t k = 0; k < size.keys; ++k) {
      const Cell &cell = cells[q / size.tileM / step * columns + k / size.tileN / step];
      if (pairs[q * size.keys + k] && cell.kind() == TileKind::Partial)
        os << format("M%.2f %.2fh%.2fv%.2fh-%.2fz", k * scale + gap, q * scale + gap, scale - 2 * gap, scale - 2 * gap, scale - 2 * gap);
    }
  os << "\"/>\n";
}

void Picture::write(llvm::raw_ostream &os, llvm::StringRef title, const MaskStatistics &statistics) const {
  double scale = kSide / std::max<int64_t>(1, std::max(size.queries, size.keys)), width = size.keys * scale, height = size.queries * scale;
  double pageWidth = std::max(width, 420.0) + 2 * kMargin, pageHeight = height + 2 * kMargin + kLegend;
  os << format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\">\n", pageWidth,
               pageHeight, pageWidth, pageHeight)
     << "<title>" << escaped(title) << "</title>\n"
     << kStyle;
  rectangle(os, "page", 0, 0, pageWidth, pageHeight);
  os << format("<text x=\"%.0f\" y=\"18\">", kMargin) << "keys 0 to " << size.keys << " \xE2\x86\x92</text>\n"
     << format("<text transform=\"translate(12 %.0f) rotate(90)\">", kMargin) << "queries 0 to " << size.queries << " \xE2\x86\x92</text>\n"
     << format("<g transform=\"translate(%.0f %.0f)\" shape-rendering=\"crispEdges\">\n", kMargin, kMargin);
  writeCells(os, scale);
  if (!pairs.empty())
    writePairs(os, scale);
  rectangle(os, "frame", 0, 0, width, height);
  os << "</g>\n";
  double y = kMargin + height + 24, x = kMargin;
  struct Entry {
    const char *style, *name;
    int64_t count;
  } entries[] = {{"full", "full", statistics.full}, {"partial", "partial", statistics.partial}, {"empty", "empty", statistics.empty}};
  for (const Entry &entry : entries) {
    rectangle(os, entry.style, x, y - 12, 14, 14);
    if (entry.style == llvm::StringRef("partial"))
      os << format("<rect fill=\"url(#hatch)\" x=\"%.2f\" y=\"%.2f\" width=\"14\" height=\"14\"/>\n", x, y - 12);
    os << format("<text x=\"%.0f\" y=\"%.0f\">", x + 20, y) << entry.name << " " << entry.count << "</text>\n";
    x += 130;
  }
  os << format("<text x=\"%.0f\" y=\"%.0f\">", kMargin, y + 24) << escaped(title);
  if (step > 1)
    os << "; one cell is " << step << " x " << step << " tiles";
  os << "</text>\n</svg>\n";
}

} // namespace lacuna
