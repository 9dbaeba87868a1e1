"""A guide as a test walks it: what it tells people to press, to type and to look for.

What stands in backticks is pressed or typed, what stands in asterisks is a word of the screen, and
``* Label: value`` fills in the field of that label. A walk takes them in the order of the text and
asks at the end of each step that none was left out, so that guide and product cannot part.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from tansiq.domain.kinds import Kind

START = Path(__file__).resolve().parents[2] / "docs" / "start.md"
_STEP = re.compile(r"^## (\d)\. .*$", re.MULTILINE)
_FIELD = re.compile(r"^\* ([^:\n]+): (.+)\n", re.MULTILINE)
_SAID = re.compile(r"`([^`\n]+)`|\*([^*\n]+)\*")
_BLOCK = re.compile(r"^```\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_SEAT = re.compile(r"^\| ([A-Z]) \| ([^|]+) \| [^|]+, `([A-Z]+-\d+)`, `([^`]+)` \|$", re.MULTILINE)


@dataclass(frozen=True)
class Seat:
    """Who signs on in a window of the guide."""

    party: str
    person: str
    passphrase: str


@dataclass
class Step:
    """One step: what is filled in by label, and what is pressed and read, in the order of the
    text.
    """

    fields: dict[str, str]
    said: list[str] = field(default_factory=list)

    def next(self, expected: str = "") -> str:
        """What the guide says next; where only one thing can be meant, it says that."""
        said = self.said.pop(0)
        assert expected in ("", said), f"the guide says {said}, the product {expected}"
        return said

    def press(self, page: Page, times: int = 1) -> None:
        """Press the keys that the guide names next."""
        for _ in range(times):
            page.keyboard.press(self.next().replace("Ctrl", "Control"))

    def ends(self) -> None:
        """Nothing that the guide says was left out."""
        assert not self.said
        assert not self.fields

    def value(self, kind: Kind, name: str) -> str:
        """What the guide fills in at a field, by the label which that has on the screen."""
        return self.fields.pop(kind.field(name).label().en)


def steps(text: str) -> dict[int, Step]:
    """The numbered steps of a guide."""
    parts = _STEP.split(text.partition("\n## More")[0])
    return {int(number): _step(part) for number, part in zip(parts[1::2], parts[2::2], strict=True)}


def _step(text: str) -> Step:
    prose = _FIELD.sub("", _BLOCK.sub("", text))
    said = [(typed or shown).replace("\n", " ") for typed, shown in _SAID.findall(prose)]
    return Step(fields=dict(_FIELD.findall(text)), said=said)


def commands(text: str) -> list[str]:
    """The commands of a guide's last step."""
    return _BLOCK.findall(text)[-1].splitlines()


def seats(text: str) -> dict[str, Seat]:
    """The windows of a guide."""
    found = _SEAT.findall(text)
    return {window: Seat(party.strip(), person, secret) for window, party, person, secret in found}
