// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a report looks. Colours are variables: one set for light and paper, one for dark.
#include "Html.h"

// Colours of series differ in lightness too, and have at least three times the contrast of the page.
const char *const lacuna::score::styleSheet = R"css(
:root { color-scheme: light dark; --page: #ffffff; --panel: #f4f6f8; --ink: #1b2430; --soft: #566272; --grid: #dde2e8; --good: #17683a; --bad: #a3231b;
  --s0: #0b4f9e; --s1: #b84c00; --s2: #00754f; --s3: #8a2f8f; --s4: #7a5c00; --s5: #b3123c; --s6: #3d5566; --s7: #007a94; }
@media (prefers-color-scheme: dark) { :root { --page: #14181d; --panel: #1d232a; --ink: #e6ebf0; --soft: #a7b3c0; --grid: #333c46; --good: #7fd6a0; --bad: #ff9d94;
  --s0: #7db9ff; --s1: #ffab66; --s2: #5fdcae; --s3: #e59bea; --s4: #e8cb5c; --s5: #ff93aa; --s6: #b4c6d6; --s7: #63d5ee; } }
@media print { :root { color-scheme: light; --page: #ffffff; --panel: #ffffff; --ink: #000000; --soft: #444444; --grid: #d0d0d0; --good: #17683a; --bad: #a3231b;
  --s0: #0b4f9e; --s1: #b84c00; --s2: #00754f; --s3: #8a2f8f; --s4: #7a5c00; --s5: #b3123c; --s6: #3d5566; --s7: #007a94; } }
* { box-sizing: border-box; }
html { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
body { margin: 0; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 0.75rem; }
h2 { font-size: 1.3rem; margin: 3rem 0 0.75rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--grid); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 0.25rem; }
p { margin: 0.5rem 0; max-width: 48rem; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; }
a { color: var(--s0); }
code, pre { font: 0.875rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { background: var(--panel); padding: 0.75rem 1rem; border-radius: 6px; white-space: pre-wrap; }
.soft, figcaption p { color: var(--soft); }
.bad { color: var(--bad); font-weight: 600; }
.good { color: var(--good); }
.scroll { overflow-x: auto; margin: 0.75rem 0; }
table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.9rem 0.35rem 0; border-bottom: 1px solid var(--grid); overflow-wrap: break-word; max-width: 24rem; }
.facts td, td:last-child { max-width: 42rem; overflow-wrap: anywhere; }
.facts th { white-space: nowrap; }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
.n { text-align: right; white-space: nowrap; }
figure { margin: 1rem 0 2rem; break-inside: avoid; }
figcaption p { margin: 0 0 0.5rem; }
details { margin: 0.25rem 0 0.5rem; }
summary { cursor: pointer; color: var(--soft); font-size: 0.9rem; }
.chart { display: block; width: 100%; height: auto; font-family: system-ui, "DejaVu Sans", sans-serif; }
.chart text { font-size: 13px; fill: var(--ink); }
.chart .tick { fill: var(--soft); }
.chart .label { paint-order: stroke; stroke: var(--page); stroke-width: 3px; stroke-linejoin: round; }
.grid { stroke: var(--grid); }
.axis { stroke: var(--soft); }
.base { stroke: var(--ink); stroke-width: 1.25; }
.leader, .stem { stroke: var(--soft); stroke-width: 0.75; }
.limit { stroke: var(--ink); stroke-width: 2; }
.crossing { stroke: var(--ink); stroke-width: 1.5; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.thick { stroke-width: 3.5; }
.mark { stroke: var(--page); stroke-width: 1; }
.line.s0 { stroke: var(--s0); } .line.s1 { stroke: var(--s1); } .line.s2 { stroke: var(--s2); } .line.s3 { stroke: var(--s3); }
.line.s4 { stroke: var(--s4); } .line.s5 { stroke: var(--s5); } .line.s6 { stroke: var(--s6); } .line.s7 { stroke: var(--s7); }
.mark.s0 { fill: var(--s0); } .mark.s1 { fill: var(--s1); } .mark.s2 { fill: var(--s2); } .mark.s3 { fill: var(--s3); }
.mark.s4 { fill: var(--s4); } .mark.s5 { fill: var(--s5); } .mark.s6 { fill: var(--s6); } .mark.s7 { fill: var(--s7); }
.masks { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); gap: 1.5rem; align-items: start; }
.masks figure { margin: 0; }
.masks figcaption { font-size: 0.9rem; margin-bottom: 0.4rem; }
.mask { display: block; width: 100%; height: auto; font-family: system-ui, "DejaVu Sans", sans-serif; --full: #2f6fb3; --partial: #9cc4ea; --empty: #eef1f4; --pair: #12385f; }
.mask text { font-size: 17px; fill: var(--ink); }
.mask .page { fill: var(--page); } .mask .full { fill: var(--full); } .mask .partial { fill: var(--partial); } .mask .empty { fill: var(--empty); }
.mask .pair { fill: var(--pair); } .mask .frame { fill: none; stroke: var(--ink); }
.hatch { stroke: var(--ink); stroke-width: 1.2; stroke-opacity: 0.55; }
@media screen and (prefers-color-scheme: dark) { .mask { --full: #5b9fe0; --partial: #2c5078; --empty: #222931; --pair: #cfe4f9; } }
@media screen and (max-width: 40rem) { .wide { overflow-x: auto; } .wide > svg { min-width: 36rem; } main { padding: 1rem 0.75rem 3rem; } }
@media print { html { font-size: 11pt; } main { max-width: none; padding: 0; } nav { display: none; } h2 { break-after: avoid; } details::details-content { content-visibility: visible; display: block; } tr { break-inside: avoid; } }
)css";
