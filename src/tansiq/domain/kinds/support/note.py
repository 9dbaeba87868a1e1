"""The words beside a step of a support request, or of an offer."""

from tansiq.domain.kinds.beside import words_beside

SUPPORT_NOTE = words_beside("support_note", "N")
