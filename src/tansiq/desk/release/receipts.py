"""What a receipt tells the owner of a release: whom it names, and how exactly it tells the time."""

from collections.abc import Mapping

from tansiq.board.board import Board
from tansiq.desk.release import agreements
from tansiq.policy.following import names_positions
from tansiq.policy.release import facet_values


def is_exact(board: Board, owner: str, wire: Mapping[str, object], now: int) -> bool:
    """Whether what ``owner`` released is receipted with position and second: as the rule says that
    it names, in the agreement that is asked now. A rule that cannot be that of such a record says
    nothing: the owner writes the name. Elsewhere the party is told of, in its minute.
    """
    given, kind, name = wire.get("body"), wire.get("kind"), wire.get("rule")
    body = given if isinstance(given, dict) else {}
    text = agreements.governs(board, owner, now)
    rule = text.rule(str(name)) if text else None
    if rule is not None:
        # What a rule hides may be missing here: only what stands there can speak against it.
        found = ((facet_values(body, facet), values) for facet, values in rule.facets)
        fits = all(not said or said & values for said, values in found)
        rule = rule if rule.sender == owner and kind in rule.kinds and fits else None
    return names_positions(rule, body.get("severity"))
