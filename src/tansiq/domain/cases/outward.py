"""Where a case stands in one word: what the owner of a root says to a party that follows the stage
only. It names nobody and no step, and belongs to the release by which that party holds the root.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases.step import act_code, whole
from tansiq.domain.errors import InputError
from tansiq.domain.records import RecordId, ReleaseId, record_id

FOLLOWS_STEPS: Final = "steps"  # how a party holds a root: every step reaches it
FOLLOWS_STAGE: Final = "stage"  # it hears where the case stands, and takes no step
_NAMES: Final = frozenset({"type", "v", "root", "release", "stage", "at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outward:
    """One such word, as it leaves ``at`` a moment in milliseconds; ``version`` is that of the kind
    as a case.
    """

    version: int
    root: RecordId
    release: ReleaseId
    stage: str
    at: int

    def to_json(self) -> dict[str, object]:
        """The feed's form."""
        return {
            "type": "stage",
            "v": self.version,
            "root": self.root,
            "release": self.release,
            "stage": self.stage,
            "at": self.at,
        }


def outward_from_json(value: Mapping[str, object]) -> Outward:
    """Read a word that a partner sent. Raises InputError for one that has another form."""
    if value.keys() != _NAMES or value["type"] != "stage":
        raise InputError("step_form", field="type")
    return Outward(
        version=whole(value["v"], "v", BOUNDS.integer_max),
        root=record_id(value["root"]),
        release=ReleaseId(record_id(value["release"])),
        stage=act_code(value["stage"], "stage"),
        at=whole(value["at"], "at", BOUNDS.moment_max),
    )
