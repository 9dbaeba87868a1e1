"""Looking into files in this process: what a node does in another one."""

from zipfile import BadZipFile

from tansiq.domain.errors import InputError
from tansiq.gateways import traces, workbook


class InProcess:
    """The cleaner of a node, without its process."""

    def clean(self, data):
        return traces.clean(data)

    def thumbnail(self, digest, data):
        return traces.pictures.thumbnail(data)

    def rows(self, data):
        try:
            return workbook.rows(data)
        except InputError:
            raise
        except (OSError, EOFError, LookupError, SyntaxError, ValueError, BadZipFile):
            raise InputError("workbook_unreadable") from None
