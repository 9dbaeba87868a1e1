"""Rules on templates and style sheets: three languages, two directions, no inline code."""

import re
from collections.abc import Iterator
from functools import cache

from tansiq.domain.wording import catalogue
from tests.architecture.house import Breach, Source

_PHYSICAL_NAME = re.compile(r"(?<![\w-])(?!--)((?:[a-z-]+-)?(?:left|right)(?:-[a-z]+)*)\s*:")
_PHYSICAL_VALUE = re.compile(
    r"(?<![\w-])(text-align|float|clear|text-align-last|caption-side)\s*:\s*(left|right)\b"
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SAFE = re.compile(r"\|\s*safe\b|\bmark_safe\b|autoescape\s+(?:false|off)")
_STYLE = re.compile(r"<[^>]*\sstyle\s*=|<style\b")
_HANDLER = re.compile(r"<[^>]*\s(on[a-z]+)\s*=")
_SCRIPT = re.compile(r"<script\b([^>]*)>")
_PHYSICAL_MARKUP = re.compile(
    r"<[^>]*\s(align\s*=\s*['\"]?(?:left|right)"
    r"|class\s*=\s*['\"][^'\"]*(?<![\w])(?:left|right)(?![\w])[^'\"]*['\"])"
)
_FIXED_DIRECTION = re.compile(r"<(?:html|body)\b[^>]*\sdir\s*=\s*['\"]?(?:rtl|ltr)\b")
_FOREIGN = re.compile(r"<[^>]*\s(?:src|href|action|srcset)\s*=\s*['\"]?\s*(?:https?:)?//")
_LABEL = re.compile(r"\bt\(\s*['\"]field\.([a-z_]+)['\"]\s*\)")
_ANY_LABEL = re.compile(r"\bt\(\s*['\"]field\.['\"]\s*[+~]")


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _hits(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.end()) + 1, match


def physical_css(source: Source) -> Iterator[Breach]:
    """No left and right in style sheets: Arabic and Sorani run the other way, and there is one
    sheet for all. Write inline-start and inline-end (margin-inline-start, inset-inline-end,
    text-align: start).
    """
    text = _COMMENT.sub(_blank, source.text)
    for pattern in (_PHYSICAL_NAME, _PHYSICAL_VALUE):
        for line, match in _hits(text, pattern):
            yield line, match[0].strip()


def unescaped_markup(source: Source) -> Iterator[Breach]:
    """No |safe and no autoescape off in a template: what looks like our own markup today holds a
    partner's text tomorrow. Let the template escape, and build markup from tags and macros.
    """
    for line, match in _hits(source.text, _SAFE):
        yield line, match[0]


def inline_code(source: Source) -> Iterator[Breach]:
    """No style=, no onclick= and no script without src in a template (data as application/json may
    stand): the content security policy forbids inline code, which is what keeps a smuggled script
    from running. Use a class and a style sheet, a data- attribute and a script file.
    """
    for line, _ in _hits(source.text, _STYLE):
        yield line, "inline style"
    for line, match in _hits(source.text, _HANDLER):
        yield line, f"{match[1]}="
    for line, match in _hits(source.text, _SCRIPT):
        if "src=" not in match[1] and "application/json" not in match[1]:
            yield line, "script without src"


def physical_markup(source: Source) -> Iterator[Breach]:
    """Templates say start and end, never left and right, and the page's direction comes from the
    language: a page that says left is wrong in two of three languages. Name a class by what it is
    for; set dir on html from wording.direction(language); dir="ltr" is for codes and numbers in a
    bdi.
    """
    for pattern in (_PHYSICAL_MARKUP, _FIXED_DIRECTION):
        for line, match in _hits(source.text, pattern):
            yield line, match[0].lstrip("<")


def foreign_resources(source: Source) -> Iterator[Breach]:
    """A page loads nothing from another machine: a node works without the internet, and a foreign
    server would learn who reads what, and when. Put the file under static/vendor with its licence.
    """
    for line, match in _hits(source.text, _FOREIGN):
        yield line, match[0].lstrip("<")


def labels_without_kind(source: Source) -> Iterator[Breach]:
    """A field that some kinds call otherwise is named by its kind: when a support request is
    required is no time until which an answer is of value. Say kind_of(v.kind).field(name), or
    field_words(kinds, name), not the words of all kinds.
    """
    for line, match in _hits(source.text, _LABEL):
        if match[1] in otherwise_named():
            yield line, match[0]
    for line, match in _hits(source.text, _ANY_LABEL):
        yield line, match[0]


@cache
def otherwise_named() -> frozenset[str]:
    """Fields for which some kind has words of its own."""
    keys = (key.split(".") for key in catalogue())
    return frozenset(key[2] for key in keys if key[0] == "field" and len(key) == 3)
