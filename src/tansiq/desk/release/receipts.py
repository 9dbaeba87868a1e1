"""What a receipt tells the owner of a release: whom it names, and how exactly it tells the time."""

from tansiq.board.board import Board
from tansiq.desk.release import agreements
from tansiq.policy.following import names_positions


def is_exact(board: Board, owner: str, rule: str, severity: object) -> bool:
    """Whether what ``owner`` released by a rule of that name is receipted with position and second:
    as the newest agreement with such a rule says. Elsewhere the party is told of, in its minute.
    """
    texts = (text for text, _ in agreements.agreements(board, owner))
    found = (text.rule(rule) for text in texts)
    named = next((one for one in found if one is not None and one.sender == owner), None)
    return names_positions(named, severity)
