"""The catalogue of supplies from the command line: a spreadsheet is taken whole or not at all."""

from pathlib import Path

from tansiq.desk.act.desk import Desk
from tansiq.desk.reader.rows import open_bounded
from tansiq.desk.records import items
from tansiq.desk.records.imported import ImportOptions, ImportReport, Progress, Rejection
from tansiq.desk.support import catalogue
from tansiq.domain.parties import Actor


def run(
    desk: Desk, actor: Actor, path: Path, options: ImportOptions, progress: Progress
) -> ImportReport:
    """Take the own items of a file, or, where one row cannot be used, none of it. Raises InputError
    for a file without the columns that are needed; RefusedError without the mandate.
    """
    items.demand_catalogue(actor)
    file, size = open_bounded(path)
    with file:
        found = catalogue.read(desk, file, options.language)
    progress(found.rows, size, size)
    if found.faults:
        rejected = tuple(
            Rejection(row=one.row, code=one.error.code, values=dict(one.error.values))
            for one in found.faults
        )
        return ImportReport(read=found.rows, rejected_count=found.rows, rejected=rejected)
    items.take(desk, actor, found.items)
    new, changed = len(found.added), len(found.changed)
    return ImportReport(
        read=found.rows, added=new, changed=changed, unchanged=found.rows - new - changed
    )
