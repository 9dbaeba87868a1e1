"""Reading files in a simulated world: all bytes that a node holds of one."""

import base64

from tansiq.desk.release import releasing
from tansiq.domain.parties import PartyCode
from tests.sim.node import Node


def file_of(node: Node, key: str) -> bytes:
    """The bytes of a file that are at a node, in order; ``key`` is its record's."""
    owner, _, record = key.partition("/")
    parts = releasing.chunks(node.desk, PartyCode(owner), record)
    return b"".join(base64.b64decode(part) for part in parts)
