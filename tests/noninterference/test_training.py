"""Clearances and roster numbers: two worlds that differ in them alone are one to everybody but the
training manager of the own party.
"""

import logging

import pytest

from tansiq.domain.errors import InputError
from tansiq.domain.parties import Role
from tansiq.log.canonical import decode_object
from tansiq.log.store import JOURNAL
from tansiq.web.shell.exits import page_exits
from tests import breadth, stores
from tests.noninterference.addresses import FILLS, FORM, patterns
from tests.noninterference.pair import assert_same, unpacked
from tests.noninterference.scene import ABSENT
from tests.noninterference.test_pages import NOT_POSTED
from tests.noninterference.training import (
    ANSWERS,
    ROSTERS,
    list_addresses,
    manager_addresses,
    proof_of,
    telling,
)
from tests.training import MANAGER
from tests.world import CLEARED

PAIRS = {"answers": ANSWERS, "rosters": ROSTERS}
ROLES = [role.value.replace("_", "-") for role in Role]
VIEWERS = [
    *(("MPA", position) for position in (*ROLES, CLEARED, "") if position != MANAGER),
    *(("MOD", position) for position in (*ROLES, CLEARED)),
]
FEW = [("MPA", "auditor"), ("MPA", CLEARED), ("MOD", MANAGER)]
WRITER = ("MPA", "senior-duty-officer")
LOOKING = breadth.of(FEW, VIEWERS)
POSTING = breadth.of([WRITER], [WRITER, *FEW])


@pytest.fixture(scope="module", params=PAIRS)
def pair(request, pages):
    """Both worlds, told once for all who only look at them."""
    with telling(PAIRS[request.param]) as made:
        yield made


@pytest.fixture(params=PAIRS)
def anew(request, pages):
    """Both worlds, for a test that does more than looking."""
    with telling(PAIRS[request.param]) as made:
        yield made


def addresses_of(name, records):
    """The addresses by a name, filled with the records of the story."""
    pattern = patterns()[name]
    listed = {"kind": ("certificate", "clearance", "withdrawn_list")}
    fills = {**FILLS, **(listed if pattern.startswith("/list/") else {})}
    base = {key: str(values[0]) for key, values in fills.items() if values}
    if "{record}" in pattern:
        for record in (*records, ABSENT):
            for owner in ("MPA", "MOD") if "{owner}" in pattern else ("",):
                yield pattern.format(**{**base, "owner": owner, "record": record})
    elif "{kind}" in pattern:
        for kind in fills["kind"]:
            yield pattern.format(**{**base, "kind": kind})
    else:
        yield pattern.format(**base)
        if name.partition("-")[0] in ("certificates", "clearances", "withdrawn", "list", "cohorts"):
            yield from (f"{pattern.format(**base)}?{more}" for more in (
                "tab=all", "tab=withdrawn", "q=P-7001", "as_of=2020-12-20 23:00&tab=all",
                "state=in_use",
            ))  # fmt: skip


@pytest.mark.parametrize(("party", "position"), LOOKING)
def test_every_page_is_the_same(pair, party, position):
    """Pages, parts, lists, counts, files, searches, the auditor's page: equal to the last byte."""
    one, other = pair
    assert one.records == other.records
    calm, busy = one.browser(party, position), other.browser(party, position)
    for name in page_exits():
        for address in addresses_of(name, one.records.values()):
            assert_same(address, calm.get(address), busy.get(address))
    for address in (*list_addresses(), "/audit?act=printed", "/search?q=P-7001", "/search?q=ZQ9"):
        assert_same(address, calm.get(address), busy.get(address))
    calm.close()
    busy.close()


@pytest.mark.parametrize(("party", "position"), POSTING)
def test_every_form_answers_alike(anew, party, position):
    """Whatever is posted to a record that is seen, hidden or absent ends in the same words."""
    one, other = anew
    calm, busy = one.browser(party, position), other.browser(party, position)
    for name in sorted(set(page_exits()) - NOT_POSTED):
        for address in addresses_of(name, one.records.values()):
            said = calm.post(address, FORM), busy.post(address, FORM)
            assert_same(f"POST {address}", *said)
    for step in ("clear", "ask_clearance", "begin"):
        address = f"/record/MPA/{one.records['waits']}/step"
        assert_same(step, *(who.post(address, {"step": step}) for who in (calm, busy)))
    calm.close()
    busy.close()


def test_withheld_is_absent(pair):
    """A clearance that is no yes, and any certificate, answers as what never was."""
    _, busy = pair
    browser = busy.browser("MPA", "senior-duty-officer")
    for name in ("answer", "was", "single", "one", "two", "three", "four"):
        record = busy.records[name]
        for made in ("/record/MPA/{}", "/record/MPA/{}/print", "/certificates/{}/pdf",
                     "/record/MPA/{}/edit", "/record/MPA/{}/release"):  # fmt: skip
            expected, got = (browser.get(made.format(each)) for each in (ABSENT, record))
            assert expected.status == got.status == 404 or expected.status == got.status == 403
            assert expected.body == got.body.replace(record.encode(), ABSENT.encode())
    browser.close()


def test_every_parcel_is_the_same(pair):
    """Entries, heads, receipts, recalls and their number, byte by byte; and nothing says a no."""
    calm, busy = (one.world.sent for one in pair)
    assert calm == busy
    assert calm
    for told in pair:
        for _, _, plain in told.world.sent:
            assert not any(holder.encode() in plain for holder in told.told.holders)
            assert b'"answer":"no' not in plain


def test_the_logs_say_the_same_but_for_what_was_written(pair):
    """As many entries of the same types in the journal, and the same access log to the letter."""
    types = [
        [decode_object(entry.data)["type"] for entry in one.world.desk("MPA").store.scan(JOURNAL)]
        for one in pair
    ]
    assert types[0] == types[1]
    looks = [one.looks for one in pair]
    assert looks[0] == looks[1]
    assert {"printed", "read", "listed"} <= {one["act"] for one in looks[0]}
    assert not any(holder in repr(looks) for one in pair for holder in one.told.holders)


def test_evidence_is_the_same(pair):
    """Of the cohort it is equal, and of what is confined there is none."""
    made = [proof_of(one, one.records["done"]) for one in pair]
    assert unpacked(made[0]) == unpacked(made[1])
    for name in ("answer", "was", "one"):
        with pytest.raises(InputError):
            proof_of(pair[0], pair[0].records[name])


def test_the_partner_has_no_number_and_no_answer_on_its_disk(pair):
    """No table, log or index of MOD holds a roster number, a code or an answer that is no yes."""
    for one in pair:
        dump = stores.dump(one.world.desk("MOD").database)
        assert not any(holder in dump for holder in one.told.holders)
        assert "training_alone" not in dump
        assert "TQC1" not in dump


def test_no_index_finds_a_number_and_no_list_shows_one(pair):
    """Not even for the training manager: a number stands on its certificate and its clearance."""
    for one in pair:
        browser = one.browser("MPA", MANAGER)
        for holder in one.told.holders:
            # What rings stands above what was found.
            found = browser.get(f"/search?q={holder}").text.partition("<main")[2]
            assert not any(record in found for record in one.records.values())
            for name in ("certificates", "clearances"):
                found = browser.get(f"/{name}?tab=all&q={holder}").text.partition("<main")[2]
                assert "/record/MPA/" not in found
        for address in list_addresses():
            text = browser.get(address).text
            assert not any(holder in text for holder in one.told.holders), address
        for name in ("certificates", "clearances"):
            for way in ("csv", "xlsx", "pdf", "ics", "print"):
                assert 403 == browser.get(f"/{name}/{way}").status, (name, way)
        browser.close()


def test_the_training_manager_sees_the_difference(pair):
    """The comparison is meaningful: whoever may know does."""
    calm, busy = (one.browser("MPA", MANAGER) for one in pair)
    differ = [
        address
        for address in manager_addresses(pair[0])
        if calm.get(address).body != busy.get(address).body
    ]
    assert differ
    for browser in (calm, busy):
        browser.close()


def test_no_line_of_the_running_log_has_a_number(anew, caplog):
    """What is logged while it all happens, refusals included, names nobody."""
    one, _ = anew
    with caplog.at_level(logging.DEBUG):
        browser = one.browser("MPA", MANAGER)
        form = {"holders": "\n".join((*one.told.holders, "x y")), "level": "basic"}
        browser.post(f"/certificates/new?cohort={one.records['done']}", form)
        browser.post("/training/check", {"code": "TQC1", "holder": one.told.holders[0]})
        browser.close()
    assert not any(holder in caplog.text for holder in one.told.holders)


def test_no_digest_of_what_is_confined_is_noted(pages):
    """The auditor reads the access log: of few possible words a digest tells which they are."""
    with telling(ANSWERS) as (one, _):
        confined = {one.records[name] for name in ("answer", "single", "one", "four")}
        items = [item for look in one.looks for item in look["items"]]
        noted = [item for item in items if item.partition("/")[2].partition("@")[0] in confined]
        assert noted
        assert all(len(item.partition("@")[2]) < 3 for item in noted)
