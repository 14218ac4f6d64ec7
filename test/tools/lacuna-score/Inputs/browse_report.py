# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Shows a report in headless Chromium and checks what only a browser knows: nothing is fetched, nothing sticks out, no word of a chart lies on
another, everything has contrast in light and dark. Usage: browse_report.py CHROMIUM REPORT.html; writes REPORT.{light,dark,grey,narrow}.png"""

import sys

from chromium import Chromium, pixels

MEASURE = r"""
(() => {
  const visible = [...document.querySelectorAll('svg.chart')].filter(s => s.getBoundingClientRect().width > 0);
  const problems = [], box = e => e.getBoundingClientRect();
  const luminance = c => { const v = c.match(/[\d.]+/g).map(Number).slice(0, 3).map(x => x / 255).map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
                           return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
  const page = luminance(getComputedStyle(document.documentElement).backgroundColor);
  const contrast = c => { const l = luminance(c); return (Math.max(l, page) + 0.05) / (Math.min(l, page) + 0.05); };
  const demand = (e, what, least) => { const c = getComputedStyle(e)[what]; if (contrast(c) < least) problems.push(`contrast of ${e.tagName}.${e.getAttribute('class')}: ${c}`); };
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) problems.push('the page scrolls sideways');
  for (const svg of visible) {
    const frame = box(svg), texts = [...svg.querySelectorAll('text')];
    for (const t of texts) {
      const b = box(t);
      if (b.left < frame.left - 0.5 || b.right > frame.right + 0.5 || b.top < frame.top - 0.5 || b.bottom > frame.bottom + 0.5)
        problems.push(`${svg.getAttribute('aria-labelledby')}: '${t.textContent}' sticks out`);
      demand(t, 'fill', 4.5);
    }
    for (let i = 0; i < texts.length; ++i)
      for (let j = 0; j < i; ++j) {
        const a = box(texts[i]), b = box(texts[j]), slack = 2.5; // boxes are a little higher than letters
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack)
          problems.push(`${svg.getAttribute('aria-labelledby')}: '${texts[i].textContent}' lies on '${texts[j].textContent}'`);
      }
    for (const line of svg.querySelectorAll('.line')) demand(line, 'stroke', 3);
    for (const mark of svg.querySelectorAll('.mark')) demand(mark, 'fill', 3);
  }
  for (const e of document.querySelectorAll('main, section, figure, p, pre, h1, h2, h3, .scroll, .mask'))
    if (box(e).right > document.documentElement.clientWidth + 0.5) problems.push(`${e.tagName} sticks out of the page`);
  for (const e of document.querySelectorAll('p, td, th, a, summary, h2, .bad, .soft')) demand(e, 'color', 4.5);
  return {problems: [...new Set(problems)].slice(0, 20), charts: visible.length, masks: document.querySelectorAll('svg.mask').length,
          scripts: document.scripts.length, images: document.images.length};
})()
"""


def brightness(pixel):
    return sum(pixel) / 3


def check_colours(browser, dark):
    corner = pixels(browser.screenshot((0, 0, 8, 8)))
    assert all((brightness(p) < 60) == dark and (brightness(p) > 200) != dark for row in corner for p in row), corner[0][0]
    chart = browser.evaluate("(r => [r.left, r.top + scrollY, r.width, r.height])(document.querySelector('svg.chart').getBoundingClientRect())")
    seen = {p for row in pixels(browser.screenshot(chart)) for p in row}
    assert any(brightness(p) > 150 for p in seen) and any(brightness(p) < 90 for p in seen), "a chart of one brightness"
    return seen


def show(browser, report, name, width, dark=False, grey=False):
    browser.show(report, width, dark=dark, grey=grey)
    found = browser.evaluate(MEASURE)
    assert not found["problems"], f"{name}: " + "\n".join(found["problems"])
    assert found["charts"] >= 1 and found["scripts"] == 0 and found["images"] == 0, found
    outside = [url for url in browser.requests() if not url.startswith(("file://", "data:"))]  # data: Chromium's own filter for grey
    assert not outside and len([u for u in browser.requests() if u.startswith("file://")]) == 1, browser.requests()
    assert not browser.complaints(), browser.complaints()
    with open(report.replace(".html", f".{name}.png"), "wb") as picture:
        picture.write(browser.screenshot())
    return check_colours(browser, dark)


def check_paper(browser, report):
    """Numbers under the charts are folded on the screen, and open on paper."""
    browser.show(report, 1100)
    is_open = "document.querySelector('details td').checkVisibility()"
    assert not browser.evaluate(is_open)
    browser.send("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert browser.evaluate(is_open)
    assert browser.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def main():
    program, report = sys.argv[1:]
    browser = Chromium(program)
    try:
        light = show(browser, report, "light", 1100)
        show(browser, report, "dark", 1100, dark=True)
        grey = show(browser, report, "grey", 1100, grey=True)
        show(browser, report, "narrow", 390)
        is_grey = lambda colours: all(max(c) - min(c) <= 3 for c in colours)
        assert is_grey(grey) and not is_grey(light)
        check_paper(browser, report)
    finally:
        browser.close()


main()
