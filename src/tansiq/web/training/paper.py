"""The paper of a certificate: what stands on it in one language, as a page and as a PDF."""

import json
from dataclasses import dataclass
from typing import Final

import segno

from tansiq.desk.records import linked
from tansiq.desk.records.read import View
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.training.certificate import CERTIFICATE, ISSUED
from tansiq.domain.wording import direction, phrase
from tansiq.web.shell.codes import QUIET, runs
from tansiq.web.shell.page import voice
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current

_GROUP: Final = 5  # characters of the code between two spaces: it can be typed off the paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A certificate on paper. ``facts`` are a word and what stands beside it; ``code`` is the text
    of its code in groups, ``path`` the dark modules of a square of ``side`` modules.
    """

    view: View
    party: str
    course: str
    serial: str
    facts: tuple[tuple[str, str], ...]
    withdrawn: bool
    code: str
    side: int
    path: str


def serial_text(serial: str) -> str:
    """A serial as people read it aloud: in two halves."""
    return f"{serial[:_GROUP]}-{serial[_GROUP:]}"


def paper_of(seat: Seat, view: View, language: str) -> Paper:
    """What stands on the paper of a certificate. Raises InputError where its cohort is not to be
    read.
    """
    body = view.value.body
    code, level = str(body["signed_code"]), CERTIFICATE.field("level").choice(str(body["level"]))
    ends = str(body.get("valid_until") or phrase("certificate.no_end", language))
    rows = list(segno.make(code, error="m", micro=False).matrix)
    facts = (
        ("field.certificate.holder", str(body["holder"])),
        ("field.certificate.level", level.of(language)),
        ("field.certificate.course", str(body["course"])),
        ("field.issued_on", str(body["issued_on"])),
        ("field.certificate.valid_until", ends),
        ("field.serial", serial_text(str(body["serial"]))),
    )
    return Paper(
        view=view, party=voice(language).party(view.value.owner),
        course=_title(seat, view, language), serial=str(body["serial"]),
        facts=tuple((phrase(word, language), said) for word, said in facts),
        withdrawn=view.value.state != ISSUED,
        code=" ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP)),
        side=len(rows) + 2 * QUIET, path="".join(runs(rows)),
    )  # fmt: skip


def _title(seat: Seat, view: View, language: str) -> str:
    """The title of the course in that language, or as its party calls it."""
    found = view
    for _ in range(2):  # the cohort, and its course
        named = linked.named_by_owner(current().desk, seat.viewer, found, "about")
        if not named:
            raise InputError("record_absent")
        found = named[0]
    body = found.value.body
    return str(body.get(f"title_{language}") or body["text"])


def pdf_of(paper: Paper, language: str) -> bytes:
    """The page as a PDF. Raises InputError where none can be made."""
    said = {
        "form": "certificate", "language": language, "mirrored": direction(language) == "rtl",
        "moment": current().desk.clock.now(),
        "party": paper.party, "title": phrase("kind.certificate", language),
        "course": paper.course, "facts": [list(one) for one in paper.facts],
        "notes": [phrase("certificate.paper_withdrawn", language)] if paper.withdrawn else [],
        "how": phrase("certificate.paper_how", language), "code": paper.code,
        "alternative": phrase("certificate.qr", language), "side": paper.side, "path": paper.path,
        "lacking": phrase("paper.lacking", language),
    }  # fmt: skip
    made = current().desk.typesetter.pages(json.dumps(said, ensure_ascii=False).encode())
    if made is None:
        raise InputError("pages_unmade")
    return made
