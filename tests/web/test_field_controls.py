"""Every type of field has a control that gives back what it shows, and a way to be read."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.measures import CURRENCIES, UNITS
from tansiq.web.shell import controls, dates
from tests import seeds
from tests.fuzz import mutate
from tests.noninterference.browser import Browser
from tests.unit.test_field_types import CIRCLE, COLUMNS, CORRIDOR, DONE, ITEM, POLYGON
from tests.web.hostile import SCRIPT, runs
from tests.world import HOUR, START, worlds

LANGUAGES = ("en", "ar", "ckb")
MINUTE = START // 60_000 * 60_000
SPAN = {"from": MINUTE, "to": MINUTE + HOUR}
MORE = (
    Field(name="needed_by", type=Type.DATE),
    Field(name="size", type=Type.AMOUNT, choices=("kg", "tonne")),
    Field(name="dead", type=Type.MONEY, choices=("IQD", "USD")),
    Field(name="significant", type=Type.FLAG),
    Field(name="severity", type=Type.CHOICE, choices=("urgent", "routine")),
)
ONES = {
    Type.PARTY: (Field(name="about", type=Type.PARTY), ["MPA"]),
    Type.DATE: (Field(name="observed", type=Type.DATE), ["2020-12-20", "9999-12-31"]),
    Type.SPAN: (Field(name="observed", type=Type.SPAN), [SPAN]),
    Type.AMOUNT: (MORE[1], [{"unit": "tonne", "value": 0}, {"unit": "kg", "value": 12_500}]),
    Type.MONEY: (MORE[2], [{"currency": "USD", "minor": 125_050},
                           {"currency": "IQD", "minor": 250_000_001}]),
    Type.AREA: (Field(name="place", type=Type.AREA), [CIRCLE, CORRIDOR, POLYGON]),
    Type.ROWS: (
        Field(name="related", type=Type.ROWS, columns=(*COLUMNS, *MORE)),
        [[{"text": "one", "hurt": 0, "asked": "MPA"}, {"internal": "x", "significant": True},
          {"needed_by": "2020-12-20", "size": {"unit": "kg", "value": 3},
           "dead": {"currency": "USD", "minor": 100}, "severity": "urgent"}]],
    ),
    Type.UNKNOWNS: (Field(name="unknowns", type=Type.UNKNOWNS), [[ITEM, DONE]]),
}  # fmt: skip
CASES = [(one, value) for one, values in ONES.values() for value in values]
IDS = [f"{one.type}{number}" for number, (one, _) in enumerate(CASES)]


class Inputs(HTMLParser):
    """What a browser would send of a form as it stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.select = self.area = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "input" and at.get("type") in ("radio", "checkbox"):
            if "checked" in at:
                self.sent[at["name"]] = at["value"]
        elif tag == "input":
            self.sent[at["name"]] = at.get("value") or ""
        elif tag == "select":
            self.select = at["name"]
        elif tag == "textarea":
            self.area = at["name"]
            self.sent[self.area] = ""
        elif tag == "option" and (self.select not in self.sent or "selected" in at):
            self.sent[self.select] = at["value"]

    def handle_data(self, data):
        if self.area:
            self.sent[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = ""


class Sent(dict):
    """A posted form."""

    def getlist(self, key):
        return [self[key]] if key in self else []


@pytest.fixture(scope="module")
def desk():
    """A node whose pages are being made."""
    with worlds("MPA", "MOD") as made:
        browser = Browser(made.desk("MPA"), "cleared")
        browser.get("/incidents")
        yield made.desk("MPA")
        browser.close()


def drawn(template: str, language: str = "en", **context: object) -> str:
    """A piece of a page."""
    from tansiq.web.shell import page  # noqa: PLC0415 - once Django is configured

    head = ("{% import 'macros.html' as m with context %}"
            "{% import 'records/_body.html' as b with context %}")  # fmt: skip
    made = page._environment.from_string(head + template)
    return made.render(**page.helpers(language), hints=(), **context)


def control(one: Field, typed: object, language: str = "en", errors=()) -> str:
    """The control of a field."""
    return drawn("{{ m.field_input(f, value, errors) }}", language, f=one, value=typed,
                 errors=dict(errors))  # fmt: skip


@pytest.mark.parametrize(("one", "value"), CASES, ids=IDS)
def test_what_a_form_shows_is_what_it_sends(desk, one, value):
    """An edit that touches nothing changes nothing, to the last digit."""
    posted = Sent(Inputs(control(one, controls.again(one, value))).sent)
    assert controls.meant(one, controls.typed(posted, one)) == value


@pytest.mark.parametrize("one", [one for one, _ in ONES.values()], ids=lambda one: one.type)
def test_an_empty_control_says_nothing(desk, one):
    """What nobody filled in is no value."""
    posted = Sent(Inputs(control(one, None)).sent)
    assert controls.meant(one, controls.typed(posted, one)) in (None, "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("one", "value"), CASES, ids=IDS)
def test_every_input_has_a_name_that_is_read_aloud(desk, one, value, language):
    """Each input and select has a label of its own or is named; the form is shown with errors."""
    text = control(one, controls.again(one, value), language, errors={one.name: "x"})
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", text):
        if 'type="hidden"' in tag or 'type="radio"' in tag:
            continue
        identity = re.search(r' id="([^"]+)"', tag)
        labelled = identity and f'for="{identity[1]}"' in text
        assert labelled or "aria-label=" in tag, tag


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("one", "value"), CASES, ids=IDS)
def test_every_value_is_shown(desk, one, value, language):
    """A value reads in every language, and nothing in it runs."""
    text = drawn("{{ b.value_of(f, none, value) }}", language, f=one, value=value)
    assert re.sub(r"<[^>]+>|\s", "", unescape(text))
    hostile = _with_texts(value, SCRIPT)
    assert [] == runs(drawn("{{ b.value_of(f, none, value) }}", language, f=one, value=hostile))


def _with_texts(value: object, text: str) -> object:
    """The value with this text wherever people write words."""
    if isinstance(value, dict):
        return {key: text if key in ("text", "name") else _with_texts(item, text)
                for key, item in value.items()}  # fmt: skip
    return [_with_texts(item, text) for item in value] if isinstance(value, list) else value


def test_whatever_is_posted_is_a_value_or_a_typed_error(desk):
    """Forms in which something is otherwise end in a value that is stored, or in words."""
    chance, codes, stored = seeds.chance("forms"), set(), 0
    for _ in range(40):
        for one, value in CASES:
            posted = Inputs(control(one, controls.again(one, value))).sent
            changed = mutate.changed(posted, chance)
            if not isinstance(changed, dict):
                continue
            sent = Sent({key: str(item) for key, item in changed.items()})
            typed = controls.typed(sent, one)
            kind = Kind(name="trial", version=1, fields=(one,), states=("saved",))
            try:
                body = kind.check({one.name: controls.meant(one, typed)}, whole=False)
            except InputError as error:
                codes.add(error.code)
            else:
                stored += bool(body)
            assert control(one, typed)
    assert stored > 50
    assert len(codes) > 8


def _area(**typed: str) -> object:
    given = {"shape": "circle", "name": "", "positions": "", "metres": ""} | typed
    return controls.meant(ONES[Type.AREA][0], given)


def test_areas_are_typed_as_people_write_positions(desk):
    """A town and a radius make a circle; positions come in digits of any script, one a line."""
    town = _area(name="مخمور", metres="٥٠٠")
    assert (town["positions"], town["metres"]) == ([[357_800_000, 435_800_000]], 500)
    lines = "35.776, 43.579\n\n٣٥٫٨ ٤٣٫٦\n35.8،43.5"
    found = _area(shape="polygon", positions=lines)["positions"]
    assert found == [[357_760_000, 435_790_000], [358_000_000, 436_000_000],
                     [358_000_000, 435_000_000]]  # fmt: skip
    for wrong in ("here", "1 2 3", "35.776", "91, 0", "0, 181", "1e3, 2"):
        with pytest.raises(InputError):
            _area(positions=wrong)


def test_a_date_that_could_be_two_days_is_asked_about():
    """ISO is taken, day and month are told apart where they can be, else both days are named."""
    for text in ("2020-12-06", "2020-12-6", "٢٠٢٠-١٢-٠٦"):
        assert dates.typed_date(text, "observed") == "2020-12-06"
    assert dates.typed_date("19/12/2020", "observed") == "2020-12-19"
    assert dates.typed_date("12/19/2020", "observed") == "2020-12-19"
    assert dates.typed_date("5.5.2020", "observed") == "2020-05-05"
    with pytest.raises(InputError) as asked:
        dates.typed_date("06/05/2020", "observed")
    assert asked.value.code == "date_ambiguous"
    assert "2020-05-06" in asked.value.text("en")
    assert "2020-06-05" in asked.value.text("en")
    for wrong in ("31/02/2020", "20/12/20", "0/1/2020", "2020-13-01", "soon", "13/13/2020"):
        with pytest.raises(InputError):
            dates.typed_date(wrong, "observed")


def test_half_a_span_asks_for_the_other_half(desk):
    """A beginning without an end is no span."""
    one = ONES[Type.SPAN][0]
    with pytest.raises(InputError) as refused:
        controls.meant(one, {"from": "2020-12-20 10:00", "to": ""})
    assert refused.value.code == "span_half"


def test_an_unknown_is_one_line_and_goes_when_it_is_cleared(desk):
    """Lines become items with ids of their own; a cleared line takes its item away."""
    one = ONES[Type.UNKNOWNS][0]
    gone = {"items": [{**ITEM, "text": ""}, DONE], "new": " Who?\n\nWhen? \n"}
    kept, who, when = controls.meant(one, gone)
    assert kept == DONE
    assert (who["text"], when["text"]) == ("Who?", "When?")
    assert len({who["id"], when["id"], DONE["id"]}) == 3
    reopened = {"items": [{**DONE, "state": "open"}], "new": ""}
    assert controls.meant(one, reopened) == [{**DONE, "state": "open", "by": ""}]


def test_units_and_currencies_of_every_kind_are_known():
    """A kind names units that are worded and currencies whose smallest unit is known."""
    for kind in KINDS.values():
        columns = [column for one in kind.fields for column in one.columns]
        for one in (*kind.fields, *columns):
            if one.type is Type.AMOUNT:
                assert set(one.choices) <= set(UNITS)
            elif one.type is Type.MONEY:
                assert set(one.choices) <= set(CURRENCIES)
