"""One story of three parties, told twice: what a viewer may see is the same, all else differs.

The Ministry of Peshmerga Affairs (MPA) releases to the Ministry of Defence (MOD) and to the neutral
centre (JCC). Each text says which viewers may read it; for any other viewer it holds the word of
its world, at the length of its world. Each hidden act says from which viewers it is hidden, and is
done only in the story that is told for one of them, so often as its world says.
"""

from tansiq.desk.records import attention, say
from tansiq.desk.release import releasing
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import Grain, Place
from tansiq.policy.agreement import Follow, by_facets
from tests import world as worlds
from tests.noninterference import (
    cases,
    chained,
    jointly,
    listed,
    reform,
    stops,
    supplies,
    taught,
    unasked,
)
from tests.noninterference.story import (
    ALL_READ,
    HIGH,
    MOD_READS,
    MPA_READS,
    Case,
    Secret,
    Story,
)
from tests.world import CLEARED, DAY, HOUR, START, World, incident, line, to, uuid_of

# What the programme and the training of a party are.
PROGRAMME = frozenset(
    {
        "project",
        "evidence",
        "evidence_note",
        "course",
        "cohort",
        "session",
        "instructors",
        "protected_site",
        "coordination_line",
        "joint_operation",
        "operation_part",
        "passage",
    }
)


def rules() -> dict[frozenset[str], tuple]:
    """What the three parties have agreed."""
    second = by_facets(category=["shooting"])
    return {
        frozenset({"MPA", "MOD"}): (
            worlds.rule("MPA", "R-MPA", grain=Grain.KM5, class_max=HIGH, hide=frozenset({"size"})),
            worlds.rule("MPA", "S-MPA", approvers=1, facets=second, class_max=HIGH),
            worlds.rule("MOD", "R-MOD", class_max=HIGH),
            worlds.rule("MPA", "F-MPA", kinds=frozenset({"rfi"}), follow=Follow.STAGE),
            *(replies(party) for party in ("MPA", "MOD")),
            *(programmes(party) for party in ("MPA", "MOD")),
        ),
        frozenset({"MPA", "JCC"}): (
            worlds.rule("MPA", "R-MPA", class_max=HIGH),
            worlds.rule("JCC", "R-JCC", class_max=HIGH),
            *(replies(party) for party in ("MPA", "JCC")),
            *(programmes(party) for party in ("MPA", "JCC")),
        ),
    }


def replies(party: str):
    kinds = frozenset({"rfi", "support", "support_offer", "support_note", "answer",
                       "acknowledgement", "dispute"})  # fmt: skip
    return worlds.rule(
        party, f"A-{party}", kinds=kinds, automatic=True, purpose="answer", class_max=HIGH,
        follow=Follow.WHOLE,
    )  # fmt: skip


def programmes(party: str):
    return worlds.rule(
        party, f"P-{party}", kinds=PROGRAMME,
        automatic=True, purpose="programme", class_max=HIGH, follow=Follow.WHOLE,
        hide=frozenset({"budget", "room"}),
    )  # fmt: skip


def asking(text: str) -> dict:
    """What a record does not know: one item, under the same id wherever it stands."""
    return {"unknowns": [{"id": "0a1b2c3d", "text": text[:300], "state": "open", "by": ""}]}


def begin(case: Case, secret: Secret) -> Story:
    """Three parties that have agreed, and nothing told yet."""
    world = worlds.world("MPA", "MOD", "JCC")
    for pair, agreed in rules().items():
        one, other = (PartyCode(party) for party in sorted(pair, reverse=True))
        world.agree(
            one, other, *agreed, clearance=dict.fromkeys((one, other), HIGH),
            held=dict.fromkeys((one, other), frozenset({"medical"})),
        )  # fmt: skip
    return Story(world, case, secret)


def tell(case: Case, secret: Secret) -> World:
    """The story, as it goes in the world of this secret, and what rings after each chapter."""
    story = begin(case, secret)
    for chapter in CHAPTERS:
        chapter(story)
        for desk in story.world.desks.values():
            attention.tick(desk)
    return story.world


def _place(story: Story) -> dict:
    """An exact place; where only its cell is told, the point moves within it."""
    moved = 0 if story.case in MPA_READS or not story.secret.extra else 1_000
    return Place(
        name="Makhmour", key="makhmour", lat=357_700_000 + moved, lon=435_700_000
    ).to_json()


def _written(story: Story) -> None:
    """MPA writes what its low positions may read, and what MOD and JCC may have of it."""
    world, said = story.world, story.said
    photo = story.attach("MPA", "photo", said("the photo", *MPA_READS, *MOD_READS), to("MOD"))
    world.write(
        "MPA", "fire",
        incident(
            story.readers(("MOD",), "JCC", *MOD_READS),
            text=said("Fire in the wheat", *MPA_READS, *MOD_READS), attachments=[photo],
            **asking(said("Who lit it", *MPA_READS, *MOD_READS)),
            internal=said("the shepherd saw it", *MPA_READS), size=said("two fields", *MPA_READS),
            informant=said("checkpoint 7", *MPA_READS), place=_place(story),
        ),
    )  # fmt: skip
    world.write("MPA", "flood", incident(to("MOD", "JCC"), text=said("Flood", *ALL_READ)))
    world.write(
        "MPA", "shots", incident(to("MOD"), category="shooting", text=said("Shots", *MPA_READS))
    )
    world.write("MPA", "call", line(to("MOD"), text=said("Call", *MPA_READS, *MOD_READS)))
    world.write("MPA", "note", line(text=said("Ours alone", *MPA_READS)))
    world.clock.time += 60_000


def _kept_back(story: Story) -> None:
    """MPA writes what it never releases to MOD: unreleased, embargoed, for JCC, for nobody."""
    world = story.world
    labels = {
        "own": to(), "unsent": to("MOD"), "jcc": to("JCC"), "later": to("MOD", embargo=START + DAY),
    }  # fmt: skip
    hidden = (*MOD_READS, Case.ADMINISTRATOR, Case.STRANGER)
    for n in story.hidden(*hidden, Case.THIRD):
        for name, label in labels.items():
            if name == "jcc" and story.case is Case.THIRD:
                continue
            world.write(
                "MPA",
                f"kept {name} {n}",
                incident(label, text=story.said(name), **asking(story.said(name))),
            )
        world.write("MPA", f"kept line {n}", line(to("MOD"), text=story.said("line")))
        story.attach("MPA", f"kept file {n}", story.said("file"), to())
        if story.case is not Case.THIRD:
            world.release("MPA", uuid_of(f"kept jcc {n}/1"), "JCC", "R-MPA")
        world.release("MPA", uuid_of(f"kept later {n}/1"), "MOD", "R-MPA")
        shots = incident(to("MOD"), category="shooting", text=story.said("prepared"))
        world.release("MPA", world.write("MPA", f"kept shots {n}", shots), "MOD", "S-MPA")


def _released(story: Story) -> None:
    """MPA releases; a visible record points at one that MOD never gets."""
    world = story.world
    kept = [uuid_of(f"kept own {n}/1") for n in story.hidden(*MOD_READS)]
    same = say.Draft(
        kind="incident",
        body={
            **incident().body, "text": story.said("Fire, and smoke", *MPA_READS, *MOD_READS),
            "place": _place(story), **({"same_as": kept} if kept else {}),
            "attachments": [uuid_of("photo/1")],
        },
        label=to("MOD"), tear=frozenset({"informant"}),
    )  # fmt: skip
    world.write("MPA", "smoke", same)
    for name, receivers in (
        ("fire", "MOD"),
        ("flood", "MOD JCC"),
        ("call", "MOD"),
        ("smoke", "MOD"),
    ):
        for receiver in receivers.split():
            world.release("MPA", uuid_of(f"{name}/1"), receiver, "R-MPA")
    world.release("MPA", uuid_of("shots/1"), "MOD", "S-MPA")
    for n in story.hidden(Case.THIRD):
        more = world.write("MPA", f"mod {n}", incident(to("MOD"), text=story.said("for MOD")))
        world.release("MPA", more, "MOD", "R-MPA")
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")


def _answered(story: Story) -> None:
    """The partners read and answer; MOD writes what MPA gets, with notes of its own."""
    world, fire, flood = story.world, ("MPA", uuid_of("fire/1")), ("MPA", uuid_of("flood/1"))
    both = (*MPA_READS, *MOD_READS)
    story.read("MOD", *fire)
    story.reply("MOD", "ack", "acknowledgement", fire)
    inside = story.said("why we ask", *MOD_READS)
    story.ask("MOD", "ask", fire, story.said("How far?", *both), internal=inside)
    story.reply("MOD", "doubt", "dispute", flood, text=story.said("No flood", *both), grade="B2")
    world.write(
        "MOD",
        "rumour",
        incident(
            to("MPA"), text=story.said("Rumour", *both), **asking(story.said("Who said so", *both))
        ),
    )
    world.release("MOD", uuid_of("rumour/1"), "MPA", "R-MOD")
    for n in story.hidden(*MPA_READS, Case.ADMINISTRATOR, Case.STRANGER):
        world.write("MOD", f"theirs {n}", incident(to(), text=story.said("not for MPA")))
    for _ in list(story.hidden(*MOD_READS))[:1]:
        story.read("JCC", *flood)
        story.reply("JCC", "jcc ack", "acknowledgement", flood)
        story.reply("JCC", "jcc doubt", "dispute", flood, text=story.said("dry"), grade="C3")
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
    asked, answer = ("MOD", uuid_of("ask/1")), story.said("One hour", *both)
    world.step("MPA", "answer", asked, "answer", words={"text": answer})
    story.meet("MPA", "MOD")


def _above(story: Story) -> None:
    """Cleared positions of MPA write above the others' clearance, about what those can see."""
    world, medical = story.world, frozenset({"medical"})
    for n in story.hidden(*MPA_READS):
        high = to("MOD", "JCC", classification=HIGH)
        world.write(
            "MPA",
            f"high {n}",
            incident(high, text=story.said("high"), severity="flash", **asking(story.said("high"))),
        )
        world.write("MPA", f"high line {n}", line(high, text=story.said("high")))
        world.write("MPA", f"ward {n}", incident(to(categories=medical), text=story.said("ward")))
        story.attach("MPA", f"high file {n}", story.said("file"), high)
        world.release("MPA", uuid_of(f"high {n}/1"), "MOD", "R-MPA")
        world.release("MPA", uuid_of(f"high {n}/1"), "JCC", "R-MPA")
        shots = incident(high, category="shooting", text=story.said("waits for a second person"))
        world.release("MPA", world.write("MPA", f"high shots {n}", shots), "MOD", "S-MPA")
        with world.names.under(f"high correction {n}"):
            desk, actor = world.desk("MPA"), world.actor("MPA")
            say.correct_line(desk, actor, uuid_of("note/1"), line(high, text=story.said("no")))
    sealed = to("MOD", classification=HIGH) if story.case in MPA_READS else to("MOD")
    paper = story.attach("MPA", "paper", story.said("paper"), sealed)
    first = incident(
        sealed,
        text=story.said("what it said before"),
        attachments=[paper],
        **asking(story.said("before")),
    )
    world.write("MPA", "lowered", first)
    for n in story.hidden(*MPA_READS):
        again = incident(sealed, text=story.said(f"and then {n}"), attachments=[paper])
        story.revise(uuid_of("lowered/1"), again)
    world.clock.time += 60_000
    text = story.said("what may be known", *MPA_READS)
    shown = incident(
        to("MOD"), text=text, attachments=[paper], **asking(story.said("now", *MPA_READS))
    )
    story.revise(uuid_of("lowered/1"), shown)
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")


def _received(story: Story) -> None:
    """What comes from the partner above a low clearance, and what is said about it there."""
    world, high = story.world, to("MPA", "MOD", classification=HIGH)
    for n in story.hidden(Case.RECEIVER):
        for name in ("to MOD", "back"):
            draft = incident(high, text=story.said("high"), **asking(story.said("high")))
            record = world.write("MPA", f"{name} {n}", draft)
            world.release("MPA", record, "MOD", "R-MPA")
    for n in story.hidden(*MPA_READS):
        for name in ("to MPA", "gone"):
            record = world.write("MOD", f"{name} {n}", incident(high, text=story.said("high")))
            world.release("MOD", record, "MPA", "R-MOD")
    story.meet("MPA", "MOD")
    for n in story.hidden(Case.RECEIVER):
        story.read("MOD", "MPA", uuid_of(f"to MOD {n}/1"))
        asked = story.said("and?")
        about = ("MPA", uuid_of(f"to MOD {n}/1"))
        story.ask("MOD", f"high ask {n}", about, asked)
        story.recall(uuid_of(f"back {n}/1"), "MOD")
    for n in story.hidden(*MPA_READS):
        about = ("MOD", uuid_of(f"to MPA {n}/1"))
        story.read("MPA", *about)
        story.ask("MPA", f"high ask {n}", about, story.said("and?"))
        desk, actor = world.desk("MOD"), world.actor("MOD")
        releasing.recall(desk, actor, uuid_of(f"gone {n}/1"), PartyCode("MPA"), "source")
    story.meet("MPA", "MOD")


def _newer(story: Story) -> None:
    """MPA is updated: what it says now MOD holds and cannot show. Only how much of it is hidden."""
    world, high = story.world, to("MOD", classification=HIGH)
    news = [("news", to("MOD"), story.said("News", *MPA_READS, *MOD_READS))]
    news += [(f"news {n}", high, story.said("high")) for n in story.hidden(Case.RECEIVER)]
    for name, label, text in news:
        record = world.write("MPA", name, incident(label, text=text))
        world.release("MPA", record, "MOD", "R-MPA")
    story.meet("MPA", "MOD")
    with world.desk("MPA").act() as act:
        for name, label, text in news:
            act.feed(
                PartyCode("MOD"),
                {"type": "edition", "release": uuid_of(f"newer {name}"), "kind": "incident",
                 "record": uuid_of(f"{name}/1"), "v": 9, "k": 2, "state": "reported",
                 "label": label.to_json(), "body": {"text": f"{text} again"}, "position": CLEARED,
                 "purpose": "coordination", "rule": "R-MPA", "at": act.now},
            )  # fmt: skip
    story.meet("MPA", "MOD")


def _taken_back(story: Story) -> None:
    """One record is recalled from all; another from JCC alone, which MOD must not notice."""
    story.recall(uuid_of("call/1"), "MOD")
    for _ in list(story.hidden(*MOD_READS))[:1]:
        story.recall(uuid_of("flood/1"), "JCC")
    for _ in list(story.hidden(Case.THIRD))[:1]:
        story.recall(uuid_of("flood/1"), "MOD")
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
    story.world.clock.time += HOUR
    for n in story.hidden(*MPA_READS):  # waits for the link
        high = to("MOD", classification=HIGH)
        record = story.world.write("MPA", f"high last {n}", incident(high, text=story.said("last")))
        story.world.release("MPA", record, "MOD", "R-MPA")


CHAPTERS = (
    _written, _kept_back, _released, _answered, _above, _received, cases.asked,
    supplies.provided, unasked.offered, chained.approved, reform.programme, taught.lessons,
    stops.stopped, listed.listed, jointly.framed, _newer,
    _taken_back,
)  # fmt: skip
VISIBLE = (
    "fire", "flood", "shots", "call", "note", "smoke", "rumour", "ask", "answer", "lowered", "news",
    *cases.VISIBLE, *supplies.VISIBLE, *unasked.VISIBLE, *chained.VISIBLE,
    *reform.VISIBLE, *taught.VISIBLE, *stops.VISIBLE, *listed.VISIBLE,
    *jointly.VISIBLE,
)  # fmt: skip
FILES = ("photo", "paper")
HIDDEN = (
    "news 0", *cases.HIDDEN, *supplies.HIDDEN, *unasked.HIDDEN, *chained.HIDDEN, *reform.HIDDEN,
    *taught.HIDDEN,
    *stops.HIDDEN, *listed.HIDDEN, *jointly.HIDDEN,
    "kept own 0", "kept unsent 0", "kept jcc 0", "kept later 0", "kept line 0", "kept file 0",
    "kept shots 0", "mod 0", "jcc ack", "jcc doubt", "theirs 0", "high 0", "high line 0", "ward 0",
    "high file 0", "high shots 0", "high correction 0", "to MOD 0", "back 0", "to MPA 0", "gone 0",
    "high ask 0",
)  # fmt: skip
ABSENT = uuid_of("nothing has this id")


def records() -> tuple[str, ...]:
    """Every id that a curious person could try: seen, hidden, and of nothing at all."""
    return (*(uuid_of(f"{name}/1") for name in (*VISIBLE, *FILES, *HIDDEN)), ABSENT)


def releases() -> tuple[str, ...]:
    """The ids of prepared releases, in the same way."""
    wishes = [
        ("shots", "MOD"), ("fire", "MOD"), ("kept shots 0", "MOD"), ("kept later 0", "MOD"),
        ("high shots 0", "MOD"), ("high 0", "JCC"),
    ]  # fmt: skip
    ids = [f"release {uuid_of(f'{name}/1')} to {party}" for name, party in wishes]
    return (*(uuid_of(f"{name}/1") for name in ids), ABSENT)
