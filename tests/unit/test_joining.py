"""Joining: each side signs the smallest agreement, and safety messages may go."""

from tansiq.desk.links import linking
from tansiq.desk.operations import safety
from tansiq.desk.records import read
from tansiq.desk.release import agreements
from tansiq.domain.parties import PartyCode
from tansiq.policy.agreement import smallest
from tests.world import START, agreement_of, card_of, incident, refusal, to, worlds

MPA, MOD = PartyCode("MPA"), PartyCode("MOD")
SMALLEST = smallest(MPA, MOD)


def join(town, one, other, position="liaison-officer"):
    linking.join(town.desk(one), town.actor(one, position), card_of(other))


def in_force(town, one, other):
    return agreements.in_force(town.desk(one).board, other, START)


def test_two_that_joined_may_warn_one_another_and_nothing_else():
    """A safety message goes at once and nothing else goes at all; the receipt names the position,
    and what is read back comes back.
    """
    with worlds("MPA", "MOD") as town:
        join(town, "MPA", "MOD")
        assert in_force(town, "MPA", "MOD") is None
        join(town, "MOD", "MPA")
        town.exchange("MPA", "MOD")
        assert in_force(town, "MPA", "MOD") == in_force(town, "MOD", "MPA") == SMALLEST
        plain = town.write("MPA", "fire", incident(to("MOD"), severity="flash"))
        with refusal("no_rule"):
            town.release("MPA", plain, "MOD", "SAFETY-MPA")
        with town.names.under("stop"):
            record = safety.send(town.desk("MPA"), town.actor("MPA"), {"text": "Stop at once"})
        town.exchange("MPA", "MOD")
        (view,) = read.named(town.desk("MOD"), town.viewer("MOD"), [record, plain])
        read.mark_read(town.desk("MOD"), town.actor("MOD"), view)
        with town.names.under("back"):
            safety.read_back(
                town.desk("MOD"), town.actor("MOD"), "MPA", record, typed="Stop at once",
                confirmed=True,
            )  # fmt: skip
        town.exchange("MPA", "MOD")
        (state,) = read.releases_of(town.desk("MPA"), town.viewer("MPA"), record)
        assert state.read_by == ("cleared",)
        desk, actor = town.desk("MPA"), town.actor("MPA")
        root = read.record(desk, desk.viewer(actor), "MPA", record)
        (told,) = safety.tellings(desk, desk.viewer(actor), root, actor).value
        assert told.stage == "read_back"


def test_only_a_release_authority_signs_and_only_where_nothing_was_signed():
    """An administrator joins, the authority signs as it authorises; a later text is left alone."""
    with worlds("MPA", "MOD") as town:
        desk, signer = town.desk("MPA"), town.actor("MPA", "liaison-officer")
        join(town, "MPA", "MOD", "administrator")
        assert agreements.agreements(desk.board, "MOD", both=False) == []
        for _ in range(2):
            linking.authorise(desk, signer, "MOD")
        ((text, signatures),) = agreements.agreements(desk.board, "MOD", both=False)
        assert (text, set(signatures)) == (SMALLEST, {"MPA"})
        join(town, "MOD", "MPA")
        town.exchange("MPA", "MOD")
        town.agree("MPA", "MOD")
        size = desk.store.head("out/MOD").size
        join(town, "MPA", "MOD")
        assert (in_force(town, "MPA", "MOD").version, desk.store.head("out/MOD").size) == (1, size)


def test_a_text_that_the_partner_signed_first_waits_for_a_person():
    """Joining signs the smallest text alone; what people negotiated they sign themselves."""
    with worlds("MPA", "MOD") as town:
        signer = town.actor("MOD", "liaison-officer")
        agreements.sign(town.desk("MOD"), signer, agreement_of("MPA", "MOD"))
        town.exchange("MPA", "MOD")
        join(town, "MPA", "MOD")
        (found,) = linking.agreements_with(town.desk("MPA"), town.viewer("MPA"), "MOD")
        assert (found.agreement.version, found.ours, found.theirs) == (1, False, True)
