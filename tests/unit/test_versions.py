"""A node and its partner run different versions: nothing is lost, nothing old passes for new."""

import json
from dataclasses import replace

import pytest

from tansiq.desk.exchange import newer
from tansiq.desk.proof import checking
from tansiq.desk.records import read, say
from tansiq.desk.release import purging
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.watch.incident import INCIDENT
from tests.versions import INCIDENT_2, WEATHER, exchanged, planted
from tests.world import DAY, START, incident, refusal, rule, to, worlds


@pytest.fixture
def town():
    """MPA is updated first, MOD later."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        yield made


def shared(town, **body):
    """An incident of the old version that MOD has."""
    record = town.write("MPA", "fire", incident(to("MOD"), size="two fields", **body))
    town.release("MPA", record, "MOD", "R-MPA")
    town.exchange("MPA", "MOD")
    return record


def revised(town, record, label=None, **body):
    """A new edition of the new version, which goes to MOD, who does not know it."""
    desk, actor = town.desk("MPA"), town.actor("MPA")
    with planted(INCIDENT_2):
        digest = say.current(desk, actor, record).value.digest
        draft = incident(label or to("MOD"), channel="three fields", **body)
        say.revise(desk, actor, record, digest, draft)
        town.release("MPA", record, "MOD", "R-MPA", name=f"newer {body}")
    exchanged(town, "MPA", "MOD", INCIDENT_2)


def at_mod(town, record, position="cleared"):
    return read.record(town.desk("MOD"), town.viewer("MOD", position), "MPA", record).value


def state(town, record):
    with planted(INCIDENT_2, WEATHER):
        return read.releases_of(town.desk("MPA"), town.viewer("MPA"), record)[-1]


def alarms(town):
    rows = town.desk("MOD").database.rows("SELECT code, text FROM alarm ORDER BY id")
    return [(str(code), json.loads(str(text))) for code, text in rows]


def updated(town, *kinds):
    """MOD is updated: its board is folded anew, and owners hear of it."""
    desk = town.desk("MOD")
    with planted(*kinds):
        checking.rebuild(desk, lambda *_: None)
        newer.settle(desk)
        again = checking.snapshot(desk)
        checking.rebuild(desk, lambda *_: None)
        assert checking.snapshot(desk) == again


def test_a_newer_edition_is_held_and_everybody_is_told(town):
    """The older one says that it is not the newest; people and the owner hear of it."""
    record = shared(town)
    assert (at_mod(town, record).newer, state(town, record).state) == (False, "delivered")
    revised(town, record, text="The fire spreads")
    held = at_mod(town, record)
    assert (held.newer, held.body["text"]) == (True, "Fire in the wheat fields")
    assert held.body["size"] == "two fields"
    assert alarms(town) == [("newer_held", {"records": [f"MPA/{record}"]})]
    told = state(town, record)
    assert (told.state, told.held, told.held_at) == ("held", "version", START)
    assert checking.fsck(town.desk("MOD"), lambda *_: None) == []
    updated(town, INCIDENT_2)
    with planted(INCIDENT_2):
        shown = at_mod(town, record)
        assert (shown.newer, shown.body["text"]) == (False, "The fire spreads")
        assert shown.body["channel"] == "three fields"
        history = read.history(town.desk("MOD"), town.viewer("MOD"), "MPA", record)
        assert [one.value.body["channel"] for one in history] == ["two fields", "three fields"]
        town.exchange("MPA", "MOD")
        assert state(town, record).state == "delivered"


def test_a_kind_that_is_not_known_is_held_too(town):
    """It has no row; its owner is told that the kind is not known, and it comes with the update."""
    town.agree("MPA", "MOD", rule("MPA", "R-W", kinds=frozenset({"weather"})), version=2)
    with planted(WEATHER):
        draft = say.Draft(kind="weather", body=incident().body, label=to("MOD"))
        record = town.write("MPA", "storm", draft)
        town.release("MPA", record, "MOD", "R-W")
    exchanged(town, "MPA", "MOD", WEATHER)
    with refusal("record_absent"):
        at_mod(town, record)
    assert alarms(town) == [("newer_held", {"records": [f"MPA/{record}"]})]
    assert (state(town, record).state, state(town, record).held) == ("held", "kind")
    updated(town, WEATHER)
    with planted(WEATHER):
        assert at_mod(town, record).kind == "weather"


def test_who_may_not_see_the_newer_edition_learns_nothing_of_it(town):
    """Then the older one stands under its label too, in the page, the list and the count."""
    medical = {"MPA": frozenset(), "MOD": frozenset({"medical"})}
    town.agree("MPA", "MOD", version=2, held=medical)
    record = shared(town)
    duty = town.viewer("MOD", "duty-officer")
    query = read.Query(kinds=("incident",))
    assert read.page(town.desk("MOD"), duty, query).total == 1
    revised(town, record, label=to("MOD", categories=frozenset({"medical"})))
    page = read.page(town.desk("MOD"), duty, query)
    assert (page.rows, page.total) == ((), 0)
    with refusal("record_absent"):
        at_mod(town, record, "duty-officer")
    assert at_mod(town, record).newer


def test_a2_a_held_edition_under_a_stricter_label_closes_the_files_too(town):
    """Nobody here reads the newest words; whom it is not for does not read its file either."""
    medical = {"MPA": frozenset(), "MOD": frozenset({"medical"})}
    town.agree("MPA", "MOD", version=2, held=medical)
    file = town.attach("MPA", "sketch.txt", label=to("MOD"))
    record = shared(town, attachments=[file])
    desk, duty = town.desk("MOD"), town.viewer("MOD", "duty-officer")
    assert read.attachment(desk, duty, "MPA", file)
    strict = to("MOD", categories=frozenset({"medical"}))
    revised(town, record, label=strict, attachments=[file])
    with refusal("record_absent"):
        read.attachment(desk, duty, "MPA", file)
    assert read.attachment(desk, town.viewer("MOD"), "MPA", file)


def test_a_recall_of_what_is_held_lets_the_older_one_stand_again(town):
    """Its bytes go, it leaves no trace here, and the owner hears that it was erased."""
    record = shared(town)
    revised(town, record, text="Wrong")
    releases = [state(town, record).release]
    with town.desk("MPA").act() as act:
        sent = {"type": "recall", "record": record, "releases": releases, "reason": "error",
                "at": act.now}  # fmt: skip
        seq = act.feed("MOD", sent)
        act.say({**sent, "to": "MOD", "seq": seq, "by": town.actor("MPA").to_json()})
    exchanged(town, "MPA", "MOD", INCIDENT_2)
    assert (at_mod(town, record).newer, state(town, record).state) == (False, "purged")
    assert read.tombstones(town.desk("MOD"), town.viewer("MOD")) == []
    assert checking.fsck(town.desk("MOD"), lambda *_: None) == []


def test_what_is_held_expires_like_anything_else(town):
    """A label that ends erases what nobody was shown."""
    record = shared(town)
    revised(town, record, label=to("MOD", expires=START + DAY))
    town.clock.time = START + 2 * DAY
    assert purging.expired(town.desk("MOD")) == 1
    assert not at_mod(town, record).newer


def test_editing_an_old_record_writes_the_newest_version(town):
    """What was below the tear line stays there under its new name."""
    record = shared(town, internal="We saw it by drone")
    desk, actor = town.desk("MPA"), town.actor("MPA")
    with planted(INCIDENT_2):
        old = say.current(desk, actor, record).value
        assert (old.version, old.body["summary"]) == (2, "We saw it by drone")
        assert {"summary", "channel"} <= old.tear
        say.step(desk, actor, record, old.digest, "confirm")
        assert say.current(desk, actor, record).value.body["channel"] == "two fields"
        town.release("MPA", record, "MOD", "R-MPA", name="confirmed")
        town.exchange("MPA", "MOD")
        told = at_mod(town, record)
        assert told.state == "confirmed"
        assert not {"summary", "internal"} & told.body.keys()


def test_a_journal_of_a_newer_program_is_not_folded(town):
    """A node that was put back to an older program says so, and loses nothing of its own."""
    with planted(INCIDENT_2):
        town.write("MPA", "fire", incident(channel="ours"))
        before = checking.snapshot(town.desk("MPA"))
    with refusal("journal_newer"):
        checking.rebuild(town.desk("MPA"), lambda *_: None)
    with planted(INCIDENT_2):
        assert checking.snapshot(town.desk("MPA")) == before


def test_a_kind_names_an_upcaster_for_every_version():
    """A version without one could not be read any more."""
    with pytest.raises(ValueError, match="upcaster"):
        replace(INCIDENT, version=3, upcasters={1: dict})
    with pytest.raises(InputError):
        replace(INCIDENT, version=2, upcasters={1: lambda body: {"x": body["y"]}}).upcast({}, 1)


@pytest.mark.parametrize("position", ["cleared", "duty-officer"])
def test_a_label_may_also_be_loosened(town, position):
    """The older edition stays under its own label: loosening the newer one shows nothing older."""
    label = to("MOD", categories=frozenset({"medical"}))
    record = town.write("MPA", "fire", incident(label))
    town.agree("MPA", "MOD", version=2, held={"MPA": frozenset(), "MOD": frozenset({"medical"})})
    town.release("MPA", record, "MOD", "R-MPA")
    town.exchange("MPA", "MOD")
    revised(town, record)
    if position == "cleared":
        assert at_mod(town, record).newer
    else:
        with refusal("record_absent"):
            at_mod(town, record, position)
