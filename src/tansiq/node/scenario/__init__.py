"""The sample scenario: fictional parties, reports and answers of the year 2020, as data, and who plays them.

Every event is invented; the places are public town names. Counts only: no persons, no units.
"""

from tansiq.node.scenario.cast import NOW, PARTIES, START, PartyPlan
from tansiq.node.scenario.play import SceneClock, in_process, play

__all__ = ["NOW", "PARTIES", "START", "PartyPlan", "SceneClock", "in_process", "play"]
