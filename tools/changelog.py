"""Assembles changes/*.md into CHANGELOG.md.

``python tools/changelog.py 0.2.0`` writes a section for that version above the older ones and
deletes the fragments; ``--check`` only says whether their names are right.
"""

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
KINDS: Final = {"added": "Added", "changed": "Changed", "fixed": "Fixed"}
NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.(added|changed|fixed)\.md")
MARK: Final = "<!-- new versions go below this line -->\n"


def fragments(folder: Path) -> list[Path]:
    """All fragments, in the order of their names."""
    return sorted(path for path in folder.glob("*.md") if path.name != "README.md")


def misnamed(folder: Path) -> list[str]:
    """Files that are no fragment by name, or say nothing."""
    return [
        path.name
        for path in sorted(folder.iterdir())
        if path.name != "README.md"
        and not (NAME.fullmatch(path.name) and path.read_text("utf-8").strip())
    ]


def section(version: str, day: str, found: list[Path]) -> str:
    """The text of one version."""
    parts = [f"## {version} ({day})\n"]
    for kind, title in KINDS.items():
        lines = [path for path in found if path.name.endswith(f".{kind}.md")]
        if lines:
            items = (" ".join(path.read_text("utf-8").split()) for path in lines)
            parts.append(f"### {title}\n\n" + "".join(f"* {item}\n" for item in items))
    return "\n" + "\n".join(parts)


def assemble(root: Path, version: str, day: str) -> int:
    """Writes the section and removes what went into it."""
    found = fragments(root / "changes")
    if not found:
        print("There are no fragments in changes/, so there is nothing to release.")
        return 1
    target = root / "CHANGELOG.md"
    before, mark, after = target.read_text("utf-8").partition(MARK)
    if not mark:
        print(f"CHANGELOG.md lacks the line that marks the place: {MARK.strip()}")
        return 1
    target.write_text(before + mark + section(version, day, found) + after, "utf-8")
    for path in found:
        path.unlink()
    print(f"Fragments assembled: {len(found)}")
    return 0


def main(arguments: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Assembles changes/*.md into CHANGELOG.md.")
    parser.add_argument("version", nargs="?")
    parser.add_argument("--day", default=datetime.now(UTC).date().isoformat())
    parser.add_argument("--check", action="store_true", help="only look at the names")
    chosen = parser.parse_args(arguments)
    wrong = misnamed(ROOT / "changes")
    for name in wrong:
        print(f"changes/{name}: call it <slug>.<added|changed|fixed>.md and say something in it")
    if wrong or chosen.check:
        return 1 if wrong else 0
    if not chosen.version:
        parser.error("which version?")
    return assemble(ROOT, chosen.version, chosen.day)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
