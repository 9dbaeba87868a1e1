"""Who lets the exchange with a partner begin, stop, and go on."""

import pytest

from tansiq.desk.exchange import exchange
from tansiq.desk.proof import checking
from tansiq.desk.trust import partners, restarting
from tests.unit.test_papers import swap
from tests.world import card_of, refusal, worlds


@pytest.fixture
def town():
    """Two parties that have agreed."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        yield made


def test_a_confirmed_key_waits_for_the_release_authority():
    """An administrator confirms a key; only a release authority lets the exchange begin."""
    with worlds("MPA") as made:
        desk = made.desk("MPA")
        administrator = made.actor("MPA", "administrator")
        partners.trust(desk, administrator, card_of("MOD"))
        with refusal("partner_unauthorised"):
            exchange.outgoing(desk, "MOD")
        with refusal("mandate"):
            partners.authorise(desk, administrator, "MOD")
        partners.authorise(desk, made.actor("MPA", "liaison-officer"), "MOD")
        exchange.outgoing(desk, "MOD")
        known = partners.partner(desk, "MOD")
        assert known.trusted_by["role"] == "administrator"
        assert known.authorised_by["role"] == "liaison_officer"


def test_one_person_alone_does_not_go_on(town):
    """The one who asked cannot agree, at whatever position; the evidence stays."""
    desk = town.desk("MPA")
    liaison = town.actor("MPA", "liaison-officer", "P-1")
    with refusal("restart_not_stopped"):
        restarting.ask(desk, liaison, "MOD", "why not")
    restarting.stop(desk, liaison, "MOD")
    with refusal("restart_not_asked"):
        restarting.agree(desk, liaison, "MOD", seen=0)
    restarting.ask(desk, liaison, "MOD", "They told us by telephone")
    seen = restarting.asked(desk, "MOD").at
    with refusal("restart_same_person"):
        restarting.agree(desk, town.actor("MPA", "senior-duty-officer", "P-1"), "MOD", seen=seen)
    with refusal("mandate"):
        restarting.agree(desk, town.actor("MPA", "administrator", "P-2"), "MOD", seen=seen)
    with refusal("restart_changed"):
        second = town.actor("MPA", "senior-duty-officer", "P-2")
        restarting.agree(desk, second, "MOD", seen=seen - 1)
    restarting.agree(desk, second, "MOD", seen=seen)
    swap(town, "MPA", "MOD")
    kept = [e.data for e in desk.store.scan("journal") if e.data and b'"stopped"' in e.data]
    assert len(kept) == 1
    assert checking.fsck(desk, lambda *_: None) == []
