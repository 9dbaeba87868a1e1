"""Every house rule bites: a planted breach is found, and its clean neighbour is left alone."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import calls, pages, papers, shape
from tests.architecture.house import PACKAGE, ROOT, Source, assert_kept, breaches
from tests.conftest import NetworkBlockedError

EDGE = "src/tansiq/web/incidents/views.py"
PAGE = "src/tansiq/web/templates/incidents/page.html"
SHEET = "src/tansiq/web/static/layout.css"

NEST = "def f():\n if a:\n  for b in c:\n   while d:\n    with e:\n     {deepest}\n"
ELIF = "def f():\n if a:\n  pass\n" + " elif b:\n  pass\n" * 6

# rule, path, a breach, the same thing done right
PLANTED = [
    (shape.long_lines, EDGE, "x" * 101, "x" * 100),
    (shape.long_functions, EDGE, "def f():\n" + " a\n" * 50, "def f():\n" + " a\n" * 49),
    (shape.long_modules, EDGE, "a\n" * 401, "a\n" * 400),
    (shape.many_parameters, EDGE, "def f(a, b, c, d, e, g): 0", "def f(a, b, c, d, e, *, g): 0"),
    (shape.deep_nesting, EDGE, NEST.format(deepest="if g:\n      0"), NEST.format(deepest="0")),
    (shape.deep_nesting, EDGE, NEST.format(deepest="try: 0\n     except E: 0"), ELIF),
    (shape.unfinished, EDGE, "# TO" + "DO: later", "# to do this, say that"),
    (
        shape.undocumented_tests,
        "tests/unit/test_a.py",
        "def test_a(): 0",
        "def test_a():\n '''A.'''",
    ),
    (calls.broad_handlers, EDGE, "try: 0\nexcept Exception: 0", "try: 0\nexcept OSError: 0"),
    (calls.broad_handlers, EDGE, "try: 0\nexcept: 0", "try: 0\nexcept (KeyError, OSError): 0"),
    (calls.broad_handlers, EDGE, "try: 0\nexcept (A, BaseException): 0", "try: 0\nfinally: 0"),
    (
        calls.broad_handlers,
        EDGE,
        "try: 0\nexcept BaseException:\n if a: raise",
        "try: 0\nexcept BaseException:\n undo()\n raise",
    ),
    (calls.outside_world, EDGE, "import time", "from datetime import time"),
    (calls.outside_world, EDGE, "from time import sleep", "import timeit"),
    (calls.outside_world, EDGE, "import random", "import operator"),
    (calls.outside_world, EDGE, "from secrets import token_hex", "from hashlib import sha256"),
    (calls.outside_world, EDGE, "datetime.now(UTC)", "clock.now()"),
    (calls.outside_world, EDGE, "datetime.datetime.utcnow()", "datetime.fromisoformat(a)"),
    (calls.outside_world, EDGE, "date.today()", "date(2026, 1, 1)"),
    (calls.outside_world, EDGE, "os.environ['A']", "os.path.join(a)"),
    (calls.outside_world, EDGE, "from os import urandom", "from os import fsync"),
    (calls.outside_world, EDGE, "uuid.uuid4()", "uuid.UUID(a)"),
    (calls.outside_world, EDGE, "from uuid import uuid4", "from uuid import UUID"),
    (calls.unescaped, EDGE, "mark_safe(a)", "escape(a)"),
    (calls.unescaped, EDGE, "from x import csrf_exempt", "from x import csrf_protect"),
    (
        calls.loose_addresses,
        EDGE,
        "from django.urls import path",
        "from django.urls import reverse",
    ),
    (calls.domain_imports, "src/tansiq/domain/a.py", "import msgspec", "import json"),
    (
        calls.domain_imports,
        "src/tansiq/domain/a.py",
        "from tansiq.policy import seal",
        "from tansiq.domain import bounds",
    ),
    (calls.foreign_sql, EDGE, "rows('SELECT a FROM b')", "rows('Select one from the list')"),
    (calls.foreign_sql, EDGE, "f'SELECT {a} FROM b'", "f'{a} FROM b'"),
    (calls.foreign_sql, EDGE, "'SELECT 1 FROM a'", "'SELECT'"),
    (calls.foreign_sql, EDGE, "'INSERT INTO a VALUES (1)'", "'insert into the list'"),
    (calls.foreign_sql, EDGE, "'UPDATE a SET b = 1'", "'UPDATE'"),
    (calls.foreign_sql, EDGE, "'DELETE FROM a'", "'DELETE'"),
    (calls.foreign_sql, EDGE, "'CREATE TABLE a (b)'", "'CREATE'"),
    (calls.foreign_sql, EDGE, "'PRAGMA synchronous=OFF'", "'pragma'"),
    (pages.physical_css, SHEET, "a { margin-left: 0 }", "a { margin-inline-start: 0 }"),
    (pages.physical_css, SHEET, "a { left: 0 }", "a { inset-inline-start: 0 }"),
    (pages.physical_css, SHEET, "a{color:red;right:0}", "a { --left-over: 1; color: red }"),
    (pages.physical_css, SHEET, "a { border-top-left-radius: 0 }", "/* left: of */ a { top: 0 }"),
    (pages.physical_css, SHEET, "a { text-align: right }", "a { text-align: end }"),
    (pages.physical_css, SHEET, "a { float: left }", "a { float: inline-start }"),
    (pages.unescaped_markup, PAGE, "{{ a | safe }}", "{{ a | safer }}"),
    (pages.unescaped_markup, PAGE, "{% autoescape false %}", "{% autoescape true %}"),
    (pages.inline_code, PAGE, '<p style="color: red">', '<p class="style">'),
    (pages.inline_code, PAGE, "<style>a{}</style>", '<link rel="stylesheet" href="/a.css">'),
    (pages.inline_code, PAGE, '<a\n href="/" onclick="f()">', '<a href="/" data-once="1">'),
    (pages.inline_code, PAGE, "<script>f()</script>", '<script src="/a.js"></script>'),
    (
        pages.inline_code,
        PAGE,
        '<script type="module">f()</script>',
        '<script type="application/json">{}</script>',
    ),
    (pages.physical_markup, PAGE, '<td align="right">', '<td class="number">'),
    (pages.physical_markup, PAGE, '<div class="col-left a">', '<div class="leftover bright">'),
    (pages.physical_markup, PAGE, '<html dir="rtl">', '<html dir="{{ direction }}">'),
    (pages.foreign_resources, PAGE, '<img src="https://a.example/b">', '<img src="/static/b">'),
    (pages.labels_without_kind, PAGE, "{{ t('field.needed_by') }}", "{{ t('field.item') }}"),
    (pages.labels_without_kind, PAGE, "{{ t('field.' + f) }}", "{{ t('state.' + f) }}"),
]


@pytest.mark.parametrize(("rule", "name", "breach", "clean"), PLANTED)
def test_a_planted_breach_is_found_and_its_clean_neighbour_is_not(rule, name, breach, clean):
    """Each rule finds what it forbids and nothing beside it."""
    assert breaches(rule, [Source(name, breach)])
    assert not breaches(rule, [Source(name, clean)])


@pytest.mark.parametrize("name", ["src/tansiq/web/utils.py", "src/tansiq/core/a.py"])
def test_a_name_that_says_nothing_is_found(name):
    """A banned name bites as a module and as a folder, and a word that contains it does not."""
    assert breaches(shape.banned_names, [Source(name, "")])
    assert not breaches(shape.banned_names, [Source("src/tansiq/web/corridor_base.py", "")])


def test_the_node_may_read_the_clock_and_catch_everything():
    """What is forbidden everywhere else is allowed in the one place that needs it."""
    text = "import time\ntry: 0\nexcept Exception: 0"
    supervisor = Source("src/tansiq/node/supervise.py", text)
    assert not breaches(calls.outside_world, [supervisor])
    assert not breaches(calls.broad_handlers, [supervisor])


def test_log_and_board_may_say_sql():
    """What is forbidden everywhere else is allowed on the floors that keep tables."""
    for floor in ("log", "board"):
        source = Source(f"src/tansiq/{floor}/rows.py", "rows('SELECT a FROM b')")
        assert not breaches(calls.foreign_sql, [source])


def test_a_failure_gives_the_place_the_reason_and_the_remedy():
    """Whoever breaks a rule reads where, why, and what to do."""
    with pytest.raises(AssertionError) as caught:
        assert_kept(shape.long_lines, [Source(EDGE, "\n" + "x" * 120)])
    for part in (f"{EDGE}:2", "120 characters", "a diff reads without", "Break the line"):
        assert part in str(caught.value)


def test_a_dead_link_and_a_dead_heading_are_found(tmp_path: Path):
    """A link to a file or heading that is not there bites; code and live links do not."""
    (tmp_path / "there.md").write_text("# The one door\n", "utf-8")
    good = "[a](there.md#the-one-door) [b](https://a.example/x) `[c](gone.md)`\n# Own\n[d](#own)"
    assert not list(papers.broken_links(Source("a.md", good), tmp_path))
    bad = "[a](gone.md)\n[b](there.md#no-such) [c](#no-such)"
    found = list(papers.broken_links(Source("a.md", bad), tmp_path))
    assert [1, 2, 2] == [line for line, _ in found]


def test_a_decision_out_of_order_unlisted_or_undated_is_found(tmp_path: Path):
    """Number, index, status and date each bite."""
    (tmp_path / "README.md").write_text("[one](0001-one-door.md)", "utf-8")
    (tmp_path / "0001-one-door.md").write_text("* Status: accepted\n* Date: 2026-01-31\n")
    assert not papers.adr_faults(tmp_path)
    (tmp_path / "0003-two.md").write_text("* Status: perhaps\n")
    faults = papers.adr_faults(tmp_path)
    for part in ("next number is 0002", "does not list it", "lacks '* Status", "lacks '* Date"):
        assert any(part in fault for fault in faults)


IMPORTS = [
    ("policy", "import tansiq.log", "Imports point one way"),
    ("web", "import tansiq.carriers", "Imports point one way"),
    ("web", "import tansiq.board", "Exits ask the desk"),
    ("gateways", "import tansiq.log", "Exits ask the desk"),
    ("desk", "import django", "Nothing below the exits knows Django"),
    ("desk", "import ortools", "The solver of plans is an extra"),
    ("desk/links", "import tansiq.desk.proof", "Desk: rooms"),
    ("desk/trust", "import tansiq.desk.release", "Desk: rooms"),
    ("desk/a_new_room", "", "Desk: rooms"),
]
PACKAGES = [
    str(path.parent.relative_to(PACKAGE))
    for depth in ("*", "desk/*")
    for path in PACKAGE.glob(f"{depth}/__init__.py")
]


def lint_imports(folder: Path) -> str:
    """Runs the import contracts over a copy of the package's skeleton."""
    tool = Path(sys.executable).with_name("lint-imports")
    settings = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [tool, "--no-cache", "--config", folder / "pyproject.toml"],
        cwd=folder,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def skeleton(folder: Path) -> Path:
    """The packages of Tansiq, empty, with the real contracts."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("", *PACKAGES):
        (folder / "tansiq" / name).mkdir(parents=True, exist_ok=True)
        (folder / "tansiq" / name / "__init__.py").touch()
    return folder


def test_import_contracts_let_the_lawful_ways_through(tmp_path: Path):
    """An exit may ask the desk, the desk may read the logs, and the web may use Django."""
    folder = skeleton(tmp_path)
    (folder / "tansiq/web/__init__.py").write_text("import django, tansiq.desk, tansiq.domain\n")
    (folder / "tansiq/desk/__init__.py").write_text("import tansiq.log, tansiq.board\n")
    (folder / "tansiq/sync/__init__.py").write_text("import tansiq.log\n")
    assert "5 kept, 0 broken" in lint_imports(folder)


@pytest.mark.parametrize(("package", "line", "contract"), IMPORTS)
def test_import_contracts_stop_the_forbidden_ways(tmp_path, package, line, contract):
    """Each contract bites on one planted import."""
    folder = skeleton(tmp_path)
    (folder / "tansiq" / package).mkdir(exist_ok=True)
    (folder / "tansiq" / package / "__init__.py").write_text(line + "\n")
    broken = [said for said in lint_imports(folder).splitlines() if said.endswith("BROKEN")]
    assert any(said.startswith(contract) for said in broken)


def test_a_test_cannot_reach_another_machine():
    """Connecting, sending and looking up a name outside this machine fail in words."""
    with socket.socket() as opened, pytest.raises(NetworkBlockedError, match=r"192\.0\.2\.1"):
        opened.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkBlockedError, match=r"a\.example"):
        socket.create_connection(("a.example", 80))
    with (
        socket.socket(type=socket.SOCK_DGRAM) as sender,
        pytest.raises(NetworkBlockedError, match=r"2001:db8::1|192\.0\.2\.1"),
    ):
        sender.sendto(b"x", ("192.0.2.1", 53))


def test_a_test_can_reach_this_machine():
    """Loopback stays open: nodes in a test talk to one another."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(("localhost", server.getsockname()[1])).close()
