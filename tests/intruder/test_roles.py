"""Every role at every address: what it gets stands in a table that people have read."""

import pytest

from tests import stores
from tests.intruder.roles import NOBODY, POSITIONS, found, kept

SHUT = {"302 sign-on", "405"}
OPEN = {"home", "sign-on", "sign-off", "language", "theme", "second", "sign-on-passkey",
        "passkey-options", "unlock"}  # fmt: skip
CONTENT = ("record", "record-part", "record-print", "record-edit", "record-file", "inbox",
           "inbox-part", "holdings", "holdings-part", "approvals", "approvals-part", "approval",
           "release", "recall", "log-correct")  # fmt: skip


@pytest.mark.skipif(stores.on_postgresql(), reason="what a role may do, no store decides")
@pytest.mark.slow
def test_each_role_gets_what_the_table_says():
    """Nobody and none of ten roles gets more, or less, at any address than was agreed; an address
    that is new must at least send a stranger away.
    """
    agreed = kept()
    for row in found():
        name = f"{row['method']} {row['address']}"
        expected = agreed.get((row["address"], row["method"]))
        if expected is not None:
            assert {who: expected[who] for who in POSITIONS} == {who: row[who] for who in POSITIONS}
        elif row["address"].partition(",")[0] not in OPEN:
            assert row[NOBODY] in SHUT, f"{name} is open to anybody; and it is not in roles.csv"


def test_the_table_keeps_what_a_mandate_means():
    """Strangers are sent to sign on, the administrator reads nothing, withheld is absent, and only
    the watch releases.
    """
    for (name, method), row in kept().items():
        page, _, what = name.partition(", ")
        if page not in OPEN:
            assert row[NOBODY] in SHUT, name
        if page in CONTENT:
            assert row["administrator"] in {"403", "404", "405"}, name
        if what == "withheld":
            assert {row[who] for who in POSITIONS if who != NOBODY} <= {"403", "404", "405"}, name
        if page in {"release", "recall"}:
            watch = {"senior-duty-officer", "duty-officer", "liaison-officer", NOBODY}
            others = {row[who] for who in POSITIONS if who not in watch}
            assert others <= {"403", "404", "405"}, (name, method)


def test_what_is_withheld_and_what_is_absent_read_alike():
    """A record that one may not see and one that never was: the table has one answer for both."""
    table = kept()
    for (name, method), row in table.items():
        page, _, what = name.partition(", ")
        if what == "withheld" and "405" not in row.values() and page != "reply":
            assert "404" in row.values(), (name, method)
