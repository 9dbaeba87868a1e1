"""Files: what goes along with a record, where a file can be read, and what of it stays (rows A2, A9
and A10 of what was found).
"""

import base64
from dataclasses import replace
from functools import partial

import pytest

from tansiq.board.board import key_of
from tansiq.desk.records import files, read, say
from tansiq.desk.release import offers, purging, releasing
from tansiq.domain.labels import Label
from tansiq.domain.parties import Classification, PartyCode
from tansiq.log.canonical import decode_object
from tansiq.log.store import out_log
from tansiq.policy.files import readable_under
from tests import stores
from tests.world import DAY, HOUR, incident, line, refusal, rule, text_file, to, worlds

MPA, MOD = PartyCode("MPA"), PartyCode("MOD")
HIGH = Classification.SECRET
CANARY = b"what the canary sang"


@pytest.fixture
def pair():
    """MPA and MOD, whose agreement lets all go by a person and lines go by themselves."""
    with worlds("MPA", "MOD") as made:
        made.agree(
            "MPA", "MOD", rule("MPA", "ALL", kinds=frozenset({"incident"}), class_max=HIGH),
            rule("MPA", "LINES", kinds=frozenset({"log_line", "attachment"}), automatic=True,
                 class_max=HIGH),
            rule("MOD", "BACK"), clearance=dict.fromkeys((MPA, MOD), HIGH),
        )  # fmt: skip
        yield made


def reads(world, party, file, position="cleared"):
    """Whether a position of a party can read a file of MPA, by every way to its bytes or name."""
    desk, viewer = world.desk(party), world.viewer(party, position)
    ways = (
        lambda: read.attachment(desk, viewer, "MPA", file),
        lambda: read.record(desk, viewer, "MPA", file),
    )
    found = set()
    for way in ways:
        try:
            way()
        except say.InputError:
            found.add(False)
        else:
            found.add(True)
    found.add(bool(read.named(desk, viewer, [file])))
    found.add(bool(read.history(desk, viewer, "MPA", file)))
    assert len(found) == 1
    return found.pop()


def holds_bytes(desk):
    """Whether the bytes of the file stand anywhere in a node's tables."""
    return base64.b64encode(CANARY).hex().upper() in stores.dump(desk.database)


def carried(world, name="fire", label=None, **body):
    """A record of MPA with a file, both with one label: their ids."""
    label = label or to("MOD")
    file = world.attach("MPA", f"{name}.txt", CANARY, label)
    return world.write("MPA", name, incident(label, attachments=[file], **body)), file


def revise(world, record, draft):
    desk, actor = world.desk("MPA"), world.actor("MPA")
    base = say.current(desk, actor, record).value.digest
    say.revise(desk, actor, record, base, draft)


def test_a2_a_file_that_no_record_names_is_read_by_nobody(pair):
    """It stands for nothing by itself, at its owner's either."""
    alone = pair.attach("MPA", "alone.txt", CANARY, to("MOD"))
    assert not reads(pair, "MPA", alone)
    record, file = carried(pair)
    assert reads(pair, "MPA", file)
    pair.release("MPA", record, "MOD", "ALL")
    pair.exchange("MPA", "MOD")
    assert reads(pair, "MOD", file)


def test_a2_raising_the_label_of_a_record_closes_its_file(pair):
    """Who may not read the record as it stands does not read what it names."""
    record, file = carried(pair)
    assert reads(pair, "MPA", file, "duty-officer")
    revise(pair, record, incident(to("MOD", categories=frozenset({"medical"})),
                                  attachments=[file]))  # fmt: skip
    assert reads(pair, "MPA", file)
    assert not reads(pair, "MPA", file, "duty-officer")


def test_a2_a_newer_release_under_a_higher_label_closes_the_file_there(pair):
    """The file came with an edition that all there might read; the newest is not for all."""
    record, file = carried(pair)
    pair.release("MPA", record, "MOD", "ALL")
    pair.exchange("MPA", "MOD")
    assert reads(pair, "MOD", file, "duty-officer")
    high = to("MOD", classification=Classification.CONFIDENTIAL)
    revise(pair, record, incident(high, attachments=[file]))
    pair.release("MPA", record, "MOD", "ALL", "again")
    pair.exchange("MPA", "MOD")
    assert reads(pair, "MOD", file)
    assert not reads(pair, "MOD", file, "duty-officer")


def test_a2_a_record_of_another_party_opens_no_file(pair):
    """It may name the same id: a file is opened by records of its owner alone."""
    record, file = carried(pair)
    revise(pair, record, incident(to("MOD"), attachments=[]))
    assert not reads(pair, "MPA", file)
    pair.names.used.clear()  # a partner that draws the same ids
    theirs = pair.attach("MOD", "fire.txt", CANARY, to("MPA"))
    assert theirs == file
    draft = incident(to("MPA"), attachments=[theirs])
    pair.release("MOD", pair.write("MOD", "theirs", draft), "MPA", "BACK")
    pair.exchange("MPA", "MOD")
    desk, viewer = pair.desk("MPA"), pair.viewer("MPA")
    assert read.attachment(desk, viewer, "MOD", theirs)
    with refusal("record_absent"):
        read.attachment(desk, viewer, "MPA", file)


def test_a2_a_file_ends_with_its_record_at_the_partner(pair):
    """At the end of the last record that names it there, however long its own release would last:
    it is unreadable then, and erased with it.
    """
    first, file = carried(pair)
    short = to("MOD", expires=pair.clock.now() + 2 * DAY)
    second = pair.write("MPA", "second", incident(short, attachments=[file]))
    for number, record in enumerate((first, second)):
        pair.release("MPA", record, "MOD", "ALL", f"release {number}")
    revise(pair, first, incident(to("MOD"), attachments=[]))
    pair.release("MPA", first, "MOD", "ALL", "again")
    pair.exchange("MPA", "MOD")
    assert reads(pair, "MOD", file)
    pair.clock.time += 3 * DAY
    assert not reads(pair, "MOD", file)
    assert holds_bytes(pair.desk("MOD"))
    purging.expired(pair.desk("MOD"))
    assert not holds_bytes(pair.desk("MOD"))
    pair.exchange("MPA", "MOD")
    states = {one.state for one in read.releases_of(pair.desk("MPA"), pair.viewer("MPA"), file)}
    assert states <= {"purged", "expired"}


def test_a2_a_file_that_a_newer_edition_left_out_is_recalled(pair):
    """It is closed here at once, and erased at the partner once the newer edition leaves."""
    record, file = carried(pair)
    pair.release("MPA", record, "MOD", "ALL")
    pair.exchange("MPA", "MOD")
    revise(pair, record, incident(to("MOD"), attachments=[]))
    assert not reads(pair, "MPA", file)
    assert reads(pair, "MOD", file)
    assert holds_bytes(pair.desk("MOD"))
    pair.release("MPA", record, "MOD", "ALL", "again")
    pair.exchange("MPA", "MOD")
    assert not reads(pair, "MOD", file)
    assert not holds_bytes(pair.desk("MOD"))


def test_a2_a_file_of_two_records_stays_with_the_other(pair):
    """What one leaves out is not taken from the one that names it still."""
    first, file = carried(pair)
    second = pair.write("MPA", "second", incident(to("MOD"), attachments=[file]))
    for number, record in enumerate((first, second)):
        pair.release("MPA", record, "MOD", "ALL", f"release {number}")
    pair.exchange("MPA", "MOD")
    revise(pair, first, incident(to("MOD"), attachments=[]))
    pair.release("MPA", first, "MOD", "ALL", "again")
    pair.exchange("MPA", "MOD")
    assert reads(pair, "MOD", file)
    assert reads(pair, "MPA", file)


def test_a2_a_file_is_never_released_by_itself(pair):
    """Not by preview, not by preparing, and no party is offered it."""
    _, file = carried(pair)
    desk, actor = pair.desk("MPA"), pair.actor("MPA")
    wish = releasing.Wish(record=file, to=MOD, rule="ALL")
    for act in (releasing.preview, partial(releasing.prepare, seen="")):
        with refusal("file_alone"):
            act(desk, actor, wish)
    assert [str(one.decision.code) for one in offers.offers(desk, actor, file)] == ["file_alone"]


def test_a2_who_holds_what_names_the_files(pair):
    """Each release names the files that left with it, also after the record has left them out."""
    record, file = carried(pair)
    pair.release("MPA", record, "MOD", "ALL")
    revise(pair, record, incident(to("MOD"), attachments=[]))
    (held,) = read.holdings(pair.desk("MPA"), pair.viewer("MPA"))
    assert [one.value.record for one in held.files] == [file]
    assert [one.value.body["text"] for one in held.files] == ["fire.txt"]


def test_a2_a_file_above_a_viewer_is_not_named_in_who_holds_what(pair):
    """A position that may see the record and not the file learns of no file."""
    medical = to("MOD", categories=frozenset({"medical"}))
    file = pair.attach("MPA", "inner.txt", CANARY, medical)
    record = pair.write("MPA", "fire", incident(to("MOD"), attachments=[file]))
    with refusal("category_not_held"):
        pair.release("MPA", record, "MOD", "ALL")


def test_a2_the_labels_of_file_and_record_are_joined():
    """Readable under its own label and any one record's; under none where no record names it."""
    file, low = Label(categories=frozenset({"source"})), to("MOD")
    high = Label(classification=Classification.SECRET, expires=HOUR)
    one, other = readable_under(file, [low, high, high])
    assert one.categories == frozenset({"source"})
    assert (other.classification, other.expires) == (Classification.SECRET, HOUR)
    assert readable_under(file, []) == ()


def test_a10_what_may_hold_traces_goes_only_where_a_person_releases(pair):
    """By an automatic rule the record goes without it; a person may let it go, knowing."""
    for traces, goes in (("none", True), ("removed", True), ("kept", False)):
        desk, actor = pair.desk("MPA"), pair.actor("MPA")
        with pair.names.under(traces), desk.act() as act:
            kept = replace(text_file(f"{traces}.txt", CANARY), traces=traces)
            file = files.attach(act, actor, kept, to("MOD"))
        record = pair.write("MPA", f"line {traces}", line(to("MOD"), attachments=[file]))
        pair.exchange("MPA", "MOD")
        told = read.record(pair.desk("MOD"), pair.viewer("MOD"), "MPA", record).value
        assert ("attachments" in told.body, reads(pair, "MOD", file)) == (goes, goes)
    fire = pair.write("MPA", "fire", incident(to("MOD"), attachments=[file]))
    pair.release("MPA", fire, "MOD", "ALL")
    pair.exchange("MPA", "MOD")
    assert reads(pair, "MOD", file)


def test_a10_the_name_on_the_device_and_the_original_never_leave(pair):
    """Whoever releases what, by whatever rule."""
    desk, actor = pair.desk("MPA"), pair.actor("MPA")
    with desk.act() as act:
        clean = replace(text_file("1.txt", b"clean"), brought="canary-makhmour.txt")
        file = files.attach(act, actor, clean, to("MOD"))
        kept = files.attach(act, actor, text_file("canary-original.txt", CANARY), to("MOD"))
    record = pair.write(
        "MPA", "fire", incident(to("MOD"), attachments=[file], originals=[kept], tear=frozenset())
    )
    pair.release("MPA", record, "MOD", "ALL")
    entries = desk.store.read(out_log(MOD), 0, 100)
    said = [decode_object(entry.data) for entry in entries if entry.data]
    assert "canary" not in repr(said)
    assert kept not in repr(said)
    assert reads(pair, "MPA", kept)


def test_a10_files_get_neutral_names_unless_the_writer_names_them(pair):
    """A number and what they are; the name of the device is kept beside it."""
    brought = [
        files.Brought(name="C:\\Makhmour\\plan of post 7.txt", data=b"one"),
        files.Brought(name="two", data=b"\x00\x01"),
    ]
    made = files.cleaned(pair.desk("MPA"), brought, taken=["1.jpg", "2.txt", "4.pdf"])
    assert [(one.name, one.brought, one.media_type, one.traces) for one in made] == [
        ("3.txt", "plan of post 7.txt", "text/plain", "none"),
        ("5.bin", "two", "application/octet-stream", "kept"),
    ]
    named = files.cleaned(pair.desk("MPA"), brought, name="the plan")
    assert [one.name for one in named] == ["the plan 1.txt", "the plan 2.bin"]
    assert files.cleaned(pair.desk("MPA"), brought[:1], name="the plan")[0].name == "the plan.txt"
    (again,) = files.cleaned(pair.desk("MPA"), brought[:1], name="the plan", taken=["the plan.txt"])
    assert again.name == "the plan 1.txt"
    assert files.originals(brought, made) == []


def test_a9_all_of_620_recalls_in_one_parcel_are_purged(pair):
    """However many come at once, and with the link down from then on."""
    desk, actor = pair.desk("MPA"), pair.actor("MPA")
    drafts = [line(to("MOD"), text=f"canary {n}") for n in range(620)]
    with desk.act() as act:
        written = say.write_all(act, actor, drafts)
    for _ in range(4):
        pair.exchange("MPA", "MOD")
    mod = pair.desk("MOD")
    assert mod.database.rows("SELECT COUNT(*) FROM received WHERE purged_at = 0") == [(620,)]
    with desk.act():
        for one in written:
            releasing.recall(desk, actor, one.record, MOD, "error")
    pair.exchange("MPA", "MOD", rounds=1)
    assert mod.database.rows("SELECT COUNT(*) FROM received WHERE purged_at = 0") == [(0,)]
    dump = stores.dump(mod.database)
    assert "canary" not in dump
    assert b"canary".hex().upper() not in dump


def test_a9_what_is_left_of_recalls_is_purged_without_the_link(pair):
    """What a recall left behind goes with the next look at the clock."""
    record, _ = carried(pair)
    pair.release("MPA", record, "MOD", "ALL")
    pair.exchange("MPA", "MOD")
    mod = pair.desk("MOD")
    with mod.act():
        mod.database.run(
            "UPDATE received SET recalled_at = ? WHERE record = ?",
            (pair.clock.now(), key_of("MPA", record)),
        )
    assert purging.expired(mod) >= 1
    assert purging.expired(mod) == 0
