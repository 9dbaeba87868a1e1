"""The duty log line: what do I know, whom do I tell, what is due. A line is final; a correction is
a new line.
"""

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import Listing, View
from tansiq.domain.parties import WATCH, Role

CHANNELS = ("radio", "phone", "in_person", "node", "paper")

LOG_LINE = Kind(
    name="log_line",
    version=1,
    letter="L",
    fields=(
        Field(name="observed", type=Type.MOMENT, required=True),
        Field(name="text", type=Type.TEXT, required=True, searchable=True),
        Field(name="informant", type=Type.LINE, above=False, searchable=True),
        Field(name="channel", type=Type.CHOICE, choices=CHANNELS, above=False),
        Field(name="tell", type=Type.POSITIONS, above=False, fixed=True),
        Field(name="action_due", type=Type.LINE, above=False, searchable=True),
        Field(name="significant", type=Type.FLAG, above=False),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="corrects", type=Type.RECORD, hidden=True, governs=True),
        Field(name="related", type=Type.RECORDS, above=False, hidden=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
        Field(name="originals", type=Type.ATTACHMENTS, above=False, fixed=True, hidden=True),
    ),
    states=("saved",),
    writers=WATCH | {Role.SUPPORT_DESK, Role.TRAINING_MANAGER, Role.PROGRAMME_MANAGER},
    final=True,
    moment="observed",
    facets=(Facet(field="significant"), Facet(field="channel")),
    listing=Listing(
        columns=("reference", "observed", "owner", "informant", "text", "significant"),
        views=(View.LIST, View.CALENDAR, View.CHART),
        title="section.log",
    ),
)
