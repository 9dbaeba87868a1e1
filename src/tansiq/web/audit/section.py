"""The section of the auditor, and of evidence."""

from typing import Final

from tansiq.desk.act.access import Deed
from tansiq.policy.mandate import Act
from tansiq.web.audit import views
from tansiq.web.shell.addresses import file, page
from tansiq.web.shell.sections import Entry, Group, Section
from tansiq.web.shell.ways import ways

SECTION: Final = Section(
    name="audit",
    word="section.audit",
    addresses=(
        page("audit", views.page, "audit", deed=Deed.AUDITED),
        *ways("audit", "audit", views.table),
        page("audit/verify", views.verify, "audit-verify", deed=Deed.VERIFIED),
        file("record/<str:owner>/<uuid:record>/evidence", views.evidence_file, "evidence",
             word="place.evidence"),
    ),
    entries=(Entry(name="audit", path="/audit", group=Group.PROOF, key="8", needs=Act.AUDIT),),
)  # fmt: skip
