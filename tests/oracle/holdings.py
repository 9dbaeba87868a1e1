"""Who may have what in a whole world, told as a list of acts.

An act is a dictionary. ``write`` (party, record, edition), ``revise`` (the same, a later edition),
``release`` (record, receiver, rule, hide, grain), ``recall`` (record, receiver) and ``exchange``
(one, other). What a partner has changes at an exchange only.
"""

from tests.oracle.labels import may_read, may_see, viewer
from tests.oracle.wire import told_edition


def may_release(edition, owner, receiver, agreement, rule_name, *, now):
    """The rule by which it may leave, or None: no rule, no release."""
    if agreement is None or not agreement["begins"] <= now < agreement["ends"]:
        return None
    found = [rule for rule in agreement["rules"] if rule["name"] == rule_name]
    if not found or found[0]["sender"] != owner or edition["kind"] not in found[0]["kinds"]:
        return None
    rule = found[0]
    if rule["categories"] and edition["body"].get("category") not in rule["categories"]:
        return None
    ladder = ["open", "restricted", "confidential", "secret"]
    clearance = min(agreement["clearance"][receiver], rule["class_max"], key=ladder.index)
    partner = viewer(receiver, clearance=clearance, categories=agreement["held"][receiver])
    if not may_read(partner, owner, edition["label"]):
        return None
    if edition["label"]["expires"] and edition["label"]["expires"] <= now:
        return None
    return rule


class Ledger:
    """Plays acts and remembers who may have what."""

    def __init__(self, agreements):
        self.agreements = agreements  # frozenset of two parties -> agreement as JSON
        self.own = {}  # party -> {record: newest edition}
        self.queue = {}  # (sender, receiver) -> what left and has not arrived
        self.got = {}  # (sender, receiver) -> {record: newest wire edition}
        self.told = {}  # (sender, receiver) -> all that was ever put on the way, in order

    def play(self, act, now):
        """One act; whether it was allowed."""
        return getattr(self, f"_{act['act']}")(act, now)

    def _write(self, act, now):
        self.own.setdefault(act["party"], {})[act["record"]] = act["edition"]
        return True

    _revise = _write

    def _release(self, act, now):
        owner, receiver = act["party"], act["receiver"]
        edition = self.own[owner][act["record"]]
        agreement = self.agreements.get(frozenset({owner, receiver}))
        rule = may_release(edition, owner, receiver, agreement, act["rule"], now=now)
        if rule is None:
            return False
        told = told_edition(
            edition, rule, receiver, now, hide=act["hide"], grain=act["grain"], known=act["known"]
        )
        self._tell((owner, receiver), "edition", told)
        return True

    def _tell(self, pair, kind, told):
        self.queue.setdefault(pair, []).append((kind, told))
        self.told.setdefault(pair, []).append((kind, told))

    def _recall(self, act, now):
        pair, record = (act["party"], act["receiver"]), act["record"]
        waiting = self.queue.get(pair, [])
        sent = [told for kind, told in waiting if kind == "edition" and told["record"] == record]
        if not sent and record not in self.got.get(pair, {}):
            return False
        self.queue[pair] = [entry for entry in waiting if entry[1]["record"] != record]
        self._tell(pair, "recall", {"record": record})
        return True

    def _exchange(self, act, now):
        for pair in ((act["one"], act["other"]), (act["other"], act["one"])):
            held = self.got.setdefault(pair, {})
            for kind, told in self.queue.pop(pair, []):
                if kind == "edition":
                    held[told["record"]] = told
                else:
                    held.pop(told["record"], None)
        return True

    def seen_by(self, who, now):
        """(owner, record) -> body: exactly what this viewer may have."""
        party = who["party"]
        seen = {
            (party, record): edition["body"]
            for record, edition in self.own.get(party, {}).items()
            if may_see(who, party, edition["label"], now)
        }
        for (sender, receiver), held in self.got.items():
            for record, told in held.items():
                if receiver == party and may_see(who, sender, told["label"], now):
                    seen[sender, record] = told["body"]
        return seen
