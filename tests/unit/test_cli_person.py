"""The command line: what an administrator does about second factors."""

from tests.commands import said, tansiq
from tests.contract.desks import MPA, found


def test_second_factors_that_were_lost_are_taken_away(tmp_path):
    """For a person who is known, beside nothing else, and it stands in the journal."""
    found(tmp_path, MPA, web_port=0)
    person = ("person", tmp_path / MPA, "--person", "P-7")
    reset = (*person, "--reset-factors")
    said(tansiq(*reset), 3, "Nobody here has the roster number P-7")
    said(tansiq(*person, "--position", "liaison", typed="five quiet words of ours\n"), 0)
    said(tansiq(*reset), 0, "removed: 0", "recorded in the journal")
    said(tansiq(*reset, "--position", "liaison"), 2)
