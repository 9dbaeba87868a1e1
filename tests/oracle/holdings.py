"""Who may have what in a whole world, told as a list of acts.

An act is a dictionary. ``write`` (party, record, edition), ``revise`` (the same, a later edition),
``release`` (record, receiver, rule, hide, grain), ``recall`` (record, receiver) and ``exchange``
(one, other). What a partner has changes at an exchange only.
"""

from tests.oracle.labels import may_read, may_see, viewer
from tests.oracle.wire import GRAINS, ONWARD, told_edition

LADDER = ["open", "restricted", "confidential", "secret"]
FILES = ["none", "with_approval", "along"]
NEW = {"holds": False, "ended": False, "rule": "", "rules": []}


def covers(rule, edition, past):
    """Whether a rule is for this record: its kind, what it says in each facet, where it stands."""
    if edition["kind"] not in rule["kinds"] or edition["body"].get("sealed") == "sealed":
        return False
    for facet, wanted in rule["facets"].items():
        said = edition["body"].get(facet)
        said = said.get("key") if isinstance(said, dict) else said
        said = said if isinstance(said, list) else [said]
        if not any(value in wanted for value in said):
            return False
    named = rule["stages"] == [] or edition["state"] in rule["stages"]
    return named or (past["holds"] and rule["follow"] == "whole")


def bound(rule, past, loosen=False):
    """The rule with all that the rules before it kept back, unless a person loosens that."""
    made = dict(rule)
    for other in past["rules"]:
        made["hide"] = sorted({*made["hide"], *other["hide"]})
        made["grain"] = max(made["grain"], other["grain"], key=GRAINS.index)
        made["delay"] = max(made["delay"], other["delay"])
        ends = [days for days in (made["days"], other["days"]) if days]
        made["days"] = min(ends) if ends else 0
        if other["approvers"] > made["approvers"]:
            made["automatic"], made["approvers"] = False, other["approvers"]
        made["files"] = min(made["files"], other["files"], key=FILES.index)
        made["onward"] = min(made["onward"], other["onward"], key=ONWARD.index)
        made["class_max"] = min(made["class_max"], other["class_max"], key=LADDER.index)
    if loosen and made != rule:
        return dict(rule, automatic=False, approvers=max(made["approvers"], 1))
    return made


def alone(rule, past):
    """Whether the newest edition goes by this rule without a person."""
    if past["ended"] or any(other["approvers"] > rule["approvers"] for other in past["rules"]):
        return False
    held_by_it = past["holds"] and past["rule"] == rule["name"]
    return rule["automatic"] or (held_by_it and rule["follow"] == "whole")


def may_release(
    edition, owner, receiver, agreement, rule_name, *, now, past=NEW, loosen=False
):  # fmt: skip
    """The rule by which it may leave, as it binds, or None: no rule, no release."""
    if agreement is None or not agreement["begins"] <= now < agreement["ends"]:
        return None
    found = [rule for rule in agreement["rules"] if rule["name"] == rule_name]
    if not found or found[0]["sender"] != owner or not covers(found[0], edition, past):
        return None
    rule = bound(found[0], past, loosen)
    clearance = min(agreement["clearance"][receiver], rule["class_max"], key=LADDER.index)
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
        self.went_by = {}  # (sender, receiver, record) -> the rules by which editions went
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
        before = self.went_by.get((owner, receiver, act["record"]), [])
        rule = may_release(
            edition, owner, receiver, agreement, act["rule"], now=now, past={**NEW, "rules": before}
        )
        if rule is None:
            return False
        self.went_by[owner, receiver, act["record"]] = [*before, rule]
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
