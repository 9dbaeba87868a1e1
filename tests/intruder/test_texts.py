"""Stored words: a script, a formula, a turn of the line in every field that people can write."""

import pytest

from tansiq.desk.records import say
from tansiq.domain.fields import Type
from tansiq.domain.kinds import KINDS
from tansiq.domain.places import place_named
from tansiq.domain.tables import Cell, Column, Holds, Row
from tests.noninterference.browser import Browser
from tests.unit.test_tables import filed, read, table
from tests.web.hostile import OVERRIDES, SCRIPT, TURNS, runs
from tests.world import HOUR, START, both_ways, to, uuid_of, worlds

HIDDEN = "\u200b\u2060\ufeff\u00ad"
EVIL = f'{SCRIPT}{OVERRIDES}{HIDDEN}</textarea></title><!--\' onfocus="x" autofocus="'
LANGUAGES = ("en", "ar", "ckb")
SAMPLES = {
    Type.MOMENT: START - HOUR, Type.COUNT: 3, Type.GRADE: "B2", Type.FLAG: True,
    Type.POSITIONS: ["duty-officer"],
}  # fmt: skip


def hostile_body(kind: str, words: str = EVIL) -> dict[str, object]:
    """A body of this kind in which every text is hostile, or holds other words; what a field is
    stands in its kind.
    """
    body: dict[str, object] = {}
    for field in KINDS[kind].fields:
        if field.type in (Type.TEXT, Type.LINE):
            body[field.name] = f"{field.name} {words}"
        elif field.type is Type.CHOICE:
            body[field.name] = field.choices[0]
        elif field.type is Type.PLACE:
            body[field.name] = {**place_named("Erbil").to_json(), "name": words}
        elif field.type is Type.UNKNOWNS:
            item = {"id": "0a1b2c3d", "text": f"{field.name} {words}", "state": "open", "by": ""}
            body[field.name] = [item]
        elif field.type in SAMPLES:
            body[field.name] = SAMPLES[field.type]
    return body


def test_every_field_that_takes_words_is_tried():
    """No kind has a text field that the hostile bodies leave out."""
    for name, kind in KINDS.items():
        worded = (Type.TEXT, Type.LINE, Type.PLACE, Type.UNKNOWNS)
        texts = {one.name for one in kind.fields if one.type in worded}
        assert texts <= set(hostile_body(name)), name


@pytest.fixture(scope="module")
def written():
    """Both parties have written every kind that can be written, every word of it hostile."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *both_ways("MPA", "MOD"))
        ids = {}
        for kind in ("incident", "log_line"):
            body = {k: v for k, v in hostile_body(kind).items() if k != "source_ref"}
            ids[kind] = made.write("MPA", kind, say.Draft(kind=kind, body=body, label=to("MOD")))
            made.release("MPA", ids[kind], "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        theirs, desk = made.desk("MOD"), made.actor("MOD")
        for kind in ("rfi", "dispute", "acknowledgement"):
            about = say.current(made.desk("MPA"), made.actor("MPA"), ids["incident"]).value
            body = {k: v for k, v in hostile_body(kind).items() if k != "about"}
            body |= {"seats": ["MPA/liaison-officer"]} if kind == "rfi" else {}
            view = _received(made, about.record)
            with made.names.under(kind):
                ids[kind] = say.reply(theirs, desk, kind, about=view, body=body)
        made.exchange("MOD", "MPA")
        yield made, ids


def _received(made, record: str):
    from tansiq.desk.records import read  # noqa: PLC0415 - of this fixture alone

    return read.record(made.desk("MOD"), made.viewer("MOD"), "MPA", record).value


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_was_written_runs_or_turns_a_line(written, language):
    """At both parties, on lists, pages, forms, previews and prints: all of it is words."""
    made, ids = written
    incident, line = ids["incident"], ids["log_line"]
    own = ["/log", "/incidents", "/map", "/holdings", "/inbox", "/approvals", "/links",
           f"/log/{line}/correct", f"/record/MPA/{incident}/edit", f"/record/MPA/{incident}/print",
           f"/record/MPA/{incident}/release", f"/record/MPA/{incident}/recall/MOD",
           *(f"/record/MPA/{record}" for record in (incident, line)),
           *(f"/record/MOD/{ids[kind]}" for kind in ("rfi", "dispute", "acknowledgement")),
           ]  # fmt: skip
    theirs = ["/inbox", "/incidents", "/log", f"/record/MPA/{incident}", f"/record/MPA/{line}",
              f"/record/MPA/{incident}/reply/dispute",
              f"/record/MOD/{ids['dispute']}"]  # fmt: skip
    shown = 0
    for party, pages in (("MPA", own), ("MOD", theirs)):
        browser = Browser(made.desk(party), "cleared", language=language)
        for page in pages:
            reply = browser.get(page)
            assert 200 == reply.status, (party, page)
            assert [] == runs(reply.text), (party, page)
            assert not TURNS & set(reply.text), (party, page)
            shown += "&lt;script&gt;" in reply.text
        browser.close()
    assert shown > 10  # it was really there


def test_a_formula_stays_text_in_what_a_spreadsheet_opens(written):
    """No cell of the table that leaves begins as a formula does."""
    column = Column(key="a", heading="field.text", holds=Holds.TEXT)
    for start in ("=", "+", "-", "@", "\t", "\r", " =", "\n=", "＝", "|"):
        made = Row(cells=(Cell(value=f"{start}HYPERLINK(0)"),))
        cell = read(filed(table(made, columns=(column,))))[2][0]
        assert cell.strip()[:1] not in ("=", "+", "-", "@", "＝"), repr(cell)


def test_a_disguised_record_is_absent(written):
    """An id with signs that nobody sees is another id."""
    made, ids = written
    browser = Browser(made.desk("MPA"), "cleared")
    for disguised in (ids["incident"] + "%E2%80%8B", ids["incident"].upper(), uuid_of("none")):
        assert browser.get(f"/record/MPA/{disguised}").status in (302, 404)
    browser.close()
