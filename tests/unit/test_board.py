"""A partner's entries on the board: what is hostile or malformed harms nothing but itself."""

import json

import pytest

from tansiq.desk.exchange import exchange
from tansiq.desk.proof import checking
from tansiq.desk.records import read
from tansiq.domain.errors import StoreError
from tansiq.domain.kinds import KINDS
from tansiq.domain.wording import words
from tests.world import HOUR, START, incident, line, refusal, to, uuid_of, worlds

RECORD, RELEASE = uuid_of("hostile record"), uuid_of("hostile release")
MAX = 2**53 - 1


@pytest.fixture
def town():
    """MPA is hostile, MOD and COA are honest, and all have agreed."""
    with worlds("MPA", "MOD", "COA") as made:
        made.agree("MPA", "MOD")
        made.agree("COA", "MOD")
        made.agree("COA", "MPA")
        yield made


def wire(**change):
    """An edition for MOD as a feed carries it."""
    body = {**incident().body, **change.pop("body", {})}
    plain = {
        "type": "edition", "release": RELEASE, "record": RECORD, "kind": "incident", "v": 1, "k": 1,
        "state": "reported", "label": to("MOD").to_json(), "body": body, "position": "cleared",
        "purpose": "coordination", "rule": "R-MPA", "at": START,
    }  # fmt: skip
    return {**plain, **change}


def smuggle(town, *items, sender="MPA", receiver="MOD"):
    """Put entries into a feed past every check of the sender's own desk, and deliver them."""
    with town.desk(sender).act() as act:
        for item in items:
            act.feed(receiver, item)
    town.exchange(sender, receiver)


def seen(town, party="MOD"):
    query = read.Query(kinds=tuple(KINDS))
    return read.page(town.desk(party), town.viewer(party), query).rows


def alarms(town, party="MOD"):
    rows = town.desk(party).database.rows("SELECT code, text FROM alarm ORDER BY id")
    return [(str(code), json.loads(str(text))) for code, text in rows]


def sound(town, party="MOD"):
    """The logs are whole, and folding again gives the same board."""
    desk = town.desk(party)
    return checking.fsck(desk, lambda log, count: None) == []


def test_a_good_entry_is_shown(town):
    """What is changed in the other tests is good without the change."""
    smuggle(town, wire())
    assert [view.value.record for view in seen(town)] == [RECORD]
    assert alarms(town) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"release": "x"}, "record_id"),
        ({"release": 7}, "wire_form"),
        ({"record": "-" * 36}, "record_id"),
        ({"kind": None}, "wire_form"),
        ({"kind": "x" * 401}, "wire_form"),
        ({"v": True}, "wire_form"),
        ({"k": "1"}, "wire_form"),
        ({"at": -1}, "wire_form"),
        ({"at": MAX}, "wire_form"),
        ({"state": "exploded"}, "wire_form"),
        ({"purpose": "curiosity"}, "wire_form"),
        ({"position": "Duty Officer"}, "position_code"),
        ({"label": {}}, "label_form"),
        ({"label": {**to("MOD").to_json(), "expires": MAX}}, "label_form"),
        ({"body": {"place": {}}}, "place_form"),
        ({"body": {"observed": MAX}}, "moment_form"),
        ({"body": {"grade": "Z9"}}, "grade_form"),
        ({"body": {"text": "bell\u0007"}}, "text_control"),
        ({"body": {"attachments": ["x"]}}, "record_id"),
    ],
)
def test_a_malformed_edition_is_kept_and_not_shown(town, change, fault):
    """It stays in the log, people are told its number and its fault, what follows is shown."""
    good = wire(record=uuid_of("good"), release=uuid_of("good release"))
    smuggle(town, wire(**change), good)
    assert [view.value.record for view in seen(town)] == [uuid_of("good")]
    assert alarms(town) == [("entry_unusable", {"number": 1, "fault": fault})]
    assert words(f"error.{fault}").ckb
    assert sound(town)


def test_what_a_newer_partner_sends_is_no_fault(town):
    """Unknown types and fields are kept in silence; of kinds and versions people hear."""
    smuggle(
        town,
        {"type": "weather", "text": "dry"},
        wire(kind="weather", release=uuid_of("a")),
        wire(v=2, release=uuid_of("b")),
        wire(surplus=[1], body={"surplus": {}}, release=uuid_of("c")),
    )
    (view,) = seen(town)
    assert "surplus" not in view.value.body
    assert not view.value.newer
    ((code, said),) = alarms(town)
    assert code == "newer_held"
    assert said["records"] == [f"MPA/{view.value.record}"]
    assert sound(town)


def test_a_surplus_field_reaches_no_list(town):
    """Only what the kind knows is indexed: no state, severity or link comes in by the back door."""
    body = {**line().body, "severity": "flash", "about": uuid_of("other")}
    smuggle(town, {**wire(kind="log_line", state="saved"), "body": body})
    desk, viewer = town.desk("MOD"), town.viewer("MOD")
    query = read.Query(kinds=("log_line",), facets=(("severity", ("flash",)),))
    assert len(seen(town)) == 1
    assert read.count(desk, viewer, query) == 0
    assert read.linked(desk, viewer, uuid_of("other"), "about") == []


@pytest.mark.parametrize(
    "label",
    [
        to(),
        to("COA"),
        to("MOD", policy="OTHER-9"),
        to("MOD", categories=frozenset({"unheard_of"})),
        to("MOD", caveats=frozenset({"unheard_of"})),
        to("MOD", embargo=START + HOUR),
        to("MOD", expires=START),
    ],
)
def test_a_label_that_does_not_let_us_closes_the_record(town, label):
    """Even what reached this node is shown to nobody whom its label does not name."""
    smuggle(town, wire(label=label.to_json()))
    assert seen(town) == ()
    assert read.tombstones(town.desk("MOD"), town.viewer("MOD")) == []


def given(town, party="COA"):
    """A record of an honest party at MOD, and its release."""
    record = town.write(party, "honest", incident(to("MOD", "MPA")))
    release = town.release(party, record, "MOD", f"R-{party}")
    town.exchange(party, "MOD")
    return record, release


def test_the_id_of_another_partys_record_makes_a_record_of_ones_own(town):
    """Neither a partner's nor our own record changes when a stranger writes under its id."""
    record, _ = given(town)
    own = town.write("MOD", "own", incident())
    smuggle(
        town,
        wire(record=record, body={"text": "twisted"}),
        wire(record=own, body={"text": "twisted"}, release=uuid_of("second")),
    )
    desk, viewer = town.desk("MOD"), town.viewer("MOD")
    for owner, identity in (("COA", record), ("MOD", own)):
        body = read.record(desk, viewer, owner, identity).value.body
        assert body["text"] == "Fire in the wheat fields"
        assert len(read.history(desk, viewer, owner, identity)) == 1
        assert read.record(desk, viewer, "MPA", identity).value.body["text"] == "twisted"
    assert sound(town)


def test_the_release_of_another_party_cannot_be_recalled_or_taken(town):
    """A recall, or an edition under the same release, touches only the sender's own."""
    record, release = given(town)
    smuggle(
        town,
        {"type": "recall", "record": record, "releases": [release], "reason": "error", "at": START},
        wire(record=record, release=release),
    )
    desk, viewer = town.desk("MOD"), town.viewer("MOD")
    assert read.record(desk, viewer, "COA", record)
    assert read.tombstones(desk, viewer) == []
    with refusal("record_absent"):
        read.record(desk, viewer, "MPA", record)
    assert sound(town)


@pytest.mark.parametrize(
    "item",
    [
        {"type": "read", "position": "desk", "at": START},
        {
            "type": "purged",
            "cause": "recalled",
            "read_by": ["desk"],
            "shown_to": ["desk"],
            "shown": True,
            "at": START,
        },
    ],
)
def test_reads_and_purges_count_only_for_the_own_release(town, item):
    """A partner says nothing about what another partner did with its copy."""
    record, release = given(town)
    item = {**item, "release": release, "record": record}
    smuggle(town, item, receiver="COA")
    (state,) = read.releases_of(town.desk("COA"), town.viewer("COA"), record)
    assert state.state == "delivered"
    assert state.read_by == state.purged_read_by == ()
    smuggle(town, item, sender="MOD", receiver="COA")
    (state,) = read.releases_of(town.desk("COA"), town.viewer("COA"), record)
    assert state.state in ("read", "purged")
    assert sound(town, "COA")


def test_d9_what_a_partner_stated_first_of_an_erasure_stands(town):
    """It named who had read it; saying later that nobody had takes nothing back."""
    record, release = given(town)
    said = {"type": "purged", "release": release, "record": record, "cause": "recalled",
            "read_by": ["desk"], "shown_to": ["desk"], "shown": True, "at": START}  # fmt: skip
    nobody = {"read_by": [], "shown_to": [], "shown": False, "at": START + HOUR}
    smuggle(town, said, {**said, **nobody}, sender="MOD", receiver="COA")
    (state,) = read.releases_of(town.desk("COA"), town.viewer("COA"), record)
    assert (state.purged_read_by, state.purged_shown_to) == (("desk",), ("desk",))
    assert (state.purged_at, state.purged_shown) == (START, True)
    assert sound(town, "COA")


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        ({"type": "recall", "record": RECORD, "releases": [7], "reason": "x"}, "entry_form"),
        ({"type": "recall", "record": RECORD, "releases": "x", "reason": "x"}, "entry_form"),
        ({"type": "recall", "record": RECORD, "releases": ["x"], "reason": "x"}, "record_id"),
        ({"type": "recall", "record": "x", "releases": [], "reason": "x", "at": 1}, "record_id"),
        ({"type": "recall", "record": RECORD, "releases": [RELEASE]}, "entry_form"),
        ({"type": "read", "release": RELEASE, "position": "A B", "at": 1}, "position_code"),
        ({"type": "read", "release": RELEASE, "position": "desk", "at": MAX}, "entry_form"),
        ({"type": "read", "release": RELEASE, "position": "desk"}, "entry_form"),
        ({"type": "purged", "release": RELEASE, "cause": "x", "read_by": ["A B"], "shown_to": [],
          "shown": False, "at": 1},
         "position_code"),
        ({"type": "purged", "release": RELEASE, "read_by": [], "at": 1}, "entry_form"),
        ({"type": "held", "releases": ["x"], "reason": "kind", "at": 1}, "record_id"),
        ({"type": "held", "releases": [RELEASE], "at": 1}, "entry_form"),
        ({"type": "file"}, "entry_form"),
        ({"type": "file", "release": "x", "state": "whole", "at": 1}, "record_id"),
        ({"type": "file", "release": RELEASE, "state": "whole", "at": -1}, "entry_form"),
        ({"type": "agreement"}, "agreement_form"),
    ],
)  # fmt: skip
def test_a_malformed_entry_raises_one_alarm(town, item, fault):
    """Whatever it lacks, it is kept, told, and folded again to the same board."""
    smuggle(town, item)
    assert [(code, told["fault"]) for code, told in alarms(town)] == [("entry_unusable", fault)]
    assert sound(town)
    smuggle(town, wire())
    assert len(seen(town)) == 1


def test_a_reason_that_we_do_not_know_is_another_reason(town):
    """A page always has words for why something was recalled."""
    smuggle(town, wire())
    recall = {"type": "recall", "record": RECORD, "releases": [RELEASE], "at": START}
    smuggle(town, {**recall, "reason": "because\u202e of post 7"})
    (tombstone,) = read.tombstones(town.desk("MOD"), town.viewer("MOD"))
    assert tombstone.reason == "other"


def test_an_entry_without_a_release_does_not_stop_a_purge(town):
    """Strange entries between those of a release are left where they are."""
    strange = {"type": "file", "record": RECORD}
    recall = {"type": "recall", "record": RECORD, "releases": [RELEASE], "reason": "error",
              "at": START}  # fmt: skip
    smuggle(town, strange, {"n": 1}, wire())
    smuggle(town, recall)
    assert seen(town) == ()
    assert sound(town)


def test_a_recall_that_comes_with_or_before_the_edition_wins(town):
    """In whatever order the entries stand, what was recalled is never shown."""
    recall = {"type": "recall", "record": RECORD, "releases": [RELEASE], "reason": "error",
              "at": START}  # fmt: skip
    smuggle(town, wire(), recall)
    smuggle(town, wire())
    assert seen(town) == ()
    assert sound(town)


def test_when_the_newest_is_recalled_the_one_before_stands_again(town):
    """Two releases of one record are two copies, each with its own end."""
    second = uuid_of("second")
    smuggle(town, wire(), wire(release=second, k=2, body={"text": "newer"}))
    recall = {"type": "recall", "record": RECORD, "releases": [second], "reason": "error",
              "at": START}  # fmt: skip
    smuggle(town, recall)
    (view,) = seen(town)
    assert view.value.body["text"] == "Fire in the wheat fields"
    assert sound(town)


def test_a_fault_of_the_own_disk_is_not_the_partners(town, monkeypatch):
    """When the database fails, nothing of the parcel is kept, and it can be sent again."""
    parcel_wire = wire()
    with town.desk("MPA").act() as act:
        act.feed("MOD", parcel_wire)
    parcel, desk = town.send("MPA", "MOD"), town.desk("MOD")
    size, many = desk.store.head("in/MPA").size, desk.database.many

    def failing(statement, rows):
        if statement.startswith("INSERT INTO record"):
            raise StoreError("database", detail="disk full")
        many(statement, rows)

    monkeypatch.setattr(desk.database, "many", failing)
    with refusal("database"):
        exchange.incoming(desk, parcel)
    monkeypatch.undo()
    assert desk.store.head("in/MPA").size == size
    assert alarms(town) == []
    assert exchange.incoming(desk, parcel).accepted == 1
    assert len(seen(town)) == 1


def test_a_tombstone_is_for_those_who_could_have_read(town):
    """That something was recalled is not told to a position that could never see it."""
    secret = {**to("MOD").to_json(), "class": "confidential"}
    smuggle(town, wire(label=secret))
    recall = {"type": "recall", "record": RECORD, "releases": [RELEASE], "reason": "error",
              "at": START}  # fmt: skip
    smuggle(town, recall)
    desk = town.desk("MOD")
    assert len(read.tombstones(desk, town.viewer("MOD"))) == 1
    assert read.tombstones(desk, town.viewer("MOD", "duty-officer")) == []
    checking.rebuild(desk, lambda log, count: None)
    assert len(read.tombstones(desk, town.viewer("MOD"))) == 1


def test_the_bound_of_a_run_of_purges_is_met(town):
    """Many recalls at once are all carried out, if not all at once."""
    items = [wire(record=uuid_of(f"r{n}"), release=uuid_of(f"x{n}")) for n in range(3)]
    smuggle(town, *items)
    smuggle(town, *(
        {"type": "recall", "record": item["record"], "releases": [item["release"]],
         "reason": "error", "at": START} for item in items
    ))  # fmt: skip
    assert len(read.tombstones(town.desk("MOD"), town.viewer("MOD"))) == 3
    assert len(read.tombstones(town.desk("MOD"), town.viewer("MOD"), limit=2)) == 2


def test_lists_open_at_the_embargo_and_close_at_the_expiry(town):
    """Both edges to the millisecond, in the rows and in the counts alike."""
    label = to("MOD", embargo=START + HOUR, expires=START + 2 * HOUR)
    smuggle(town, wire(label=label.to_json()))
    desk, viewer = town.desk("MOD"), town.viewer("MOD")
    query = read.Query(kinds=("incident",))
    for moment, expected in ((HOUR - 1, 0), (HOUR, 1), (2 * HOUR - 1, 1), (2 * HOUR, 0)):
        town.clock.time = START + moment
        assert len(seen(town)) == expected
        assert read.count(desk, viewer, query) == expected
        assert sum(cell[2] for cell in read.map_cells(desk, viewer, query, 1)) == expected
