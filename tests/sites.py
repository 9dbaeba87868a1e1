"""Protected sites of MPA at four desks, for tests: listed, verified, asked about, confirmed."""

from contextlib import contextmanager

from tansiq.desk.cases import rounds
from tansiq.desk.operations import sites
from tansiq.desk.records import read, say
from tansiq.domain.kinds.operations.protected_site import PROTECTED_SITE
from tansiq.domain.places import Place
from tansiq.policy.agreement import Follow
from tests.world import CLEARED, rule, to, worlds

OTHERS = ("COA", "MOD")
PAIRS = (("MPA", "COA"), ("MPA", "MOD"), ("COA", "MOD"), ("MPA", "JCC"))
NAME = "General hospital of the river"
CLINIC = Place(name="River bank", lat=357_800_000, lon=435_800_000)
ELSEWHERE = Place(name="Hill", lat=358_800_000, lon=436_900_000)
SEATS = tuple(f"{one}/{CLEARED}" for one in OTHERS)
TODAY, IN_90_DAYS = "2020-12-20", "2021-03-20"


@contextmanager
def four_parties():
    """MPA lists sites, COA and MOD may have them, JCC too and was told of none."""
    with worlds("MPA", "COA", "MOD", "JCC") as made:
        for one, other in PAIRS:
            made.agree(one, other, *(_passing(sender, f"{one}{other}") for sender in (one, other)))
        yield made


def _passing(sender, pair):
    return rule(
        sender, f"S-{sender}-{pair}", kinds=frozenset({PROTECTED_SITE.name}), automatic=True,
        follow=Follow.WHOLE,
    )  # fmt: skip


def site(town, name="hospital", *parties, place=CLINIC, position=CLEARED, **body):
    """MPA proposes a site, which these parties get at once."""
    said = {"text": NAME, "site": "hospital", "place": place.to_json(), "until": IN_90_DAYS}
    draft = say.Draft(kind=PROTECTED_SITE.name, body={**said, **body}, label=to(*parties))
    return town.write("MPA", name, draft, position)


def stand(town, record, party="MPA", position=CLEARED):
    return read.record(town.desk(party), town.viewer(party, position), "MPA", record).value


def verified(town, record, position=CLEARED, *, day="", how="seen_there", until=""):
    with town.names.under(f"verify {len(town.names.used)}"):
        sites.verify(
            town.desk("MPA"), town.actor("MPA", position), record, stand(town, record).digest,
            verified=day, how=how, until=until,
        )  # fmt: skip


def circle(town, record, party="MPA"):
    desk, viewer = town.desk(party), town.viewer(party)
    root = read.record(desk, viewer, "MPA", record)
    return rounds.circle_of(desk, viewer, root, town.actor(party)).value


def notified(town, record, *seats):
    seen = circle(town, record).newest
    with town.names.under(f"notify {len(town.names.used)}"):
        sites.notify(town.desk("MPA"), town.actor("MPA"), record, seats=seats or SEATS, seen=seen)


def confirmed(town, record, party, position=CLEARED, *, has=True):
    seen = circle(town, record, party).newest
    with town.names.under(f"confirm {len(town.names.used)}"):
        sites.confirm(
            town.desk(party), town.actor(party, position), "MPA", record, has=has, seen=seen
        )


def carry(town):
    town.clock.time += 60_000
    for one, other in PAIRS:
        town.exchange(one, other)


def moved(town, record, place=ELSEWHERE, **more):
    """The owner writes another place."""
    old = stand(town, record)
    body = {n: old.body[n] for n in ("text", "site", "until")} | {"place": place.to_json(), **more}
    draft = say.Draft(kind=old.kind, body=body, label=old.label, tear=old.tear)
    with town.names.under(f"move {len(town.names.used)}"):
        say.revise(town.desk("MPA"), town.actor("MPA"), record, old.digest, draft)


def told(town, record, party="MPA"):
    """Who has confirmed having it, as one party reads it."""
    desk, viewer = town.desk(party), town.viewer(party)
    root = read.record(desk, viewer, "MPA", record)
    return {one.party: one for one in sites.standing(desk, viewer, root).value.told}
