"""Rules of exchange and release in their smallest form: the tests that planted faults die by."""

import pytest

from tansiq.desk.exchange import exchange, handshake
from tansiq.desk.records import say
from tansiq.desk.release import offers, releasing
from tansiq.desk.trust import partners
from tansiq.domain.errors import InputError, ParcelError, RefusedError
from tansiq.domain.labels import audience_of
from tansiq.domain.parties import Classification, PartyCode, partner_viewer
from tansiq.log import checkpoint
from tansiq.log.checkpoint import Checkpoint
from tansiq.policy.release import may_see
from tests.world import START, Label, incident, node_keys, prepare_seen, rule, to, worlds

MPA, MOD = PartyCode("MPA"), PartyCode("MOD")
HIGH = Classification.CONFIDENTIAL


@pytest.fixture
def town():
    """Two parties that have agreed, one rule of theirs with a second person."""
    with worlds("MPA", "MOD") as made:
        plain, back = (rule(one, f"R-{one}", class_max=HIGH) for one in ("MPA", "MOD"))
        second = rule("MPA", "S-MPA", approvers=1, class_max=HIGH)
        level = dict.fromkeys((MPA, MOD), HIGH)
        made.agree("MPA", "MOD", plain, back, second, clearance=level)
        yield made


def test_an_embargo_holds_to_the_millisecond():
    """Until the moment nobody but the owner sees it; from the moment on, the audience does."""
    viewer = partner_viewer(MOD, Classification.RESTRICTED)
    label = Label(audience=audience_of(MOD), embargo=START)
    assert not may_see(viewer, MPA, label, START - 1)
    assert may_see(viewer, MPA, label, START)


def later_run(town):
    """Two releases, and the parcel that carries the second alone."""
    begun = town.desk("MPA").store.head("out/MOD").size
    for name in ("one", "two"):
        record = town.write("MPA", name, incident(to("MOD")))
        town.release("MPA", record, "MOD", "R-MPA")
    return begun, exchange.outgoing(town.desk("MPA"), MOD, start=begun + 1)


def test_a_run_behind_a_gap_waits_and_people_are_told(town):
    """Nothing is taken past a gap, and the missing numbers are said."""
    begun, parcel = later_run(town)
    taken = exchange.incoming(town.desk("MOD"), parcel)
    assert (0, (begun + 1, begun + 1)) == (taken.accepted, taken.missing)
    alarms = town.desk("MOD").database.rows("SELECT code FROM alarm")
    assert [("gap",)] == alarms


def test_a_receipt_stops_before_a_gap(town):
    """What waits behind a gap is not signed for until the gap has closed."""
    begun, parcel = later_run(town)
    mpa, mod = town.desk("MPA"), town.desk("MOD")
    exchange.incoming(mpa, exchange.answer(mod, parcel))
    signed = mpa.database.rows("SELECT acknowledged FROM partner WHERE party = 'MOD'")
    assert [(begun,)] == signed
    town.exchange("MPA", "MOD")
    signed = mpa.database.rows("SELECT acknowledged FROM partner WHERE party = 'MOD'")
    assert [(begun + 2,)] == signed


def test_a_restored_node_asks_for_what_it_does_not_remember_to_be_signed_for(town):
    """It has every entry, and still does not know in what form they left."""
    begun, parcel = later_run(town)
    mpa, mod = town.desk("MPA"), town.desk("MOD")
    first = exchange.outgoing(mpa, MOD)
    exchange.incoming(mod, exchange.outgoing(mpa, MOD, start=begun))
    exchange.incoming(mod, parcel)
    handshake.mark_restored(mpa, START)
    exchange.incoming(mpa, exchange.answer(mod, first))
    known = partners.partner(mpa, "MOD")
    assert (begun, begun + 2) == (known.acknowledged, known.rewound)
    town.exchange("MPA", "MOD")
    known = partners.partner(mpa, "MOD")
    assert (begun + 2, 0) == (known.acknowledged, known.rewound)


def test_a_head_that_was_changed_is_refused():
    """A note with another root under the old signature is refused."""
    keys = node_keys("MPA")
    one, other = (Checkpoint(origin="tansiq/x", size=1, root=bytes([n]) * 32) for n in (1, 2))
    note = checkpoint.sign(one, "tansiq/x", keys.seed)
    forged = note.replace(one.body(), other.body())
    assert one == checkpoint.verify(note, "tansiq/x", "tansiq/x", keys.public)
    with pytest.raises(ParcelError):
        checkpoint.verify(forged, "tansiq/x", "tansiq/x", keys.public)


def with_file(town):
    """A record that everybody at MPA may read, with a file that only the cleared may read."""
    file = town.attach("MPA", "file.txt", b"words", to("MOD", classification=HIGH))
    draft = incident(to("MOD"), attachments=[file])
    return town.write("MPA", "fire", draft), file


def test_nobody_approves_an_attachment_unseen(town):
    """The second person must be able to see all that leaves."""
    record, _ = with_file(town)
    release = town.release("MPA", record, "MOD", "S-MPA")
    desk, second = town.desk("MPA"), town.actor("MPA", "duty-officer", "P-9")
    assert () == offers.prepared(desk, second, release).attachments
    with pytest.raises(RefusedError):
        releasing.approve(desk, second, release)
    releasing.approve(desk, town.actor("MPA", person="P-8"), release)


def test_a_file_above_the_releaser_stays_here(town):
    """Who may not see a file sees nothing of it in the preview, and sends nothing of it."""
    record, file = with_file(town)
    desk, low = town.desk("MPA"), town.actor("MPA", "duty-officer")
    wish = releasing.Wish(record=record, to=MOD, rule="R-MPA")
    look = releasing.preview(desk, low, wish)
    assert ((), ()) == (look.files, look.attachments)
    prepare_seen(desk, low, wish)
    town.exchange("MPA", "MOD")
    assert not any(file.encode() in plain for _, to_, plain in town.sent if to_ == "MOD")
    with pytest.raises(InputError):
        say.current(desk, low, file)
