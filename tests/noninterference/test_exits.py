"""The registry of exits is complete: it is compared with what can be enumerated."""

import ast
import importlib
import inspect
import pkgutil

from django.conf import settings

from tansiq import carriers
from tansiq.carriers import https
from tansiq.node import grammar
from tansiq.web.shell import edge
from tansiq.web.shell.exits import exits, page_exits
from tests.noninterference.addresses import patterns
from tests.noninterference.declassified import DECLASSIFIED

ADVICE = (
    "Every address stands in the section.py of its room, every other way out of a node in "
    "src/tansiq/web/shell/exits.py. Add a line there with its kind; tests/noninterference then "
    "asks it on behalf of every viewer. What no viewer may learn from it must not depend on what "
    "that viewer may not see."
)


def named(prefix):
    return {name for name in (item.name for item in exits()) if name.startswith(prefix)}


def assert_listed(found, listed):
    missing, gone = sorted(found - listed), sorted(listed - found)
    assert not missing, f"not in the registry of exits: {missing}. {ADVICE}"
    assert not gone, f"in the registry of exits, but not in the program: {gone}. {ADVICE}"


def test_every_address_of_the_pages_is_an_exit_by_name(pages):
    """An address without a name, or with a name that no line of the registry has, is refused."""
    assert "" not in patterns(), f"{patterns().get('')} has no name. {ADVICE}"
    assert_listed(set(patterns()), set(page_exits()))


def test_every_route_of_the_edge_is_an_exit():
    """Whatever path the edge answers itself is in the registry."""
    tree = ast.parse(inspect.getsource(edge.Edge.__call__).replace("    async def", "async def", 1))
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    routes = {text for text in texts if isinstance(text, str) and text.startswith("/")}
    assert_listed({f"edge:{route}" for route in routes}, named("edge:"))


def test_every_carrier_is_an_exit():
    """A module of tansiq.carriers whose class carries parcels is in the registry."""
    found = set()
    for item in pkgutil.iter_modules(carriers.__path__):
        module = importlib.import_module(f"tansiq.carriers.{item.name}")
        own = [c for _, c in inspect.getmembers(module, inspect.isclass)]
        own = [c for c in own if c.__module__ == module.__name__ and hasattr(c, "carry")]
        if any(not getattr(c, "_is_protocol", False) for c in own):
            found.add(f"carrier:{item.name}")
    assert_listed(found, named("carrier:"))


def test_the_listener_for_partners_is_an_exit():
    """The path at which partners knock is in the registry."""
    assert_listed({f"listener:{https.PATH}"}, named("listener:"))


def test_every_verb_of_the_command_line_is_an_exit():
    """What a verb prints or writes leaves the node too."""
    parser = grammar.build("en")
    verbs = next(a for a in parser._actions if hasattr(a, "choices") and a.dest == "verb")
    assert_listed({f"verb:{verb}" for verb in verbs.choices}, named("verb:"))


def test_error_pages_are_exits(pages):
    """Each page that Django shows for a fault is in the registry."""
    urls = importlib.import_module(settings.ROOT_URLCONF)
    handlers = {f"error:{code}" for code in (400, 403, 404, 500) if hasattr(urls, f"handler{code}")}
    assert "tansiq.web.shell.page.csrf_failed" == settings.CSRF_FAILURE_VIEW
    assert_listed(handlers | {"error:csrf"}, named("error:"))


def test_what_is_declassified_is_told_by_exits_that_are_there():
    """Each line names its exits, whom it tells, and why."""
    names = {item.name for item in exits()}
    for item in DECLASSIFIED:
        assert set(item.exits) <= names, item.name
        assert item.told_to
        assert item.because.endswith(".")


def test_no_exit_is_listed_twice():
    """A name in the registry means one thing."""
    names = [item.name for item in exits()]
    assert sorted(set(names)) == sorted(names)
