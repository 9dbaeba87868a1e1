"""What goes without a person, what ends that, and what an earlier edition binds."""

import pytest

from tansiq.board import past as told
from tansiq.desk.proof import checking
from tansiq.desk.records import read, say
from tansiq.desk.release import offers, purging, receipts, releasing
from tansiq.desk.release.history import past_of
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import Grain
from tansiq.policy.agreement import Files, Follow, Receipts, by_facets
from tests.world import (
    DAY,
    HOUR,
    START,
    asking,
    incident,
    refusal,
    replies,
    rule,
    to,
    worlds,
)

MOD = PartyCode("MOD")
FAST = rule("MPA", "FAST", automatic=True, facets=by_facets(category=["fire", "flood"]))
HELD = rule("MPA", "HELD", follow=Follow.WHOLE, approvers=1, facets=by_facets(category=["drone"]))
STRICT = rule(
    "MPA", "STRICT", approvers=1, grain=Grain.KM5, hide=frozenset({"hurt"}),
    facets=by_facets(category=["attack"]),
)  # fmt: skip
FILES = rule("MPA", "FILES", kinds=frozenset({"attachment"}), automatic=True)


@pytest.fixture
def town():
    """Two parties; MPA's incidents go by themselves, after an approval, or follow, by category."""
    with worlds("MPA", "MOD") as made:
        agree(made, FAST, HELD, STRICT, FILES, replies("MPA", "A-MPA"), replies("MOD", "A-MOD"))
        yield made


def agree(town, *rules, **terms):
    return town.agree("MPA", "MOD", *rules, **terms)


def sent(town):
    """How many entries left for MOD."""
    return town.desk("MPA").store.head("out/MOD").size


def revise(town, record, draft=None, **body):
    desk, actor = town.desk("MPA"), town.actor("MPA")
    base = say.current(desk, actor, record).value.digest
    draft = draft or incident(to("MOD"), **body)
    with town.names.under(f"revise {record} {len(town.names.used)}"):
        say.revise(desk, actor, record, base, draft)


def step(town, record, name="check"):
    desk, actor = town.desk("MPA"), town.actor("MPA")
    base = say.current(desk, actor, record).value.digest
    with town.names.under(f"step {record} {name}"):
        say.step(desk, actor, record, base, name)


def recall(town, record):
    releasing.recall(town.desk("MPA"), town.actor("MPA"), record, MOD, "error")


def held(town, record):
    """What MOD has of it, or None."""
    town.exchange("MPA", "MOD")
    found = read.named(town.desk("MOD"), town.viewer("MOD"), [record])
    return found[0].value.body if found else None


def approved(town, record, by, name, **more):
    """Release and let another person approve."""
    release = town.release("MPA", record, "MOD", by, name, **more)
    releasing.approve(town.desk("MPA"), town.actor("MPA", person="P-2"), release)


def test_a1_nothing_follows_a_recall_until_a_person_releases_anew(town):
    """Neither a step nor new text, however long ago, also after the board was folded anew."""
    record = town.write("MPA", "fire", incident(to("MOD")))
    assert held(town, record)
    recall(town, record)
    size = sent(town)
    step(town, record)
    revise(town, record, text="More is burning")
    checking.rebuild(town.desk("MPA"), lambda _log, _count: None)
    revise(town, record, text="Everything is burning")
    assert (sent(town), held(town, record)) == (size, None)
    town.release("MPA", record, "MOD", "FAST")
    assert held(town, record)["text"] == "Everything is burning"
    revise(town, record, text="Out")
    assert held(town, record)["text"] == "Out"


def test_a1_nothing_follows_the_end_of_what_was_held(town):
    """Once the days of the rule have run out, an edition stays until a person releases it."""
    agree(town, rule("MPA", "FAST", automatic=True, days=1), version=2)
    record = town.write("MPA", "fire", incident(to("MOD")))
    assert held(town, record)
    town.clock.time += 3 * DAY
    purging.expired(town.desk("MOD"))
    size = sent(town)
    revise(town, record, text="Again")
    assert (sent(town), held(town, record)) == (size, None)
    town.release("MPA", record, "MOD", "FAST")
    assert held(town, record)["text"] == "Again"


def test_a1_a_recall_of_what_is_still_on_its_way_ends_it_too(town):
    """What waited for its time and was recalled does not come by itself with the next edition."""
    agree(town, rule("MPA", "FAST", automatic=True, delay=5 * HOUR), version=2)
    record = town.write("MPA", "fire", incident(to("MOD")))
    recall(town, record)
    revise(town, record, text="Later")
    town.clock.time += DAY
    releasing.tick(town.desk("MPA"))
    assert held(town, record) is None


def test_a1_what_waits_is_declined_when_what_was_held_ends_meanwhile(town):
    """An edition that was due after the end of the one before does not leave by itself."""
    agree(town, rule("MPA", "FAST", automatic=True, days=1), version=2)
    record = town.write("MPA", "fire", incident(to("MOD")))
    revise(town, record, draft=incident(to("MOD", embargo=START + 4 * DAY), text="Later"))
    town.clock.time += 4 * DAY
    assert releasing.tick(town.desk("MPA")) == 1
    assert held(town, record) is None


def test_a1_files_and_answers_of_an_ended_record_stay_too(town):
    """A shared file does not go with another record by itself, nor an answer with its question."""
    file = town.attach("MPA", "plan.txt", b"a plan", to("MOD"))
    first = town.write("MPA", "first", incident(to("MOD"), attachments=[file]))
    assert held(town, first)["attachments"] == [file]
    mod, mpa = town.desk("MOD"), town.desk("MPA")
    about = read.record(mod, town.viewer("MOD"), "MPA", first).value
    with town.names.under("ask"):
        asked = say.reply(mod, town.actor("MOD"), "rfi", about=about, body=asking("MPA"))
    town.exchange("MPA", "MOD")
    town.step("MPA", "answer", ("MOD", asked), "answer", words={"text": "Nobody"})
    linked = read.linked(mpa, town.viewer("MPA"), asked, "about")
    (answer,) = [one.value.record for one in linked if one.value.kind == "answer"]
    assert held(town, answer)["text"] == "Nobody"
    recall(town, first)
    second = town.write("MPA", "second", incident(to("MOD"), attachments=[file]))
    assert "attachments" not in held(town, second)
    base = say.current(mpa, town.actor("MPA"), answer).value
    draft = say.Draft(kind="answer", body={**base.body, "text": "Somebody"}, label=base.label)
    with town.names.under("revise answer"):
        say.revise(mpa, town.actor("MPA"), answer, base.digest, draft)
    assert held(town, answer)["text"] == "Nobody"


def test_a5_an_edition_that_reads_alike_does_not_leave(town):
    """An internal note, another reader, a later day: the partner has nothing new to acknowledge."""
    agree(town, rule("MPA", "FAST", automatic=True, days=9), version=2)
    record = town.write("MPA", "fire", incident(to("MOD")))
    size = sent(town)
    revise(town, record, internal="call the base")
    revise(town, record, draft=incident(to("MOD", "COA")))
    town.clock.time += 2 * DAY
    revise(town, record, internal="call again")
    assert sent(town) == size
    revise(town, record, draft=incident(to("MOD", expires=START + 5 * DAY)))
    assert sent(town) == size + 1


def test_a6_an_edition_inherits_the_strictest_rule_of_all(town):
    """Another category lets nothing go that the first one kept, until a second person says so."""
    record = town.write("MPA", "raid", incident(to("MOD"), category="attack", hurt=2))
    approved(town, record, "STRICT", "first")
    size = sent(town)
    revise(town, record, category="fire", hurt=2)
    assert sent(town) == size
    release = town.release("MPA", record, "MOD", "FAST", "second")
    assert sent(town) == size
    releasing.approve(town.desk("MPA"), town.actor("MPA", person="P-2"), release)
    body = held(town, record)
    assert ("hurt" in body, body["place"]["grain"]) == (False, "km5")
    approved(town, record, "FAST", "third", loosen=True)
    body = held(town, record)
    assert (body["hurt"], body["place"]["grain"]) == (2, "exact")
    revise(town, record, category="fire", hurt=3)
    assert held(town, record)["hurt"] == 3


def test_what_is_held_follows_by_the_rule_that_says_so(town):
    """An approver lets it begin; what follows goes by itself, and keeps back what a person kept."""
    record = town.write("MPA", "drone", incident(to("MOD"), category="drone", size="two"))
    assert held(town, record) is None
    approved(town, record, "HELD", "first", hide=frozenset({"size"}))
    revise(town, record, category="drone", size="three", text="Gone north")
    body = held(town, record)
    assert ("size" in body, body["text"]) == (False, "Gone north")
    recall(town, record)
    revise(town, record, category="drone", text="Gone south")
    assert held(town, record) is None


def test_stages_bind_the_beginning_and_nothing_that_follows(town):
    """What was told as confirmed is told as in doubt again; what never was confirmed stays."""
    confirmed = frozenset({"confirmed"})
    agree(town, rule("MPA", "SURE", automatic=True, stages=confirmed, follow=Follow.WHOLE),
          version=2)  # fmt: skip
    record = town.write("MPA", "fire", incident(to("MOD")))
    assert held(town, record) is None
    for name in ("confirm", "close", "reopen"):
        step(town, record, name)
    assert held(town, record)
    (view,) = read.named(town.desk("MOD"), town.viewer("MOD"), [record])
    assert view.value.state == "being_checked"


@pytest.mark.parametrize(
    ("terms", "file", "goes"),
    [
        ({}, {}, True),
        ({"files": Files.NONE}, {}, False),
        ({"files": Files.WITH_APPROVAL}, {}, False),
        ({"hide": frozenset({"attachments"})}, {}, False),
        ({}, {"automatic": False}, False),
        ({}, {"automatic": False, "approvers": 1}, False),
    ],
)
def test_a_file_goes_by_itself_only_where_everything_lets_it(town, terms, file, goes):
    """Its own rule, the record's rule, the redacted body: any keeps it, and not the record."""
    files = rule("MPA", "FILES", **{"kinds": FILES.kinds, "automatic": True, **file})
    agree(town, rule("MPA", "FAST", automatic=True, kinds=frozenset({"incident"}), **terms), files,
          version=2)  # fmt: skip
    kept = town.attach("MPA", "plan.txt", b"a secret plan", to("MOD"))
    record = town.write("MPA", "fire", incident(to("MOD"), attachments=[kept]))
    assert ("attachments" in held(town, record), held(town, kept) is not None) == (goes, goes)


@pytest.mark.parametrize(
    ("terms", "file", "label", "wait"),
    [
        ({"files": Files.WITH_APPROVAL}, {}, {}, "approval"),
        ({}, {"approvers": 1}, {}, "approval"),
        ({}, {"delay": 5 * HOUR}, {}, "time"),
        ({}, {}, {"embargo": START + 5 * HOUR}, "time"),
    ],
)
def test_a_record_waits_for_what_its_file_waits_for(town, terms, file, label, wait):
    """A person's release goes when record and file may, and ends for the file with the record."""
    files = rule("MPA", "FILES", kinds=FILES.kinds, **file)
    agree(town, rule("MPA", "R-1", kinds=frozenset({"incident"}), days=3, **terms), files,
          version=2)  # fmt: skip
    kept = town.attach("MPA", "plan.txt", b"a plan", to("MOD", **label))
    record = town.write("MPA", "fire", incident(to("MOD"), attachments=[kept]))
    release = town.release("MPA", record, "MOD", "R-1")
    assert held(town, record) is None
    if wait == "approval":
        releasing.approve(town.desk("MPA"), town.actor("MPA", person="P-2"), release)
    town.clock.time += 6 * HOUR
    releasing.tick(town.desk("MPA"))
    assert held(town, record)["attachments"] == [kept]
    views = read.named(town.desk("MOD"), town.viewer("MOD"), [record, kept])
    assert len({view.value.label.expires for view in views}) == 1


def test_a_file_hidden_by_a_person_stays(town):
    """What the preview does not show is not carried along either."""
    agree(town, rule("MPA", "R-1"), version=2)
    kept = town.attach("MPA", "plan.txt", b"a secret plan", to("MOD"))
    record = town.write("MPA", "fire", incident(to("MOD"), attachments=[kept]))
    town.release("MPA", record, "MOD", "R-1", hide=frozenset({"attachments"}))
    assert "attachments" not in held(town, record)
    assert not any(b"plan.txt" in plain for _, _, plain in town.sent)


def test_a14_an_agreement_that_begins_later_changes_nothing_before(town):
    """Offers, rules, preview and release go by the old text until the new one begins."""
    agree(town, rule("MPA", "NEW"), version=2, begins=START + HOUR)
    record = town.write("MPA", "raid", incident(to("MOD"), category="attack"))
    desk, actor = town.desk("MPA"), town.actor("MPA")
    wish = releasing.Wish(record=record, to=MOD, rule="STRICT")
    (offer,) = offers.offers(desk, actor, record)
    names = [found.name for found in releasing.rules_for(desk, actor, record, MOD)]
    assert [found.name for found in offer.rules] == names == ["STRICT"]
    assert (bool(offer.decision), bool(releasing.preview(desk, actor, wish).decision)) == (
        True,
    ) * 2
    town.clock.time += HOUR
    (offer,) = offers.offers(desk, actor, record)
    assert [found.name for found in offer.rules] == ["NEW"]
    with refusal("no_rule"):
        town.release("MPA", record, "MOD", "STRICT")


def test_a1_what_a_partner_erased_before_we_went_back_has_ended(town):
    """A release that this node forgot: the partner's word that it is erased ends the record."""
    record = town.write("MPA", "fire", incident(to("MOD")))
    desk = town.desk("MPA")
    assert past_of(desk, record, MOD).holds
    with desk.act():
        desk.database.run("DELETE FROM release")
        told.end(desk.board, MOD, record)
    assert past_of(desk, record, MOD).ended
    size = sent(town)
    revise(town, record, text="More")
    assert sent(town) == size


@pytest.mark.parametrize(
    ("terms", "severity", "exact"),
    [
        ({"receipts": Receipts.PARTY}, "urgent", False),
        ({"receipts": Receipts.POSITION}, "urgent", True),
        ({"receipts": Receipts.PARTY, "purpose": "safety"}, "urgent", True),
        ({"receipts": Receipts.PARTY}, "flash", True),
    ],
)
def test_a13_receipts_name_what_the_agreement_says(town, terms, severity, exact):
    """Else the party alone, once and in its minute, also when it is erased; an auditor never."""
    agree(town, rule("MPA", "FAST", automatic=True, **terms), version=2)
    record = town.write("MPA", "fire", incident(to("MOD"), severity=severity))
    assert held(town, record)
    mod, mpa = town.desk("MOD"), town.desk("MPA")
    view = read.record(mod, town.viewer("MOD"), "MPA", record)
    size = mod.store.head("out/MPA").size
    read.mark_read(mod, town.actor("MOD", "auditor"), view)
    town.clock.time += 61_234
    for position in ("cleared", "duty-officer"):
        read.mark_read(mod, town.actor("MOD", position), view)
    assert mod.store.head("out/MPA").size == size + (2 if exact else 1)
    recall(town, record)
    town.exchange("MPA", "MOD")
    (state,) = read.releases_of(mpa, town.viewer("MPA"), record)
    names = ("cleared", "duty-officer") if exact else ()
    assert (state.read_by, state.purged_read_by) == (names, names)
    moment = START + 61_234 if exact else START + 61_234 - (START + 61_234) % 60_000
    assert (state.read_at, state.purged_at) == (moment, moment)


@pytest.mark.parametrize(
    ("wire", "exact"),
    [
        ({"rule": "SHOTS", "body": {"category": "shooting"}}, True),
        ({"rule": "SHOTS", "body": {}}, True),  # hidden from us, perhaps
        ({"rule": "SHOTS", "body": {"category": "fire"}}, False),
        ({"rule": "SHOTS", "kind": "log_line"}, False),
        ({"rule": "HEARD"}, False),
        ({"rule": "OURS"}, False),
        ({"rule": "BEFORE"}, False),
        ({"rule": "NOWHERE"}, False),
    ],
    ids=str,
)
def test_an_owner_borrows_no_rule_to_learn_who_read(town, wire, exact):
    """The owner writes the name of a rule into its release: it counts only where today's agreement
    has such a rule of the owner's for such a record.
    """
    named = {"receipts": Receipts.POSITION}
    incidents = frozenset({"incident"})
    agree(town, rule("MPA", "BEFORE", kinds=incidents, **named), version=2)
    agree(
        town,
        rule("MPA", "SHOTS", kinds=incidents, facets=by_facets(category=["shooting"]), **named),
        rule("MPA", "HEARD", kinds=frozenset({"acknowledgement"}), purpose="safety"),
        rule("MOD", "OURS", kinds=incidents, **named),
        version=3,
    )
    board = town.desk("MOD").board
    whole = {"kind": "incident", "body": {}, **wire}
    assert receipts.is_exact(board, "MPA", whole, START) is exact


def test_a_partner_names_no_more_readers_than_a_release_keeps(town):
    """However many positions it makes up, what is kept and shown of one release stays bounded."""
    record = town.write("MPA", "fire", incident(to("MOD")))
    held(town, record)
    mpa = town.desk("MPA")
    ((release,),) = mpa.board.db.rows("SELECT release FROM release WHERE feed_seq IS NOT NULL")
    with town.desk("MOD").act() as act:
        for n in range(BOUNDS.readers_max + 9):
            said = {"release": release, "record": record, "position": f"desk-{n:03}", "at": START}
            act.feed(PartyCode("MPA"), {"type": "read", **said})
    town.exchange("MPA", "MOD")
    (state,) = read.releases_of(mpa, town.viewer("MPA"), record)
    assert len(state.read_by) == BOUNDS.readers_max
