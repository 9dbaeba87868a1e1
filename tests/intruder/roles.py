"""What each role gets at each address: ``python -m tests.intruder.roles`` writes the table anew.

A person reads the difference before it is kept: a role that gets more than before is a decision.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tansiq.domain.parties import Role
from tansiq.web.shell.site import App, make_app
from tests.noninterference.addresses import patterns
from tests.noninterference.browser import Browser, settings_of
from tests.world import World, both_ways, incident, line, to, uuid_of, worlds

TABLE = Path(__file__).with_name("roles.csv")
NOBODY = "nobody"
POSITIONS = (NOBODY, *(role.value.replace("_", "-") for role in Role))
# These change what the others are asked about; they come last.
LAST = ("link-stop", "link-restart", "key-revoke", "key-pass", "recall", "sign", "sign-off")
Row = dict[str, str]


def _address(pattern: str, owner: str, record: str) -> str:
    kind = "incident" if pattern.startswith("/list/") else "dispute"
    return pattern.format(
        owner=owner, record=record, party="MOD", kind=kind, code="ar", number=1, other=2,
        release=uuid_of(f"release {uuid_of('fire/1')} to MOD/1"), public="0" * 64,
        lane=uuid_of("no lane"), name="auditor",
    )  # fmt: skip


def _asked() -> Iterator[tuple[str, str]]:
    """Each address once, of an own record, and of a partner's where that makes a difference."""
    for name, pattern in sorted(patterns().items(), key=lambda item: (item[0] in LAST, item[0])):
        own = uuid_of("line/1") if name == "log-correct" else uuid_of("fire/1")
        yield name, _address(pattern, "MPA", own)
        if "{owner}" in pattern:
            yield f"{name}, a partner's", _address(pattern, "MOD", uuid_of("theirs/1"))
            yield f"{name}, withheld", _address(pattern, "MPA", uuid_of("secret/1"))


def _told(browser: Browser, method: str, address: str) -> str:
    reply = (browser.get if method == "GET" else browser.post)(address)
    where = reply.header("location")
    return f"{reply.status} sign-on" if where.startswith("/sign-on") else str(reply.status)


def _answers(made: World, edge: App) -> Iterator[Row]:
    """Who only looks keeps one session; whoever sends a form may lose it by that."""
    for method in ("GET", "POST"):
        seats = {who: _browser(made, edge, who) for who in POSITIONS}
        for name, address in _asked():
            row = {"address": name, "method": method}
            for who in POSITIONS:
                if method == "POST":
                    seats[who].close()
                    seats[who] = _browser(made, edge, who)
                row[who] = _told(seats[who], method, address)
            yield row
        for browser in seats.values():
            browser.close()


def _browser(made: World, edge: App, position: str) -> Browser:
    return Browser(made.desk("MPA"), "" if position == NOBODY else position, edge=edge)


def found() -> list[Row]:
    """The table as the pages are now."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *both_ways("MPA", "MOD"))
        edge = make_app(made.desk("MPA"), settings_of(made.desk("MPA")))
        secret = {"classification": list(type(to().classification))[-1]}
        made.write("MPA", "secret", incident(to(**secret)))
        made.write("MPA", "fire", incident(to("MOD")))
        made.write("MPA", "line", line(to("MOD")))
        made.release("MPA", uuid_of("fire/1"), "MOD", "R-MPA")
        made.write("MOD", "theirs", incident(to("MPA")))
        made.release("MOD", uuid_of("theirs/1"), "MPA", "R-MOD")
        made.exchange("MPA", "MOD")
        return list(_answers(made, edge))


def text_of(rows: list[Row]) -> str:
    """The table as a file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, ["address", "method", *POSITIONS], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def kept() -> dict[tuple[str, str], Row]:
    """The table that was agreed on."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["address"], row["method"]): row for row in csv.DictReader(file)}


if __name__ == "__main__":
    TABLE.write_text(text_of(found()), "utf-8")
