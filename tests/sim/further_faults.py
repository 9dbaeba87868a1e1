"""Planted faults of sticks, of files whose bytes a partner sends wrong, of cases, of stock
and of training.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from tansiq.desk.cases import outward
from tansiq.desk.exchange import beside
from tests.mutants.planting import planted
from tests.sim.faults import Fault, reads


@contextmanager
def stick_without_end() -> Iterator[None]:
    """A stick is written until nothing is lacking, though each file says what the last one said."""
    old = "if not parcel.more or not (entries or parcel.files):"
    with planted(reads("tansiq.carriers.bundle:write", old, "if not parcel.more:")):
        yield


@contextmanager
def other_bytes_taken() -> Iterator[None]:
    """A file is whole once enough bytes came, whatever they are."""
    with patch.object(beside, "_is_true", lambda *_: True):
        yield


@contextmanager
def overlap_kept_twice() -> Iterator[None]:
    """Of a piece that overlaps what is there all bytes are kept."""
    old = "piece.data[wanted.have - piece.at :]"
    with planted(reads("tansiq.sync.pieces:fresh", old, "piece.data")):
        yield


@contextmanager
def sent_and_not_under_way() -> Iterator[None]:
    """What was sent and has no receipt is nowhere."""
    old = "count if column is Column.SENT else 0"
    with planted(reads("tansiq.domain.cases.quantities:sums", old, "0")):
        yield


@contextmanager
def contest_not_shown() -> Iterator[None]:
    """A lane in which both sides acted at once is shown as if nobody had."""
    old = "contested=tuple(one for one in said if one.step.key in standing.contested)"
    with planted(reads("tansiq.desk.cases.reading:_lane", old, "contested=()")):
        yield


@contextmanager
def stage_not_said() -> Iterator[None]:
    """Who follows a case by its stage alone is told nothing of it."""
    with patch.object(outward, "tick", lambda _desk: 0):
        yield


@contextmanager
def more_than_there_is() -> Iterator[None]:
    """What is taken out of stock need not be there."""
    old = "if count < 0 and (there := stock.there(desk.board, batch)) + count < 0:"
    with planted(reads("tansiq.desk.records.say:_demand_stock", old, "if (there := 0):")):
        yield


@contextmanager
def one_of_all_booked() -> Iterator[None]:
    """A consignment takes one of each line out of stock, whatever is sent."""
    old = '_movement("out", taken, number)'
    with planted(reads("tansiq.desk.support.stock:_sent", old, '_movement("out", taken, 1)')):
        yield


@contextmanager
def one_of_all_suspended() -> Iterator[None]:
    """A decision suspends the first of the cohorts that it names."""
    old = "for one in own.cohorts:"
    with planted(reads("tansiq.desk.training.suspending:_suspend", old, f"{old[:-1]}[:1]:")):
        yield


@contextmanager
def suspended_and_not_said() -> Iterator[None]:
    """Who suspends too, as another asked, does not tell it."""
    old = "if decision.about is not None:"
    with planted(reads("tansiq.desk.training.suspending:decide", old, "if False:")):
        yield


FURTHER: tuple[Fault, ...] = (
    stick_without_end, other_bytes_taken, overlap_kept_twice, sent_and_not_under_way,
    contest_not_shown, stage_not_said, more_than_there_is, one_of_all_booked,
    one_of_all_suspended, suspended_and_not_said,
)  # fmt: skip
