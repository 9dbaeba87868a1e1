"""The verbs for keys, as they are typed."""

from tests.contract.desks import MOD, MPA
from tests.unit.test_cli import nodes, said, say_something, tansiq

__all__ = ["nodes"]


def test_a_revoked_node_is_sent_nothing(nodes):
    """The authority signs on any machine; a stick or a person brings it; sending stops at once."""
    stick = nodes / "stick"
    say_something(nodes, MPA, MOD)
    lost = nodes / MOD / "MOD-mod.card"
    revoke = ("revoke", stick, lost, "--authority", nodes / MOD / "keys", "--lost")
    said(tansiq(*revoke, "yesterday"), 2)
    said(tansiq(*revoke, "2020-12-20T10:00", "--reason", "stolen"), 0, "tansiq-notice-MOD-mod-")
    said(tansiq(*revoke[:-2], nodes / MPA / "keys"), 3, "not signed by the authority")
    (file,) = stick.glob("tansiq-notice-MOD-*.json")
    said(tansiq("exchange", nodes / MPA, stick, "--to", MOD), 3, file.name, "Nothing is sent to it")
    assert not list(stick.glob("*.tsq"))
    notice = ("notice", nodes / MPA, file, "--position", "liaison", "--person", "P-1")
    said(tansiq(*notice), 0, "known already")
    said(tansiq("exchange", nodes / MOD, stick, "--to", MPA), 3, "has revoked this node")
    file.with_name("tansiq-notice-MOD-x.json").write_bytes(b"{}")
    said(tansiq("exchange", nodes / MPA, stick, "--to", MOD), 3, "File not used")
