"""Which word keys the source asks for: found by reading it, never by running it.

Three ways to ask for a word are seen:

* outright: ``words("key")``, ``phrase("key", …)``, ``t("key")`` in Python and templates, and the
  codes of ``Refused("code")`` (refused.code), ``Granted("code")`` (granted.code) and of the errors
  (error.code);
* by pattern: an f-string or a sum such as ``f"field.{name}"`` uses every key of that form;
* by mention: a string that is exactly a key, or the code of a refusal, grant or error.

Only the first kind can prove that a key is missing; all three show that a key is used.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CALLS: Final = frozenset({"words", "phrase", "t"})
FAMILIES: Final = (
    "refused",
    "granted",
    "error",
)  # codes: f"refused.{code}" is no use of all of them

_KEY: Final = r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_-]+)+"
_ASKED: Final = re.compile(rf"\bt\(\s*(['\"])(?P<key>{_KEY})\1\s*(?P<after>[,)])")
_PREFIX: Final = re.compile(r"(['\"])(?P<prefix>[A-Za-z0-9_]+\.[A-Za-z0-9_.-]*)\1\s*[~+]")
_MENTION: Final = re.compile(r"(['\"`])(?P<text>[A-Za-z0-9_.-]+)\1")
_PART: Final = re.compile(r"[A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A key asked for outright, and where."""

    key: str
    where: str


@dataclass(slots=True)
class Found:
    """What one tree of source asks for."""

    asked: list[Asked] = field(default_factory=list)
    patterns: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)

    def missing(self, keys: set[str]) -> list[Asked]:
        """What is asked for outright and no list has."""
        return [asked for asked in self.asked if asked.key not in keys]

    def unused(self, keys: set[str]) -> list[str]:
        """What a list has and nothing asks for."""
        outright = {asked.key for asked in self.asked}
        patterns = [re.compile(pattern) for pattern in sorted(self.patterns)]
        return sorted(
            key
            for key in keys - outright - self.mentions
            if not self._as_code(key) and not any(pattern.fullmatch(key) for pattern in patterns)
        )

    def _as_code(self, key: str) -> bool:
        family, _, code = key.partition(".")
        return family in FAMILIES and code in self.mentions


def read(root: Path) -> Found:
    """Reads the Python, the templates and the scripts under a folder, foreign code left out."""
    found = Found()
    paths = [path for path in sorted(root.rglob("*")) if "vendor" not in path.parts]
    trees = {path: ast.parse(path.read_text("utf-8")) for path in paths if path.suffix == ".py"}
    families = error_families(trees.values())
    for path, tree in trees.items():
        _read_python(found, tree, str(path.relative_to(root)), families)
    for path in paths:
        if path.suffix in {".html", ".txt", ".xml", ".js"} and path.is_file():
            read_text(found, path.read_text("utf-8"), str(path.relative_to(root)))
    return found


def error_families(trees: Iterable[ast.Module]) -> dict[str, str]:
    """Names of the classes whose first argument is a code, with the family of its words."""
    families = {"Refused": "refused", "Granted": "granted", "TansiqError": "error"}
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    grew = True
    while grew:
        grew = False
        for node in classes:
            parents = [base.id for base in node.bases if isinstance(base, ast.Name)]
            known = [families[parent] for parent in parents if parent in families]
            if known and node.name not in families:
                families[node.name] = known[0]
                grew = True
    return families


def read_python(found: Found, source: str, where: str) -> None:
    """Reads one module that stands alone."""
    tree = ast.parse(source)
    _read_python(found, tree, where, error_families([tree]))


def _read_python(found: Found, tree: ast.Module, where: str, families: dict[str, str]) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.mentions.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            _add_pattern(found, [_constant(part) for part in node.values])
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            _add_pattern(found, [_constant(node.left), _constant(node.right)])
        elif isinstance(node, ast.Call):
            _read_call(found, node, where, families)


def _read_call(found: Found, node: ast.Call, where: str, families: dict[str, str]) -> None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    named = [item.value for item in node.keywords if item.arg in {"key", "code"}]
    text = _constant([*node.args, *named][0]) if node.args or named else None
    if text is None:
        return
    place = f"{where}:{node.lineno}"
    if name in families:
        found.asked.append(Asked(f"{families[name]}.{text}", place))
    elif name in CALLS and re.fullmatch(_KEY, text):
        found.asked.append(Asked(text, place))


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _add_pattern(found: Found, parts: list[str | None]) -> None:
    constants = [part for part in parts if part is not None]
    first = parts[0] if parts else None
    if len(constants) == len(parts) or not all(_PART.fullmatch(part) for part in constants):
        return
    if not any("." in part and re.search("[A-Za-z]", part) for part in constants):
        return
    if first is not None and first.split(".")[0] in FAMILIES:
        return
    found.patterns.add("".join(".+" if part is None else re.escape(part) for part in parts))


def read_text(found: Found, source: str, where: str) -> None:
    """Reads one template or script."""
    for match in _ASKED.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        found.asked.append(Asked(match["key"], f"{where}:{line}"))
    for match in _PREFIX.finditer(source):
        if match["prefix"].split(".")[0] not in FAMILIES:
            found.patterns.add(re.escape(match["prefix"]) + ".+")
    found.mentions.update(match["text"] for match in _MENTION.finditer(source))
