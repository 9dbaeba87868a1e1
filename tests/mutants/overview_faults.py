"""Faults of the first page, the wall view and the box: they would count what may not be seen, count
otherwise than their lists, open a screen, or offer what is hidden.
"""

from tests.mutants.planting import Fault

OVERVIEW = "tests.web.test_overview"
SEARCH = "tests.web.test_search"

OVERVIEW_FAULTS = (
    Fault(
        name="a number of the first page counts what was not released to its reader",
        where="tansiq.board.index_scan:IndexScan._tallies",
        old=" AND r.label IN ({numbers(self.visible.labels)}) AND {chosen} GROUP BY {value}",
        new=" AND {chosen} GROUP BY {value}",
        killer=f"{OVERVIEW}:test_every_number_is_the_list_that_it_opens",
        given=(("position", "duty-officer"),),
    ),
    Fault(
        name="what is new is counted of a whole day",
        where="tansiq.web.overview.numbers:new_since",
        old="since=begin, came=begin",
        new="since=begin - 8_640_000_000, came=begin",
        killer=f"{OVERVIEW}:test_what_is_new_is_what_came_since_and_not_what_is_said_to_be_of_then",
    ),
    Fault(
        name="what is overdue is told of what may not be seen",
        where="tansiq.board.attention:late",
        old='"r.due > 0 AND r.due <= ?"',
        new='"r.due > 0 AND r.due <= ? OR 1 = 1"',
        killer=f"{OVERVIEW}:test_what_is_overdue_is_told_to_who_may_see_it",
    ),
    Fault(
        name="a browser that shows the wall view opens other pages",
        where="tansiq.web.shell.seat:seat_for",
        old="here.stage is Stage.OPEN",
        new="here.stage is not Stage.LOCKED",
        killer=f"{OVERVIEW}:test_a_browser_that_shows_the_wall_view_opens_nothing_else",
        given=(("language", "en"),),
    ),
    Fault(
        name="what the wall view shows is kept nowhere",
        where="tansiq.web.overview.wall:_drawn",
        old="if seat_of(request) is None:",
        new="if seat_of(request) is not None:",
        killer=f"{OVERVIEW}:test_the_access_log_keeps_what_the_wall_view_showed",
    ),
    Fault(
        name="a second console at a position takes what is new from the first",
        where="tansiq.web.accounts.sessions:_before",
        old="if now - last.at >= SAME_MS:",
        new="if now >= last.at:",
        killer=f"{OVERVIEW}:"
        "test_new_begins_with_the_sign_on_before_of_the_position_and_keeps_no_person",
    ),
    Fault(
        name="the box offers acts to who may not do them",
        where="tansiq.web.search.meant:acts",
        old="if kind.begins_beside or not may_write(role, kind):",
        new="if kind.begins_beside:",
        killer=f"{SEARCH}:test_d3_nobody_is_offered_what_the_position_may_not_do_or_open",
    ),
)
