"""Evidence after keys have changed: what was signed before stays provable, later it is not."""

import pytest

from tansiq.desk.trust import papers
from tansiq.domain.wording import Text
from tansiq.log.cards import Card, make_card
from tansiq.log.papers import Revocation, make_revocation
from tests.verifier import verify
from tests.verifier.formats import RejectedError
from tests.verifier.made import KEYS, make
from tests.world import DAY, HOUR, START, authority, incident, node_keys, to, worlds


@pytest.fixture
def town():
    """MPA has released a record, MOD has signed for it, and has a new node since."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        made.record = made.write("MPA", "fire", incident(to("MOD")))
        made.release("MPA", made.record, "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        made.clock.time += DAY
        new = node_keys("another")
        card = Card(
            party="MOD", names=Text("MOD", "MOD", "MOD"), authority=authority("MOD").public,
            node="mod", public=new.public, age_recipient=new.age_recipient, certificate=b"",
            address="", positions=(), issued_ms=START + HOUR, expires_ms=START + 300 * DAY,
        )  # fmt: skip
        actor = made.actor("MPA", "liaison-officer")
        papers.bring(made.desk("MPA"), actor, make_card(card, authority("MOD").seed))
        yield made


def revoke(town, lost):
    """MOD's authority revokes the node that signed."""
    said = Revocation(
        party="MOD", authority=authority("MOD").public, node="mod",
        public=node_keys("MOD").public, revoked_ms=START + DAY, lost_ms=lost, reason="lost",
    )  # fmt: skip
    actor = town.actor("MPA", "liaison-officer")
    papers.bring(town.desk("MPA"), actor, make_revocation(said, authority("MOD").seed))


def test_a_receipt_by_the_key_of_its_time_still_counts(town):
    """The evidence brings the older card along, and the receipt holds by it."""
    found = verify.verify(make(town, "MPA", town.record), {"MOD": KEYS["MOD"]})
    assert {"MOD", "MOD-1", "MPA"} <= set(found["manifest"]["cards"])
    (sent,) = [feed for feed in found["feeds"] if feed["to"] == "MOD"]
    assert START // 1000 <= sent["received_s"] <= START // 1000 + 3600


def test_a_receipt_from_before_the_loss_still_counts(town):
    """The key was revoked later; what it had signed before it was lost is not taken back."""
    revoke(town, START + 12 * HOUR)
    verify.verify(make(town, "MPA", town.record), {"MOD": KEYS["MOD"]})


def test_a_receipt_from_after_the_loss_does_not_count(town):
    """Who has the lost key can sign receipts: they prove nothing."""
    revoke(town, START - HOUR)
    with pytest.raises(RejectedError) as caught:
        verify.verify(make(town, "MPA", town.record), {"MOD": KEYS["MOD"]})
    assert "node_revoked" == caught.value.reason
