"""Rules on size and shape: what a reader can hold in mind at once."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.house import Breach, Source

LINE_CHARACTERS_MAX = 100
FUNCTION_LINES_MAX = 50
MODULE_LINES_MAX = 400
POSITIONAL_MAX = 5
NESTING_MAX = 4
NAMES_BANNED = {"utils", "helpers", "common", "core", "base", "misc", "manager", "services"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions, at any depth."""
    return (node for node in ast.walk(source.tree) if isinstance(node, FUNCTIONS))


def long_lines(source: Source) -> Iterator[Breach]:
    """A line has at most 100 characters: two files fit side by side, and a diff reads without
    scrolling. Break the line at a comma, or name a part of the expression.
    """
    for number, line in enumerate(source.lines, start=1):
        if len(line) > LINE_CHARACTERS_MAX:
            yield number, f"{len(line)} characters"


def long_functions(source: Source) -> Iterator[Breach]:
    """A function has at most 50 lines, so that it fits a screen: the length of the longest
    functions is the best single sign of code that is hard to change. Move one of its steps into a
    function of its own, with the name of that step.
    """
    for node in functions(source):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > FUNCTION_LINES_MAX:
            yield node.lineno, f"{node.name} has {lines} lines"


def long_modules(source: Source) -> Iterator[Breach]:
    """A module has at most 400 lines: beyond that it holds two things. Give the second thing a
    module of its own, named after it.
    """
    lines = source.text.count("\n")
    if lines > MODULE_LINES_MAX:
        yield 1, f"{lines} lines"


def many_parameters(source: Source) -> Iterator[Breach]:
    """A function takes at most 5 parameters by place (keyword-only ones do not count): nobody
    remembers the order of six. Put * before those that should be named, or group them in a frozen
    dataclass.
    """
    for node in functions(source):
        names = [item.arg for item in (*node.args.posonlyargs, *node.args.args)]
        count = len([name for name in names if name not in {"self", "cls"}])
        if count > POSITIONAL_MAX:
            yield node.lineno, f"{node.name} takes {count} parameters by place"


def _depth(node: ast.AST, depth: int) -> tuple[int, int]:
    """The deepest nesting below a node, and the line where it begins."""
    deepest = (depth, getattr(node, "lineno", 0))
    for name, value in ast.iter_fields(node):
        children = value if isinstance(value, list) else [value]
        chained = isinstance(node, ast.If) and name == "orelse" and len(children) == 1
        for child in children:
            if not isinstance(child, ast.AST) or isinstance(child, (*FUNCTIONS, ast.ClassDef)):
                continue
            same_level = chained and isinstance(child, ast.If)  # elif
            inner = depth + (isinstance(child, BLOCKS) and not same_level)
            deepest = max(deepest, _depth(child, inner))
    return deepest


def deep_nesting(source: Source) -> Iterator[Breach]:
    """Blocks nest at most 4 deep: every level is one more condition to keep in mind. Return or
    continue early, or move the inner loop into a function.
    """
    for node in functions(source):
        depth, line = _depth(node, 0)
        if depth > NESTING_MAX:
            yield line, f"{node.name} nests {depth} deep"


def banned_names(source: Source) -> Iterator[Breach]:
    """Modules and folders are not called utils, helpers, common, core, base, misc, manager or
    services: such a name says nothing and gathers everything. What has no name has no place yet;
    call it by the word that docs and glossary use.
    """
    path = PurePosixPath(source.name)
    for part in (*path.parent.parts, path.stem):
        if part in NAMES_BANNED:
            yield 1, f"the name {part!r}"


def unfinished(source: Source) -> Iterator[Breach]:
    """No reminders in the source: on main they are promises that nobody reads. Do it now, leave it
    out, or open an issue and write down what holds today.
    """
    for number, line in enumerate(source.lines, start=1):
        if found := UNFINISHED.search(line):
            yield number, found[0]


def undocumented_tests(source: Source) -> Iterator[Breach]:
    """Every test has a docstring of one sentence that says what must hold: when it fails, that
    sentence is what the next person has. Write the sentence, then the test.
    """
    for node in functions(source):
        if node.name.startswith("test_") and not ast.get_docstring(node):
            yield node.lineno, node.name
