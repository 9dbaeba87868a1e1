"""Faults of protected sites and coordination lines: confirmed by one for all, of an older place or
line, or listed outside.
"""

from tansiq.domain.tables import Way
from tests.mutants.planting import Fault

DESKS = "tests.unit.test_protected_sites"
LINES = "tests.unit.test_coordination_lines"
PAGES = "tests.web.test_protected_sites"

SITE_FAULTS = (
    Fault(
        name="what is not in hand counts as confirmed",
        where="tansiq.desk.operations.sites:_confirmed",
        old="return confirmed(found, placed_of(view, found))",
        new="""return tuple(
            Confirmed(party=one.party, position=one.position, asked=1, at=1)
            for one in confirmed(found, placed_of(view, found))
        )""",
        killer=f"{DESKS}:test_one_party_confirms_for_itself_and_for_no_other",
    ),
    Fault(
        name="who confirmed an older place has confirmed the new one",
        where="tansiq.domain.operations.confirming:confirmed",
        old="older=_of(one, named) != placed",
        new="older=False",
        killer=f"{DESKS}:test_who_confirmed_an_older_place_has_confirmed_the_older_place",
    ),
    Fault(
        name="a new place counts as verified",
        where="tansiq.domain.kinds.operations.protected_site:kept",
        old="if _where(before) != _where(after):",
        new="if before == {}:",
        killer=f"{DESKS}:test_who_confirmed_an_older_place_has_confirmed_the_older_place",
    ),
    Fault(
        name="a site lasts longer without being verified",
        where="tansiq.domain.kinds.operations.protected_site:kept",
        old='str(after["until"]) > str(before["until"])',
        new='not after["until"]',
        killer=f"{DESKS}:test_it_lasts_longer_only_by_being_verified_again",
    ),
    Fault(
        name="a site that is due is confirmed as before",
        where="tansiq.desk.operations.sites:notify",
        old="if is_due(view, say.day_of(desk)):",
        new="if not view.body:",
        killer=f"{DESKS}:test_no_site_stands_without_an_end",
    ),
    Fault(
        name="the form of circles confirms a site",
        where="tansiq.desk.cases.rounds:_demand_said",
        old="""if known.checked and not made:
        raise InputError("act_unknown", act=known.name)
    if bool(known.makes or known.checked) is not made:""",
        new="if known.makes and not made:",
        killer=f"{DESKS}:test_only_whom_a_round_names_confirms_and_says_that_it_is_noted",
    ),
    Fault(
        name="a circle that nobody concludes asks its owner to conclude",
        where="tansiq.board.circles:_awaited",
        old="ends = declared.rounds is not None and declared.rounds.concludes",
        new="ends = True",
        killer=f"{DESKS}:test_it_rings_for_the_position_that_is_asked_until_it_confirms",
    ),
    Fault(
        name="a town says what lies in it",
        where="tansiq.desk.operations.sites:named",
        old="if all(word in name for word in said.split()):",
        new="if name:",
        killer=f"{DESKS}:test_a_site_is_found_by_its_name_and_by_nothing_else",
    ),
    Fault(
        name="a message calls a site by name that is told coarsely",
        where="tansiq.desk.operations.sites:place_in_danger",
        old="if place.grain is Grain.EXACT and name",
        new="if name",
        killer=f"{DESKS}:test_a_place_is_told_as_coarsely_as_its_owner_asks",
    ),
    Fault(
        name="a list of sites leaves as a file",
        where="tansiq.web.shell.columns:table_of",
        old="ways=kind.ways,",
        new='ways=frozenset({"csv"}),',
        killer=f"{PAGES}:test_no_list_of_sites_leaves",
        given={"way": Way.CSV},
    ),
    Fault(
        name="sites leave in a list of other records",
        where="tansiq.web.shell.ways:row_of",
        old="ways=kind.ways,",
        new='ways=frozenset({"csv"}),',
        killer=f"{PAGES}:test_no_list_of_sites_leaves",
        given={"way": Way.CSV},
    ),
    Fault(
        name="a line that was changed is agreed to as before",
        where="tansiq.domain.kinds.operations.coordination_line:kept",
        old="return after if same else",
        new="return after if before else",
        killer=f"{LINES}:test_what_was_agreed_to_is_what_the_line_said_then",
        given={"changed": {"terms": "Nobody passes at night"}},
    ),
    Fault(
        name="who declines a line has agreed to it",
        where="tansiq.desk.operations.lines:has_agreed",
        old="one.said.act == AGREE",
        new='one.said.act != ""',
        killer=f"{LINES}:test_each_party_agrees_for_itself_and_silence_agrees_to_nothing",
    ),
)
