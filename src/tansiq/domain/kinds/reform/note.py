"""The words beside a step about evidence."""

from tansiq.domain.kinds.beside import words_beside
from tansiq.domain.kinds.reform.project import MANAGERS
from tansiq.domain.parties import Role

EVIDENCE_NOTE = words_beside(
    "evidence_note", "W", writers=MANAGERS | {Role.ADVISER, Role.AUDITOR, Role.LIAISON_OFFICER}
)
