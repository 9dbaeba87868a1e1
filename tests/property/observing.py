"""Everything that one position can get out of its desk, as plain values that can be compared."""

from dataclasses import fields, is_dataclass

from tansiq.desk.records import approvals, attention, inbox, linked, read
from tansiq.desk.records.held import Left
from tansiq.domain.errors import TansiqError
from tansiq.domain.kinds import KINDS
from tansiq.policy.release import open_for
from tansiq.policy.seal import Released
from tests.world import HOUR, START

KIND_NAMES = tuple(KINDS)
LINKS = ("about", "related", "attachments")


def plainly(value):
    """A value without identities: what a page could print of it."""
    if isinstance(value, Released):
        return ("released", plainly(value.viewer), plainly(value.value))
    if is_dataclass(value):
        return {item.name: plainly(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, list | tuple):
        return [plainly(item) for item in value]
    return value


def asked(question, *values):
    """The answer, or the refusal in words: errors are answers too."""
    try:
        return plainly(question(*values))
    except TansiqError as error:
        return (type(error).__name__, error.text("en"))


QUERIES = (
    {},
    {"limit": 2},
    {"words": "mill"},
    {"words": "hidden"},
    {"received": True},
    {"owners": ("MPA",)},
    {"states": ("reported",)},
    {"facets": (("category", ("fire",)), ("severity", ("urgent",)))},
    {"as_of": START},
    {"as_of": START + HOUR, "limit": 2},
    {"as_of": START + HOUR, "words": "hidden", "received": True},
    {"box": (430_000_000, 350_000_000, 440_000_000, 360_000_000)},
)


def lists_of(desk, viewer):
    """All that needs no id."""
    for terms in QUERIES:
        query = read.Query(kinds=KIND_NAMES, **terms)
        yield terms, asked(read.page, desk, viewer, query)
        yield terms, asked(read.count, desk, viewer, query)
        yield terms, asked(read.map_cells, desk, viewer, query, 2_500_000)
    told = (read.awaiting, read.holdings, read.tombstones, inbox.unread,
            attention.waiting, attention.sounding)  # fmt: skip
    for listed in told:
        yield listed.__name__, asked(listed, desk, viewer)
    for whose in approvals.Whose:
        wanted = approvals.Wanted(whose=whose, person="P-1")
        yield whose, asked(read.awaiting, desk, viewer, wanted)
        yield whose, asked(approvals.counts, desk, viewer, wanted, 9)
    yield "one", asked(lambda: read.holdings(desk, viewer, limit=1))
    for party in read.partner_codes(desk):
        yield party, asked(read.holdings, desk, viewer, Left(party=party))
        yield party, asked(read.waiting_for, desk, viewer, party)


def known_of(desk, viewer, owners, ids):
    """All that is asked by an id, whoever owns it, whether or not it exists."""
    yield asked(read.named, desk, viewer, ids)
    for identity in ids:
        yield asked(read.releases_of, desk, viewer, identity)
        for owner in owners:
            yield asked(read.record, desk, viewer, owner, identity)
            yield asked(read.history, desk, viewer, owner, identity)
            yield asked(read.attachment, desk, viewer, owner, identity)
        for field in LINKS:
            yield asked(read.linked, desk, viewer, identity, field)
        for view in read.named(desk, viewer, [identity]):
            yield asked(linked.claims, desk, viewer, view)
            for field in linked.governing():
                yield asked(linked.by_owner, desk, viewer, [view], field)
                yield asked(linked.named_by_owner, desk, viewer, view, field)


def everything(desk, viewer, owners, ids):
    """All answers of all reading use cases."""
    return [*lists_of(desk, viewer), *known_of(desk, viewer, owners, ids)]


class Ears:
    """Which changes a position hears of: the topics of each commit that it may know about."""

    def __init__(self, desk):
        self.desk = desk
        self.commits = []
        desk.listen(self.commits.append)

    def heard_by(self, viewer):
        now = self.desk.clock.now()
        heard = (
            [
                change.topic
                for change in changes
                if change.positions is None or viewer.position in change.positions
                if all(
                    one is None or open_for(viewer, one, now)
                    for one in (change.sealed, change.gone)
                )
            ]
            for changes in self.commits
        )
        return [topics for topics in heard if topics]
