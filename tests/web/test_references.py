"""References: how people say a record, the same everywhere, and found wherever the record is."""

import re

import pytest

from tansiq.domain.kinds import KINDS, kind_named
from tests.web.pair import Screen, agreed, text_of
from tests.world import CLEARED, incident, line, to, uuid_of

FIRE, CALL = uuid_of("fire/1"), uuid_of("call/1")
SAID = re.compile(r'class="ref" dir="ltr">([^<]+)<')


@pytest.fixture(scope="module")
def world():
    """An incident and a line that a partner has."""
    with agreed() as made:
        made.write("MPA", "fire", incident(to("MOD"), text="Fire near the mill"))
        made.write("MPA", "call", line(to("MOD"), text="The road is closed"))
        made.release("MPA", FIRE, "MOD", "R-MPA")
        made.release("MPA", CALL, "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        yield made


def test_every_kind_has_a_letter_of_its_own():
    """No two kinds are said alike over the radio."""
    letters = [kind.letter for kind in KINDS.values()]
    assert all(re.fullmatch("[A-Z]{1,2}", letter) for letter in letters)
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("party", ["MPA", "MOD"])
def test_a_reference_is_said_with_its_letter_on_every_page(world, party):
    """Lists, inbox, holdings, the record's page, its title, its paper: one form."""
    screen = Screen(world, party, CLEARED)
    found = []
    fire = kind_named("incident").reference(FIRE)
    for address in (
        "/incidents", "/log", "/inbox", "/holdings", "/watch", f"/record/MPA/{FIRE}",
        f"/record/MPA/{FIRE}/print", f"/record/MPA/{CALL}", "/incidents/print", "/holdings/print",
    ):  # fmt: skip
        text = text_of(screen.get(address))
        said = SAID.findall(text)
        found += said
        assert all(re.fullmatch("[A-Z]-[0-9A-Z]{5}", one) for one in said), (address, said)
        if FIRE in address:
            assert f"{fire}" in re.search("<title>(.*?)</title>", text, re.DOTALL)[1]
    assert {fire, kind_named("log_line").reference(CALL)} <= set(found)
