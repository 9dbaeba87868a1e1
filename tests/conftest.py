"""What every test runs under: no network but this machine, reproducible random examples, and one of
two stores (``tests/stores.py``), everyday or whole (``tests/breadth.py``).
"""

import socket
from ipaddress import ip_address
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.backends.signals import connection_created
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tansiq.node import garbage
from tests import breadth, seeds, stores

# A slow machine is no failing property, so there is no deadline. The same commit draws the same
# examples wherever it is built; `./dev fuzz` draws new ones, keeps what fails, and prints how to
# repeat it.
SLOW = [HealthCheck.too_slow]
settings.register_profile(
    "build", derandomize=True, deadline=None, database=None, suppress_health_check=SLOW
)
settings.register_profile(
    "fresh",
    deadline=None,
    print_blob=True,
    database=DirectoryBasedExampleDatabase(Path(__file__).parents[1] / ".dev" / "examples"),
    suppress_health_check=SLOW,
)
settings.load_profile("fresh" if seeds.SEED else "build")


class NetworkBlockedError(RuntimeError):
    """A test reached for another machine."""


def is_here(host: object) -> bool:
    """Whether a host is this machine: nothing, a loopback name or a loopback address."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in {"", "localhost", "0.0.0.0", "::"}:
        return True
    try:
        return ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse(host: object) -> None:
    """Stops a test that would leave this machine."""
    if not is_here(host):
        raise NetworkBlockedError(
            f"This test reached for {host!r}. Tests run where there is no network and must not "
            "depend on one: use 127.0.0.1, or hand the code a carrier that stays in memory."
        )


def _guarded(original):
    def method(self, *arguments):
        address = arguments[-1]  # connect(address), sendto(data, [flags,] address)
        if self.family in {socket.AF_INET, socket.AF_INET6} and isinstance(address, tuple):
            refuse(address[0])
        return original(self, *arguments)

    return method


def _guarded_lookup(original):
    def lookup(host, *arguments, **named):
        refuse(host)
        return original(host, *arguments, **named)

    return lookup


def pytest_configure(config) -> None:
    """Says how wide the run is and puts the guards in place, before any test module is imported."""
    breadth.choose(whole=config.getoption("--full"))
    # A passphrase takes its hash a quarter of a second on purpose. Served nodes and commands, which
    # are processes of their own, pay that; what runs here pays a hundredth.
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 1_024
    Argon2PasswordHasher.parallelism = 1
    connection_created.connect(_hasty)
    if getattr(socket, "tansiq_guarded", False):
        return
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    socket.getaddrinfo = _guarded_lookup(socket.getaddrinfo)
    socket.gethostbyname = _guarded_lookup(socket.gethostbyname)
    socket.tansiq_guarded = True


def _hasty(connection, **_) -> None:
    """Accounts of pages that run in this process need no disk: they end with it."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous=OFF")
        connection.cursor().execute("PRAGMA journal_mode=MEMORY")


def pytest_collection_finish() -> None:
    """What was imported stays: to look for garbage as rarely as a node does saves a twentieth."""
    garbage.settle()


# Which tests need a store, and the second run with the other one ---------------------------------

GROUP = "xdist_group"  # with --dist=loadgroup one worker runs all tests of a group
SHARE = 60  # a random world asks thousands of questions, each far dearer on PostgreSQL
_opening: set[object] = set()  # fixtures whose setting up opened a store


def pytest_addoption(parser) -> None:
    """How wide the run is; the file by which the first run tells the second which tests opened a
    store.
    """
    parser.addoption("--full", action="store_true", help="the whole product, not the everyday run")
    parser.addoption("--note-stores", metavar="FILE", help="note which tests open a store")
    parser.addoption("--only-stores", metavar="FILE", help="run only the tests noted there")


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    """A fixture that opened a store does so for every test that uses it."""
    before = stores.ASKED[0]
    try:
        return (yield)
    finally:
        if stores.ASKED[0] > before:
            _opening.add(fixturedef)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Notes a test that opened a store, by itself or by a fixture."""
    before = stores.ASKED[0]
    definitions = getattr(item, "_fixtureinfo", None)
    try:
        return (yield)
    finally:
        used = definitions.name2fixturedefs.values() if definitions else ()
        opened = stores.ASKED[0] > before or any(_opening & set(found) for found in used)
        note = item.config.getoption("--note-stores")
        if note and opened:
            with Path(note).open("a", encoding="utf-8") as file:
                file.write(f"{_named(item)}\n")


def _named(item) -> str:
    """The name of a test, whether or not its group has been put behind it already."""
    group = item.get_closest_marker(GROUP)
    name = item.nodeid.removesuffix(f"@{group.args[0]}") if group else item.nodeid
    return name.encode("unicode_escape").decode()


def _shares(item) -> bool:
    definitions = getattr(item, "_fixtureinfo", None)
    found = definitions.name2fixturedefs.values() if definitions else ()
    return any(one.scope == "module" for each in found for one in each)


def pytest_sessionstart(session) -> None:
    """The notes are of one run; the workers of a run share them."""
    note = session.config.getoption("--note-stores")
    if note and not hasattr(session.config, "workerinput"):
        Path(note).unlink(missing_ok=True)


def pytest_collection_modifyitems(config, items) -> None:
    """Leaves out what opened no store; random worlds on PostgreSQL are fewer. Tests that share a
    fixture of their module share a worker, so that it is made once.
    """
    for item in items:
        if item.get_closest_marker(GROUP) is None and _shares(item):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    only = config.getoption("--only-stores")
    if only:
        noted = set(Path(only).read_text("utf-8").splitlines())
        kept = [item for item in items if _named(item) in noted]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
    if not stores.on_postgresql():
        return
    for item in items:
        chosen = getattr(item.obj, "_hypothesis_internal_use_settings", None)
        if chosen is not None:
            fewer = settings(chosen, max_examples=max(chosen.max_examples // SHARE, 1))
            getattr(item.obj, "__func__", item.obj)._hypothesis_internal_use_settings = fewer
