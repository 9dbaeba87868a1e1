"""Random acts, played on desks and in the oracle's ledger side by side."""

from dataclasses import replace

from hypothesis import strategies as st

from tansiq.desk.records import read, say
from tansiq.desk.release import releasing
from tansiq.domain.errors import InputError, RefusedError
from tansiq.domain.kinds import KINDS
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Classification, PartyCode
from tansiq.domain.places import Grain, place_named
from tansiq.domain.records import Edition
from tansiq.policy.agreement import by_facets
from tests.oracle.holdings import Ledger
from tests.oracle.labels import viewer as plain
from tests.world import HOUR, POSITIONS, START, prepare_seen, replies, rule, world

PARTIES = ("COA", "MOD", "MPA")
PAIRS = (("COA", "MOD"), ("COA", "MPA"), ("MOD", "MPA"))


def rules_of(one, other):
    """For each sender a rule that tells all and a cautious one."""
    return [
        made
        for sender in (one, other)
        for made in (
            replace(replies(sender, f"A-{sender}"), class_max=Classification.SECRET),
            rule(sender, f"ALL-{sender}", class_max=Classification.SECRET),
            rule(
                sender, f"LESS-{sender}", hide=frozenset({"text", "position", "informant"}),
                grain=Grain.KM5, days=2, facets=by_facets(category=["fire"]),
            ),
        )
    ]  # fmt: skip


def peopled():
    """Three parties; each pair has agreed, with different clearances."""
    made = world(*PARTIES)
    agreed = {}
    for number, (one, other) in enumerate(PAIRS):
        high = Classification.SECRET if number else Classification.RESTRICTED
        held = frozenset({"medical"}) if number == 1 else frozenset()
        terms = {
            "clearance": dict.fromkeys((PartyCode(one), PartyCode(other)), high),
            "held": dict.fromkeys((PartyCode(one), PartyCode(other)), held),
        }
        agreement = made.agree(one, other, *rules_of(one, other), **terms)
        agreed[frozenset({one, other})] = agreement.to_json()
    return made, Ledger(agreed)


LABELS = st.builds(
    Label,
    classification=st.sampled_from([*Classification, *[Classification.RESTRICTED] * 4]),
    audience=st.sampled_from([PARTIES, PARTIES, PARTIES, PARTIES[:2], PARTIES[1:], ()]).map(
        lambda codes: audience_of(*map(PartyCode, codes))
    ),
    categories=st.sampled_from([*[frozenset()] * 4, frozenset({"medical"})]),
    embargo=st.sampled_from([0, 0, 0, START + HOUR]),
    expires=st.sampled_from([0, 0, START + 2 * HOUR]),
)


@st.composite
def bodies(draw):
    """An incident or a line; now and then with a link to another record by number."""
    return {
        "text": draw(st.sampled_from(["fire at the mill", "road closed", "bridge under water"])),
        "observed": START + draw(st.integers(-5, 5)) * HOUR,
        "informant": draw(st.sampled_from(["", "post 7"])),
        "internal": draw(st.sampled_from(["", "hidden thought"])),
    }


RULE_NAMES = st.sampled_from(["ALL", "ALL", "ALL", "LESS", "NONE"])
KINDS_OF_ACTS = ("write", "write", "revise", "release", "release", "release", "recall", "exchange",
                 "exchange", "wait")  # fmt: skip


@st.composite
def acts(draw):
    """One act, with records named by number so that most of them exist."""
    kind = draw(st.sampled_from(KINDS_OF_ACTS))
    act = {"act": kind, "party": draw(st.sampled_from(PARTIES)), "number": draw(st.integers(0, 3))}
    if kind in ("write", "revise"):
        act |= {"label": draw(LABELS), "body": draw(bodies()), "incident": draw(st.booleans())}
        act["category"] = draw(st.sampled_from(["fire", "flood"]))
        act["tear"] = draw(st.sampled_from([None, frozenset({"observed"}), frozenset()]))
    elif kind in ("release", "recall"):
        act["receiver"] = draw(st.sampled_from([p for p in PARTIES if p != act["party"]]))
        act["rule"] = f"{draw(RULE_NAMES)}-{act['party']}"
        act["hide"] = draw(st.sampled_from([frozenset(), frozenset({"category", "observed"})]))
        act["grain"] = draw(st.sampled_from(list(Grain)))
    elif kind == "exchange":
        act["pair"] = draw(st.sampled_from(PAIRS))
    return act


class Play:
    """Desks and ledger, kept in step; every yes and no must be the same on both sides."""

    def __init__(self):
        self.world, self.ledger = peopled()
        self.records = {party: [] for party in PARTIES}
        self.turn = 0

    @property
    def now(self):
        return self.world.clock.now()

    def close(self):
        self.world.close()

    def do(self, act):
        self.turn += 1
        with self.world.names.under(f"act {self.turn}"):
            getattr(self, f"_{act['act']}")(act)

    def _draft(self, act):
        body = dict(act["body"])
        if act["incident"]:
            body |= {"category": act["category"], "severity": "urgent", "grade": "B2",
                     "place": place_named("Makhmour").to_json()}  # fmt: skip
        kind = "incident" if act["incident"] else "log_line"
        return say.Draft(kind=kind, body=body, label=act["label"], tear=act["tear"])

    def _keep(self, act, record):
        """Tell the ledger what the author wrote, built without asking the board."""
        draft = self._draft(act)
        kind = KINDS[draft.kind]
        tear = kind.below_by_default() if draft.tear is None else draft.tear
        edition = Edition(
            record=record, owner=PartyCode(act["party"]), kind=draft.kind, version=1, number=1,
            previous="", state=kind.states[0], label=draft.label,
            body={name: value for name, value in draft.body.items() if value != ""},
            tear=tear, author=self.world.actor(act["party"]), at=self.now,
        )  # fmt: skip
        told = {"party": act["party"], "record": record, "edition": edition.to_json()}
        self.ledger.play({"act": "write", **told}, self.now)

    def _write(self, act):
        party = act["party"]
        actor = self.world.actor(party)
        record = say.write(self.world.desk(party), actor, self._draft(act))
        self.records[party].append((record, act["incident"]))
        self._keep(act, record)

    def _chosen(self, act):
        own = self.records[act["party"]]
        return own[act["number"] % len(own)] if own else (None, False)

    def _revise(self, act):
        record, is_incident = self._chosen(act)
        if record is None or not is_incident:
            return
        act = {**act, "incident": True}
        desk, actor = self.world.desk(act["party"]), self.world.actor(act["party"])
        base = say.current(desk, actor, record).value.digest
        say.revise(desk, actor, record, base, self._draft(act))
        self._keep(act, record)

    def _release(self, act):
        record, _ = self._chosen(act)
        if record is None:
            return
        desk, actor = self.world.desk(act["party"]), self.world.actor(act["party"])
        wish = releasing.Wish(
            record=record, to=PartyCode(act["receiver"]), rule=act["rule"], hide=act["hide"],
            grain=act["grain"],
        )  # fmt: skip
        edition = self.ledger.own[act["party"]][record]
        held_back = edition["label"]["embargo"] > self.now
        told = {**act, "record": record, "grain": act["grain"].value, "known": ()}
        try:
            prepare_seen(desk, actor, wish)
            allowed = True
        except RefusedError:
            allowed = False
        if allowed and held_back:
            releasing.recall(desk, actor, record, wish.to, "error")  # stops what has not left
            if self._held(act, record):
                self.ledger.play({**told, "act": "recall"}, self.now)
            return
        assert self.ledger.play(told, self.now) == allowed, told

    def _held(self, act, record):
        pair = (act["party"], act["receiver"])
        queued = [entry for kind, entry in self.ledger.queue.get(pair, []) if kind == "edition"]
        return record in self.ledger.got.get(pair, {}) or any(
            entry["record"] == record for entry in queued
        )

    def _recall(self, act):
        record, _ = self._chosen(act)
        if record is None:
            return
        desk, actor = self.world.desk(act["party"]), self.world.actor(act["party"])
        try:
            releasing.recall(desk, actor, record, PartyCode(act["receiver"]), "error")
            allowed = True
        except InputError:
            allowed = False
        assert self.ledger.play({**act, "record": record}, self.now) == allowed

    def _exchange(self, act):
        one, other = act["pair"]
        self.world.exchange(one, other)
        self.ledger.play({"act": "exchange", "one": one, "other": other}, self.now)

    def _wait(self, act):
        self.world.clock.time += HOUR

    def viewers(self):
        """Every position of every party, with its plain form for the oracle."""
        for party in PARTIES:
            for position in POSITIONS:
                yield (
                    self.world.desk(party),
                    self.world.viewer(party, position.code),
                    plain(
                        party,
                        position.role.value,
                        position.clearance.value,
                        position.categories,
                    ),
                )


def whole_list(desk, viewer, query_of, limit):
    """All rows by following ``after`` from page to page."""
    rows, after, pages = [], None, 0
    while True:
        page = read.page(desk, viewer, query_of(after=after, limit=limit))
        rows += page.rows
        pages += 1
        assert pages < 100
        if page.after is None:
            return rows, page.total
        after = page.after
