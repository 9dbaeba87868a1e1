"""Party, date, span, amount, money, area, rows and unknowns: what each takes, and what leaves."""

import json

import pytest

from tansiq.domain.areas import METRES_MAX, METRES_PER_DEGREE, coarsen_area
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.fields import (
    COLUMN_TYPES,
    Field,
    Type,
    check_value,
    records_in,
    searchable_text,
    texts_in,
)
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.measures import (
    AMOUNT_MAX,
    CURRENCIES,
    MINOR_MAX,
    UNITS,
    minor_of,
    money_text,
)
from tansiq.domain.parties import Actor, Role
from tansiq.domain.places import E7, Grain
from tansiq.domain.records import Edition
from tansiq.domain.unknowns import UnknownState, asked, settled
from tansiq.domain.wording import LANGUAGES, words
from tansiq.log.canonical import decode_object, encode
from tansiq.policy.release import Proposal, redact
from tests import seeds
from tests.fuzz import mutate
from tests.world import START, rule, uuid_of

ID, OTHER = uuid_of("one"), uuid_of("two")
HERE = [357_760_000, 435_790_000]
CIRCLE = {"shape": "circle", "name": "Makhmour", "positions": [HERE], "metres": 300,
          "grain": "exact"}  # fmt: skip
CORRIDOR = {**CIRCLE, "shape": "corridor", "positions": [HERE, [358_000_000, 436_000_000]]}
POLYGON = {**CORRIDOR, "shape": "polygon", "metres": 0,
           "positions": [*CORRIDOR["positions"], [358_000_000, 435_790_000]]}  # fmt: skip
ITEM = {"id": "0a1b2c3d", "text": "Who shot?", "state": "open", "by": ""}
DONE = {"id": "4e5f6a7b", "text": "From where?", "state": "answered", "by": ID}
COLUMNS = (
    Field(name="text", type=Type.LINE, searchable=True),
    Field(name="hurt", type=Type.COUNT),
    Field(name="asked", type=Type.PARTY),
    Field(name="internal", type=Type.LINE, above=False),
)
CHOICES = {Type.AMOUNT: ("kg", "litre"), Type.MONEY: ("IQD", "USD")}


def field(type_: Type) -> Field:
    """A field of the type, with choices and columns where the type has them."""
    columns = COLUMNS if type_ is Type.ROWS else ()
    return Field(name="text", type=type_, choices=CHOICES.get(type_, ()), columns=columns)


GOOD = (
    (Type.PARTY, "MPA"),
    (Type.DATE, "2020-02-29"),
    (Type.DATE, "9999-12-31"),
    (Type.SPAN, {"from": START, "to": START}),
    (Type.SPAN, {"from": 0, "to": BOUNDS.moment_max}),
    (Type.AMOUNT, {"unit": "kg", "value": AMOUNT_MAX}),
    (Type.MONEY, {"currency": "IQD", "minor": MINOR_MAX}),
    (Type.AREA, CIRCLE),
    (Type.AREA, CORRIDOR),
    (Type.AREA, POLYGON),
    (Type.ROWS, [{"text": "one", "hurt": 0}, {"asked": "MOD"}]),
    (Type.ROWS, [{"hurt": 1}] * BOUNDS.rows_max),
    (Type.UNKNOWNS, [ITEM, DONE]),
)
BAD = (
    (Type.PARTY, "mpa", "party_code"),
    (Type.PARTY, ["MPA"], "party_code"),
    (Type.DATE, "2021-02-29", "date_form"),
    (Type.DATE, "0099-01-01", "date_form"),
    (Type.DATE, "２０２１-01-01", "date_form"),
    (Type.DATE, 20210101, "date_form"),
    (Type.SPAN, {"from": 2, "to": 1}, "span_order"),
    (Type.SPAN, {"from": 2}, "field_form"),
    (Type.SPAN, {"from": 2, "to": BOUNDS.moment_max + 1}, "moment_form"),
    (Type.SPAN, {"from": True, "to": 3}, "moment_form"),
    (Type.AMOUNT, {"unit": "stone", "value": 1}, "choice_unknown"),
    (Type.AMOUNT, {"unit": ["kg"], "value": 1}, "choice_unknown"),
    (Type.AMOUNT, {"unit": "kg", "value": -1}, "amount_range"),
    (Type.AMOUNT, {"unit": "kg", "value": True}, "amount_range"),
    (Type.AMOUNT, 7, "field_form"),
    (Type.MONEY, {"currency": "EUR", "minor": 1}, "choice_unknown"),
    (Type.MONEY, {"currency": "USD", "minor": MINOR_MAX + 1}, "money_range"),
    (Type.MONEY, {"currency": "USD", "minor": 1, "more": 1}, "field_form"),
    (Type.AREA, {**CIRCLE, "positions": [HERE, HERE]}, "area_positions"),
    (Type.AREA, {**CORRIDOR, "positions": [HERE]}, "area_positions"),
    (Type.AREA, {**POLYGON, "positions": [HERE] * (BOUNDS.area_positions_max + 1)},
     "area_positions"),
    (Type.AREA, {**CIRCLE, "positions": [[91 * E7, 0]]}, "area_position"),
    (Type.AREA, {**CIRCLE, "positions": [[True, 0]]}, "area_position"),
    (Type.AREA, {**CIRCLE, "positions": ["xy"]}, "area_position"),
    (Type.AREA, {**CIRCLE, "metres": 0}, "area_metres"),
    (Type.AREA, {**POLYGON, "metres": 1}, "area_metres"),
    (Type.AREA, {**CIRCLE, "metres": METRES_MAX + 1}, "area_metres"),
    (Type.AREA, {**CIRCLE, "shape": ["circle"]}, "area_form"),
    (Type.AREA, {**CIRCLE, "grain": "fine"}, "area_form"),
    (Type.AREA, {**CIRCLE, "name": "two\nlines"}, "field_form"),
    (Type.AREA, [], "area_form"),
    (Type.ROWS, {"text": "one"}, "field_form"),
    (Type.ROWS, [{}], "field_form"),
    (Type.ROWS, [{"more": 1}], "field_form"),
    (Type.ROWS, [{"hurt": "1"}], "count_range"),
    (Type.ROWS, [{"hurt": 1}] * (BOUNDS.rows_max + 1), "rows_many"),
    (Type.UNKNOWNS, "why", "field_form"),
    (Type.UNKNOWNS, ["why"], "field_form"),
    (Type.UNKNOWNS, [ITEM, ITEM], "field_form"),
    (Type.UNKNOWNS, [{**ITEM, "id": "0A1B2C3D"}], "field_form"),
    (Type.UNKNOWNS, [{**ITEM, "text": " "}], "field_required"),
    (Type.UNKNOWNS, [{**ITEM, "state": "shut"}], "choice_unknown"),
    (Type.UNKNOWNS, [{**ITEM, "by": ID}], "field_form"),
    (Type.UNKNOWNS, [{**DONE, "by": "it"}], "record_id"),
    (Type.UNKNOWNS, [{**DONE, "by": 0}], "record_id"),
    (Type.UNKNOWNS, [{**ITEM, "id": f"{n:08x}"} for n in range(BOUNDS.unknowns_max + 1)],
     "unknowns_many"),
)  # fmt: skip


@pytest.mark.parametrize(("type_", "value"), GOOD)
def test_a_type_takes_its_values_as_they_are(type_, value):
    """What is in its form is stored unchanged, and is canonical."""
    assert check_value(field(type_), value) == value
    assert decode_object(encode({"a": value})) == {"a": value}


@pytest.mark.parametrize(("type_", "value", "code"), BAD)
def test_a_type_refuses_what_it_excludes(type_, value, code):
    """Each refusal names its reason, in words of three languages."""
    with pytest.raises(InputError) as refused:
        check_value(field(type_), value)
    assert refused.value.code == code
    assert len({refused.value.text(language) for language in LANGUAGES}) == 3


def test_whatever_a_partner_sends_is_a_value_or_a_typed_error():
    """Values in which something is otherwise are refused by code, or come out in their form."""
    chance, taken, refusals = seeds.chance("types"), 0, set[str]()
    for type_, value in GOOD * 60:
        body = mutate.changed({"a": value}, chance)
        changed = body.get("a") if isinstance(body, dict) else body
        try:
            checked = check_value(field(type_), changed)
        except InputError as error:
            refusals.add(error.text("ckb"))
            continue
        taken += 1
        assert check_value(field(type_), checked) == checked
        assert all(isinstance(text, str) for text in texts_in(field(type_), checked))
        assert all(isinstance(item, str) for item in records_in(field(type_), checked))
    assert taken > 50
    assert len(refusals) > 8


def test_units_are_worded_and_currencies_are_their_codes():
    """Each unit reads in three languages; a currency is its code in all of them."""
    assert all(words(f"unit.{unit}").of("ckb") for unit in UNITS)
    assert field(Type.AMOUNT).choice("kg") == words("unit.kg")
    assert field(Type.MONEY).choice("USD").ar == "USD"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1,250.5", "USD", 125_050), ("1 250", "USD", 125_000), ("7", "JPY", 7),
        ("0.001", "IQD", 1), ("250000", "IQD", 250_000_000), ("7.10", "JPY", None),
        ("1.005", "USD", None), ("", "USD", None), (".5", "USD", None), ("1.2.3", "USD", None),
        ("-1", "USD", None), ("9" * 40, "USD", None), ("²", "USD", None),
    ],
)  # fmt: skip
def test_a_sum_is_read_to_the_smallest_unit_or_not_at_all(text, currency, minor):
    """No rounding: what the currency cannot say is refused."""
    assert minor_of(text, currency) == minor


def test_a_sum_reads_back_as_it_is_written():
    """For every currency, what is shown is what is read."""
    for currency in CURRENCIES:
        for minor in (0, 1, 999, 1_000, 123_456_789):
            shown = money_text(minor, currency)
            assert minor_of(shown.removesuffix(f" {currency}"), currency) == minor


def _covered(area, told) -> bool:
    """Whether the told circle covers every position of the area, by the same measure."""
    (lat, lon), metres = told["positions"][0], told["metres"]
    far = max(abs(a - lat) + abs(b - lon) for a, b in area["positions"])
    cell = 450_000 + 550_000 if told["grain"] == "km5" else 200_000
    return far * METRES_PER_DEGREE // E7 + area["metres"] <= metres + cell * 0.012


@pytest.mark.parametrize("grain", [Grain.KM1, Grain.KM5])
@pytest.mark.parametrize("area", [CIRCLE, CORRIDOR, POLYGON], ids=lambda area: area["shape"])
def test_a_coarse_area_is_a_circle_about_a_cell(area, grain):
    """No corner of a shape leaves where the place must be coarse; twice changes nothing more."""
    told = coarsen_area(area, grain)
    assert told["shape"] == "circle"
    assert told["positions"][0] not in area["positions"]
    assert _covered(area, told)
    assert coarsen_area(told, grain) == told
    assert coarsen_area(told, Grain.EXACT) == told
    assert check_value(field(Type.AREA), told) == told
    assert coarsen_area({**area, "name": "behind the mill"}, grain)["name"] == ""
    moved = [[lat + 100, lon + 100] for lat, lon in area["positions"]]
    assert coarsen_area({**area, "positions": moved}, grain) == told


def test_an_area_of_a_district_or_of_half_the_world_is_not_told_coarsely():
    """Where only the district may be told, and where the circle would be too large, nothing is."""
    assert coarsen_area(CIRCLE, Grain.DISTRICT) is None
    assert coarsen_area({**CIRCLE, "metres": METRES_MAX}, Grain.KM5) is None
    assert coarsen_area(CIRCLE, Grain.EXACT) == CIRCLE


FIELDS = (
    Field(name="owner", type=Type.PARTY),
    Field(name="told", type=Type.PARTY),
    Field(name="third", type=Type.PARTY),
    Field(name="area", type=Type.AREA, searchable=True),
    Field(name="lines", type=Type.ROWS, columns=COLUMNS, searchable=True),
    Field(name="unknowns", type=Type.UNKNOWNS, searchable=True),
    Field(name="day", type=Type.DATE),
)
KIND = Kind(name="trial", version=1, fields=FIELDS, states=("saved",), title="day")
BODY = {
    "owner": "MPA", "told": "MOD", "third": "COA", "area": POLYGON, "unknowns": [ITEM, DONE],
    "lines": [{"text": "one", "asked": "COA", "internal": "x"}, {"asked": "COA"}],
    "day": "2020-12-20",
}  # fmt: skip


def _left(known=(), grain=Grain.EXACT):
    edition = Edition(
        record=ID, owner="MPA", kind="trial", version=1, number=1, previous="", state="saved",
        label=Label(audience=audience_of("MOD")), body=KIND.check(BODY), tear=frozenset(),
        author=Actor(party="MPA", position="duty-officer", role=Role.DUTY_OFFICER, person="MPA-1"),
        at=START,
    )  # fmt: skip
    asked_for = Proposal(edition=edition, to="MOD", rule="R", known=frozenset(known), grain=grain)
    return redact(asked_for, KIND, rule("MPA", "R"))


def test_a_third_party_is_named_to_nobody():
    """A party leaves where it is the owner or the receiver, in a field and in a column."""
    left = _left()
    assert (left["owner"], left["told"]) == ("MPA", "MOD")
    assert "third" not in left
    assert "COA" not in json.dumps(left)


def test_a_column_below_the_line_never_leaves_and_an_empty_row_goes():
    """Of a table leave the columns above the line; a row with nothing left is not told."""
    assert _left()["lines"] == [{"text": "one"}]


def test_who_answered_leaves_only_to_whom_knows_the_answer():
    """An answered unknown stays an item; its record is named where the partner holds it."""
    assert _left()["unknowns"] == [ITEM, {**DONE, "by": ""}]
    assert _left(known={ID})["unknowns"] == [ITEM, DONE]
    assert records_in(FIELDS[5], BODY["unknowns"]) == [ID]


def test_an_area_leaves_as_coarse_as_a_place():
    """The rule's or the releaser's grain holds for areas; at a district nothing of it leaves."""
    assert _left()["area"] == POLYGON
    assert _left(grain=Grain.KM5)["area"]["shape"] == "circle"
    assert "area" not in _left(grain=Grain.DISTRICT)


def test_search_finds_the_words_of_areas_tables_and_unknowns():
    """People find a record by what they wrote into it, in whichever type of field."""
    found = searchable_text(FIELDS, BODY)
    assert all(part in found for part in ("Makhmour", "one", "Who shot?", "From where?"))


def test_an_unknown_is_asked_and_settled():
    """A line is an item with a fresh id; a settled one keeps its id, and names who answered."""
    draws = iter((ID, OTHER))
    items = asked(["  Who shot? ", "", "From where?"], lambda: next(draws))
    assert [item["text"] for item in items] == ["Who shot?", "From where?"]
    first = items[0]["id"]
    answered = settled(items, first, UnknownState.ANSWERED, OTHER)
    assert answered == [{**items[0], "state": "answered", "by": OTHER}, items[1]]
    assert settled(answered, first, UnknownState.OPEN) == items
    assert settled(answered, first, UnknownState.NO_VALUE, OTHER)[0]["by"] == ""
    with pytest.raises(InputError):
        settled(items, "ffffffff", UnknownState.OPEN)


def test_a_kind_may_have_words_of_its_own_for_a_field():
    """Where a kind has its own words they are shown, else those of the name."""
    plain = Field(name="text", type=Type.TEXT).of_kind("incident")
    assert plain.label() == words("field.text")
    assert plain.hinted
    assert not Field(name="digest", type=Type.DIGEST).hinted
    assert all(one.kind == kind.name for kind in KINDS.values() for one in kind.fields)


def test_columns_are_of_types_that_a_cell_can_hold():
    """No table within a table: a cell holds one value."""
    assert Type.ROWS not in COLUMN_TYPES
    for kind in KINDS.values():
        for one in kind.fields:
            assert all(column.type in COLUMN_TYPES for column in one.columns)
