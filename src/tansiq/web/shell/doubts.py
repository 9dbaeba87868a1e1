"""Questions before something is saved: what was typed may not be meant, or should not be kept.

``forms.parse`` asks them of every form. A question stands among the errors of a form, with the ways
to answer it, so that a page without script asks it too; who stands by what was typed ticks a box.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from django.http import HttpRequest
from markupsafe import Markup

from tansiq.domain.fields import Field, Type, texts_in
from tansiq.domain.kinds import Kind
from tansiq.domain.persons import persons_in
from tansiq.domain.place_doubts import SWAPPED, Doubt, place_doubts
from tansiq.domain.places import Place, place_from_json
from tansiq.domain.records import Body
from tansiq.domain.wording import phrase
from tansiq.web.shell.dates import ltr
from tansiq.web.shell.places import meant_by, spoken_degrees, untouched

SURE: Final = "sure"  # the input that stands by what was typed
_SURE_MAX: Final = 64
_SHOWN_MAX: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One answer to a question: an input of the form. ``instead`` = it takes the place of what was
    typed; else it stands by it.
    """

    name: str
    value: str
    label: str
    instead: bool = False


class Question(str):  # noqa: SLOT000 - it holds the ways beside the text
    """The text of a question, in place of an error, with the ways to answer it."""

    ways: tuple[Way, ...]

    def __new__(cls, text: str, ways: tuple[Way, ...]) -> Self:
        """A question in words."""
        question = super().__new__(cls, text)
        question.ways = ways
        return question


def questions(
    request: HttpRequest, kind: Kind, values: dict[str, object], body: Body, language: str
) -> dict[str, Question]:
    """What is to be asked of a form that was read, by its fields: what nobody has answered yet."""
    sure = {str(one) for one in request.POST.getlist(SURE)[:_SURE_MAX]}
    found: dict[str, Question] = {}
    for one in kind.fields:
        value = body.get(one.name)
        if value is None or one.hidden or untouched(values.get(one.name)):
            continue
        for doubt, instead in _doubts(one, value, language):
            key = _key(one, doubt)
            if key not in sure and one.name not in found:
                stands = Way(name=SURE, value=key, label=phrase("doubt.as_written", language))
                text = phrase(f"doubt.{doubt.code}", language, **doubt.values)
                found[one.name] = Question(text, (*instead, stands))
    return found


def _key(one: Field, doubt: Doubt) -> str:
    """By what an answer is known: another value is another question."""
    said = f"{one.name} {doubt.code} {sorted(doubt.values.items())}"
    return f"{one.name}.{doubt.code}.{zlib.crc32(said.encode()):08x}"


def _doubts(one: Field, value: object, language: str) -> Iterator[tuple[Doubt, tuple[Way, ...]]]:
    if one.type is Type.PLACE:
        place = place_from_json(value)
        for doubt in place_doubts(place):
            at = {"at": f"{place.lat} {place.lon}"} if place.lat is not None else {}
            exact = Doubt(code=doubt.code, values={**doubt.values, **at})
            yield exact, (*_turned(one, place, doubt, language), *_meant(one, place, language))
    told = [person.text for text in texts_in(one, value) for person in persons_in(text)]
    if told:
        shown = ", ".join(list(dict.fromkeys(told))[:_SHOWN_MAX])
        yield Doubt(code="persons", values={"found": shown}), ()


def _turned(one: Field, place: Place, doubt: Doubt, language: str) -> tuple[Way, ...]:
    """The coordinates the other way round, where that is what is doubted."""
    if doubt.code != SWAPPED or place.lat is None or place.lon is None:
        return ()
    label = Markup("{} {}").format(
        phrase("doubt.turn", language), spoken_degrees(place.lon, place.lat)
    )
    return (Way(name=f"{one.name}-turned", value="1", label=label, instead=True),)


def _meant(one: Field, place: Place, language: str) -> tuple[Way, ...]:
    """The towns that may be meant, each with where it is and how far from what was typed."""
    at = None if place.lat is None or place.lon is None else (place.lat, place.lon)
    ways = []
    for town in meant_by(place.name, at):
        label = Markup("{} {} · {}").format(
            phrase("doubt.meant", language), town.spelling, town.degrees
        )
        if town.away is not None:
            label += Markup(" · {} {}").format(phrase("place.away", language), ltr(town.away))
        ways.append(Way(name=f"{one.name}-meant", value=town.spelling, label=label, instead=True))
    return tuple(ways)
