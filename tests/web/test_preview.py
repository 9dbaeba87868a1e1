"""What leaves stands in the preview and on the approver's page, whatever its kind and its field; a
form moves the tear line of what it shows alone.
"""

import re

import pytest

from tansiq.board import own_editions
from tansiq.desk.records import read
from tansiq.desk.release.proposing import as_partner
from tansiq.domain.errors import RefusedError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import KINDS, Kind, kind_named
from tansiq.domain.kinds.newest import own_newest
from tansiq.domain.measures import money_text
from tansiq.domain.records import Edition, RecordId, ReleaseId, reference
from tansiq.log.canonical import decode_object
from tansiq.policy.release import Proposal, reread, wire_edition
from tansiq.web.releases import panel
from tansiq.web.shell.dates import number
from tansiq.web.shell.forms import shown_values
from tests.unit.test_field_types import ITEM
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.web.test_field_controls import ONES
from tests.world import HOUR, START, incident, rule, to, uuid_of

SAMPLES = {
    Type.TEXT: "Ours, typed here",
    Type.LINE: "One line, typed here",
    Type.COUNT: 7_301,
    Type.FLAG: True,
    Type.MOMENT: START - HOUR,
    Type.PLACE: {"name": "Makhmour", "key": "makhmour", "lat": 357_811_234, "lon": 435_845_678,
                 "precision": "about", "grain": "exact"},
    Type.GRADE: "C4",
    Type.POSITIONS: ["duty-officer"],
    Type.SEATS: ["MOD/cleared"],
    Type.RECORD: uuid_of("another"),
    Type.STEP: uuid_of("a step"),
    Type.RECORDS: [uuid_of("one more"), uuid_of("and one")],
    Type.ATTACHMENTS: [uuid_of("photo/1")],
    Type.DIGEST: "0123456789abcdef" * 4,
    Type.UNKNOWNS: [ITEM, {"id": "0badcafe", "text": "How many?", "state": "answered",
                           "by": uuid_of("what answered")}],
}  # fmt: skip


@pytest.fixture
def world():
    with agreed() as made:
        photo = made.attach("MPA", "photo", b"what it shows", to("MOD"))
        made.write("MPA", "carrier", incident(to("MOD"), attachments=[photo]))
        yield made


def sample(field: Field):
    """A value of the field, as a person could have typed it."""
    match field.type:
        case Type.CHOICE:
            return field.choices[-1]
        case Type.AMOUNT:
            return {"unit": field.choices[-1], "value": 12_507}
        case Type.MONEY:
            return {"currency": field.choices[-1], "minor": 125_070}
        case Type.ROWS:
            return [{column.name: sample(column) for column in field.columns}]
        case _:
            return SAMPLES[field.type] if field.type in SAMPLES else ONES[field.type][1][0]


SHOWN = {
    Type.FLAG: lambda _, value: [words("page.yes")],
    Type.MOMENT: lambda _, value: ["2020"],
    Type.SPAN: lambda _, value: ["2020"],
    Type.PLACE: lambda _, value: ["Makhmour", "35.7811, 43.5846"],
    Type.AREA: lambda _, value: [words(f"shape.{value['shape']}")],
    Type.RECORD: lambda _, value: [reference(value)],
    Type.STEP: lambda _, value: [reference(value)],
    Type.RECORDS: lambda _, value: list(map(reference, value)),
    Type.ATTACHMENTS: lambda _, value: ["photo"],
    Type.DIGEST: lambda _, value: [value[:16]],
    Type.GRADE: lambda _, value: [words("reliability.C"), words("credibility.4")],
    Type.UNKNOWNS: lambda _, value: [one["text"] for one in value] + [reference(value[1]["by"])],
    Type.AMOUNT: lambda field, value: ["12,507", field.choice(value["unit"]).of("en")],
    Type.MONEY: lambda _, value: [money_text(value["minor"], value["currency"])],
    Type.ROWS: lambda field, value: [
        part
        for row in value
        for column in field.columns
        if column.above
        for part in told(column, row[column.name])
    ],
}


def told(field: Field, value) -> list[str]:
    """What a page in English has to show of a value."""
    if field.type is Type.CHOICE and field.name != "media_type":
        return [field.choice(value).of("en")]
    if isinstance(value, int) and not isinstance(value, bool) and field.type not in SHOWN:
        return [number(value)]
    return SHOWN.get(field.type, lambda _, plain: [str(plain)])(field, value)


def everything(world, kind: Kind) -> Proposal:
    """A record of the kind with every field filled, and nothing held below the line by choice."""
    body = {field.name: sample(field) for field in kind.fields}
    edition = Edition(
        record=RecordId(uuid_of(kind.name)), owner=world.desk("MPA").me, kind=kind.name,
        version=kind.version, number=1, previous="", state=kind.states[-1], label=to("MOD"),
        body=body, tear=frozenset(), author=world.actor("MPA"), at=START,
    )  # fmt: skip
    known = frozenset(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(body)))
    return Proposal(edition=edition, to=world.desk("MOD").me, rule="R-1", known=known)


def viewed(world, proposal):
    """The wire edition and the view that the preview is made of."""
    kind, release = kind_named(proposal.edition.kind), ReleaseId(proposal.edition.record)
    one = rule("MPA", "R-1", kinds=frozenset(KINDS))
    wire = wire_edition(proposal, kind, one, release=release, ordinal=1, now=START)
    return wire, reread(wire, as_partner(wire.value.to_json(), world.desk("MPA").me))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a4_every_field_that_leaves_stands_in_the_preview(world, kind):
    """Of every kind each field of the wire edition is shown with its name and its value."""
    Screen(world, "MPA", "liaison-officer")
    wire, shown = viewed(world, everything(world, kind))
    desk, viewer = world.desk("MPA"), world.viewer("MPA")
    files = tuple(read.named(desk, viewer, [uuid_of("photo/1")]))
    for language in LANGUAGES:
        text = str(panel.framed(shown, files, language).markup)
        for name, value in wire.value.body.items():
            assert f'data-field="{name}"' in text
            field = kind.field(name)
            if name != "text":
                assert field.label().of(language) in text
            for part in told(field, value) if language == "en" else ():
                assert part in text, f"{kind.name}.{name}: {part}"


def test_a4_a_field_that_the_preview_does_not_show_is_a_failure(world):
    """A file that leaves and has no view stops the page: nobody releases what was not shown."""
    Screen(world, "MPA", "liaison-officer")
    _, shown = viewed(world, everything(world, kind_named("incident")))
    with pytest.raises(RefusedError) as refused:
        panel.framed(shown, (), "en")
    assert refused.value.code == "preview_incomplete"
    assert panel.framed(shown, (), "en", unseen=frozenset({"attachments"})).view is shown


@pytest.mark.parametrize("category", ["fire", "shooting"])
def test_a4_what_goes_beside_the_body_stands_there_too(world, category):
    """Class, end, onward rule, purpose, rule and position, in preview and for the approver."""
    screen = Screen(world, "MPA", "liaison-officer")
    record = world.write("MPA", "it", incident(to("MOD"), category=category))
    name = "S-MPA" if category == "shooting" else "R-MPA"
    page = text_of(screen.get(f"/record/MPA/{record}/release?to=MOD&rule={name}"))
    pages = [page]
    if category == "shooting":
        release = world.release("MPA", record, "MOD", "S-MPA")
        pages.append(text_of(Screen(world, "MPA", "senior-duty-officer", "P-9").get(
            f"/approvals/{release}"
        )))  # fmt: skip
    for text in pages:
        strip = text[text.index('class="preview-sent"') : text.index('class="tear"')]
        for part in (words("class.restricted"), words("purpose.coordination"), name):
            assert part in strip
        assert (words("label.until") in strip) == (name == "R-MPA")


def test_a4_a_link_that_leaves_is_named(world):
    """The record that an incident says it is about the same event as stands in the preview."""
    screen = Screen(world, "MPA", "liaison-officer")
    first = world.write("MPA", "first", incident(to("MOD")))
    world.release("MPA", first, "MOD", "R-MPA", "one")
    draft = incident(to("MOD"), same_as=[first], tear=frozenset())
    second = world.write("MPA", "second", draft)
    text = text_of(screen.get(f"/record/MPA/{second}/release?to=MOD"))
    article = re.search(r"<article class=\"record\".*?</article>", text, re.DOTALL)[0]
    assert 'data-field="same_as"' in article
    assert reference(first) in article


def edited(world, screen, record, **form):
    """The edit form as a browser sends it, with what a person changed in it."""
    view = read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", record).value
    kind = kind_named(view.kind)
    values = shown_values(kind, view.body)
    place, grade = values["place"], view.body["grade"]
    sent = {
        name: values[name] for name in ("category", "severity", "text", "observed")
    } | {
        "place-name": place["name"], "place-precision": place["precision"], "grade-r": grade[0],
        "grade-c": grade[1], "audience": ["MOD"], "class": "restricted", "onward": "none",
        "base": view.digest, "tear-form": "1", **form,
    }  # fmt: skip
    reply = screen.post(f"/record/MPA/{record}/edit", sent)
    assert reply.status_code == 302, text_of(reply)
    data = own_editions.newest(world.desk("MPA").board, f"MPA/{record}")
    return own_newest(decode_object(data), world.desk("MPA").me)


@pytest.mark.parametrize("torn", [["informant", "same_as"], ["same_as"], ["attachments"], []])
@pytest.mark.parametrize("ticked", [[], ["informant"], ["same_as", "attachments", "hurt"]])
def test_a4_a_form_moves_only_what_it_shows(world, torn, ticked):
    """A hidden field stays on its side of the line, whatever is saved and whatever is posted."""
    screen = Screen(world, "MPA", "liaison-officer")
    first = world.write("MPA", "first", incident(to("MOD")))
    draft = incident(to("MOD"), same_as=[first], informant="checkpoint 7", tear=frozenset(torn))
    record = world.write("MPA", "second", draft)
    edition = edited(world, screen, record, tear=ticked, text="Saved once more")
    hidden = {field.name for field in kind_named("incident").fields if field.hidden}
    fixed = kind_named("incident").always_below()
    assert edition.tear & hidden - fixed == set(torn) & hidden
    assert edition.tear - hidden - fixed == set(ticked) - hidden


def test_a4_a_new_record_keeps_hidden_fields_where_the_kind_has_them(world):
    """A form that shows a tear line does not lift what the kind keeps below it."""
    screen = Screen(world, "MPA", "liaison-officer")
    form = {
        "category": "fire", "severity": "routine", "text": "A new one",
        "observed": "2020-12-20 10:00", "place-name": "Makhmour", "place-precision": "about",
        "grade-r": "B", "grade-c": "2", "class": "restricted", "onward": "none", "tear-form": "1",
    }  # fmt: skip
    reply = screen.post("/incidents/new", form)
    assert reply.status_code == 302, text_of(reply)
    record = reply["Location"].rpartition("/")[2]
    data = own_editions.newest(world.desk("MPA").board, f"MPA/{record}")
    assert "same_as" in own_newest(decode_object(data), world.desk("MPA").me).tear


def test_a3_the_panel_releases_only_what_it_showed(world):
    """Edit and release sent one after the other: the release is shown once more, nothing leaves."""
    screen = Screen(world, "MPA", "liaison-officer")
    record = world.write("MPA", "fire", incident(to("MOD")))
    address = f"/record/MPA/{record}/release"
    page = screen.get(f"{address}?to=MOD").content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    edited(world, screen, record, text="Something else")
    size = world.desk("MPA").store.head("out/MOD").size
    reply = screen.post(address, {"to": "MOD", "act": "release", "seen": seen, "sure": "MOD"})
    assert "changed=1" in reply["Location"]
    assert words("panel.changed") in text_of(screen.get(reply["Location"]))
    assert world.desk("MPA").store.head("out/MOD").size == size
