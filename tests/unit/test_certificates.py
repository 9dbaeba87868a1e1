"""Certificates on desks: issued of a finished cohort, withdrawn, replaced, and checked off line."""

from dataclasses import replace

import pytest

from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query
from tansiq.desk.training import certificates, checking
from tansiq.desk.training.checking import Holder, KeyStand, Time
from tansiq.desk.trust import authority as authorities
from tansiq.desk.trust import papers, partners
from tansiq.domain.parties import Role
from tansiq.domain.training.rosters import HOLDERS_MAX, holders_in
from tansiq.log import keys
from tansiq.log.cards import make_card
from tansiq.log.certificates import make_code, read_code
from tansiq.log.papers import Revocation, make_revocation
from tansiq.policy.agreement import Follow
from tests.training import (
    HOLDERS,
    MANAGER,
    cohort,
    finished,
    instead,
    issue,
    step,
    view,
    withdraw,
)
from tests.world import DAY, authority, card_of, node_keys, refusal, rule, to, worlds

OTHERS = [role.value.replace("_", "-") for role in Role if role is not Role.TRAINING_MANAGER]


@pytest.fixture
def world():
    """MPA, whose list of withdrawn serials goes to MOD by itself once a person says so."""
    with worlds("MPA", "MOD") as made:
        lists = rule("MPA", "R-07", kinds=frozenset({"withdrawn_list"}), automatic=True,
                     purpose="training", follow=Follow.WHOLE)  # fmt: skip
        made.agree("MPA", "MOD", lists)
        yield made


def listed(world, party="MPA", position=MANAGER):
    asked = Query(kinds=("withdrawn_list",), owners=("MPA",))
    return read.page(world.desk(party), world.viewer(party, position), asked).rows


def released(world):
    """Say that MOD may have the list."""
    (old,) = listed(world)
    actor = world.actor("MPA", MANAGER)
    draft = say.Draft(kind="withdrawn_list", body={}, label=to("MOD"))
    say.revise(world.desk("MPA"), actor, old.value.record, old.value.digest, draft)
    world.exchange("MPA", "MOD")


def checked(world, code, party="MOD", position="duty-officer", holder=""):
    return checking.check(world.desk(party), world.actor(party, position), code, holder)


# Issuing ------------------------------------------------------------------------------------------


def test_one_is_issued_for_each_holder_under_a_serial_of_its_own(world):
    """All are issued, each with another serial and code, and the list names none."""
    made = [view(world, one).body for one in issue(world, finished(world))]
    assert list(HOLDERS) == [body["holder"] for body in made]
    assert (
        3 == len({body["serial"] for body in made}) == len({body["signed_code"] for body in made})
    )
    assert {"day": "2020-12-20", "listed": 0} == listed(world)[0].value.body


def test_only_a_finished_cohort_has_certificates(world):
    """Before its end, nothing is issued."""
    about = cohort(world)
    with refusal("cohort_unfinished"):
        issue(world, about)


def test_never_more_stand_than_have_passed(world):
    """Five have passed: six are refused at once and one after another, until one is withdrawn."""
    about = finished(world)
    with refusal("certificates_many"):
        issue(world, about, *(f"P-{n}" for n in range(6)), name="six")
    first = issue(world, about, *(f"P-{n}" for n in range(5)), name="five")
    with refusal("certificates_many"):
        issue(world, about, "P-9", name="one more")
    withdraw(world, first[0])
    issue(world, about, "P-9", name="in the place")


def test_nobody_has_two_of_one_cohort(world):
    """A number that has one is refused with its line, and nothing of the form is issued."""
    about = finished(world)
    issue(world, about, "P-1")
    with refusal("certificate_there"):
        issue(world, about, "P-2", "P-1", name="again")
    stands = certificates.standing(world.desk("MPA"), world.actor("MPA", MANAGER), about)
    assert 1 == len(stands.issued)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "field_required"),
        ("\n \n", "field_required"),
        ("P-1\nHama Karim", "roster_line"),
        ("P-1\n\np-1", "roster_twice"),
        ("\n".join(f"P-{n}" for n in range(HOLDERS_MAX + 1)), "roster_many"),
        ("P" * 100_000, "roster_many"),
    ],
)
def test_a_roster_is_numbers_alone_each_once_and_bounded(typed, code):
    """Names, repeats and floods are refused, and no error says a number."""
    with refusal(code):
        holders_in(typed)


def test_digits_and_case_of_any_keyboard_are_one_number():
    """Arabic digits and small letters are the number that they say, on its own line."""
    assert {"P-701": 1, "P-702": 3} == holders_in("p-٧٠١\n\n P-702 \n")


def test_only_the_training_manager_issues_or_sees_one(world):
    """No other position can issue, open, list or count a certificate."""
    (record, *_) = issue(world, finished(world))
    desk = world.desk("MPA")
    for position in (*OTHERS, "cleared"):
        actor = world.actor("MPA", position)
        with refusal("mandate"):
            certificates.state_list(desk, actor)
        with refusal("record_absent"):
            read.record(desk, desk.viewer(actor), "MPA", record)
        assert 0 == read.count(desk, desk.viewer(actor), Query(kinds=("certificate",)))
    assert 3 == read.count(desk, world.viewer("MPA", MANAGER), Query(kinds=("certificate",)))


def test_a_certificate_is_withdrawn_on_its_own_page_alone(world):
    """The step without the list is refused: no serial is withdrawn and not listed."""
    (record, *_) = issue(world, finished(world))
    with refusal("step_within"):
        step(world, record, "withdraw_certificate", {"reason_class": "lost"})
    withdraw(world, record, "lost")
    body = listed(world)[0].value.body
    assert (1, view(world, record).body["serial"]) == (body["listed"], body.get("serials"))


def test_one_in_the_place_of_another_has_a_new_serial_and_the_old_is_withdrawn(world):
    """In one act: never both stand, never neither."""
    (old, *_) = issue(world, finished(world))
    new = view(world, instead(world, old))
    before = view(world, old)
    assert ("taken_back", "handed_out") == (before.state, new.state)
    assert before.body["serial"] != new.body["serial"]
    assert before.body["holder"] == new.body["holder"]
    assert old == new.body["replaces"]
    assert before.body["serial"] == listed(world)[0].value.body["serials"]
    with refusal("step_not_from_here"):
        instead(world, old, "again")


def test_what_has_ended_leaves_the_list(world):
    """A withdrawn certificate whose time is over stands on no list that is stated after it."""
    (record, *_) = issue(world, finished(world), valid_until="2020-12-31")
    withdraw(world, record)
    world.clock.time += 30 * DAY
    certificates.state_list(world.desk("MPA"), world.actor("MPA", MANAGER))
    assert {"day": "2021-01-19", "listed": 0} == listed(world)[0].value.body


# Checking -----------------------------------------------------------------------------------------


def test_a_partner_checks_it_off_line_by_card_and_list(world):
    """MOD, which holds no certificate and no number, says whose it is and as of which list."""
    (record, *_) = issue(world, finished(world))
    code = view(world, record).body["signed_code"]
    found = checked(world, code)
    assert (KeyStand.IN_USE, None, False) == (found.key, found.listed, found.stands)
    released(world)
    world.clock.time += 3 * DAY
    found = checked(world, code)
    assert ("2020-12-20", 3) == (found.withdrawn.value.body["day"], found.age)
    assert found.stands
    withdraw(world, record)
    assert checked(world, code).stands, "what MOD holds is three days old, and says so"
    world.exchange("MPA", "MOD")
    found = checked(world, code)
    assert (True, False, 0) == (found.listed, found.stands, found.age)


def test_the_number_that_the_holder_says_is_compared(world):
    """The same number is the holder's, another is not, and none is said not to be compared."""
    (record, *_) = issue(world, finished(world))
    released(world)
    code = view(world, record).body["signed_code"]
    found = {said: checked(world, code, holder=said) for said in ("", " p-7001", "P-7002")}
    assert [Holder.NOT_ASKED, Holder.SAME, Holder.OTHER] == [one.holder for one in found.values()]
    assert [True, True, False] == [one.stands for one in found.values()]
    with refusal("roster_number"):
        checked(world, code, holder="Hama Karim")


def test_before_and_after_its_days_it_does_not_stand(world):
    """The days are those of the calendar here, the first and the last included."""
    (record, *_) = issue(
        world, finished(world), issued_on="2020-12-21", valid_until="2020-12-23"
    )  # fmt: skip
    released(world)
    code, found = view(world, record).body["signed_code"], []
    for _ in range(5):
        found.append((checked(world, code).time, checked(world, code).stands))
        world.clock.time += DAY
    within = (Time.WITHIN, True)
    assert [(Time.BEFORE, False), within, within, within, (Time.AFTER, False)] == found


def test_a_code_in_the_name_of_another_party_is_nobodys(world):
    """A partner's key signs for that partner alone, and a stranger's for nobody."""
    (record, *_) = issue(world, finished(world))
    claims = read_code(view(world, record).body["signed_code"]).claims
    for party, stand in (("MOD", KeyStand.UNKNOWN), ("ZZZ", KeyStand.STRANGER)):
        found = checked(world, forged(claims, party=party))
        assert (stand, False, None) == (found.key, found.stands, found.withdrawn)
        assert Holder.NOT_ASKED is found.holder
    mine = checked(world, forged(claims, by="MOD"))
    assert (KeyStand.UNKNOWN, False) == (mine.key, mine.stands)


def forged(claims, *, by="MPA", **changes):
    return make_code(replace(claims, **changes), node_keys(by).seed)


def test_a_list_that_did_not_come_whole_names_nobody(world):
    """Where an agreement hides the serials, no list is held: absence from it says nothing."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", rule(
            "MPA", "R-07", kinds=frozenset({"withdrawn_list"}), automatic=True,
            purpose="training", hide=frozenset({"serials"}), follow=Follow.WHOLE,
        ))  # fmt: skip
        (record, *_) = issue(made, finished(made))
        withdraw(made, record)
        released(made)
        assert listed(made, "MOD", "duty-officer")
        found = checked(made, view(made, record).body["signed_code"])
        assert (None, False) == (found.listed, found.stands)


# Keys ---------------------------------------------------------------------------------------------


def rotated(world):
    """MPA's node has a new key, and MOD its new card."""
    new = keys.NodeKeys.new(b"n" * 32, node_keys("MPA").age_identity)
    card = card_of("MPA", public=new.public, issued_ms=world.clock.time)
    papers.announce(world.desk("MPA"), card_of("MPA"))
    papers.hear(world.desk("MOD"), card)
    desk = world.desk("MPA")
    desk.identity = replace(desk.identity, keys=new)
    papers.announce(desk, card)


def test_what_an_earlier_key_signed_counts_on(world):
    """After a change of keys the paper is as good as before, here and at the partner."""
    (record, *_) = issue(world, finished(world))
    released(world)
    code = view(world, record).body["signed_code"]
    rotated(world)
    for party in ("MOD", "MPA"):
        found = checked(world, code, party)
        assert (KeyStand.EARLIER, True) == (found.key, found.signed), party
    assert checked(world, code).stands


def test_what_a_revoked_key_signed_counts_no_more(world):
    """Whoever has the lost key could have signed it with any day: nothing of it stands."""
    (record, *_) = issue(world, finished(world))
    released(world)
    code = view(world, record).body["signed_code"]
    rotated(world)
    lost = world.clock.time - DAY
    paper = make_revocation(
        Revocation(
            party="MPA", authority=authority("MPA").public, node="mpa",
            public=node_keys("MPA").public, revoked_ms=world.clock.time, lost_ms=lost,
            reason="lost",
        ),
        authority("MPA").seed,
    )  # fmt: skip
    for party in ("MOD", "MPA"):
        papers.hear(world.desk(party), paper)
        found = checked(world, code, party)
        assert (KeyStand.REVOKED, lost, False) == (found.key, found.lost, found.stands), party


def test_what_was_signed_under_another_authority_is_not_vouched_for(world):
    """Where people have accepted another authority, keys under the one before count no longer."""
    (record, *_) = issue(world, finished(world))
    released(world)
    code = view(world, record).body["signed_code"]
    other = keys.AuthorityKeys(seed=b"o" * 32)
    new = keys.NodeKeys.new(b"n" * 32, node_keys("MPA").age_identity)
    card = make_card(
        replace(
            papers.cards_of(world.desk("MOD"), "MPA")[0], authority=other.public,
            public=new.public, issued_ms=world.clock.time,
        ),
        other.seed,
    )  # fmt: skip
    desk = world.desk("MOD")
    authorities.ask(desk, world.actor("MOD", "liaison-officer", "P-1"), card)
    authorities.agree(desk, world.actor("MOD", "senior-duty-officer", "P-2"), "MPA",
                      seen=partners.mark_of(card))  # fmt: skip
    found = checked(world, code)
    assert (KeyStand.FORMER, False) == (found.key, found.stands)
