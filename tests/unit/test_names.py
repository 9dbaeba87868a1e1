"""Names of partners: none is shown that could be taken for another party's."""

from dataclasses import replace

import pytest

from tansiq.desk.links import linking
from tansiq.desk.trust import names, papers, partners
from tansiq.domain.wording import Text
from tansiq.log.cards import CardPosition, make_card, read_card
from tests.unit.test_new_authority import loud
from tests.unit.test_papers import swap
from tests.world import HOUR, authority, card_of, refusal, worlds


@pytest.fixture
def town():
    """MPA and MOD know one another and COA."""
    with worlds("MPA", "MOD", "COA") as made:
        yield made


ALIKE = {
    "case and spaces": "PARTY  mod", "cyrillic": "Раrtу МОD", "zero width": "Party\u200bMOD",
    "wide": "Ｐａｒｔｙ　ＭＯＤ", "a digit": "Party M0D", "accent": "Pàrty MOD",
}  # fmt: skip


@pytest.mark.parametrize("how", ALIKE)
def test_b2_names_like_another_partys_are_alike(how):
    """Whatever an eye passes over makes no name of its own."""
    assert names.forms(ALIKE[how]) & names.forms("Party MOD")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("وزارة البيشمركة", "وزارە‌ البیشمرکه", True), ("Iraq", "lraq", True),
        ("وەزارەتی پێشمەرگە", "وەزارەتى پيشمەرگه", True), ("rninistry", "Ministry", True),
        ("وزارة الدفاع", "وزارة الداخلية", False), ("Ministry of Defence", "MOD", False),
        ("Party MPA", "Party MOD", False), ("Minlstry", "Ministry", True),
    ],
)  # fmt: skip
def test_b2_letters_of_our_three_languages_are_folded(one, other, same):
    """Spellings of one name are alike, names of two parties are not."""
    assert bool(names.forms(one) & names.forms(other)) is same


def named(town, party, name, **more):
    """A newer card of a party under this name, by its own authority."""
    card = read_card(card_of(party))
    said = replace(card, names=Text(name, name, name), issued_ms=town.clock.now(), **more)
    return make_card(said, authority(party).seed)


def test_b2_a_card_under_another_partys_name_is_refused_with_an_alarm(town):
    """By hand and by itself, also under our own name; the partner is shown as before."""
    town.clock.time += HOUR
    desk, liaison = town.desk("MOD"), town.actor("MOD", "liaison-officer")
    shown = partners.partner(desk, "MPA").names
    for name in ("СОА", "ＭＯＤ", "co\u200da"):
        card = named(town, "MPA", name)
        for hand in (linking.join, papers.bring):
            with refusal("card_name_alike"):
                hand(desk, liaison, card)
        papers.hear(desk, card)
        assert partners.partner(desk, "MPA").names == shown
        assert partners.partner(desk, "MPA").data != card
    assert set(loud(town, "MOD")) == {"name_alike"}


def test_b2_a_position_under_another_partys_name_is_refused(town):
    """It stands beside the name of its party, where people choose whom they ask."""
    town.clock.time += HOUR
    post = CardPosition(code="desk", names=Text("A desk", "COA", "A desk"))
    with refusal("card_name_alike"):
        linking.join(
            town.desk("MOD"), town.actor("MOD", "liaison-officer"),
            named(town, "MPA", "MPA", positions=(post,)),
        )  # fmt: skip


def test_b2_a_changed_name_needs_a_person(town):
    """A new card counts by itself; its names are shown once somebody has accepted them."""
    town.clock.time += HOUR
    desk = town.desk("MOD")
    card = named(town, "MPA", "Guards of the North")
    papers.announce(town.desk("MPA"), card)
    swap(town, "MPA", "MOD")
    known = partners.partner(desk, "MPA")
    assert (known.data, known.names.en) == (card, "MPA")
    assert loud(town, "MOD") == ["names_changed"]
    liaison = town.actor("MOD", "liaison-officer")
    with refusal("card_changed"):
        partners.accept_names(desk, liaison, "MPA", seen=partners.mark_of(card_of("MPA")))
    partners.accept_names(desk, liaison, "MPA", seen=partners.mark_of(card))
    assert partners.partner(desk, "MPA").names.en == "Guards of the North"
