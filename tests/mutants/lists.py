"""Faults of lists: counts of facets, of the days of a calendar, where they come from, and what a
list as of an earlier moment tells.
"""

from tests.mutants.planting import Fault

LISTS = "tests.web.test_lists"
AS_OF = "tests.unit.test_as_of"
TELLS = f"{LISTS}:test_no_number_tells_of_what_is_withheld"

ASKED = "tests.web.test_asked_parties"
SEARCH = "tests.web.test_search"

LISTED = (
    Fault(
        name="the parties asked are counted over hidden requests",
        where="tansiq.board.index_scan:IndexScan._few",
        old="WHERE {where} LIMIT ?",
        new="WHERE ({where}) OR r.kind = 'rfi' LIMIT ?",
        killer=f"{ASKED}:test_what_is_withheld_is_counted_for_nobody",
    ),
    Fault(
        name="a filter by who is asked forgets the lanes that have ended",
        where="tansiq.board.choices:Choices.of_record",
        old="o.seat < ? AND {LANES})",
        new="o.seat < ?)",
        killer=f"{ASKED}:test_who_holds_the_request_no_more_is_asked_no_more",
    ),
    Fault(
        name="a flash record is acknowledged together with others",
        where="tansiq.web.inbox.together:_fitting",
        old="if alone(view):",
        new="if False:",
        killer="tests.web.test_inbox:test_d_wish_several_are_acknowledged_together_each_by_itself",
        given={"language": "en"},
    ),
    Fault(
        name="the search looks with every clearance",
        where="tansiq.desk.records.finding:by_reference",
        old="now = desk.clock.now()",
        new=(
            "import dataclasses; now = desk.clock.now(); viewer = dataclasses.replace(viewer,"
            " clearance=max(type(viewer.clearance), key=lambda one: one.rank))"
        ),
        killer=f"{SEARCH}:test_several_records_of_one_reference_are_a_short_list",
    ),
    Fault(
        name="signs alone find everything",
        where="tansiq.desk.records.finding:by_words",
        old="if not sought(words):",
        new="if False:",
        killer=f"{SEARCH}:test_nothing_typed_and_nothing_sought_find_nothing",
    ),
    Fault(
        name="a reference of another letter leads straight",
        where="tansiq.web.search.views:_named",
        old='said.sure and said.letter in ("", letter)',
        new="said.sure",
        killer=f"{SEARCH}:test_another_letter_leads_nowhere_by_itself",
    ),
    Fault(
        name="a facet is counted over hidden records",
        where="tansiq.board.index_scan:IndexScan.groups",
        old="WHERE {where} LIMIT ?) AS few GROUP BY c",
        new="WHERE ({where}) OR r.kind = 'incident' LIMIT ?) AS few GROUP BY c",
        killer=TELLS,
    ),
    Fault(
        name="the tally of a facet adds up every label",
        where="tansiq.board.index_scan:IndexScan._tallies",
        old="{numbers(self.visible.labels)}",
        new="{numbers(tuple(self.board.labels()))}",
        killer=TELLS,
    ),
    Fault(
        name="a calendar tells of a hidden record",
        where="tansiq.board.queries:spread",
        old="whole = _scan(board, viewer, query, now)",
        new=(
            "every = VisibleLabels(own=tuple(board.labels()), others=());"
            " whole = IndexScan(board, every, _scan(board, viewer, query, now).window, now)"
        ),
        killer=TELLS,
    ),
    Fault(
        name="a list as of yesterday asks the label of yesterday",
        where="tansiq.board.as_of:AsOfScan._superseded",
        old='seen, times = self.visible.where(self.board.db.dialect, self.now, table="t")',
        new='seen, times = f"r.label IN ({labels})", []',
        killer=f"{AS_OF}:test_the_label_of_today_is_what_counts",
    ),
    Fault(
        name="an edition above its reader stands in a list as of yesterday",
        where="tansiq.board.as_of:AsOfScan._superseded",
        old='f"r.label IN ({labels})", ',
        new="",
        killer=f"{AS_OF}:test_the_label_of_today_is_what_counts",
    ),
    Fault(
        name="what was purged is shown as of yesterday",
        where="tansiq.board.received:withdraw",
        old="superseded.drop(board, named, (release, record))",
        new="pass",
        killer=f"{AS_OF}:test_what_has_expired_was_never_there",
    ),
    Fault(
        name="a case stands as of yesterday where it stands today",
        where="tansiq.board.as_of:AsOfScan._state",
        old="if kind_named(kind).staged:",
        new="if False:",
        killer=f"{AS_OF}:test_a_case_stands_where_its_steps_had_brought_it",
    ),
)
