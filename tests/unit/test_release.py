"""Releases at a desk: preview, second person, embargo, delay, recall, and what changes between."""

from dataclasses import replace
from functools import partial

import pytest

from tansiq.desk.exchange import exchange
from tansiq.desk.proof import checking
from tansiq.desk.records import read, say
from tansiq.desk.records.held import Left
from tansiq.desk.release import agreements, releasing
from tansiq.domain.labels import Label
from tansiq.domain.parties import Classification
from tansiq.domain.places import Grain
from tests import stores
from tests.world import (
    HOUR,
    START,
    agreement_of,
    both_ways,
    incident,
    line,
    refusal,
    rule,
    to,
    uuid_of,
    worlds,
)

REPORTS = frozenset({"incident", "log_line"})
CAUTIOUS = rule(
    "MPA", "R-2P", kinds=REPORTS, hide=frozenset({"text"}), grain=Grain.KM5, approvers=1, days=3
)
LATER = rule("MPA", "R-LATE", kinds=REPORTS, delay=3 * HOUR)


@pytest.fixture
def town():
    """MPA may release plainly, with a second person, and late."""
    with worlds("MPA", "MOD", "COA") as made:
        made.agree("MPA", "MOD", CAUTIOUS, LATER, *both_ways("MPA", "MOD"))
        yield made


def state(town, record):
    """The states of the releases of a record, oldest first."""
    return [r.state for r in read.releases_of(town.desk("MPA"), town.viewer("MPA"), record)]


def held(town, record, party="MOD"):
    """What the partner has of it, or None."""
    listed = read.named(town.desk(party), town.viewer(party), [record])
    return listed[0].value.body if listed else None


def officer(town, position="duty-officer"):
    return town.desk("MPA"), town.actor("MPA", position)


def test_the_preview_is_what_the_partner_reads(town):
    """Body, label and place of the preview are those that arrive."""
    record = town.write("MPA", "fire", incident(to("MOD", "COA"), internal="in", informant="post"))
    wish = releasing.Wish(record=record, to="MOD", rule="R-2P", hide=frozenset({"grade"}))
    seen = releasing.preview(*officer(town), wish)
    assert seen.hidden == ("text", "grade", "informant", "internal")
    assert seen.decision
    release = town.release("MPA", record, "MOD", "R-2P", hide=frozenset({"grade"}))
    releasing.approve(*officer(town), release)
    town.exchange("MPA", "MOD")
    (arrived,) = read.named(town.desk("MOD"), town.viewer("MOD"), [record])
    for name in ("body", "label", "position", "purpose", "rule", "moment", "version", "state"):
        assert getattr(arrived.value, name) == getattr(seen.shown.value, name)
    assert arrived.value.label.readers() == {"MOD"}
    assert not arrived.value.person


@pytest.mark.parametrize(
    ("label", "rule_name", "code"),
    [
        (to(), "R-MPA", "not_in_audience"),
        (to("MOD"), "R-MOD", "no_rule"),
        (to("MOD"), "R-9", "no_rule"),
        (to("MOD", classification=Classification.SECRET), "R-MPA", "above_clearance"),
        (to("MOD", categories=frozenset({"medical"})), "R-MPA", "category_not_held"),
        (to("MOD", expires=START), "R-MPA", "expired"),
    ],
)
def test_what_no_rule_and_no_label_allow_stays_here(town, label, rule_name, code):
    """Each refusal has its reason and the feed does not grow."""
    record = town.write("MPA", "fire", incident(label))
    with refusal(code):
        town.release("MPA", record, "MOD", rule_name)
    assert town.desk("MPA").store.head("out/MOD").size == 1


def test_without_an_agreement_in_force_nothing_leaves(town):
    """Neither before both have signed, nor after its end."""
    record = town.write("MPA", "fire", incident(to("COA", "MOD")))
    with refusal("no_agreement"):
        town.release("MPA", record, "COA", "R-MPA")
    with refusal("no_agreement"):
        releasing.preview(*officer(town), releasing.Wish(record=record, to="COA", rule="R"))
    with refusal("no_rule"):
        releasing.preview(*officer(town), releasing.Wish(record=record, to="MOD", rule="R"))
    assert releasing.rules_for(*officer(town), record, "COA") == ()
    assert len(releasing.rules_for(*officer(town), record, "MOD")) == 3
    town.clock.time += 2_000 * 24 * HOUR
    with refusal("agreement_not_in_force"):
        town.release("MPA", record, "MOD", "R-MPA", "late")


def test_the_second_person_is_another_person_who_may_see_it(town):
    """Not the preparer, nobody without the mandate, nobody who may not read the record."""
    record = town.write("MPA", "fire", incident(to("MOD")))
    release = town.release("MPA", record, "MOD", "R-2P")
    assert state(town, record) == ["prepared"]
    assert len(read.awaiting(town.desk("MPA"), town.viewer("MPA"))) == 1
    with refusal("same_person"):
        releasing.approve(town.desk("MPA"), town.actor("MPA", "duty-officer", "P-CLEARED"), release)
    with refusal("mandate"):
        releasing.approve(*officer(town, "auditor"), release)
    with refusal("release_absent"):
        releasing.approve(*officer(town, "administrator"), release)
    with refusal("release_absent"):
        releasing.approve(*officer(town), uuid_of("nowhere"))
    releasing.approve(*officer(town), release)
    with refusal("release_decided"):
        releasing.decline(*officer(town), release)
    assert state(town, record) == ["sent"]


def test_a_rule_may_want_two_who_approve(town):
    """Three persons in all, none of them twice, and nothing leaves before the last."""
    town.agree("MPA", "MOD", rule("MPA", "R-3P", approvers=2), version=2)
    record = town.write("MPA", "fire", incident(to("MOD")))
    release = town.release("MPA", record, "MOD", "R-3P")
    desk, size = town.desk("MPA"), town.desk("MPA").store.head("out/MOD").size
    releasing.approve(desk, town.actor("MPA", person="P-2"), release)
    assert (state(town, record), desk.store.head("out/MOD").size) == (["prepared"], size)
    with refusal("same_person"):
        releasing.approve(desk, town.actor("MPA", "liaison-officer", "P-2"), release)
    releasing.approve(desk, town.actor("MPA", person="P-3"), release)
    (held_by,) = read.releases_of(desk, town.viewer("MPA"), record)
    assert [one.by["person"] for one in held_by.approvals] == ["P-2", "P-3"]
    assert held_by.state == "sent"


def test_a_declined_release_never_leaves(town):
    """After a no, time changes nothing."""
    record = town.write("MPA", "fire", incident(to("MOD")))
    release = town.release("MPA", record, "MOD", "R-2P")
    releasing.decline(*officer(town), release)
    town.clock.time += 24 * HOUR
    assert releasing.tick(town.desk("MPA")) == 0
    town.exchange("MPA", "MOD")
    assert state(town, record) == ["declined"]
    assert held(town, record) is None


def test_an_approval_covers_only_what_was_prepared(town):
    """A newer edition, a narrower label or other rules need a new preparation."""
    desk, actor = officer(town, "cleared")
    record = town.write("MPA", "fire", incident(to("MOD")))
    first = town.release("MPA", record, "MOD", "R-2P", "first")
    base = say.current(desk, actor, record).value.digest
    say.revise(desk, actor, record, base, incident(to("MOD"), text="Out"))
    with refusal("newer_edition"):
        releasing.approve(*officer(town), first)
    base = say.current(desk, actor, record).value.digest
    say.revise(desk, actor, record, base, incident(to()))
    with refusal("not_in_audience"):
        releasing.approve(*officer(town), first)
    other = town.write("MPA", "other", incident(to("MOD")))
    second = town.release("MPA", other, "MOD", "R-2P", "second")
    town.agree("MPA", "MOD", CAUTIOUS, version=2)
    with refusal("agreement_changed"):
        releasing.approve(*officer(town), second)
    assert state(town, other) == ["prepared"]


@pytest.mark.parametrize(
    ("label", "rule_name", "wait"),
    [
        (to("MOD", embargo=START + 2 * HOUR), "R-MPA", 2 * HOUR),
        (to("MOD"), "R-LATE", 2 * HOUR),  # observed an hour ago, three hours later
        (to("MOD", embargo=START + 5 * HOUR), "R-LATE", 5 * HOUR),
    ],
)
def test_embargo_and_delay_hold_a_release_until_its_time(town, label, rule_name, wait):
    """Not a moment earlier, and then by itself."""
    record = town.write("MPA", "fire", incident(label))
    town.release("MPA", record, "MOD", rule_name)
    assert state(town, record) == ["queued"]
    town.clock.time = START + wait - 1
    assert releasing.tick(town.desk("MPA")) == 0
    town.clock.time += 1
    assert releasing.tick(town.desk("MPA")) == 1
    town.exchange("MPA", "MOD")
    assert state(town, record) == ["delivered"]
    assert held(town, record) is not None


def test_what_may_no_longer_leave_is_declined_when_its_time_comes(town):
    """A label that was narrowed while it waited wins."""
    desk, actor = officer(town, "cleared")
    record = town.write("MPA", "fire", incident(to("MOD")))
    town.release("MPA", record, "MOD", "R-LATE")
    base = say.current(desk, actor, record).value.digest
    say.revise(desk, actor, record, base, incident(to()))
    town.clock.time += 5 * HOUR
    assert releasing.tick(desk) == 1
    assert state(town, record) == ["declined"]
    assert releasing.tick(desk) == 0


def test_a_recall_stops_what_still_waits(town):
    """What was queued or prepared does not follow the recall."""
    desk, actor = officer(town, "cleared")
    record = town.write("MPA", "fire", incident(to("MOD")))
    town.release("MPA", record, "MOD", "R-LATE", "late")
    town.release("MPA", record, "MOD", "R-2P", "second")
    town.release("MPA", record, "MOD", "R-MPA", "now")
    town.exchange("MPA", "MOD")
    releasing.recall(desk, actor, record, "MOD", "source")
    town.clock.time += 5 * HOUR
    releasing.tick(desk)
    town.exchange("MPA", "MOD")
    assert state(town, record) == ["declined", "declined", "purged"]
    assert held(town, record) is None
    with refusal("nothing_to_recall"):
        releasing.recall(desk, actor, record, "MOD", "source")


def test_a_recall_takes_the_attachments_of_every_edition(town):
    """Also those that a later edition has dropped, which went with it; the leaves stay."""
    desk, actor = officer(town, "cleared")
    first = town.attach("MPA", "first.txt", b"first canary", to("MOD"))
    second = town.attach("MPA", "second.txt", b"second canary", to("MOD"))
    record = town.write("MPA", "fire", incident(to("MOD"), attachments=[first]))
    town.release("MPA", record, "MOD", "R-MPA", "one")
    town.exchange("MPA", "MOD")
    mod, viewer = town.desk("MOD"), town.viewer("MOD")
    assert read.attachment(mod, viewer, "MPA", first)[1] == b"first canary"
    base = say.current(desk, actor, record).value.digest
    say.revise(desk, actor, record, base, incident(to("MOD"), attachments=[second]))
    town.release("MPA", record, "MOD", "R-MPA", "two")
    town.exchange("MPA", "MOD")
    assert read.attachment(mod, viewer, "MPA", second)[1] == b"second canary"
    with refusal("record_absent"):
        read.attachment(mod, viewer, "MPA", first)
    read.mark_read(mod, town.actor("MOD"), read.record(mod, viewer, "MPA", record))
    leaves = mod.store.leaves("in/MPA", 0, 100)
    releasing.recall(desk, actor, record, "MOD", "error")
    town.exchange("MPA", "MOD")
    for identity in (record, first, second):
        with refusal("record_absent"):
            read.record(mod, viewer, "MPA", identity)
    dump = stores.dump(mod.database)
    assert "canary" not in dump
    assert mod.store.leaves("in/MPA", 0, 100)[: len(leaves)] == leaves
    assert {t.record for t in read.tombstones(mod, viewer)} == {record, first, second}
    assert state(town, record) == ["purged", "purged"]
    (last,) = read.holdings(desk, town.viewer("MPA"), limit=1)
    assert last.purged_read_by == ("cleared",)
    assert checking.fsck(mod, print_nothing) == []


def print_nothing(log, count):
    """Nobody listens to the progress."""


def test_what_is_recalled_before_delivery_travels_as_its_hash(town):
    """The partner gets the leaf and the recall, never the words."""
    desk, actor = officer(town, "cleared")
    record = town.write("MPA", "fire", incident(to("MOD"), text="canary"))
    town.release("MPA", record, "MOD", "R-MPA")
    releasing.recall(desk, actor, record, "MOD", "error")
    town.exchange("MPA", "MOD")
    assert all(b"canary" not in plain for _, _, plain in town.sent)
    assert held(town, record) is None
    assert read.tombstones(town.desk("MOD"), town.viewer("MOD")) == []
    assert state(town, record) == ["purged"]


def test_links_lead_only_to_what_the_partner_has(town):
    """A correction tells of the line only once the line has gone too."""
    desk, actor = officer(town, "cleared")
    old = town.write("MPA", "line", line(to("MOD")))
    with town.names.under("correction"):
        new = say.correct_line(desk, actor, old, line(to("MOD"), text="shut"))
    town.release("MPA", new, "MOD", "R-MPA", "one")
    town.exchange("MPA", "MOD")
    assert "corrects" not in held(town, new)
    town.release("MPA", old, "MOD", "R-MPA", "two")
    town.release("MPA", new, "MOD", "R-MPA", "three")
    town.exchange("MPA", "MOD")
    assert held(town, new)["corrects"] == old
    assert state(town, new) == ["superseded", "delivered"]


def test_an_attachment_without_a_rule_keeps_the_record_here(town):
    """Nothing leaves with a file that no rule covers."""
    only = rule("MPA", "R-1", kinds=frozenset({"incident"}))
    town.agree("MPA", "MOD", only, version=2)
    kept = town.attach("MPA", "file.txt", b"x", to("MOD"))
    record = town.write("MPA", "fire", incident(to("MOD"), attachments=[kept]))
    with refusal("no_rule_attachment"):
        town.release("MPA", record, "MOD", "R-1")


def test_releases_need_their_mandate_and_a_record_that_one_sees(town):
    """An observer releases nothing, and nobody releases what the own position may not read."""
    secret = Label(classification=Classification.SECRET)
    record = town.write("MPA", "fire", incident(secret))
    wish = releasing.Wish(record=record, to="MOD", rule="R-MPA")
    for ask in (releasing.preview, partial(releasing.prepare, seen="")):
        with refusal("mandate"):
            ask(*officer(town, "observer"), wish)
        with refusal("record_absent"):
            ask(*officer(town), wish)
    with refusal("mandate"):
        releasing.recall(*officer(town, "observer"), record, "MOD", "error")


def test_who_holds_what_is_listed_by_party_and_by_link(town):
    """What left, to whom, and what still waits for the link."""
    desk, viewer = town.desk("MPA"), town.viewer("MPA")
    record = town.write("MPA", "fire", incident(to("MOD")))
    town.release("MPA", record, "MOD", "R-MPA")
    assert len(read.waiting_for(desk, viewer, "MOD")) == 1
    town.exchange("MPA", "MOD")
    assert read.waiting_for(desk, viewer, "MOD") == []
    assert read.waiting_for(desk, viewer, "COA") == []
    assert (
        len(read.holdings(desk, viewer, Left(party="MOD"))) == len(read.holdings(desk, viewer)) == 1
    )
    assert read.holdings(desk, viewer, Left(party="COA")) == []


def test_agreements_need_authority_order_and_good_signatures(town):
    """An old version, another text of the same version or a foreign agreement does not hold."""
    desk = town.desk("MPA")
    signer = town.actor("MPA", "liaison-officer")
    town.agree("MPA", "MOD", version=3)
    with refusal("agreement_old"):
        agreements.sign(desk, signer, agreement_of("MPA", "MOD", version=2))
    with refusal("agreement_differs"):
        agreements.sign(desk, signer, agreement_of("MPA", "MOD", CAUTIOUS, version=3))
    with refusal("agreement_form"):
        agreements.sign(desk, signer, agreement_of("COA", "MOD"))
    with refusal("agreement_form"):
        agreements.sign(desk, signer, agreement_of("MPA", "MOD", version=4, ends=2**53 - 1))
    with refusal("mandate"):
        agreements.sign(desk, town.actor("MPA"), agreement_of("MPA", "MOD", version=4))
    good = agreement_of("MPA", "MOD", version=4).to_json()
    foreign = agreement_of("MPA", "COA").to_json()
    for item, code in (
        ({"agreement": foreign, "signatures": {}}, "agreement_not_ours"),
        ({"agreement": good, "signatures": []}, "agreement_not_ours"),
        ({"agreement": good, "signatures": {}}, "agreement_signature"),
        ({"agreement": good, "signatures": {"MOD": "AAAA"}}, "agreement_signature"),
        ({"agreement": good, "signatures": {"MOD": "?"}}, "agreement_signature"),
        ({"agreement": None}, "agreement_form"),
    ):
        with refusal(code), desk.act() as act:
            agreements.take(act, "MOD", item)
    assert agreements.in_force(desk.board, "MOD", START).version == 3


def test_a_node_without_the_authority_key_signs_nothing(town):
    """Only the node that holds the key can speak for the party."""
    desk = town.desk("MPA")
    desk.identity = replace(desk.identity, authority=None)
    with refusal("no_authority_key"):
        agreements.sign(
            desk, town.actor("MPA", "liaison-officer"), agreement_of("MPA", "MOD", version=2)
        )


def test_a_lost_parcel_is_sent_again_and_a_repeated_one_changes_nothing(town):
    """The same bytes twice, or late, end in the same state."""
    record = town.write("MPA", "fire", incident(to("MOD")))
    town.release("MPA", record, "MOD", "R-MPA")
    lost = town.send("MPA", "MOD")
    again = town.send("MPA", "MOD")
    assert exchange.incoming(town.desk("MOD"), again).accepted == 1
    late = exchange.incoming(town.desk("MOD"), lost)
    assert (late.accepted, late.repeated) == (0, True)
    town.exchange("MPA", "MOD")
    assert state(town, record) == ["delivered"]
