"""The state of the words: missing, unused, unsure, misspelt; and the way to a reviewer and back.

``./dev i18n`` reports. ``--export FILE.csv`` writes all lists into one file that a spreadsheet
opens; ``--import FILE.csv`` writes the reviewed cells back into the lists they came from. Exit code
1 where something is missing, unused or misspelt.
"""

import argparse
import csv
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tansiq.domain.wording import LANGUAGES, WordingError, catalogue  # noqa: E402
from tools import words_in_source  # noqa: E402

PACKAGE: Final = ROOT / "src" / "tansiq"
WORDS: Final = PACKAGE / "domain" / "words"
COLUMNS: Final = ("file", "key", *LANGUAGES, "sure")

# Sorani has letters of its own where Arabic has others that look alike: ک ی ە ه, not ك ي ى ة ھ.
NOT_IN_SORANI: Final = {
    "\u0643": "Arabic kaf (write ک U+06A9)",
    "\u064a": "Arabic yeh (write ی U+06CC)",
    "\u0649": "alef maksura (write ی U+06CC)",
    "\u0629": "teh marbuta (write ە U+06D5 or ت)",
    "\u06be": "heh doachashmee (write ه U+0647)",
}
NOT_IN_ARABIC: Final = dict.fromkeys("ێۆڕڵڤپچژگکیەھ", "a Kurdish letter")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one list, as it stands in the file."""

    file: str
    number: int
    cells: dict[str, str]

    @property
    def place(self) -> str:
        """Where a reader finds it."""
        return f"{self.file} row {self.number} ({self.cells['key']})"


def rows(folder: Path = WORDS) -> list[Row]:
    """All rows of all lists."""
    return [
        Row(path.name, number, cells)
        for path in sorted(folder.glob("*.csv"))
        for number, cells in enumerate(_read_csv(path), start=2)
    ]


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open("r", encoding="utf-8-sig", newline="") as lines:
        return [
            {name: cell or "" for name, cell in row.items() if name}
            for row in csv.DictReader(lines)
        ]


def misspelt(found: list[Row]) -> list[str]:
    """Sorani cells with Arabic letters and Arabic cells with Kurdish letters.

    A row whose three cells are the same is a proper name ("العربية" in a list of languages) and is
    left alone.
    """
    return [
        f"{row.place}: {language} has {reason}"
        for row in found
        if len({row.cells[language] for language in LANGUAGES}) > 1
        for language, wrong in (("ckb", NOT_IN_SORANI), ("ar", NOT_IN_ARABIC))
        for letter, reason in wrong.items()
        if letter in row.cells[language]
    ]


def incomplete() -> list[str]:
    """Why the catalogue does not load; empty where it does."""
    try:
        catalogue()
    except WordingError as error:
        return [str(error)]
    return []


def missing(package: Path = PACKAGE, folder: Path = WORDS) -> list[str]:
    """Keys that the source asks for and no list has."""
    keys = {row.cells["key"] for row in rows(folder)}
    places: dict[str, list[str]] = {}
    for asked in words_in_source.read(package).missing(keys):
        places.setdefault(asked.key, []).append(asked.where)
    return [f"{key} (asked for at {', '.join(where)})" for key, where in sorted(places.items())]


def unused(package: Path = PACKAGE, folder: Path = WORDS) -> list[str]:
    """Keys that a list has and the source never asks for."""
    return words_in_source.read(package).unused({row.cells["key"] for row in rows(folder)})


def unsure(found: list[Row]) -> dict[str, int]:
    """How many rows of each list still wait for a native speaker."""
    counts: dict[str, int] = {}
    for row in found:
        counts[row.file] = counts.get(row.file, 0) + (row.cells.get("sure") != "yes")
    return counts


def report() -> int:
    """Prints everything; 1 where something must be done."""
    found = rows()
    problems = {
        "Lists that do not load": incomplete(),
        "Missing": missing(),
        "Unused": unused(),
        "Wrong letters": misspelt(found),
    }
    for title, lines in problems.items():
        print(f"{title}: {len(lines)}")
        for line in lines:
            print(f"  {line}")
    print("Waiting for a native speaker (sure=no):")
    for file, count in unsure(found).items():
        total = sum(row.file == file for row in found)
        print(f"  {file}: {count} of {total}")
    return 1 if any(problems.values()) else 0


def export(target: Path, folder: Path = WORDS) -> int:
    """All lists in one file, with the mark by which spreadsheets know UTF-8."""
    found = rows(folder)
    with target.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for row in found:
            writer.writerow({"file": row.file, **row.cells})
    print(f"Rows written: {len(found)}, to {target}")
    return 0


def take(source: Path, folder: Path = WORDS) -> int:
    """Reviewed cells, back into their lists; nothing is written where any row is wrong."""
    current = {(row.file, row.cells["key"]): row for row in rows(folder)}
    reviewed = _read_csv(source)
    wrong = [line for row in reviewed for line in _objections(row, current)]
    if wrong:
        print("Nothing was changed. The file must keep its rows, keys and placeholders:")
        for line in wrong:
            print(f"  {line}")
        return 1
    changed = 0
    for row in reviewed:
        cells = current[row["file"], row["key"]].cells
        new = {name: row[name].strip() for name in (*LANGUAGES, "sure")}
        changed += any(cells.get(name) != value for name, value in new.items())
        cells.update(new)
    for file in sorted({file for file, _ in current}):
        _write(folder / file, [row.cells for (name, _), row in current.items() if name == file])
    print(f"Rows changed: {changed}")
    return 0


def _objections(row: dict[str, str], current: dict[tuple[str, str], Row]) -> Iterator[str]:
    absent = [name for name in COLUMNS if name not in row]
    if absent:
        yield f"a column is missing: {', '.join(absent)}"
        return
    place = f"{row['file']} {row['key']}"
    if (row["file"], row["key"]) not in current:
        yield f"{place}: no list has this key"
    if not all(row[language].strip() for language in LANGUAGES):
        yield f"{place}: a cell is empty"
    if row["sure"].strip() not in {"yes", "no"}:
        yield f"{place}: sure is yes or no"
    try:
        names = {frozenset(_placeholders(row[language])) for language in LANGUAGES}
    except ValueError:
        yield f"{place}: a brace is open"
        return
    if len(names) > 1:
        yield f"{place}: the placeholders differ between the languages"


def _placeholders(pattern: str) -> Iterator[str]:
    return (name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None)


def _write(path: Path, cells: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(cells[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(cells)


def main(arguments: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="./dev i18n", description="The state of the words.")
    parser.add_argument("--export", type=Path, metavar="FILE.csv", help="all lists in one file")
    parser.add_argument("--import", type=Path, metavar="FILE.csv", dest="reviewed", help="back")
    chosen = parser.parse_args(arguments)
    if chosen.export:
        return export(chosen.export)
    if chosen.reviewed:
        return take(chosen.reviewed)
    return report()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
