"""Tables of events as others publish them: known by the names of their columns, read by a fixed
meaning of each, and never mixed with a person's own choice of columns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tansiq.desk.act.desk import Desk
from tansiq.desk.records import importing
from tansiq.desk.records.imported import ImportOptions, ImportReport, Progress, Tally
from tansiq.desk.records.importing import Item
from tansiq.domain.errors import InputError
from tansiq.domain.parties import Actor
from tansiq.gateways.feeding import Feeder, given_at


@dataclass(frozen=True, slots=True)
class Form:
    """A published form: its name, the columns that are read, and what becomes of a row. ``item``
    gets the cells by column, the options and the name of the file.
    """

    name: str
    columns: tuple[str, ...]
    item: Callable[[Mapping[str, str], ImportOptions, str], Item]

    def lacks(self, headers: tuple[str, ...]) -> list[str]:
        """The columns that a table with these headers does not have."""
        names = folded(headers)
        return [name for name in self.columns if name not in names]

    def translator(
        self, headers: tuple[str, ...], options: ImportOptions, file: str
    ) -> Callable[[tuple[str, ...]], Item]:
        """What makes a record of the cells of a row."""
        names = folded(headers)
        return lambda cells: self.item(dict(zip(names, cells, strict=True)), options, file)


def folded(headers: tuple[str, ...]) -> list[str]:
    """Headers as published forms name them."""
    return [name.strip().lower() for name in headers]


def run(
    desk: Desk, actor: Actor, path: Path, asked: tuple[Form, ImportOptions], progress: Progress
) -> ImportReport:
    """Import a file that has to be of a form. Raises InputError where it is not, RefusedError
    without the mandate.
    """
    importing.demand_import(actor)
    form, options = asked
    file, size = given_at(path).open()
    with file:
        rows = iter(importing.rows_of(desk, file))
        header = next(rows, None)
        if header is None or header.fault:
            raise InputError("import_no_header")
        if lacking := form.lacks(header.cells):
            raise InputError("import_lacks", columns=", ".join(lacking))
        tally = Tally()
        translate = form.translator(header.cells, options, path.name)
        Feeder(desk, actor, tally).feed(rows, translate, size, progress)
    return tally.report()
