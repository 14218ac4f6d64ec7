# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What must hold of every report: XML that is nothing but known elements and attributes, no script, nothing from elsewhere, unique ids, charts
with names and finite coordinates inside their frame."""

import argparse
import os
import re
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = set("html head meta title style body main nav a section h1 h2 h3 p code pre div table thead tbody tr th td figure figcaption details summary span br".split())
SHAPES = {SVG + name for name in "svg title desc g rect path circle line ellipse polyline polygon text tspan defs pattern".split()}
ATTRIBUTES = set("""lang charset name content http-equiv id class scope href viewBox role aria-labelledby x y x1 y1 x2 y2 cx cy r rx ry dx dy d points transform
    width height text-anchor stroke-dasharray patternUnits patternTransform fill opacity stroke-width shape-rendering""".split())


def check_element(element):
    assert element.tag in ELEMENTS or element.tag in SHAPES, element.tag
    for name, value in element.attrib.items():
        assert name in ATTRIBUTES, (element.tag, name)
        assert name != "href" or value.startswith("#"), value
        assert name != "fill" or value == "none" or re.fullmatch(r"url\(#[a-z0-9-]+-hatch\)", value), value
        if element.tag in SHAPES and name in ("x", "y", "x1", "y1", "x2", "y2", "width", "height", "d", "transform", "points", "viewBox"):
            assert not re.search(r"nan|inf", value, re.I), (element.tag, name, value)


def check_chart(svg):
    width, height = map(float, svg.get("viewBox").split()[2:])
    assert svg.find(SVG + "title").text and svg.find(SVG + "desc").text, "a chart without a name"
    for element in svg.iter():
        for name in ("x", "x1", "x2"):
            assert -1 <= float(element.get(name, 0)) <= width + 1, ElementTree.tostring(element)
        for name in ("y", "y1", "y2"):
            assert -1 <= float(element.get(name, 0)) <= height + 1, ElementTree.tostring(element)
    dashes = {}
    for line in svg.findall(SVG + "path"):
        if "line" in line.get("class").split():
            dashes.setdefault(line.get("class").split()[1], line.get("stroke-dasharray"))
    assert len(set(dashes.values())) == len(dashes), f"series with the same dashes: {dashes}"


def check_style(text):
    for forbidden in ("url(", "@import", "http", "\\", "src"):
        assert forbidden not in text, forbidden


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("report")
    parser.add_argument("--sections", help="exactly these")
    parser.add_argument("--max-bytes", type=int, default=1000000)
    arguments = parser.parse_args()
    assert os.path.getsize(arguments.report) <= arguments.max_bytes, os.path.getsize(arguments.report)
    text = open(arguments.report, "rb").read().decode("utf-8")  # strict
    assert text.startswith("<!DOCTYPE html>\n<html")
    root = ElementTree.fromstring(text)
    ids = [element.get("id") for element in root.iter() if element.get("id") is not None]
    assert len(set(ids)) == len(ids), "ids are not unique"
    for element in root.iter():
        check_element(element)
        if element.tag == SVG + "svg" and element.get("class") == "chart":
            check_chart(element)
    styles = root.findall(".//style")
    assert len(styles) == 1
    check_style(styles[0].text)
    policy = root.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'", policy
    links = [link.get("href")[1:] for link in root.findall(".//a")]
    sections = [section.get("id") for section in root.findall(".//section")]
    assert links == sections, (links, sections)
    if arguments.sections:
        assert sections == arguments.sections.split(","), sections
    for number in root.findall(".//figure"):
        if number.find(f".//{SVG}svg[@class='chart']") is not None:
            assert number.find("details//td") is not None, "a chart without its numbers"


main()
