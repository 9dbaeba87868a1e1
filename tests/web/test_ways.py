"""The ways out of a list: what they hold, who is noted, what a kind forbids."""

import csv
import dataclasses
import io
import re
from functools import partial

import pytest

from tansiq.domain.kinds import KINDS
from tansiq.domain.tables import MAPS, Way
from tansiq.domain.wording import LANGUAGES, phrase
from tansiq.log.canonical import decode_object
from tansiq.log.store import ACCESS
from tansiq.policy.release import reread
from tests.noninterference.browser import Browser, settings_of
from tests.noninterference.pair import unpacked
from tests.typesetters import InProcess, Plain
from tests.world import CLEARED, incident, to, worlds


@pytest.fixture
def town():
    """MPA released two fires to MOD and one of them to JCC."""
    with worlds("MPA", "MOD", "JCC") as made:
        settings_of(made.desk("MPA"))
        for party in ("MOD", "JCC"):
            made.agree("MPA", party)
        made.keys = set()
        for name, parties in (("fire", ("MOD", "JCC")), ("smoke", ("MOD",))):
            record = made.write("MPA", name, incident(to(*parties), text=f"Fire {name}"))
            made.keys.add(f"MPA/{record}")
            for party in parties:
                made.release("MPA", record, party, "R-MPA")
            made.exchange("MPA", "MOD")
        yield made


def asked(town, address, position=CLEARED, language="en"):
    browser = Browser(town.desk("MPA"), position, person="P-7", language=language)
    try:
        return browser.get(address)
    finally:
        browser.close()


def rows(reply):
    return list(csv.reader(io.StringIO(reply.text.removeprefix("\ufeff"))))


def test_the_file_holds_what_the_page_lists(town):
    """Every row, also behind a filter; headings in the reader's language; a name with the time."""
    reply = asked(town, "/holdings/csv")
    assert "text/csv; charset=utf-8" == reply.header("content-type")
    assert re.fullmatch(
        r'attachment; filename="holdings-\d{8}T\d{4}Z\.csv"', reply.header("content-disposition")
    )
    assert "no-store" == reply.header("cache-control")
    heads, tags, *lines = rows(reply)
    assert ("Reference", "#meta+id") == (heads[0], tags[0])
    assert 3 == len(lines) == asked(town, "/holdings").text.count("<tr id=")
    assert 2 == len(rows(asked(town, "/holdings/csv?party=MOD"))) - 2
    assert "المرجع" == rows(asked(town, "/holdings/csv", language="ar"))[0][0]
    assert "restricted" == lines[0][-1]


def test_the_printed_page_says_what_it_is(town):
    """Title, definition, who says so, when, the filter, the class, who printed it."""
    text = asked(town, "/holdings/print?party=JCC").text
    for said in ("Records that left this node", "According to", "As of", "Held by", "JCC",
                 "Highest class in this list: Restricted", "Printed by", "P-7"):  # fmt: skip
        assert said in text, said
    assert 1 == text.count("<tr id=")
    assert "/recall/" not in text
    for language in ("ar", "ckb"):
        assert 200 == asked(town, "/holdings/print", language=language).status


def test_whoever_takes_a_list_is_noted_with_its_records(town):
    """Exported or printed, each time, with every record edition that the list showed."""
    for _ in range(2):
        for way in ("csv", "xlsx", "pdf", "print"):
            asked(town, f"/holdings/{way}")
    entries = [decode_object(entry.data) for entry in town.desk("MPA").store.scan(ACCESS)]
    assert [*["exported"] * 3, "printed"] * 2 == [entry["act"] for entry in entries]
    for entry in entries:
        assert town.keys == {item.partition("@")[0] for item in entry["items"]}
        assert (3, "P-7") == (entry["hits"], entry["person"])


def test_every_bar_counts_the_list_that_it_opens(town):
    """The number beside a partner is the number of rows behind its link."""
    text = asked(town, "/holdings").text
    found = dict(re.findall(r'<a href="(/holdings\?party=\w+)"><bdi dir="ltr">(\d+)</bdi>', text))
    assert {"/holdings?party=JCC": "1", "/holdings?party=MOD": "2"} == found
    for address, count in found.items():
        assert int(count) == asked(town, address).text.count("<tr id=")


def test_a_kind_may_keep_its_records_from_lists_that_leave(town, monkeypatch):
    """Their rows are left out and counted; one record's print stays."""
    closed = dataclasses.replace(KINDS["incident"], ways=frozenset())
    monkeypatch.setitem(KINDS, "incident", closed)
    lines = rows(asked(town, "/holdings/csv"))
    assert 3 == len(lines)
    assert "Rows left out here: 3" in lines[2][0]
    assert not any("Fire" in cell for cell in lines[2])
    assert "Rows left out here: 3" in asked(town, "/holdings/print").text
    for way in ("pdf", "xlsx"):
        text = unpacked(asked(town, f"/holdings/{way}").body).decode()
        assert "Rows left out here: " in text
        assert "Fire" not in text
    assert 3 == asked(town, "/holdings").text.count("<tr id=")
    record = min(town.keys)
    assert 200 == asked(town, f"/record/{record}/print").status


def test_a_list_without_ways_out_has_none(town, monkeypatch):
    """No control on the page, and a refusal in words at the address."""
    from tansiq.web.releases import held  # noqa: PLC0415 - once Django is configured

    made = held.rows

    def closed(*given):
        rows = made(*given)
        kept = dataclasses.replace(rows.table.value, ways=frozenset({Way.PRINT}))
        return dataclasses.replace(rows, table=reread(rows.table, kept))

    monkeypatch.setattr(held, "rows", closed)
    page = asked(town, "/holdings").text
    assert "/holdings/print" in page
    assert "/holdings/csv" not in page
    reply = asked(town, "/holdings/csv")
    assert 403 == reply.status
    assert "may not be taken from the node as a file" in reply.text


def test_who_may_not_see_the_list_gets_no_file(town):
    """The ways out ask for the same mandate as the page."""
    for address in ("/holdings", *(f"/holdings/{way}" for way in Way if way not in MAPS)):
        assert 403 == asked(town, address, "administrator").status
        browser = Browser(town.desk("MPA"), CLEARED)
        assert 405 == browser.post(address).status
        browser.close()


MEDIA_TYPES = {
    Way.PDF: "application/pdf",
    Way.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Way.CSV: "text/csv; charset=utf-8",
    Way.CALENDAR: "text/calendar; charset=utf-8",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_holds_what_the_page_lists_and_says_what_it_is(town, language):
    """Each row, behind a filter too; its title, class and filter; the position and no person."""
    t = partial(phrase, language=language)
    for way, media_type in MEDIA_TYPES.items():
        reply = asked(town, f"/incidents/{way}?tab=all&owner=MPA", language=language)
        assert 200 == reply.status, way
        assert media_type == reply.header("content-type")
        name = re.search(r'filename="(incident-\d{8}T\d{4}Z)\.(\w+)"',
                         reply.header("content-disposition"))  # fmt: skip
        assert way == name[2]
        text = unpacked(reply.body).decode()
        assert ("Fire fire" in text, "Fire smoke" in text) == (True, True), way
        assert "P-7" not in text, way
        if way is not Way.CSV:
            for said in ("section.incidents", "class.restricted", "table.taken_by"):
                assert t(said) in text, (way, said)
        none = unpacked(asked(town, f"/incidents/{way}?owner=MOD&tab=all").body).decode()
        assert "Fire fire" not in none


def test_a_calendar_leaves_where_the_list_can_be_looked_at_as_one(town):
    """Incidents have moments; who holds what has none, and its page offers no calendar."""
    assert 2 == asked(town, "/incidents/ics?tab=all").text.count("BEGIN:VEVENT")
    assert "/incidents/ics" in asked(town, "/incidents").text
    assert 403 == asked(town, "/holdings/ics").status
    assert "/holdings/ics" not in asked(town, "/holdings").text


def test_a_pdf_that_cannot_be_made_is_refused_in_words(town, monkeypatch):
    """The typesetter may fail: whoever asks hears what to do instead."""
    monkeypatch.setattr(Plain, "pages", lambda self, content: None)
    reply = asked(town, "/holdings/pdf")
    assert 422 == reply.status
    assert "take it as XLSX or CSV" in reply.text


def test_a_list_becomes_a_pdf(town, monkeypatch):
    """The pages say what the list says, in every language."""
    monkeypatch.setattr(Plain, "pages", InProcess.pages)
    for language in LANGUAGES:
        for address in ("/incidents/pdf", "/holdings/pdf", "/log/pdf", "/unknowns/pdf"):
            reply = asked(town, address, language=language)
            assert (200, b"%PDF-1.7") == (reply.status, reply.body[:8]), (address, reply.status)
