"""What is measured on a page: what axe finds, what runs over, what reads in the wrong order."""

import re
from pathlib import Path

from playwright.sync_api import Page

from tansiq.domain.wording import catalogue, direction

AXE = next((Path(__file__).parents[1] / "vendor").glob("axe-*.min.js")).read_text("utf-8")
RUN = """async (runOnly) => {
  const found = await axe.run(document, { runOnly, resultTypes: ["violations"] });
  return found.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html).join(" | "));
}"""
TAGS = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")
# Everything by day; by night what colours decide, for the theme changes nothing else.
RULES = {
    "day": {"type": "tag", "values": TAGS},
    "night": {"type": "rule", "values": ("color-contrast", "link-in-text-block")},
}
# Each date that stands in a text: from where its year begins to where its day ends, in order?
DATES = r"""() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const wrong = [];
  let count = 0;
  while (texts.nextNode()) {
    const node = texts.currentNode;
    for (const match of node.data.matchAll(/\d{4}-\d{2}-\d{2}/g)) {
      const edge = (from, to) => {
        const range = document.createRange();
        range.setStart(node, match.index + from);
        range.setEnd(node, match.index + to);
        return range.getClientRects()[0];
      };
      const year = edge(0, 4), day = edge(8, 10);
      if (!year || !day) continue;
      count += 1;
      if (year.top === day.top && year.right > day.left) wrong.push(node.data.trim());
    }
  }
  return { count, wrong };
}"""
# Words in Latin letters that no element declares to be a name, a code, or somebody's own text.
FOREIGN = r"""() => {
  const ours = "bdi, time, kbd, [dir=auto], [lang=en], textarea, script, option, .mono, .ref";
  const names = /JPEG|MGRS|STOP|XLSX|\u2066[^\u2069]*\u2069/g;  // and what we isolate as a code
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const words = node.data.replace(names, "");
    if (/[A-Za-z]{4}/.test(words) && !node.parentElement.closest(ours)) found.push(words);
  }
  return found;
}"""
OVER = """() => [...document.querySelectorAll("body *")].filter((element) => {
  const box = element.getBoundingClientRect();
  return box.width && (box.right > innerWidth + 1 || box.left < -1);
}).slice(0, 3).map((element) => element.outerHTML.slice(0, 120))"""
# What somebody could only guess that it goes on: a bar or a table with more in it than its box
# shows, and the example in a field that is shorter than the example.
CUT = r"""() => {
  const more = (el) =>
    el.scrollWidth > el.clientWidth + 1 || el.scrollHeight > el.clientHeight + 1;
  const ruler = document.createElement("canvas").getContext("2d");
  const room = (el, style) =>
    el.clientWidth - parseFloat(style.paddingInlineStart) - parseFloat(style.paddingInlineEnd);
  const long = (el) => {
    const style = getComputedStyle(el);
    ruler.font = style.font;
    return room(el, style) > 0 && ruler.measureText(el.placeholder).width > room(el, style);
  };
  const seen = (selector) =>
    [...document.querySelectorAll(selector)].filter((el) => el.clientWidth && el.checkVisibility());
  return [
    ...seen(".section-bar, .table-wrap:not(.map-twin *)").filter(more),
    ...seen("input[placeholder]").filter(long),
  ].map((el) => el.outerHTML.slice(0, 120));
}"""
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page: Page, language: str) -> list[str]:
    """All that is wrong with the page that is shown, in both themes and in two widths."""
    found = [*_language(page, language), *_words(page, language)]
    found += [f"a date reads backwards: {text}" for text in page.evaluate(DATES)["wrong"]]
    for width in (360, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(WIDE) > 0:
            found.append(f"wider than {width}: {page.evaluate(OVER)}")
        found += [f"cut at {width}: {what}" for what in page.evaluate(CUT)]
    page.evaluate(AXE)
    for theme, rules in RULES.items():
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        found += [f"{theme}: {violation}" for violation in page.evaluate(RUN, rules)]
    return found


def _language(page: Page, language: str) -> list[str]:
    root = page.locator("html")
    said = (root.get_attribute("lang"), root.get_attribute("dir"))
    return [] if said == (language, direction(language)) else [f"declared as {said}"]


def _words(page: Page, language: str) -> list[str]:
    families = {key.partition(".")[0] for key in catalogue() if "." in key}
    key = re.compile(rf"\b(?:{'|'.join(sorted(families))})\.[a-z_]+\b")
    found = [f"a key: {word}" for word in key.findall(page.inner_text("body"))]
    if language != "en":
        found += [f"not translated: {text.strip()}" for text in page.evaluate(FOREIGN)]
    return found
