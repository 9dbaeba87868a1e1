"""What a partner can work out from what it gets: for the releaser's eyes, before anything leaves.

Only what the preview shows and what stays back is compared; nothing is looked up beyond the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tansiq.domain.fields import Type, texts_in
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.kinds.files.attachment import CLEAN
from tansiq.domain.places import (
    Grain,
    Place,
    find_town,
    is_at_border,
    place_from_json,
    snapped,
)
from tansiq.domain.records import Body, RecordView
from tansiq.domain.search import normalise
from tansiq.policy.seal import Released

_WORDS_MAX: Final = 3  # a town's name has at most so many words
_SHORTEST: Final = 4  # letters of a hidden value that is looked for in the text
_MARKS: Final = " \t\n.,;:!?()[]«»\"'،؛؟"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """One thing that can be worked out, in the words ``infer.<key>``.

    ``strong``: the releaser should read the text once more.
    """

    key: str
    values: dict[str, object] = field(default_factory=dict)
    strong: bool = False


def inferences(
    own: Released[RecordView], shown: Released[RecordView], hidden: tuple[str, ...],
    files: Sequence[Released[RecordView]] = (),
) -> list[Inference]:  # fmt: skip
    """What the partner can tell, also from the files that it gets, strongest first."""
    kind, body = kind_named(own.value.kind), shown.value.body
    found = [*_repeated(kind, own.value.body, body, hidden), *_place(kind, own.value.body, body)]
    found += _of_files(kind, body, files)
    if kind.moment and kind.moment in body:
        found.append(Inference(key="moment", values={"at": body[kind.moment]}))
    if shown.value.position:
        found.append(Inference(key="position", values={"code": shown.value.position}))
    if shown.value.state != kind.states[0]:
        found.append(Inference(key="state", values={"state": shown.value.state}))
    return sorted(found, key=lambda item: not item.strong)


def _place(kind: Kind, own: Body, body: Body) -> list[Inference]:
    value = body.get(kind.place) if kind.place else None
    if value is None:
        return _named(kind, body, "") if kind.place else []
    told, known = place_from_json(value), place_from_json(own[kind.place])
    if told.grain is Grain.EXACT:
        return [Inference(key="place_exact" if told.lat is not None else "place_words")]
    return [*_square(told, known), *_named(kind, body, told.key)]


def _square(told: Place, known: Place) -> list[Inference]:
    """What a coarse place tells, and what it does not hide: see ``tansiq.domain.places``."""
    if told.grain is Grain.DISTRICT or told.lat is None or told.lon is None:
        return [Inference(key="place_district")]
    found = [Inference(key=f"place_{told.grain.value}")]
    if known.lat is None or known.lon is None:
        return found
    if snapped(known.lat, known.lon, told.grain) != (told.lat, told.lon):
        found.append(Inference(key="place_kept"))
    elif is_at_border(known.lat, known.lon, told.grain):
        found.append(Inference(key="place_border"))
    return found


def _of_files(kind: Kind, body: Body, files: Sequence[Released[RecordView]]) -> list[Inference]:
    """What files tell: by their names, and by what could not be taken out of them."""
    names = [str(one.value.body.get("text", "")) for one in files]
    value = body.get(kind.place) if kind.place else None
    place = place_from_json(value) if value is not None else None
    told = place.key if place else ""
    exact = place is not None and place.grain is Grain.EXACT
    towns = {
        town for name in names for town, key in _towns(_words(name)) if key != told or not told
    }
    found = [
        Inference(key="file_place", values={"name": town}, strong=True)
        for town in sorted(towns)
        if not exact
    ]
    traced = (one for one in files if one.value.body.get("traces") not in CLEAN)
    return found + [
        Inference(key="file_traces", values={"name": str(one.value.body.get("text", ""))},
                  strong=True)
        for one in traced
    ]  # fmt: skip


def _words(name: str) -> str:
    """A file's name as words."""
    return "".join(c if c.isalpha() else " " for c in name.rpartition(".")[0] or name)


def _named(kind: Kind, body: Body, told: str) -> list[Inference]:
    """Towns that the text names although the place was coarsened or left out."""
    names = {
        name for text in _texts(kind, body) for name, key in _towns(text) if key != told or not told
    }
    return [Inference(key="text_place", values={"name": n}, strong=True) for n in sorted(names)]


def _towns(text: str) -> list[tuple[str, str]]:
    parts = [part.strip(_MARKS) for part in text.split()]
    found = []
    for size in range(1, _WORDS_MAX + 1):
        for start in range(len(parts) - size + 1):
            name = " ".join(parts[start : start + size])
            town = find_town(name) if name else None
            if town is not None:
                found.append((name, town.key))
    return found


def _texts(kind: Kind, body: Body) -> list[str]:
    typed = (f for f in kind.fields if f.type is not Type.PLACE and f.name in body)
    return [text for f in typed for text in texts_in(f, body[f.name])]


def _repeated(kind: Kind, own: Body, body: Body, hidden: tuple[str, ...]) -> list[Inference]:
    """Hidden fields whose words stand in the text that leaves."""
    told = normalise(" ".join(_texts(kind, body)))
    found = []
    for name in hidden:
        if name not in own or kind.field(name).type is Type.PLACE:
            continue
        kept = map(normalise, texts_in(kind.field(name), own[name]))
        if any(len(text) >= _SHORTEST and text in told for text in kept):
            found.append(Inference(key="repeated", values={"field": name}, strong=True))
    return found
