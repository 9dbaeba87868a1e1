"""Faults of what is not known: a number or a moment that tells of something hidden."""

from tests.mutants.planting import Fault

UNKNOWNS = (
    Fault(
        name="a count of hidden unknowns",
        where="tansiq.board.unknowns:_scan",
        old="visible_to(board, viewer)",
        new="VisibleLabels(own=tuple(board.labels()), others=())",
        killer="tests.unit.test_unknowns:test_what_is_hidden_is_neither_listed_nor_counted",
    ),
    Fault(
        name="since when something is asked, of an edition that is hidden",
        where="tansiq.board.unknowns:_asked",
        old="AND s.label IN ({numbers(scan.visible.labels)})",
        new="",
        killer="tests.unit.test_unknowns:test_since_tells_of_no_edition_that_is_hidden",
    ),
    Fault(
        name="what was open then, of a record that is above its reader now",
        where="tansiq.board.unknowns:_then",
        old="WHERE {where}",
        new="WHERE ({where} OR 1 = 1)",
        killer="tests.unit.test_unknowns:test_as_of_a_moment_reads_with_the_labels_of_today",
    ),
)
