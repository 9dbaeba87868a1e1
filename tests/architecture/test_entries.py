"""The types of entries are a closed list: what is written, what is folded, what the page names."""

import ast
import re
from pathlib import Path

from tansiq.board import fold, received
from tests.architecture.house import python_sources

PAGE = Path(__file__).parents[2] / "ARCHITECTURE.md"
WRITES = ("src/tansiq/desk/", "src/tansiq/domain/records.py", "src/tansiq/domain/cases/")
# Those of which the type is a variable: the papers of keys, and the two ways to decide.
BY_NAME = {"revocation", "succession", "approved", "declined"}


def named():
    """The types that the section "Entries" names."""
    section = PAGE.read_text("utf-8").partition("## Entries\n")[2].partition("\n## ")[0]
    return {word for part in re.findall(r"`([^`]+)`", section) for word in part.split()}


def written():
    """The types that stand as ``"type": "…"`` in a dict of a module that writes entries."""
    found = set()
    for source in python_sources():
        if not source.name.startswith(WRITES):
            continue
        for node in ast.walk(source.tree):
            for key, value in (
                zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
            ):
                if isinstance(key, ast.Constant) and key.value == "type":
                    found |= {value.value} if isinstance(value, ast.Constant) else set()
    return found


def test_every_type_that_is_written_is_named_and_every_name_is_written():
    """A mistyped type is no entry that a fold leaves aside in silence: it fails here."""
    assert written() | BY_NAME == named()


def test_every_fold_is_of_a_type_that_is_named():
    """What the board folds, of the journal and of a partner's feed, is on the list."""
    folded = {*fold._SETS, *fold._JOURNAL, *received.FEED}
    assert folded <= named()
