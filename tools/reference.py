"""Writes the reference pages that come from the code: kinds, errors, bounds.

``python tools/reference.py`` writes them, ``--check`` only says which are behind. In a page that is
partly written by hand, only what stands between the two marks is replaced.
"""

import argparse
import ast
import dataclasses
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tansiq.domain.bounds import BOUNDS, KIB, MIB  # noqa: E402
from tansiq.domain.fields import Field  # noqa: E402
from tansiq.domain.kinds import KINDS, Kind  # noqa: E402
from tansiq.domain.wording import catalogue  # noqa: E402

FOLDER: Final = ROOT / "docs" / "reference"
PACKAGE: Final = ROOT / "src" / "tansiq"
BEGIN: Final = "<!-- begin: written by tools/reference.py -->"
END: Final = "<!-- end: written by tools/reference.py -->"
FAMILIES: Final = {
    "error": "What was given, or what came, cannot be used",
    "refused": "An expected no, by policy or mandate",
    "granted": "A yes and its reason",
    "alarm": "Something that people must hear; kept in the journal",
    "damage": "What `tansiq fsck` and `tansiq verify` find",
}
MEANINGS: Final = {
    "entry_bytes_max": "one entry of a log, as canonical bytes",
    "json_depth_max": "objects and arrays within one another in one value",
    "json_items_max": "elements and members of one value, all levels together",
    "integer_max": "the largest integer, and negated the smallest",
    "moment_max": "the latest moment, in milliseconds since 1970",
    "text_chars_max": "characters of a text of several lines",
    "line_chars_max": "characters of a text of one line",
    "links_max": "records or positions named by one field",
    "rows_max": "rows of a small table in one field",
    "stock_soon_days": "days before its day from which stock is marked and rings",
    "stock_batches_max": "batches on one page of the stock, or in one file of it",
    "unknowns_max": "unknowns of one field",
    "area_reach_metres_max": "how far an area reaches from its middle, in metres",
    "margin_metres_max": "around a planned activity",
    "margin_minutes_max": "before and after a planned activity",
    "site_near_metres": "how near to an activity a protected site is told with it, in metres",
    "neighbours_max": "what one planned activity meets, overlaps first",
    "sealed_kilometres_max": "square kilometres that one sealed check asks about",
    "sealed_hours_max": "hours that one sealed check asks about",
    "sealed_elements_max": "cells of area and time of one sealed check, margins included",
    "sealed_elements_own_max": "cells of all that a node has planned, in one answer",
    "sealed_checks_a_day": "sealed checks of one party at another in any 24 hours",
    "sealed_elements_a_day": "cells of all of these together",
    "sealed_waiting_max": "unanswered sealed checks of one party that a node looks at",
    "sealed_part_bytes_max": "bytes of a sealed check in one entry",
    "spells_max": "times that one activity is compared for, one by one",
    "area_positions_max": "positions of one area",
    "parties_max": "parties in one set of an audience, and sets in one audience",
    "rules_max": "rules of one agreement, and codes in one list of a rule",
    "attachment_bytes_max": "one attached file",
    "attachments_per_record_max": "files attached to one record",
    "chunk_bytes_max": "bytes of a file in one entry, and in one piece",
    "files_asked_max": "files of which one parcel asks for bytes",
    "pieces_bytes_max": "bytes of files in one parcel",
    "room_bytes_min": "bytes of a parcel on the slowest link",
    "parcel_entries_max": "entries in one parcel",
    "parcel_run_bytes_max": "entries of one parcel, before compression; one entry at least",
    "parcel_plain_bytes_max": "a parcel before compression",
    "parcel_bytes_max": "a parcel as it travels",
    "parcels_waiting_max": "parcels of one partner kept behind a gap",
    "card_bytes_max": "one card",
    "case_waiting_max": "steps of one partner that wait for roots which have not come",
    "case_waiting_days": "days that such a step is kept",
    "case_after_max": "entries that one step of a case names as known",
    "case_values_max": "values of one step of a case",
    "case_steps_max": "steps of one lane of a case that a node takes up, half of each side",
    "case_lines_max": "lines that one author counts in one lane, in all its steps",
    "case_counts_max": "times that one author counts a line in one lane, in all its steps",
    "case_decisions_max": "decisions of one author in one lane that a node counts",
    "paper_bytes_max": "one card, revocation or succession that is told to partners",
    "papers_per_parcel_max": "cards, revocations and successions at the head of one parcel",
    "key_overlap_ms": "how long a key that was replaced is still taken",
    "silent_ms": "how long nothing comes from a partner before it is called silent",
    "clock_jump_ms_max": "how far the clock may go ahead unseen before erasing and sending wait",
    "clock_skew_ms_max": "difference of two nodes' clocks without an alarm",
    "stick_files_max": "files for one node on one stick",
    "readers_max": "positions that a partner may name as having read one release",
    "form_bytes_max": "one form with its files",
    "take_back_ms": "how long a release by a person is held back, unless settings say otherwise",
    "form_ms": "how long after a page was made its forms can be saved",
    "forms_max": "forms remembered as saved; of more, the oldest pages count no longer",
    "page_rows_max": "rows of a page of holdings, or of what waits in the inbox",
    "counted_max": "rows counted one by one; past them a page says more than so many",
    "sheet_rows_max": "rows of one list that leave as a file",
    "print_rows_max": "rows of one list on paper or as PDF",
    "calendar_rows_max": "rows of one list as a calendar",
    "map_points_max": "points on the map before they are counted per cell",
    "sign_on_failures_max": "failures in a row before a person is locked",
    "sign_on_locked_ms": "how long the person is locked then",
    "live_streams_max": "open event streams of one node",
    "live_streams_person_max": "open event streams of one person at one position",
    "rest_ms": "rest after which a screen is locked, unless the settings say otherwise",
    "shift_ms": "time from signing on to the end of a session, unless the settings say otherwise",
    "sessions_max": "browsers in which one person is signed on, unless the settings say otherwise",
    "half_sign_on_ms": "time from a passphrase to its second factor",
    "factors_max": "second factors of one person",
    "credential_bytes_max": "answer of a passkey",
    "access_items_max": "records named in one entry of the access log",
    "access_asked_max": "filters kept of one question",
    "access_remembered_max": "entries of this hour kept in mind, so as not to note them twice",
    "import_file_bytes_max": "one file to import",
    "import_row_bytes_max": "one row of such a file",
    "import_batch_rows": "rows kept together in one transaction",
    "workbook_bytes_max": "one XLSX to import",
    "workbook_unpacked_bytes_max": "what it holds when it is unpacked",
    "workbook_rows_max": "rows of its first sheet that say something",
    "workbook_columns_max": "columns of that sheet",
}
_OTHER: Final = re.compile(r"[A-Z][A-Z_]*_(?:MAX|MIN|SECONDS)")


def cell(text: str) -> str:
    """A text as it may stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def kinds() -> str:
    """All kinds with their fields and steps."""
    return "\n".join(_kind(kind) for kind in KINDS.values())


def _kind(kind: Kind) -> str:
    paths = sorted((PACKAGE / "domain" / "kinds").glob("*/*.py"))
    dotted = (".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in paths)
    modules = (import_module(name) for name in dotted)
    module = next(one for one in modules if any(value is kind for value in vars(one).values()))
    told = " ".join((module.__doc__ or "").split())
    writers = ", ".join(sorted(role.value for role in kind.writers))
    one = "One edition only: a correction is a new record. " if kind.final else ""
    if kind.facets:
        one += "Facets: " + ", ".join(f"`{facet.field}`" for facet in kind.facets) + ". "
    if kind.due:
        one += f"Due: `{kind.due}`. "
    parts = [
        f"### `{kind.name}`: {kind.label().en}\n",
        f"{told}\n",
        f"Version {kind.version}. {one}Written by: {writers}. States: "
        + ", ".join(f"`{state}` ({kind.state(state).en})" for state in kind.states)
        + ".\n",
        table(
            ("field", "words", "type", "tear line", "", "choices or columns"),
            [_field(field) for field in kind.fields],
        ),
    ]
    if kind.transitions:
        steps = [
            (
                f"`{step.name}`",
                step.label().en,
                ", ".join(f"`{state}`" for state in kind.states if state in step.sources),
                f"`{step.target}`",
                ", ".join(sorted(role.value for role in step.roles)),
                ", ".join(f"`{name}`" for name in step.needs),
            )
            for step in kind.transitions
        ]
        parts.append(table(("step", "words", "from", "to", "by", "needs"), steps))
    return "\n".join(parts)


def _field(field: Field) -> tuple[str, ...]:
    line = "above" if field.above else ("below, always" if field.fixed else "below")
    marks = [
        word
        for word, holds in (
            ("required", field.required),
            ("searched", field.searchable),
            ("set by the program", field.hidden),
        )
        if holds
    ]
    choices = ", ".join(f"`{code}`" for code in field.choices)
    choices += ", ".join(
        f"`{column.name}` ({column.label().en}, {column.type.value})" for column in field.columns
    )
    return (
        f"`{field.name}`", field.label().en, field.type.value, line, ", ".join(marks), choices,
    )  # fmt: skip


def errors() -> str:
    """Every code that a person can meet, with its English words."""
    parts = []
    for family, told in FAMILIES.items():
        rows = [
            (f"`{key.partition('.')[2]}`", text.en)
            for key, text in sorted(catalogue().items())
            if key.startswith(f"{family}.")
        ]
        parts.append(f"## {family}\n\n{told}.\n\n" + table(("code", "words"), rows))
    return "\n".join(parts)


def bounds() -> str:
    """The bounds of the system, and those that stand beside what they bound."""
    rows = [
        (f"`{field.name}`", _amount(field.name, getattr(BOUNDS, field.name)), MEANINGS[field.name])
        for field in dataclasses.fields(BOUNDS)
    ]
    others = [
        (f"`{name}`", f"`{expression}`", f"`{path}`") for path, name, expression in _constants()
    ]
    return (
        "## For the whole system\n\n`src/tansiq/domain/bounds.py`.\n\n"
        + table(("bound", "value", "of what"), rows)
        + "\n## Beside what they bound\n\nConstants of one module, as written there.\n\n"
        + table(("bound", "value", "where"), others)
    )


def _amount(name: str, value: int) -> str:
    if "bytes" in name:
        unit, size = ("MiB", MIB) if value >= MIB else ("KiB", KIB)
        return f"{value // size:,} {unit}"
    if "_ms" in name:
        return f"{value // 60_000} min"
    return f"{value:,}"


def _constants() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                name = node.target.id
                if _OTHER.fullmatch(name):
                    place = path.relative_to(ROOT).as_posix()
                    found.append((place, name, ast.unparse(node.value)))
    return found


def pages() -> dict[Path, str]:
    """The text of every page as it should be."""
    made = {"kinds": kinds, "errors": errors, "bounds": bounds}
    found = {}
    for name, make in made.items():
        path = FOLDER / f"{name}.md"
        before, begin, rest = path.read_text("utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
        assert end, f"{path} lacks its marks"
        found[path] = f"{before}{begin}\n\n{make()}\n{end}{after}"
    return found


def behind() -> list[Path]:
    """The pages that say something else than the code."""
    return [path for path, text in pages().items() if path.read_text("utf-8") != text]


def main(arguments: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Writes the reference pages from the code.")
    parser.add_argument("--check", action="store_true", help="only say which are behind")
    chosen = parser.parse_args(arguments)
    late = behind()
    for path in late:
        print(f"{'behind' if chosen.check else 'written'}: {path.relative_to(ROOT)}")
        if not chosen.check:
            path.write_text(pages()[path], "utf-8")
    return 1 if late and chosen.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
