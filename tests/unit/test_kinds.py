"""Kinds are declared completely, and each type of field says what it takes."""

import pytest

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import Decision
from tansiq.domain.errors import InputError
from tansiq.domain.fields import COUNT_MAX, Field, Type, check_value
from tansiq.domain.kinds import KINDS, kind_named, kind_reading
from tansiq.domain.kinds.facets import (
    FACETS_MAX,
    code_of,
    codes_of,
    day_moment,
    number_maker,
    number_of,
)
from tansiq.domain.kinds.listing import COLUMNS, View
from tansiq.domain.parties import Role
from tansiq.domain.places import gazetteer, place_named
from tansiq.domain.wording import LANGUAGES, words
from tansiq.web.shell.asking import RESERVED
from tests.oracle import wire
from tests.world import START, uuid_of

ID = uuid_of("record")
PLACE = place_named("Makhmour").to_json()
HINTED = """text observed place unknowns informant internal tell grade size done asked
    needed_by"""


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_is_worded_completely(kind):
    """Name, fields, choices, states and steps of every kind read in three languages."""
    texts = [kind.label(), *(kind.state(code) for code in kind.states)]
    texts += [step.label() for step in kind.transitions]
    for field in kind.fields:
        texts.append(field.label())
        if field.name != "media_type":
            texts += [field.choice(code) for code in field.choices]
        if field.name in HINTED.split():
            texts.append(field.hint())
    assert all(text.of(language) for text in texts for language in LANGUAGES)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_holds_together(kind):
    """Steps join known states, needs and roles exist, and the special fields are its own."""
    names = [field.name for field in kind.fields]
    assert len(names) == len(set(names))
    assert kind.title in names
    assert {kind.moment, kind.place, kind.about} - {""} <= set(names)
    for step in kind.transitions:
        assert step.sources <= set(kind.states)
        assert step.target in kind.states
        assert set(step.needs) | set(step.asks) <= set(names)
        assert step.roles <= set(Role)
        assert kind.transition(step.name) is step
    moves = [act for act in kind.case.acts if isinstance(act, Decision)] if kind.case else []
    reached = {kind.states[0], *(step.target for step in (*kind.transitions, *moves))}
    if kind.case and kind.case.rounds:  # a circle stands before a round, in it, or after it
        reached |= set(kind.case.stages)
    heard = set(kind.case.outward) if kind.case else set()  # by who follows the stage only
    said = set(kind.states) if kind.stands else set()  # what an edition's body may say of it
    assert reached <= set(kind.states) - heard <= reached | said
    assert kind.always_below() <= kind.below_by_default()
    assert not any(field.fixed and field.above for field in kind.fields)
    assert kind_reading(kind.name, kind.version) is kind_named(kind.name)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_listing_names_what_its_kind_has(kind):
    """Facets are few and of types that have numbers, and columns, tabs and boards are the kind's
    own.
    """
    names = {field.name for field in kind.fields}
    assert len(kind.facets) == len({one.field for one in kind.facets}) <= FACETS_MAX
    assert {one.field for one in kind.facets} | ({kind.due} - {""}) <= names
    assert not kind.due or kind.field(kind.due).type in (Type.MOMENT, Type.DATE)
    assert set(dict(kind.tones)) <= set(kind.states)
    if kind.listing is not None:
        assert set(kind.listing.named) <= names | COLUMNS
        assert set(kind.listing.boards) <= {"state", *(one.field for one in kind.facets)}
        assert all(set(tab.states) <= set(kind.states) for tab in kind.listing.tabs)
        assert kind.listing.tab("unheard of") is kind.listing.tabs[0]
        assert not {one.field for one in kind.facets} & RESERVED
        assert View.MAP not in kind.listing.views or kind.place


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        (Field(name="f", type=Type.CHOICE, choices=("a", "b")), ("a", "b")),
        (Field(name="f", type=Type.FLAG), ("yes",)),
        (Field(name="f", type=Type.PARTY), ("AA", "MPA", "ABZA", "ZZZZZZZZ")),
        (Field(name="f", type=Type.DATE), ("1970-01-01", "2020-12-24", "9999-12-31")),
        (Field(name="f", type=Type.PLACE), tuple(gazetteer())),
    ],
)
def test_a_facet_is_a_number_and_back(field, codes):
    """Each value has a number of its own, worked out from it alone; what is no value has none."""
    numbers = [number_of(field, code) for code in codes]
    assert len(set(numbers)) == len(codes)
    assert all(0 < number < 2**53 for number in numbers)
    assert [code_of(field, number) for number in numbers] == list(codes)
    assert set(codes_of(field)) in ({*codes}, set())
    assert {number_of(field, code) for code in ("", "?", "a1", "2020-13-01")} == {0}
    assert code_of(field, 0) == ""
    assert number_maker(field)(None) == 0
    with pytest.raises(KeyError):
        number_maker(Field(name="f", type=Type.TEXT))


def test_a_day_is_due_on_its_day():
    """Noon UTC is the same day from Alaska to New Zealand; a moment is due when it says so."""
    assert day_moment("1970-01-02") == 36 * 3_600_000
    request = KINDS["rfi"]
    assert request.due_at({"needed_by": START}) == START
    assert request.due_at({}) is None
    assert request.due_at({"needed_by": "1970-01-02"}) == 36 * 3_600_000
    assert KINDS["incident"].due_at({"observed": START}) is None


def test_a_body_is_counted_by_what_it_says():
    """In the order of the declaration; what a body does not say, or says badly, is 0."""
    place = place_named("Makhmour").to_json()
    numbers = KINDS["incident"].facet_numbers({"severity": "urgent", "place": place})
    assert numbers[:2] == (2, 0)
    assert code_of(KINDS["incident"].field("place"), numbers[2]) == "makhmour"
    assert KINDS["incident"].facet_numbers({"severity": 7}) == (0,) * FACETS_MAX


def test_the_oracle_knows_the_same_fields():
    """The fields that may leave, those that never do, and those that name records: as here."""
    assert {kind.name: [f.name for f in kind.fields] for kind in KINDS.values()} == {
        name: list(fields) for name, fields in wire.FIELDS.items()
    }
    never = {field.name for kind in KINDS.values() for field in kind.fields if field.fixed}
    assert never == wire.NEVER_LEAVES
    links = [field for kind in KINDS.values() for field in kind.links]
    assert {one.name for one in links if one.type is Type.RECORD} == wire.ONE_LINK
    several = {one.name for one in links if one.type in {Type.RECORDS, Type.ATTACHMENTS}}
    assert several - wire.NEVER_LEAVES == wire.MANY_LINKS - wire.NEVER_LEAVES


def test_no_kind_describes_a_person_or_a_weapon():
    """No field asks for a name, a document, a vehicle or a target; people appear as counts."""
    banned = {"name", "person", "suspect", "target", "plate", "phone", "weapon", "passport"}
    assert not banned & {field.name for kind in KINDS.values() for field in kind.fields}


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (Type.TEXT, "two\nlines"),
        (Type.LINE, "one line"),
        (Type.CHOICE, "one"),
        (Type.COUNT, 0),
        (Type.COUNT, COUNT_MAX),
        (Type.FLAG, False),
        (Type.MOMENT, START),
        (Type.MOMENT, BOUNDS.moment_max),
        (Type.PLACE, PLACE),
        (Type.GRADE, "F6"),
        (Type.POSITIONS, ["duty-officer"]),
        (Type.RECORD, ID),
        (Type.RECORDS, [ID, ID]),
        (Type.ATTACHMENTS, [ID] * BOUNDS.attachments_per_record_max),
        (Type.DIGEST, "0f" * 32),
    ],
)
def test_a_field_takes_what_its_type_says(type_, value):
    """A proper value is kept as it is."""
    assert check_value(Field(name="x", type=type_, choices=("one",)), value) == value


@pytest.mark.parametrize(
    ("type_", "value", "code"),
    [
        (Type.TEXT, 7, "field_form"),
        (Type.TEXT, "x" * (BOUNDS.text_chars_max + 1), "text_long"),
        (Type.TEXT, "bell\x07", "text_control"),
        (Type.LINE, "two\nlines", "field_form"),
        (Type.LINE, "x" * (BOUNDS.line_chars_max + 1), "text_long"),
        (Type.CHOICE, "two", "choice_unknown"),
        (Type.CHOICE, ["one"], "choice_unknown"),
        (Type.COUNT, -1, "count_range"),
        (Type.COUNT, True, "count_range"),
        (Type.COUNT, COUNT_MAX + 1, "count_range"),
        (Type.FLAG, 1, "field_form"),
        (Type.MOMENT, -1, "moment_form"),
        (Type.MOMENT, "2020", "moment_form"),
        (Type.MOMENT, BOUNDS.moment_max + 1, "moment_form"),
        (Type.PLACE, {}, "place_form"),
        (Type.GRADE, "G1", "grade_form"),
        (Type.GRADE, "A7", "grade_form"),
        (Type.GRADE, "A", "grade_form"),
        (Type.POSITIONS, "duty-officer", "field_form"),
        (Type.POSITIONS, ["Duty Officer"], "position_code"),
        (Type.RECORD, "-" * 36, "record_id"),
        (Type.RECORDS, [ID] * (BOUNDS.links_max + 1), "field_form"),
        (Type.RECORDS, [7], "record_id"),
        (Type.ATTACHMENTS, [ID] * (BOUNDS.attachments_per_record_max + 1), "field_form"),
        (Type.DIGEST, "0F" * 32, "field_form"),
        (Type.DIGEST, "0f", "field_form"),
    ],
)
def test_a_field_refuses_what_its_type_excludes(type_, value, code):
    """Each refusal names its reason, in words of three languages."""
    with pytest.raises(InputError) as refused:
        check_value(Field(name="text", type=type_, choices=("one",)), value)
    assert refused.value.code == code
    assert len({refused.value.text(language) for language in LANGUAGES}) == 3


def test_text_loses_direction_tricks_and_foreign_line_ends_only():
    """What a person typed stays, without overrides, with plain line ends."""
    field = Field(name="text", type=Type.TEXT)
    assert check_value(field, " a\r\nb\rc\u202e\u2066 ") == "a\nb\nc"
    assert check_value(field, "ڕێگاکە‌ کرایەوە") == "ڕێگاکە‌ کرایەوە"


INCIDENT = KINDS["incident"]
BODY = {
    "category": "fire", "severity": "flash", "text": "Fire", "observed": START, "place": PLACE,
    "grade": "A1",
}  # fmt: skip


def test_a_whole_body_needs_its_required_fields():
    """Each required field is asked for by name; a redacted body may lack any."""
    for field in INCIDENT.fields:
        rest = {name: value for name, value in BODY.items() if name != field.name}
        if not field.required:
            continue
        with pytest.raises(InputError) as refused:
            INCIDENT.check(rest)
        assert (refused.value.code, refused.value.values) == (
            "field_required", {"field": field.name},
        )  # fmt: skip
        assert INCIDENT.check(rest, whole=False) == rest


def test_unknown_fields_are_refused_whole_and_left_out_of_a_partners():
    """An own body has no surplus; a newer partner's surplus is not shown."""
    with pytest.raises(InputError) as refused:
        INCIDENT.check({**BODY, "surplus": 1})
    assert refused.value.code == "field_unknown"
    assert INCIDENT.check({**BODY, "surplus": 1}, whole=False) == BODY


def test_empty_values_are_no_values():
    """Empty text, an empty list and nothing are left out."""
    assert INCIDENT.check({**BODY, "size": "", "attachments": [], "hurt": None}) == BODY


def test_unknown_kinds_versions_and_steps_are_refused():
    """What is unknown is an error that a person can read."""
    for ask in (
        lambda: kind_named("weather"),
        lambda: INCIDENT.transition("explode"),
        lambda: INCIDENT.field("nothing"),
    ):
        with pytest.raises(InputError) as refused:
            ask()
        assert refused.value.text("ckb")


def test_an_incident_is_found_by_every_name_of_its_place():
    """The words of a record hold the town's names in three languages and no other fields."""
    found = INCIDENT.search_text({**BODY, "internal": "inner words"})
    assert all(part in found for part in ("Fire", "مخمور", "مەخموور", "inner words"))
    assert "A1" not in found
    nowhere = {**BODY, "place": place_named("by the old mill").to_json()}
    assert "by the old mill" in INCIDENT.search_text(nowhere)


def test_lists_order_by_the_moment_or_else_by_the_entry():
    """Where a body has no moment, the time of entry stands for it."""
    assert INCIDENT.when(BODY, 7) == START
    assert INCIDENT.when({}, 7) == 7
    assert KINDS["answer"].when({}, 7) == 7


def test_steps_follow_from_states():
    """From each state exactly the declared steps lead on."""
    assert {step.name for step in INCIDENT.steps_from("closed")} == {"reopen"}
    assert {step.name for step in INCIDENT.steps_from("confirmed")} == {"follow_up", "close"}
    assert KINDS["log_line"].steps_from("saved") == ()


@pytest.mark.parametrize(
    ("area", "codes"),
    [
        ("class", ["open", "restricted", "confidential", "secret"]),
        ("onward", ["none", "within", "free"]),
        ("grain", ["exact", "km1", "km5", "district"]),
        ("precision", ["exact", "about", "area"]),
        ("category", ["medical", "liaison", "source"]),
        ("caveat", ["no_action", "ask_first", "own_area", "exercise"]),
        ("reliability", list("ABCDEF")),
        ("credibility", list("123456")),
        ("recall_reason", ["error", "superseded", "source", "agreement", "other"]),
        (
            "purpose",
            ["safety", "coordination", "support", "programme", "training", "answer", "open_data"],
        ),
    ],
)
def test_every_code_on_a_page_is_worded(area, codes):
    """Codes of labels, places, grades and releases read in three languages."""
    assert all(words(f"{area}.{code}").of("ckb") for code in codes)
