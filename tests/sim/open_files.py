"""Where files may be read, decided from the logs alone: an own look at every node's rows."""

import json
from typing import Any

from tansiq.desk.records import read
from tansiq.domain.errors import InputError
from tansiq.domain.parties import viewer_at
from tests.oracle.labels import may_see, viewer
from tests.sim.node import Node
from tests.sim.safety import demand

Row = dict[str, Any]
EVENTS = 3  # from one look to the next


def look(node: Node, event: int) -> None:
    """Now and then: no file is open without a record."""
    if event % EVENTS == 0:
        opened = open_without_a_record(node)
        demand(not opened, f"a file is read without its record: {opened[:1]}")


def open_without_a_record(node: Node) -> list[str]:
    """The files that some position of a node can read although no record there names them that it
    may read too.
    """
    rows = _rows(node)
    files = [row for row in rows if row["kind"] == "attachment"]
    carriers: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        for file in row["body"].get("attachments", []):
            carriers.setdefault((row["owner"], file), []).append(row)
    found = []
    for position in node.identity.positions if files else ():
        who = viewer(node.party, str(position.role), str(position.clearance), position.categories)
        for file in files:
            owner, now = file["owner"], node.clock.now()
            named = carriers.get((owner, file["record"]), [])
            allowed = any(
                may_see(who, owner, one["label"], now) and may_see(who, owner, file["label"], now)
                for one in named
            )
            if not allowed and _reads(node, position.code, owner, file["record"]):
                found.append(f"{position.code} of {node.party} reads {owner}/{file['record']}")
    return found


def _rows(node: Node) -> list[Row]:
    rows = node.database.rows(
        """SELECT r.owner, r.record, r.kind, e.data FROM record r
             JOIN entry e ON e.log = r.log AND e.seq = r.seq WHERE e.data IS NOT NULL"""
    )
    found = []
    for owner, key, kind, data in rows:
        assert isinstance(data, bytes)
        item = json.loads(data)
        found.append(
            {"owner": owner, "record": str(key).partition("/")[2], "kind": kind,
             "body": item["body"], "label": item["label"]}
        )  # fmt: skip
    return found


def _reads(node: Node, position: str, owner: str, record: str) -> bool:
    seat = viewer_at(node.party, node.desk.position(position))
    try:
        read.attachment(node.desk, seat, owner, record)
    except InputError:
        return False
    return True
