"""The chapter of support requests: what one provider promises and sends, another never learns.

One request goes to MOD and to JCC. What JCC promises, sends and has confirmed, and what MPA tells
it, is hidden from MOD, and with it every sum, clock and share that follows. Other requests are
hidden as a whole, for another party alone or above a low clearance. What anybody has in stock is
hidden from every other party, and so is that a consignment was taken out of it. Of the items that a
party has beside the shared catalogue another reads those that a request names, as it named them,
and not what else there is, what they are called later, or which are taken out.
"""

from tansiq.desk.cases import taking
from tansiq.desk.records import attention, items, say
from tansiq.desk.support import stock
from tansiq.domain.kinds.support.supplies import OwnItem
from tansiq.domain.labels import Label
from tansiq.domain.places import Place
from tansiq.domain.wording import Text
from tests.noninterference.cases import step
from tests.noninterference.story import ALL_READ, HIGH, MOD_READS, MPA_READS, Case, Story
from tests.world import CLEARED, HOUR, to, uuid_of

VISIBLE = ("aid", "stock MPA")
HIDDEN = ("aid jcc 0", "aid mod 0", "aid high 0", "stock MPA 0", "stock MOD 0")
LANES = (uuid_of("aid/5"), uuid_of("aid high 0/3"))  # MOD's, seen and hidden
# What a consignment's paper says: one that all see, and those that are hidden.
CODES = ("aid sent", "aid jcc sent 0", "aid jcc sent 1", "aid beside 0")
PLACE = Place(name="Makhmour", key="makhmour", lat=357_700_000, lon=435_700_000).to_json()


MASKS = {"item": "mask", "unit": "piece", "count": 40}
FILTERS = {"item": "mpa-filter", "unit": "piece", "count": 5}
GOWNS = {"item": "gown", "unit": "piece", "count": 3}  # asked for where it is hidden alone
STRANGERS = (*MOD_READS, Case.THIRD, Case.STRANGER)


def need(story: Story, text: str, label: Label, *parties: str, lines=(MASKS, GOWNS)) -> say.Draft:
    body = {
        "sort": "supplies", "text": text, "priority": "urgent", "reason": "None are left",
        "needed_by": story.world.clock.time + 90 * HOUR, "place": PLACE,
        "seats": [f"{p}/{CLEARED}" for p in parties],
        "lines": list(lines),
        "internal": story.said("The minister asked for it", *MPA_READS),
    }  # fmt: skip
    return say.Draft(kind="support", body=body, label=label)


def provided(story: Story) -> None:
    """What both hear of one need, and what each of them must not."""
    world = story.world
    both, text = to("MOD", "JCC"), story.said("Masks for the clinic", *ALL_READ)
    items.take(world.desk("MPA"), world.actor("MPA"), [_own("mpa-filter", "Water filter")])
    asked = need(story, text, both, "MOD", "JCC", lines=(MASKS, FILTERS))
    world.write("MPA", "aid", asked)
    _catalogued(story)
    for n in story.hidden(*MOD_READS):
        world.write("MPA", f"aid jcc {n}", need(story, story.said("jcc"), to("JCC"), "JCC"))
    for n in story.hidden(Case.THIRD):
        world.write("MPA", f"aid mod {n}", need(story, story.said("mod"), to("MOD"), "MOD"))
    for n in story.hidden(*MPA_READS):
        high = to("MOD", classification=HIGH)
        world.write("MPA", f"aid high {n}", need(story, story.said("high"), high, "MOD"))
    _stocked(story)
    for acts in (_promised, _sent, _come):
        _meet(story)
        acts(story)
    _meet(story)
    world.clock.time += 5 * HOUR
    for party, desk in world.desks.items():
        with world.names.under(f"late at {party}"):
            taking.tick(desk)
        attention.tick(desk)
    _meet(story)


def _own(code: str, name: str) -> OwnItem:
    return OwnItem(
        code=code, supply_class="x", names=Text(name[:60], name[:60], name[:60]), units=("piece",)
    )


def _catalogued(story: Story) -> None:
    """Each party goes on with its own items: more of them, other names, and some taken out."""
    world, elsewhere = story.world, (*MPA_READS, Case.ADMINISTRATOR, Case.THIRD, Case.STRANGER)
    for party, cases in (("MPA", STRANGERS), ("MOD", elsewhere)):
        desk, actor = world.desk(party), world.actor(party)
        mine = party.lower()
        for n in story.hidden(*cases):
            called = story.said("item", *cases)
            more = [_own(f"{mine}-filter", called), _own(f"{mine}-extra{n}", called)]
            items.take(desk, actor, more)
            items.offer(desk, actor, {f"{mine}-filter"}, offered=False)


def _stocked(story: Story) -> None:
    """Each party books its own stock; how much, and how often, no other learns."""
    everybody = (*MOD_READS, Case.THIRD, Case.ADMINISTRATOR, Case.STRANGER)
    for party, cases in (("MPA", everybody), ("MOD", MPA_READS)):
        story.world.write(party, f"stock {party}", _movement(party, 50))
        for n in story.hidden(*cases):
            story.world.write(party, f"stock {party} {n}", _movement(story.said(party, *cases), 7))


def _movement(text: str, count: int) -> say.Draft:
    body = {"move": "in", "item": "mask", "unit": "piece", "count": count, "text": text,
            "use_by": "2020-12-30", "place": PLACE}  # fmt: skip
    return say.Draft(kind="stock", body=body, label=Label())


def _promised(story: Story) -> None:
    """MOD promises some; JCC promises all, of which MOD must not hear."""
    step(story, "MOD", "aid promise", "aid", "allot", values={"mask.piece": 10}, then="approve")
    step(story, "JCC", "aid jcc receive", "aid", "receive")
    for n in story.hidden(*MOD_READS):
        step(story, "JCC", f"aid beside {n}", "aid", "allot", values={"mask.piece": 40})
    for n in story.hidden(Case.THIRD):
        step(story, "MOD", f"aid aside {n}", "aid", "allot", values={"mask.piece": 3})
        step(story, "MOD", f"aid mod take {n}", f"aid mod {n}", "reject",
             values={"why_not": "no_funds"})  # fmt: skip
    for n in story.hidden(*MPA_READS):
        step(story, "MOD", f"aid high take {n}", f"aid high {n}", "allot",
             values={"mask.piece": 7}, then="approve")  # fmt: skip


def _sent(story: Story) -> None:
    booked = bool(list(story.hidden(*MPA_READS)))  # in one world it is taken out of MOD's stock
    step(story, "MOD", "aid sent", "aid", "dispatch", values={"mask.piece": 10},
         then="deliver_partly", take=stock.take if booked else taking.take)  # fmt: skip
    for n in story.hidden(*MOD_READS):
        instead = {"mask.piece": 38, "gown.piece": 2, "gown.piece.for": "mask.piece"}
        step(story, "JCC", f"aid jcc sent {n}", "aid", "dispatch", values=instead)


def _come(story: Story) -> None:
    """MPA signs what came; of what it tells JCC, MOD must not hear."""
    booked = bool(list(story.hidden(*MOD_READS, Case.THIRD)))
    step(story, "MPA", "aid came", "aid", "receipt", other="MOD", of=uuid_of("aid sent/1"),
         values={"mask.piece": 9, "mask.piece.damaged": 1},
         take=stock.take if booked else taking.take)  # fmt: skip
    for _ in list(story.hidden(*MOD_READS))[:1]:
        step(story, "MPA", "aid jcc off", "aid", "cancel_lines", other="JCC",
             values={"mask.piece": 5})  # fmt: skip


def _meet(story: Story) -> None:
    """As often in both worlds, whether there was something to say or not."""
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
