"""What of files leaves, and who may read them: which file follows from the body that leaves, under
the labels and rules of both; read where a record that names it can be read.
"""

from tests.oracle.holdings import LADDER, NEW, Ledger, covers, may_release
from tests.oracle.labels import may_see
from tests.oracle.wire import GRAINS, ONWARD, told_edition


def joined(one, other):
    """The label of a file that goes with a record: of both, whatever is stricter."""
    groups = [group for label in (one, other) for group in (label["audience"] or [[]])]
    ends = [label["expires"] for label in (one, other) if label["expires"]]
    return {
        "policy": one["policy"] if one["policy"] == other["policy"] else "nobody's",
        "class": max(one["class"], other["class"], key=LADDER.index),
        "audience": groups,
        "categories": sorted({*one["categories"], *other["categories"]}),
        "caveats": sorted({*one["caveats"], *other["caveats"]}),
        "onward": min(one["onward"], other["onward"], key=ONWARD.index),
        "embargo": max(one["embargo"], other["embargo"]),
        "expires": min(ends) if ends else 0,
    }


def first_rule(file, owner, agreement):
    """The name of the most cautious rule for a file."""
    found = [
        rule for rule in agreement["rules"] if rule["sender"] == owner and covers(rule, file, NEW)
    ]
    found.sort(
        key=lambda r: (-len(r["facets"]), -GRAINS.index(r["grain"]), -r["approvers"], r["name"])
    )
    return found[0]["name"] if found else ""


class FileLedger(Ledger):
    """A ledger whose records name files. ``files`` are all that were ever written, by owner."""

    def __init__(self, agreements):
        super().__init__(agreements)
        self.files = {}  # party -> {file: edition}
        self.took = {}  # (sender, receiver, record) -> the files that went with it

    def _attach(self, act, now):
        self.files.setdefault(act["party"], {})[act["record"]] = act["edition"]
        return True

    def _release(self, act, now):
        owner, to, record = act["party"], act["receiver"], act["record"]
        edition, pair = self.own[owner][record], (owner, to)
        agreement = self.agreements[frozenset(pair)]
        before = self.went_by.get((owner, to, record), [])
        rule = may_release(
            edition, owner, to, agreement, act["rule"], now=now, past={**NEW, "rules": before}
        )
        if rule is None:
            return False
        stays = {*edition["tear"], *rule["hide"], *act["hide"]}
        named = [] if "attachments" in stays or rule["files"] == "none" else list(
            edition["body"].get("attachments", [])
        )  # fmt: skip
        going = [self._along(pair, edition, rule, file, now) for file in named]
        if None in going:
            return False
        for told, file, bound in filter(None, [one or None for one in going]):
            self.went_by[owner, to, file] = [*self.went_by.get((owner, to, file), []), bound]
            self._tell(pair, "edition", told)
        self.went_by[owner, to, record] = [*before, rule]
        told = told_edition(
            edition, rule, to, now, hide=act["hide"], grain=act["grain"], known=named
        )
        self._tell(pair, "edition", told)
        took = self.took.setdefault((owner, to, record), [])
        for file in took:
            if file not in named and self._stands(pair, file):
                self._take_back(pair, file)
        took += [file for file in named if file not in took]
        return True

    def _along(self, pair, edition, rule, file, now):
        """A file as it goes with a record; () where it is there already, None where it may not."""
        owner, to = pair
        kept, agreement = self.files[owner][file], self.agreements[frozenset(pair)]
        if any(
            told["label"]["expires"] == 0 or told["label"]["expires"] > now
            for told in self._stands(pair, file)
        ):
            return ()
        whole = dict(kept, label=joined(kept["label"], edition["label"]))
        past = {**NEW, "rules": [*self.went_by.get((owner, to, file), []), rule]}
        name = first_rule(whole, owner, agreement)
        bound = may_release(whole, owner, to, agreement, name, now=now, past=past)
        return None if bound is None else (told_edition(whole, bound, to, now), file, bound)

    def _stands(self, pair, record):
        """What the receiver holds of a record, or will hold once it has come."""
        waiting = [told for kind, told in self.queue.get(pair, []) if kind == "edition"]
        held = self.got.get(pair, {}).get(record)
        return [told for told in [*waiting, *([held] if held else [])] if told["record"] == record]

    def _take_back(self, pair, record):
        waiting = self.queue.get(pair, [])
        self.queue[pair] = [entry for entry in waiting if entry[1]["record"] != record]
        self._tell(pair, "recall", {"record": record})

    def _recall(self, act, now):
        pair = (act["party"], act["receiver"])
        if not super()._recall(act, now):
            return False
        for file in self.took.get((*pair, act["record"]), []):
            if self._stands(pair, file):
                self._take_back(pair, file)
        return True

    def files_read_by(self, who, now):
        """(owner, file): exactly those that this viewer may read."""
        party, found = who["party"], set()
        own = self.own.get(party, {}).values()
        for file, kept in self.files.get(party, {}).items():
            for edition in own:
                if file in edition["body"].get("attachments", []):
                    both = joined(kept["label"], edition["label"])
                    found |= {(party, file)} if may_see(who, party, both, now) else set()
        for (sender, receiver), held in self.got.items():
            for told in held.values() if receiver == party else ():
                for file in told["body"].get("attachments", []):
                    both = [held[file]["label"], told["label"]] if file in held else []
                    if both and all(may_see(who, sender, label, now) for label in both):
                        found.add((sender, file))
        return found
