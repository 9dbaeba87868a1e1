"""What a line tells of an incident, as the composer proposes it: each a chip that a person may take
away, and the fields of the form that the chips which were kept fill in.

It is read of the typed words and the towns that everybody knows, never of records.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest

from tansiq.desk.reader.lines import Chip, chips_in
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.fields import Type
from tansiq.domain.kinds import kind_named
from tansiq.domain.places import Precision, gazetteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A chip as a form shows it: the field, what it would say, and whether it is kept."""

    code: str
    field: str
    value: str
    kept: bool


def proposed(request: HttpRequest, language: str) -> list[Shown]:
    """The chips of the line that was posted; what was taken away stays so while the same words
    stand.
    """
    gone = _gone(request)
    kind = kind_named("incident")
    return [
        Shown(
            code=one.code, field=kind.field(one.name).label().of(language),
            value=_worded(one, language), kept=one.code not in gone,
        )
        for one in chips_in(_text(request))
    ]  # fmt: skip


def taken_away(request: HttpRequest) -> list[str]:
    """The fields whose chips a person took away."""
    gone = _gone(request)
    return [one.name for one in chips_in(_text(request)) if one.code in gone]


def values_of(text: str, language: str, without: Collection[str]) -> dict[str, object]:
    """What the form of an incident holds at first by these words."""
    found: dict[str, object] = {}
    for one in chips_in(text):
        if one.name in without:
            continue
        if one.name == "place":
            town = gazetteer()[one.value].names.of(language)
            found["place"] = {"name": town, "at": "", "precision": Precision.ABOUT.value}
        else:
            found[one.name] = one.value
    return found


def _worded(chip: Chip, language: str) -> str:
    field = kind_named("incident").field(chip.name)
    if field.type is Type.CHOICE:
        return field.choice(chip.value).of(language)
    if field.type is Type.PLACE:
        return gazetteer()[chip.value].names.of(language)
    return chip.value


def _gone(request: HttpRequest) -> set[str]:
    post = request.POST
    return set(map(str, post.getlist("offered"))) - set(map(str, post.getlist("chip")))


def _text(request: HttpRequest) -> str:
    return str(request.POST.get("text", ""))[: BOUNDS.text_chars_max]
