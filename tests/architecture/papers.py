"""Rules on documents: links that lead somewhere, decisions that are numbered and listed."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import ROOT, Source, sources

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_ADR_NAME = re.compile(r"(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md")
_STATUS = re.compile(r"^\* Status: (proposed|accepted|superseded by \[\d{4}\].*)$", re.MULTILINE)
_DATE = re.compile(r"^\* Date: \d{4}-\d{2}-\d{2}$", re.MULTILINE)

LINKS_REASON = """Links in documents lead somewhere: a reader in the field has no search engine.
Correct the path or the heading, or say the thing in place of the link."""
ADR_REASON = """Decisions are numbered 0001, 0002, … without holes, each says Status and Date, and
docs/adr/README.md lists them all: a decision that cannot be found is taken again, differently.
Take the next number, start from docs/adr/template.md, add the line to the index."""


def documents() -> list[Source]:
    """All prose: at the root, under docs, spec and changes."""
    top = [Source(path.name, path.read_text("utf-8")) for path in sorted(ROOT.glob("*.md"))]
    return [*top, *sources(".md", under=("docs", "spec", "changes", "src/tansiq", "tests"))]


def anchors(text: str) -> set[str]:
    """The names that headings get, in the way that forges make them."""
    found: set[str] = set()
    for match in _HEADING.finditer(_FENCE.sub("", text)):
        plain = re.sub(r"[^\w\s-]", "", match[1].lower()).strip()
        name = re.sub(r"\s", "-", plain)
        again = 1
        while name in found:
            name, again = f"{name.removesuffix(f'-{again - 1}')}-{again}", again + 1
        found.add(name)
    return found


def broken_links(source: Source, root: Path = ROOT) -> Iterator[tuple[int, str]]:
    """Links of one document that lead nowhere."""
    text = _CODE.sub("", _FENCE.sub(lambda match: "\n" * match[0].count("\n"), source.text))
    for match in _LINK.finditer(text):
        target, _, anchor = match[1].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        line = text.count("\n", 0, match.start()) + 1
        path = (root / source.name).parent / target
        if not path.exists():
            yield line, f"{match[1]}: there is no such file"
            continue
        if target and path.suffix != ".md":
            continue
        text_there = path.read_text("utf-8") if target else source.text
        if anchor and anchor not in anchors(text_there):
            yield line, f"{match[1]}: there is no such heading"


def adr_faults(folder: Path) -> list[str]:
    """What is wrong with the decisions in a folder."""
    index = (folder / "README.md").read_text("utf-8")
    kept = {"README.md", "template.md"}
    paths = sorted(path for path in folder.glob("*.md") if path.name not in kept)
    faults = []
    for expected, path in enumerate(paths, start=1):
        named = _ADR_NAME.fullmatch(path.name)
        text = path.read_text("utf-8")
        if named is None:
            faults.append(f"{path.name}: the name is not NNNN-words-with-hyphens.md")
        elif int(named[1]) != expected:
            faults.append(f"{path.name}: the next number is {expected:04}")
        if f"]({path.name})" not in index:
            faults.append(f"{path.name}: docs/adr/README.md does not list it")
        if not _STATUS.search(text):
            faults.append(
                f"{path.name}: lacks '* Status: proposed|accepted|superseded by [NNNN](…)'"
            )
        if not _DATE.search(text):
            faults.append(f"{path.name}: lacks '* Date: YYYY-MM-DD'")
    return faults
