"""What a partner can work out from what it gets: for the releaser's eyes, before anything leaves.

What the preview shows, with the names of the files that go along, is compared with what stays back.
It says what was looked for and what was found, and never that nothing can be told: people know more
than a list of names does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tansiq.desk.reader.in_texts import positions_in
from tansiq.desk.reader.naming import places_in
from tansiq.domain.areas import place_of
from tansiq.domain.fields import Type, texts_in
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.kinds.files.attachment import CLEAN
from tansiq.domain.places import (
    Grain,
    Place,
    gazetteer,
    is_at_border,
    snapped,
)
from tansiq.domain.records import Body, RecordView
from tansiq.domain.search import normalise
from tansiq.policy.seal import Released

_WHERE: Final = frozenset({Type.PLACE, Type.AREA})
_FOUND_MAX: Final = 20  # places that are named; a text of more is read again anyway
_SHORTEST: Final = 4  # letters of a hidden value that is looked for in the text


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
    found = [
        *_repeated(kind, own.value.body, body, hidden),
        *_place(kind, own.value.body, body, _names(files)),
        *_traced(files),
    ]
    if kind.moment and kind.moment in body:
        found.append(Inference(key="moment", values={"at": body[kind.moment]}))
    if shown.value.position:
        found.append(Inference(key="position", values={"code": shown.value.position}))
    if shown.value.state != kind.states[0]:
        found.append(Inference(key="state", values={"state": shown.value.state}))
    return sorted(found, key=lambda item: not item.strong)


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


def _names(files: Sequence[Released[RecordView]]) -> list[str]:
    """The names of files that go along, as a partner reads them."""
    return [str(file.value.body.get("text", "")) for file in files]


def _traced(files: Sequence[Released[RecordView]]) -> list[Inference]:
    """What could not be taken out of files."""
    kept = [one for one in files if one.value.body.get("traces") not in CLEAN]
    return [
        Inference(key="file_traces", values={"name": name}, strong=True) for name in _names(kept)
    ]


def _place(kind: Kind, own: Body, body: Body, files: Sequence[str]) -> list[Inference]:
    """What is told of the place, beside what the place field itself tells."""
    if not kind.place:
        return []
    value = body.get(kind.place)
    shown = None if value is None else place_of(value)
    if shown is not None and shown.grain is Grain.EXACT:
        return [Inference(key="place_exact" if shown.lat is not None else "place_words")]
    kept = own.get(kind.place)
    place = None if kept is None else place_of(kept)
    grain = [] if shown is None or place is None else _square(shown, place)
    told = shown.key if shown is not None else ""
    found = [
        *(hit for text in _texts(kind, body) for hit in _given_away(text, place, told, "text")),
        *(hit for name in files for hit in _given_away(_words(name), place, told, "file")),
    ]
    once = list({(hit.key, str(hit.values)): hit for hit in found}.values())[:_FOUND_MAX]
    looked: dict[str, object] = {"towns": len(gazetteer()), "found": len(once)}
    return [*grain, *once, Inference(key="looked", values=looked)]


def _words(name: str) -> str:
    """The name of a file as words."""
    return name.rpartition(".")[0].replace("_", " ") or name


def _given_away(text: str, place: Place | None, told: str, where: str) -> Iterator[Inference]:
    """What a text, or the name of a file, says of the place although the place field shows less."""
    own = [place.name] if place is not None and place.name and place.key != (told or None) else []
    for named in places_in(text, own):
        if not told or named.key != told:
            key = "place" if named.key else "own"
            yield Inference(key=f"{where}_{key}", values={"name": named.text}, strong=True)
    near = None
    if place is not None and place.lat is not None and place.lon is not None:
        near = place.lat, place.lon
    for written in positions_in(text, near):
        yield Inference(key=f"{where}_position", values={"name": written.text}, strong=True)


def _texts(kind: Kind, body: Body) -> list[str]:
    typed = (f for f in kind.fields if f.type not in _WHERE and f.name in body)
    return [text for f in typed for text in texts_in(f, body[f.name])]


def _repeated(kind: Kind, own: Body, body: Body, hidden: tuple[str, ...]) -> list[Inference]:
    """Hidden fields whose words stand in the text that leaves."""
    told = normalise(" ".join(_texts(kind, body)))
    found = []
    for name in hidden:
        if name not in own or kind.field(name).type in _WHERE:
            continue
        kept = map(normalise, texts_in(kind.field(name), own[name]))
        if any(len(text) >= _SHORTEST and text in told for text in kept):
            found.append(Inference(key="repeated", values={"field": name}, strong=True))
    return found
