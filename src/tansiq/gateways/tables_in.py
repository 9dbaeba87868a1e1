"""Tables of incidents for the pages: looked at first, then taken by the same rules."""

from tansiq.desk.act.desk import Desk
from tansiq.desk.records import importing
from tansiq.desk.records.imported import ImportOptions, ImportReport, Looked
from tansiq.domain.errors import InputError
from tansiq.domain.parties import Actor
from tansiq.domain.search import without_overrides
from tansiq.domain.wording import Text
from tansiq.gateways import sheet
from tansiq.gateways.feeding import Given

_ROWS_SHOWN = 5
_CHARS_SHOWN = 60


class IncidentTables:
    """Reads for a desk (``desk.records.imported.Tables``)."""

    @property
    def columns(self) -> dict[str, Text]:
        """What a column may be taken for, and what it is called."""
        return {name: sheet.title(name) for name in sheet.COLUMNS}

    def look(
        self, desk: Desk, actor: Actor, file: tuple[str, bytes], options: ImportOptions
    ) -> Looked:
        """Read a file and keep nothing. Raises InputError for what is no table at all."""
        importing.demand_import(actor)
        table = sheet.opened(desk, Given(*file), options)
        report, stop = None, None
        try:
            report = sheet.fed(desk, actor, table, options, _unseen, dry=True)
        except InputError as error:
            stop = error
        return Looked(
            form=table.form,
            headers=tuple(without_overrides(one)[:_CHARS_SHOWN] for one in table.headers),
            taken=table.taken,
            first=tuple(
                tuple(without_overrides(cell)[:_CHARS_SHOWN] for cell in row.cells)
                for row in [one for one in table.first if not one.fault][:_ROWS_SHOWN]
            ),
            report=report,
            stop=stop,
            days_open=table.open_days is not None,
        )

    def take(
        self, desk: Desk, actor: Actor, file: tuple[str, bytes], options: ImportOptions
    ) -> ImportReport:
        """Keep the rows that can be used. Raises InputError, RefusedError; then none is kept."""
        table = sheet.opened(desk, Given(*file), options)
        return sheet.fed(desk, actor, table, options, _unseen)


def _unseen(_rows: int, _read: int, _size: int) -> None:
    """A page waits for the end and shows no progress."""
