"""The auditor's page: one time line, the access log, the check; for others it is not there."""

import csv
import io
import json

import pytest

from tansiq.desk.proof import anchors
from tansiq.desk.records import read
from tansiq.desk.release import releasing
from tansiq.domain.parties import Classification, PartyCode, Role
from tests.asking import act, carry, rfi, three_that_ask
from tests.noninterference.browser import Browser, settings_of
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.world import CLEARED, incident, to, worlds

AUDITED = ("/audit", "/audit/csv", "/audit/print", "/audit?record=MPA/x", "/audit?look=0")


@pytest.fixture
def town():
    """MPA released a record to MOD, which read it; it was printed here, and recalled."""
    with worlds("MPA", "MOD") as made:
        settings_of(made.desk("MPA"))
        made.agree("MPA", "MOD")
        record = made.write("MPA", "fire", incident(to("MOD"), text="Fire zqword"))
        made.release("MPA", record, "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        mod, actor = made.desk("MOD"), made.actor("MOD")
        read.mark_read(mod, actor, read.record(mod, mod.viewer(actor), "MPA", record))
        browser = Browser(made.desk("MPA"), CLEARED, person="P-7")
        browser.get(f"/record/MPA/{record}/print")
        browser.get("/log?q==cmd()")
        browser.close()
        releasing.recall(made.desk("MPA"), made.actor("MPA"), record, PartyCode("MOD"), "error")
        anchors.tick(made.desk("MPA"))
        made.exchange("MPA", "MOD")
        made.record = record
        yield made


@pytest.fixture
def auditor(town):
    """The auditor's browser at MPA."""
    browser = Browser(town.desk("MPA"), "auditor", person="P-AUDIT")
    yield browser
    browser.close()


def test_one_time_line_tells_the_whole_life(town, auditor):
    """Created, released, delivered, read there, printed here, recalled, erased there."""
    text = auditor.get(f"/audit?record=MPA/{town.record}").text
    for word in ("created", "release prepared", "released", "delivered", "read there", "printed",
                 "recalled", "recall delivered", "erased there (the partner says)"):  # fmt: skip
        assert f">{word}" in text, word
    assert "P-7" in text


def test_the_short_reference_finds_the_record(town, auditor):
    """What people read aloud is enough."""
    view = read.record(town.desk("MPA"), town.viewer("MPA"), "MPA", town.record)
    assert "printed" in auditor.get(f"/audit?record={view.value.reference.lower()}").text
    assert "Nothing found" in auditor.get("/audit?record=ZZZZZ").text


def test_filters_narrow_the_time_line(town, auditor):
    """By person, by act, by day, and to what other parties did."""
    line = f"/audit?record=MPA/{town.record}"

    def rows(query):
        return auditor.get(f"{line}&{query}").text.count('<tr><th scope="row"')

    assert 1 == rows("person=P-7")
    assert 1 == rows("act=recalled")
    assert 4 == rows("outside=1")
    assert 0 == rows("until=2001-01-01")
    assert rows("since=2001-01-01") == rows("")


def test_every_number_opens_its_list(town, auditor):
    """An act's count opens the entries, an entry's count opens the records."""
    text = auditor.get("/audit").text
    assert 'href="/audit?act=printed"' in text
    assert "P-7" in auditor.get("/audit?act=printed").text
    assert "P-7" not in auditor.get("/audit?act=downloaded").text
    assert f"MPA/{town.record}@" in auditor.get("/audit?look=0").text


def test_the_auditors_own_look_is_noted(town, auditor):
    """Who watches is watched: pages, tables and checks."""
    auditor.get(f"/audit?record=MPA/{town.record}")
    auditor.get("/audit/csv")
    auditor.get("/audit/print")
    auditor.post("/audit/verify")
    rows = town.desk("MPA").database.rows(
        "SELECT act FROM access_entry WHERE person = 'P-AUDIT' ORDER BY seq"
    )
    assert ["audited", "exported", "printed", "verified"] == [str(row[0]) for row in rows]


def test_the_chain_is_checked_and_who_holds_it_is_named(town, auditor):
    """Whole, anchored, held by MOD; after a rewrite, broken since that anchor."""
    text = auditor.post("/audit/verify").text
    assert "The chain is whole." in text
    assert "The anchor is also held by:" in text
    town.desk("MPA").database.run(
        "UPDATE entry SET leaf = ? WHERE log = ? AND seq = 2",
        (bytes(32), town.desk("MPA").store.id_of("journal")),
    )
    text = auditor.post("/audit/verify").text
    assert "The chain is broken." in text
    assert "It differs since the anchor of" in text


def test_a_table_holds_no_formula(town, auditor):
    """What somebody typed into a search is text in a spreadsheet."""
    reply = auditor.get("/audit/csv")
    rows = list(csv.reader(io.StringIO(reply.text.removeprefix("\ufeff"))))
    assert ["When", "Act", "Act (code)"] == rows[0][:3]
    assert ["#date", "#activity+name", "#activity+code"] == rows[1][:3]
    cells = [cell for row in rows for cell in row]
    assert any("=cmd()" in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


def test_the_auditor_sees_traces_above_the_clearance_and_no_content(town, auditor):
    """A secret record: its time line is there, its text is not."""
    secret = incident(to(classification=Classification.SECRET), text="zqsecret")
    record = town.write("MPA", "secret", secret)
    browser = Browser(town.desk("MPA"), CLEARED, person="P-8")
    assert "zqsecret" in browser.get(f"/record/MPA/{record}").text
    browser.close()
    text = auditor.get(f"/audit?record=MPA/{record}").text
    assert "P-8" in text
    assert "zqsecret" not in text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_for_others_the_page_is_not_there(town, role):
    """Every other role gets what an address that never was gets, and is not noted as an auditor."""
    browser = Browser(town.desk("MPA"), role.value.replace("_", "-"))
    absent = browser.get("/record/MPA/00000000-0000-4000-8000-000000000000")
    for address in AUDITED:
        reply = browser.get(address)
        assert (404, absent.text.count("<")) == (reply.status, reply.text.count("<"))
    assert 404 == browser.post("/audit/verify").status
    assert "/audit" not in browser.get("/links").text
    browser.close()


def test_evidence_is_for_those_who_may_hand_it_out(town):
    """The liaison officer gets a zip, a duty officer a refusal; the act is kept in both logs."""
    address = f"/record/MPA/{town.record}/evidence"
    for position, status in (("liaison-officer", 200), ("auditor", 200), ("duty-officer", 403)):
        browser = Browser(town.desk("MPA"), position)
        reply = browser.post(address)
        browser.close()
        assert status == reply.status
    acts = town.desk("MPA").database.rows("SELECT act FROM access_entry WHERE act = 'exported'")
    assert 2 == len(acts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_time_line_has_the_steps_of_a_case(language):
    """Who took which act, for whom, when; of an act that is unknown here its code."""
    with three_that_ask() as made:
        record = made.write("MPA", "rfi", rfi("MOD"))
        carry(made)
        act(made, "MOD", record, "accept")
        act(made, "MPA", record, "cancel")
        said = made.desk("MPA").board.db.rows("SELECT said FROM step WHERE act = 'accept'")[0][0]
        strange = {**json.loads(said), "step": record, "act": "levitate"}
        with made.desk("MOD").act() as doing:
            doing.feed(PartyCode("MPA"), strange)
        carry(made)
        screen = Screen(made, "MPA", "auditor")
        page = text_of(screen.get(f"/audit?record=MPA/{record}", language))
        listed = text_of(screen.get(f"/audit/csv?record=MPA/{record}"))
    assert page.count(words("deed.step", language)) == 3
    for word in ("did.accept", "did.cancel"):
        assert words(word, language) in page
    assert "levitate" in page
    assert "levitate" in listed
