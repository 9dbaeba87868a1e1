"""The sample scenario: a fictional year 2020 as data, and how it is played.

Every event is invented; the places are public town names. Counts only: no persons, no units.
"""

from tansiq.node.scenario.cast import NOW, PARTIES, START, PartyPlan
from tansiq.node.scenario.play import SceneClock, in_process, play

__all__ = ["NOW", "PARTIES", "START", "PartyPlan", "SceneClock", "in_process", "play"]
