"""Runs that read left to right inside words of any direction: numbers with separators, dates,
coordinates, telephone numbers, codes, paths.

Between Arabic letters the bidirectional algorithm turns ``0750-123-4567`` into ``4567-123-0750``,
and nobody who reads it can tell. Wherever words of people are shown, pages through
``dates.said`` and plain text through :func:`isolated`, such a run stands between U+2066 and U+2069
(or in an element of its own), and controls that would turn more than themselves are gone. A run is
found from its characters alone; Latin words beside it belong to it, as in ``Checkpoint 4-B``.
"""

import re
from collections.abc import Iterator
from typing import Final

from tansiq.domain.search import without_overrides

LRI: Final = "\u2066"  # left-to-right isolate
PDI: Final = "\u2069"  # pop directional isolate

_D: Final = "0-9\u0660-\u0669\u06f0-\u06f9"
_LATIN: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_EDGE: Final = f"[{_LATIN}{_D}]"
_SPACE: Final = " \u00a0\u202f"
_SIGNS: Final = (
    r"\-\u2010-\u2015\u2212./\\:_'\u2019\"\u2032\u2033\u00b0%#&=?@+*~,\u00d7\u066b\u066c"
)
_RIGHT: Final = re.compile(
    "[\u05d0-\u05f4\u061b\u061d-\u064a\u066d-\u066f\u0671-\u06d5\u06e5\u06e6\u06ee\u06ef"
    "\u06fa-\u070d\u0710-\u072f\u074d-\u07a5\u0860-\u088e\u08a0-\u08c9\ufb1d-\ufdfc\ufe70-\ufefc]"
)
_LEFT: Final = re.compile(f"[{_LATIN}]")
_DIGIT: Final = re.compile(f"[{_D}]")
# Marks of direction beside a number: inside an isolate of its own they could only turn it.
_MARK: Final = re.compile(
    f"(?<=[{_D}{_SIGNS}])[\u061c\u200e\u200f]+|[\u061c\u200e\u200f]+(?=[{_D}{_SIGNS}])"
)
# Groups of digits with one separator, nine digits at least: fewer may be two numbers in a row.
_NINE: Final = rf"(?=(?:[-+(){_SPACE}]{{0,2}}[{_D}]){{9}})"
_TELEPHONE: Final = (
    rf"(?<!{_EDGE})(?:\+[{_D}]{{1,4}}[-{_SPACE}]?|{_NINE})(?:\([{_D}]{{2,5}}\)[-{_SPACE}]?)?"
    rf"[{_D}]{{2,5}}(?:([-{_SPACE}])[{_D}]{{2,8}}(?:\1[{_D}]{{2,8}}){{0,4}})?(?!{_EDGE})"
)
_ANGLE: Final = (
    rf"(?<!{_EDGE})[{_D}]{{1,3}}\u00b0 ?[{_D}]{{1,2}}['\u2019\u2032]"
    rf"(?: ?[{_D}]{{1,2}}(?:[.,\u066b][{_D}]+)?[\"\u2033])?(?: ?[NSEW](?!{_EDGE}))?"
)
_LED: Final = (
    rf"[/#~+]{{1,2}}|(?<!\S)(?:--|\.)(?=[{_LATIN}])|\([{_D}]{{3,5}}\)"
    rf"|[-\u2212](?=[{_D}]+[.,\u066b][{_D}])"
)
_WORD: Final = rf"(?<!{_EDGE})(?:{_LED})?{_EDGE}(?:[{_LATIN}{_D}{_SIGNS}]*{_EDGE})?\u00b0?"
_TOKEN: Final = re.compile(f"{_TELEPHONE}|{_ANGLE}|{_WORD}")
_PLAIN: Final = re.compile(f"[{_D}]+")
# What stands between two words of one run: of Latin words; of a day and its time; of coordinates;
# of the ends of a span.
_BESIDE: Final = re.compile(rf"[{_SPACE}]|[{_SPACE}][-\u2013\u2014/&][{_SPACE}]")
# What ends a clause of Latin words and goes on with one: "Fire in the fields, about 15 ha".
_CLAUSE: Final = re.compile(rf"[,;:.!?][{_SPACE}]")
_DAY: Final = re.compile(rf"[-/.][{_D}]{{1,4}}\Z")
_TIME: Final = re.compile(rf"[{_D}]{{1,2}}:[{_D}]{{2}}")
_DEGREES: Final = re.compile(rf"[.\u066b][{_D}]{{2}}|\u00b0")
_COMMA: Final = re.compile(rf"[,\u060c;/]?[{_SPACE}]|[,\u060c;/]")
_SPAN: Final = re.compile(rf"[{_SPACE}]?[-\u2010-\u2015][{_SPACE}]?")
_GAP: Final = 3
_STRONG: Final = re.compile(f"{_RIGHT.pattern}|{_LEFT.pattern}")
_OWN: Final = re.compile("(\u2066[^\u202a-\u202e\u2066-\u2069]*\u2069)")


def isolate(value: object) -> str:
    """Wrap a code, date or number so that it reads left to right inside plain right-to-left
    text.
    """
    return f"{LRI}{value}{PDI}"


def neutral(text: str) -> str:
    """The text without controls that would turn what stands beside them, and without marks of
    direction beside numbers; everything else stays as typed.
    """
    return _MARK.sub("", without_overrides(text))


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The neutral text in pieces, each with whether it has to be isolated. Words of one direction
    from left to right are one piece: they keep their order by themselves.
    """
    plain, at = neutral(text), 0
    if _RIGHT.search(plain) or not _LEFT.search(plain):
        for start, end in _runs(plain):
            if start > at:
                yield plain[at:start], False
            yield plain[start:end], True
            at = end
    if at < len(plain):
        yield plain[at:], False


def isolated(text: str) -> str:
    """Words of people as plain text shows them: each run between isolates, nothing else turned."""
    return "".join(isolate(piece) if run else piece for piece, run in pieces(text))


def inserted(value: object, *, mirrored: bool) -> str:
    """A value as it stands within a sentence of ours, which is ``mirrored`` where it reads from
    right to left. What a sentence has isolated before is kept as it is.
    """
    text = str(value)
    say = isolated if _RIGHT.search(text) else neutral
    parts = [one if _OWN.fullmatch(one) else say(one) for one in _OWN.split(text)]
    said = "".join(parts)
    if not mirrored or _OWN.fullmatch(said) or not _leads_left(text):
        return said
    return isolate(said)


def _leads_left(text: str) -> bool:
    """Whether a value reads from left to right: a path, or what no letter of the other direction
    begins.
    """
    strong = _STRONG.search(_OWN.sub("", text))
    if text.startswith("/") or (strong and _LEFT.match(strong.group())):
        return True
    return not strong and any(character.isalnum() for character in text)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Where runs begin and end, in their order."""
    start = end = 0
    last, latin, wanted = "", False, False
    for match in _TOKEN.finditer(text):
        word, gap = match.group(), text[end : match.start()]
        if not (last and len(gap) <= _GAP and _joined(last, gap, word, latin=latin)):
            if wanted:
                yield start, end
            start, latin, wanted = match.start(), False, False
        else:
            wanted = wanted or bool(_DIGIT.search(word))
        last, end = word, match.end()
        latin = latin or bool(_LEFT.search(word))
        led = word.startswith(("/", "~/", "--", "."))
        wanted = wanted or led or bool(_DIGIT.search(word) and not _PLAIN.fullmatch(word))
    if wanted:
        yield start, end


def _joined(last: str, gap: str, word: str, *, latin: bool) -> bool:
    """Whether two words with this gap between them are one run. ``latin``: the run holds Latin
    letters, after which digits belong to them.
    """
    if latin and _BESIDE.fullmatch(gap):
        return True
    if latin and _LEFT.match(word) and _CLAUSE.fullmatch(gap):
        return True
    if _DAY.search(last) and _TIME.match(word):
        return gap.strip() == "" and "\n" not in gap
    if _DEGREES.search(last) and _DEGREES.search(word):
        return bool(_COMMA.fullmatch(gap))
    plain = bool(_PLAIN.fullmatch(last)) or bool(_PLAIN.fullmatch(word))
    return bool(_SPAN.fullmatch(gap)) and not (plain and "-" in gap)
