"""Faults of what is not known: a number or a moment that tells of something hidden."""

from tests.mutants.planting import Fault

UNKNOWNS = (
    Fault(
        name="a count of hidden unknowns",
        where="tansiq.board.unknowns:counted",
        old="source, values = _open(board, visible_to(board, viewer), (), now)",
        new=(
            "source, values = 'FROM unknown u JOIN record r ON r.id = u.record"
            " AND r.label = u.label WHERE u.open = 1', ()"
        ),
        killer="tests.unit.test_unknowns:test_what_is_hidden_is_neither_listed_nor_counted",
    ),
    Fault(
        name="since when something is asked, of an edition that is hidden",
        where="tansiq.board.unknowns:listed",
        old="AND s.label IN ({numbers(visible.labels)})",
        new="",
        killer="tests.unit.test_unknowns:test_since_tells_of_no_edition_that_is_hidden",
    ),
)
