"""Projects as activities of the IATI standard 2.03: what becomes of each field, and what is seen by
the checks that a file passes before it leaves.
"""

import datetime as dt
import itertools
import json
import re
from dataclasses import replace
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tansiq.domain.errors import InputError
from tansiq.domain.kinds.reform.activity import (
    CODES,
    Document,
    Reporter,
    activity_of,
    as_typed,
    by_year,
    may_be_told,
)
from tansiq.domain.kinds.reform.project import PROJECT
from tansiq.domain.wording import Text
from tansiq.gateways.iati import checking, document, faults
from tansiq.node.scenario import reform as sample
from tansiq.node.scenario.cast import read_json

NOW = 1_609_459_200_000  # 2021-01-01
US = Reporter(ref="IQ-MPA", names=Text("Ministry", "وزارة", "وەزارەت"))
TODAY = "{http://www.w3.org/XML/1998/namespace}lang"


def money(minor, currency="USD"):
    return {"currency": currency, "minor": minor}


def body(**more):
    """A project that says all that can be published."""
    return {
        "code": "LOG-04", "text": "Fuel accounting", "title_en": "Fuel accounting",
        "title_ar": "محاسبة الوقود", "title_ckb": "ژمێریاریی سووتەمەنی",
        "objective": "Every litre is accounted for", "scope": "All depots",
        "lead": "de", "supporting": [{"nation": "gb"}], "start": "2018-11-15",
        "baseline_end": "2020-09-30", "forecast_end": "2020-12-20",
        "milestones": [{"mark": "M1", "done": "2020-03-20"}],
        "budget": [
            {"source": "de", "planned": money(33_000_001), "spent": money(32_200_000)},
            {"source": "own", "planned": money(5_000, "IQD")},
        ],
        "outcomes": [{"named": "Depots that balance", "before": 0, "target": 12, "actual": 9}],
        **more,
    }  # fmt: skip


def activity(state="in_progress", *, verified=False, documents=(), **more):
    return activity_of(
        body(**more), state, verified=verified, reporter=US, documents=documents
    )  # fmt: skip


def told(state="in_progress", **more):
    """The file of one activity, read back."""
    return etree.fromstring(document([activity(state, **more)], at=NOW))


STATUSES = {
    "proposed": "1", "chartered": "1", "in_progress": "2", "submitted": "2", "returned": "2",
    "executed": "3", "closed": "4", "cancelled": "5", "suspended": "6",
}  # fmt: skip


@pytest.mark.parametrize(("state", "code"), STATUSES.items())
def test_every_state_has_its_status_and_passes(state, code):
    """Each state of a project is the status of the standard that the table gives it, and its file
    passes schema, code lists and ruleset.
    """
    root = told(state)
    assert root.xpath("//activity-status/@code") == [code]
    assert not faults(etree.tostring(root), at=NOW)


def test_every_state_of_a_project_has_a_status():
    """No state was forgotten."""
    assert {*STATUSES, "on_hold"} == set(PROJECT.states)


def test_on_hold_before_it_began_is_in_the_pipeline_and_later_is_suspended():
    """On hold says of itself not whether anything was done: the milestones and the money do."""
    idle = {"milestones": [], "budget": [{"source": "de", "planned": money(100)}]}
    assert told("on_hold", **idle).xpath("//activity-status/@code") == ["1"]
    assert told("on_hold").xpath("//activity-status/@code") == ["6"]
    assert told("on_hold", **idle).xpath("//activity-date/@type") == ["1", "3"]


def test_executed_is_finalisation_until_it_is_verified():
    """Declared is 3, verified 4: what nobody has verified is never said to be closed."""
    assert told("executed").xpath("//activity-status/@code") == ["3"]
    assert told("executed", verified=True).xpath("//activity-status/@code") == ["4"]
    assert told("in_progress", verified=True).xpath("//activity-status/@code") == ["2"]


def test_the_sample_has_every_status_and_each_project_passes():
    """The 36 projects of the sample pass, the four that are executed and not verified as status
    3, and the statuses are those of the list that the programme keeps.
    """
    found = {}
    for project in read_json("reform.json"):
        told_of = sample.body_of(project)
        one = activity_of(
            told_of, project["state"], verified=bool(project["verified_on"]), reporter=US,
            documents=(),
        )  # fmt: skip
        assert not faults(document([one], at=NOW), at=NOW), project["code"]
        found[project["code"]] = one.status
    assert [code for code, status in found.items() if status == 3] == [
        "COM-02", "HR-04", "FOR-02", "HR-05",
    ]  # fmt: skip
    assert sorted(found.values()) == sorted([4] * 22 + [3] * 4 + [2] * 4 + [6] * 3 + [1] * 3)


def test_titles_stand_in_three_languages_by_the_codes_of_the_standard():
    """English, Arabic and Sorani, each under a code that the list of languages has."""
    found = told().find(".//title")
    assert {one.get(TODAY): one.text for one in found} == {
        "en": "Fuel accounting", "ar": "محاسبة الوقود", "ku": "ژمێریاریی سووتەمەنی",
    }  # fmt: skip
    assert as_typed("ژمێریاریی سووتەمەنی")[0][0] == CODES["ckb"]
    assert as_typed("محاسبة الوقود")[0][0] == "ar"
    assert as_typed("Fuel 7") == (("en", "Fuel 7"),)


def test_who_takes_part_stands_by_role():
    """Sources fund, the party accounts and implements, lead and supporting nations extend."""
    roles = [
        (one.get("role"), one.findtext("narrative")) for one in told().iter("participating-org")
    ]
    assert roles == [
        ("1", "Germany"), ("1", "Ministry"), ("2", "Ministry"), ("3", "Germany"),
        ("3", "United Kingdom"), ("4", "Ministry"),
    ]  # fmt: skip


@given(
    first=st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)),
    days=st.integers(0, 12_000),
    minor=st.integers(0, 10**15),
)
def test_budgets_lie_within_a_year_and_add_up(first, days, minor):
    """Whatever the time and the sum: each part lies in one year, they follow one another without a
    gap, and together they are the whole.
    """
    last = first + dt.timedelta(days=days)
    found = by_year(first, last, minor)
    assert all(begin.year == end.year and begin <= end for begin, end, _ in found)
    assert found[0][0] == first
    assert found[-1][1] == last
    assert all(a[1] + dt.timedelta(days=1) == b[0] for a, b in itertools.pairwise(found))
    assert sum(part for _, _, part in found) == minor
    assert min(part for _, _, part in found) >= 0


def test_currencies_have_their_own_digits():
    """Dollars have two digits behind the point and dinars three; the sums are whole."""
    root = told()
    sums = {}
    for value in root.iterfind(".//budget/value"):
        assert re.fullmatch(r"[0-9]+\.[0-9]{2,3}", value.text)
        sums.setdefault(value.get("currency"), 0)
        sums[value.get("currency")] += int(value.text.replace(".", ""))
    assert sums == {"USD": 33_000_001, "IQD": 5_000}
    assert root.findtext(".//transaction/value") == "322000.00"


@pytest.mark.parametrize("field", ["code", "objective", "start", "baseline_end", "budget"])
def test_what_is_lacking_is_named(field):
    """The error names the field, so that its reader finds it in the form."""
    with pytest.raises(InputError) as error:
        activity(**{field: ""})
    assert error.value.values["field"] == field


def test_executed_needs_the_day_on_which_it_ended():
    """An actual end that nobody wrote is not made up."""
    with pytest.raises(InputError) as error:
        activity("executed", forecast_end="")
    assert error.value.values["field"] == "forecast_end"


def test_nothing_is_published_without_the_name_of_who_publishes():
    """Without an identifier of the party no identifier of an activity can be true."""
    with pytest.raises(InputError, match="identifier"):
        activity_of(
            body(), "executed", verified=False, reporter=replace(US, ref=""), documents=()
        )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x0bb", "\ufffe", "\u202egnp.exe", "a\u2066b", "\ud800", "\ue000"]
)
@pytest.mark.parametrize("field", ["title_en", "objective", "code"])
def test_invisible_and_turning_characters_are_refused(field, text):
    """What no XML can hold, and what would turn round the words beside it, leaves in no file."""
    with pytest.raises(InputError) as error:
        activity(**{field: text})
    assert error.value.code == "publish_controls"
    assert error.value.values["field"] == field


def test_a_turning_character_in_a_row_is_refused_too():
    """Rows are looked at as fields are."""
    with pytest.raises(InputError) as error:
        activity(outcomes=[{"named": "a\u202eb"}])
    assert error.value.values["field"] == "outcomes"


def test_hostile_titles_stay_text():
    """Markup in a title is text in the file and makes no element."""
    evil = '</title><iati-activity/><!ENTITY x "y">&amp;]]>'
    root = told(title_en=evil)
    assert root.find(".//title/narrative").text == evil
    assert len(root.findall("iati-activity")) == 1
    assert not faults(document([activity(title_en=evil)], at=NOW), at=NOW)


def test_only_what_stands_above_the_tear_line_is_looked_at():
    """A field that its owner drew below the line, or that always stands there, is not there."""
    found = may_be_told({**body(), "internal": "secret"}, frozenset({"budget"}))
    assert "budget" not in found
    assert "internal" not in found
    assert "secret" not in document([activity(internal="secret")], at=NOW).decode()


def test_fields_that_are_nobodys_business_never_leave():
    """Reasons, risks, positions, decisions and lights have no element: no file holds them."""
    hidden = {
        "reason": "SECRET-1", "decision": "SECRET-2", "responsible": "SECRET-3",
        "risks": [{"named": "SECRET-4", "level": "high"}], "light_reason": "SECRET-5",
        "waits_for": "SECRET-6", "sustained_by": "SECRET-7", "received_by": "SECRET-8",
        "milestones": [{"mark": "SECRET-9", "named": "SECRET-10", "done": "2020-03-20"}],
        "depends_on": "SECRET-11",
    }  # fmt: skip
    assert "SECRET" not in document([activity(**hidden)], at=NOW).decode()


def _broken(change):
    """The faults of a file after a change by hand."""
    root = told(
        "executed", documents=[Document(address="https://a.example/b", title=(("en", "x"),))]
    )
    change(root.find("iati-activity"))
    return {one.element for one in faults(etree.tostring(root), at=NOW)}


@pytest.mark.parametrize(
    ("element", "change"),
    [
        ("activity-status", lambda one: one.find("activity-status").set("code", "9")),
        ("sector", lambda one: one.find("sector").set("code", "1")),
        ("recipient-country", lambda one: one.find("recipient-country").set("code", "XX")),
        ("participating-org", lambda one: one.find("participating-org").set("role", "7")),
        ("title", lambda one: one.find("title/narrative").set(TODAY, "ckb")),
        ("budget", lambda one: one.find("budget/period-end").set("iso-date", "2021-09-01")),
        ("budget", lambda one: one.find("budget/value").set("currency", "ZZZ")),
        ("budget", lambda one: one.find("budget/value").attrib.pop("value-date")),
        ("transaction", lambda one: one.find("transaction/value").set("value-date", "2030-01-01")),
        ("activity-date", lambda one: one.find("activity-date").set("iso-date", "2029-01-01")),
        ("iati-identifier", lambda one: setattr(one.find("iati-identifier"), "text", "GB-1-LOG")),
        ("iati-identifier", lambda one: setattr(one.find("iati-identifier"), "text", "IQ-MPA-a/b")),
        ("document-link", lambda one: one.find("document-link").attrib.pop("url")),
        ("document-link", lambda one: one.find("document-link/category").set("code", "Z9")),
        ("result", lambda one: one.find("result/indicator").set("measure", "77")),
        ("result", lambda one: one.find("result/indicator/period/period-end").set(
            "iso-date", "2001-01-01")),
        ("description", lambda one: one.find("description/narrative").attrib.clear()),
    ],
)  # fmt: skip
def test_each_fault_is_seen_and_named(element, change):
    """What schema, code lists, ruleset or guidance refuse is a fault of the right element."""
    assert element in _broken(change)


def test_two_activities_of_one_name_do_not_pass():
    """The world knows an activity by its identifier: two of one name are a fault."""
    twice = document([activity(), activity()], at=NOW)
    assert [one.element for one in faults(twice, at=NOW)] == ["iati-identifier"]


def test_a_day_that_has_not_come_is_no_actual_end():
    """What is said to have ended tomorrow does not pass."""
    data = document([activity("executed", forecast_end="2021-06-01")], at=NOW)
    assert "activity-date" in {one.element for one in faults(data, at=NOW)}


def test_every_rule_and_list_of_the_standard_is_known():
    """A rule that nobody here can apply would be passed by every file."""
    folder = resources.files("tansiq.gateways.iati") / "standard"
    rules = json.loads((folder / "ruleset.json").read_text())
    assert {name for one in rules.values() for name in one} == set(checking._RULES)
    known = json.loads((folder / "codelists.json").read_text())
    assert {one["list"] for one in known["places"]} <= set(known["lists"])
    assert all(known["lists"].values())


def test_a_file_that_is_no_xml_is_a_fault():
    """Bytes that cannot be read do not leave."""
    assert faults(b"<iati-activities", at=NOW)


def test_the_same_activities_give_the_same_bytes():
    """What was approved is known by its digest, so the text follows from the activity alone."""
    assert document([activity()], at=0) == document([activity()], at=0)
    assert b"generated-datetime" not in document([activity()], at=0)


def test_dependencies_are_named_beside_it():
    """A related activity is named by the identifier of this party."""
    root = etree.fromstring(document([replace(activity(), related=("LOG-01",))], at=NOW))
    assert root.xpath("//related-activity/@ref") == ["IQ-MPA-LOG-01"]
    assert not faults(etree.tostring(root), at=NOW)
