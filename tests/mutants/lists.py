"""Faults of lists: counts of facets, of the days of a calendar, and where they come from."""

from tests.mutants.planting import Fault

LISTS = "tests.web.test_lists"
TELLS = f"{LISTS}:test_no_number_tells_of_what_is_withheld"

LISTED = (
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
)
