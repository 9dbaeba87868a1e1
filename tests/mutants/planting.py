"""Planting a fault into the program as it runs, and running one test against it.

A fault is a line of the program that reads otherwise: the function's source is compiled again with
the line changed, and its code is put in place of the old, so that every module that has imported
the function runs the fault.
"""

import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One planted fault: what it is, where, which words become which, and the test that sees it."""

    name: str
    where: str  # module:function, or module:Class.function
    old: str
    new: str
    killer: str  # module:test
    given: dict = field(default_factory=dict)  # the killer's parameters that are no fixtures


def _named(where: str) -> object:
    module, _, path = where.partition(":")
    found = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """The program with the fault in it."""
    function = inspect.unwrap(_named(fault.where))
    source = textwrap.dedent(inspect.getsource(function))
    assert 1 == source.count(fault.old), (
        f"{fault.where} no longer reads {fault.old!r}. Plant the fault where the rule stands now: "
        "tests/mutants/faults.py."
    )
    scope = dict(function.__globals__)
    exec(compile(source.replace(fault.old, fault.new), f"<{fault.name}>", "exec"), scope)
    before, function.__code__ = function.__code__, inspect.unwrap(scope[function.__name__]).__code__
    try:
        yield
    finally:
        function.__code__ = before


def run(fault: Fault) -> None:
    """The killer, with its fixtures made anew."""
    module = importlib.import_module(fault.killer.partition(":")[0])
    test = _named(fault.killer)
    with ExitStack() as stack:
        known = dict(fault.given)
        test(**{name: _value(name, known, module, stack) for name in _asked(test)})


def _asked(function: Callable) -> list[str]:
    return list(inspect.signature(function).parameters)


def _value(name: str, known: dict, module: object, stack: ExitStack) -> object:
    """A parameter of the fault, a folder, or what the fixture of that name gives, each once."""
    if name not in known:
        if name == "tmp_path":
            known[name] = Path(stack.enter_context(TemporaryDirectory()))
        else:
            known[name] = _made(getattr(module, name)._get_wrapped_function(), known, module, stack)
    return known[name]


def _made(fixture: Callable, known: dict, module: object, stack: ExitStack) -> object:
    made = fixture(**{name: _value(name, known, module, stack) for name in _asked(fixture)})
    if not inspect.isgenerator(made):
        return made
    value = next(made)
    stack.callback(next, made, None)
    return value
