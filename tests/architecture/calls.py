"""Rules on what the product may call: the outside world comes in through tansiq/node alone."""

import ast
import re
import sys
from collections.abc import Iterator

from tests.architecture.house import Breach, Source

BROAD = {"Exception", "BaseException"}
NODE = "src/tansiq/node"
DOMAIN = "src/tansiq/domain"
MODULES_OUTSIDE = {"time", "random", "secrets"}
ATTRIBUTES_OUTSIDE = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "os": {"environ", "environb", "getenv", "urandom", "putenv", "getrandom"},
    "uuid": {"uuid1", "uuid4"},
}
STORES = ("src/tansiq/log", "src/tansiq/board")
_SQL = re.compile(
    r"\b(?:SELECT\s.+\bFROM|SELECT\s+\d|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET"
    r"|(?:CREATE|DROP|ALTER)\s+TABLE|PRAGMA)\b",
    re.DOTALL,
)
UNESCAPED = {"mark_safe", "csrf_exempt"}
# Where one of these may stand, with the reason: {"src/tansiq/web/…py": "because …"}. None so far.
UNESCAPED_ALLOWED: dict[str, str] = {}


def broad_handlers(source: Source) -> Iterator[Breach]:
    """No bare except, except Exception or except BaseException outside tansiq/node, unless its last
    line is a bare raise (undo and pass on): a handler that catches all also swallows broken
    invariants (BreachError) and our own mistakes. Catch the errors that this seam can raise, and
    turn them into a FaultError with a code.
    """
    if source.within(NODE):
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ExceptHandler) or not _is_broad(node.type):
            continue
        last = node.body[-1]
        if not (isinstance(last, ast.Raise) and last.exc is None):
            yield node.lineno, "catches everything"


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    parts = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(_last_name(part) in BROAD for part in parts)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def outside_world(source: Source) -> Iterator[Breach]:
    """Clock, randomness and environment are read in tansiq/node alone: everything else takes the
    moment, the random bytes and the settings as values, so that one seed replays a whole world.
    Take a parameter (now, a Clock, an id, a nonce, a NodeSettings) and let the node fill it.
    """
    if source.within(NODE):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names = [item.name for item in node.names if item.name in MODULES_OUTSIDE]
        elif isinstance(node, ast.ImportFrom):
            names = _imported(node)
        elif isinstance(node, ast.Attribute):
            owner = _last_name(node.value)
            names = [node.attr] if node.attr in ATTRIBUTES_OUTSIDE.get(owner, ()) else []
        else:
            continue
        for name in names:
            yield node.lineno, name


def _imported(node: ast.ImportFrom) -> list[str]:
    module = node.module or ""
    if module in MODULES_OUTSIDE:
        return [module]
    banned = ATTRIBUTES_OUTSIDE.get(module, set()) - {"now", "utcnow", "today"}
    return [item.name for item in node.names if item.name in banned]


def unescaped(source: Source) -> Iterator[Breach]:
    """No mark_safe and no csrf_exempt: each opens a page to somebody else's script or form. Build
    markup in a template, where everything is escaped; a form without a session (a partner's node)
    belongs to a carrier with signatures, not to an exempted view. The rare exception stands with
    its reason in UNESCAPED_ALLOWED in tests/architecture/calls.py.
    """
    if source.name in UNESCAPED_ALLOWED:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and _last_name(node) in UNESCAPED:
            yield node.lineno, _last_name(node)
        elif isinstance(node, ast.ImportFrom):
            for item in node.names:
                if item.name in UNESCAPED:
                    yield node.lineno, item.name


def domain_imports(source: Source) -> Iterator[Breach]:
    """The domain imports the standard library and itself, nothing else: it is what a party reads
    when it wants to know what Tansiq decides, and it must outlive every library. Do the work that
    needs a library one layer up (policy, log, sync, desk), and pass the domain a value.
    """
    if not source.within(DOMAIN):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names = [item.name for item in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for name in names:
            own = f"{name}.".startswith("tansiq.domain.")
            if not own and name.split(".")[0] not in sys.stdlib_module_names:
                yield node.lineno, f"imports {name}"


def foreign_sql(source: Source) -> Iterator[Breach]:
    """SQL stands in log and board alone: who asks a table about a partner's release, and by which
    index, is then found in one place, and a change of a table is a change of one floor. Write a
    function in the module of board that has the subject (releases, arrivals, partners, ...), give
    it plain values, and let the desk call it.
    """
    if source.within(*STORES):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            text = " ".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if found := _SQL.search(text):
            yield node.lineno, " ".join(found[0].split())[:40]


_MAY_ROUTE = {
    "src/tansiq/web/shell/addresses.py", "src/tansiq/node/scenario/tour_pages.py",
}  # fmt: skip


def loose_addresses(source: Source) -> Iterator[Breach]:
    """Addresses are made by page, part, data and file of tansiq.web.shell.addresses, and stand in
    the section.py of their room, which all that the site knows of a room comes from: routes, exits
    and with them the tests of non-interference, the navigation, the words of the access log. A path
    of Django that is made elsewhere is in none of them. Declare it in the section. The demo's nodes
    alone have two more (ADR 0057).
    """
    if source.name in _MAY_ROUTE:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.urls":
            for name in sorted({"path", "re_path", "include"} & {one.name for one in node.names}):
                yield node.lineno, f"django.urls.{name}"
