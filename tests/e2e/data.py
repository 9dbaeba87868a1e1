"""What the pages show: a record in each state, written by desk functions before the nodes serve."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tansiq.desk.act.desk import Desk
from tansiq.desk.operations import safety
from tansiq.desk.records import files, read, say
from tansiq.desk.records.say import Draft
from tansiq.desk.release import releasing
from tansiq.desk.release.releasing import Wish
from tansiq.desk.training import certificates
from tansiq.domain import unknowns
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.places import place_named
from tansiq.domain.records import RecordView
from tansiq.domain.wording import LANGUAGES
from tansiq.node.scenario.cast import PARTIES, moment
from tansiq.node.scenario.files import file_named

WHOLE = Label(audience=audience_of(PartyCode("ERB"), PartyCode("MOD"), PartyCode("COA")))
OWN = Label()
MIXED = "دورية MPA عند السيطرة 3 في 2020-11-22 بين 06:00 و 18:00"


@dataclass
class Written:
    """Two ministries' desks, and what the records are called."""

    desks: Mapping[str, Desk]
    carry: Callable[[str, str], None]
    paths: dict[str, str] = field(default_factory=dict)

    def incident(self, name: str, text: str, town: str, **body: object) -> str:
        """An incident of MPA."""
        desk, actor = self.desks["MPA"], PARTIES["MPA"].duty()
        full = {
            "category": "fire", "severity": "routine", "text": text, "grade": "B2",
            "observed": moment("2020-11-22 13:10"), "place": place_named(town).to_json(), **body,
        }  # fmt: skip
        with desk.act() as act:
            full["attachments"] = [files.attach(act, actor, file_named("report"), WHOLE)]
            draft = Draft(kind="incident", body=full, label=WHOLE)
            record = say.write_in(act, actor, draft).record
        self.paths[name] = f"/record/MPA/{record}"
        return record

    def release(self, record: str, to: str = "MOD") -> str:
        """Prepare a release; it goes at once where the rule asks for no second person."""
        desk, actor = self.desks["MPA"], PARTIES["MPA"].liaison()
        rule = releasing.rules_for(desk, actor, record, PartyCode(to))[0]
        wish = Wish(record=record, to=PartyCode(to), rule=rule.name)
        seen = releasing.preview(desk, actor, wish).digest
        release = releasing.prepare(desk, actor, wish, seen=seen)
        self.level(to)
        return release

    def level(self, to: str = "MOD") -> None:
        for _ in range(2):
            self.carry("MPA", to)
            self.carry(to, "MPA")

    def seen(self, party: str, record: str) -> RecordView:
        """MPA's record as a partner's duty officer sees it; it counts as read."""
        desk, actor = self.desks[party], PARTIES[party].duty()
        view = read.record(desk, desk.viewer(actor), "MPA", record)
        read.mark_read(desk, actor, view)
        return view.value

    def reply(self, record: str, kind: str, **body: object) -> str:
        """MOD replies."""
        desk, actor = self.desks["MOD"], PARTIES["MOD"].duty()
        made = say.reply(desk, actor, kind, about=self.seen("MOD", record), body=dict(body))
        self.level()
        return made


def line(desk: Desk, actor: Actor, text: str, **body: object) -> str:
    """A line of the duty log."""
    full = {"text": text, "observed": moment("2020-11-22 13:55"), **body}
    return say.write(desk, actor, Draft(kind="log_line", body=full, label=OWN))


def write(desks: Mapping[str, Desk], carry: Callable[[str, str], None]) -> dict[str, str]:
    """Fill MPA's and MOD's nodes; the addresses of the pages by name."""
    made = Written(desks=desks, carry=carry)
    _lines(made)
    held = made.incident("held", "Fire in a shed behind the market", "Makhmour", severity="urgent")
    made.release(held)
    made.reply(held, "acknowledgement", text="Noted")
    unknown = unknowns.asked(["عدد المتضررين"], lambda: "0a1b2c3d")
    asked = made.incident("asked", MIXED, "كركوك", hurt=2, unknowns=unknown)
    made.release(asked)
    question = made.reply(
        asked, "rfi", text="How many wells?", needed_by=moment("2020-12-24 12:00"),
        seats=["MPA/liaison-officer"],
    )  # fmt: skip
    made.paths["question"] = f"/record/MOD/{question}"
    made.reply(asked, "dispute", text="Our post saw smoke in two places")
    fresh = made.incident("fresh", "ئاگر لە کێڵگەی گەنم", "مەخموور", severity="flash")
    made.release(fresh)
    gone = made.incident("gone", "Reported by mistake", "Kirkuk")
    made.release(gone)
    made.seen("MOD", gone)
    releasing.recall(desks["MPA"], PARTIES["MPA"].liaison(), gone, PartyCode("MOD"), "error")
    made.level()
    waits = made.incident("waits", "A crowd at the bridge", "Kirkuk", category="unrest")
    made.paths["approval"] = f"/approvals/{made.release(waits)}"
    made.incident("own", "Smoke seen from the ring road", "Makhmour", internal="Seen by a guard")
    _warned(made)
    for language in LANGUAGES:
        _taught(made, language)
        _to_suspend(made, language)
    _list_of_withdrawn(made)
    return made.paths


def _warned(made: Written) -> None:
    """A safety message of MPA that was read back, telephoned and stood down: it is over, so that it
    rings for nobody.
    """
    desk, actor = made.desks["MPA"], PARTIES["MPA"].liaison()
    place = place_named("كركوك").to_json()
    record = safety.send(desk, actor, {"text": "كل حركة قرب العيادة تتوقف", "place": place})
    made.level()
    reader = PARTIES["MOD"].duty()
    safety.read_back(made.desks["MOD"], reader, "MPA", record, typed="Kirkuk", confirmed=True)
    made.level()
    for result in ("no_answer", "read_back"):
        safety.called(desk, actor, record, "COA", whom="duty_officer", result=result)
    safety.stand_down(desk, actor, record)
    for party in ("MOD", "COA", "ERB"):
        made.level(party)
    made.paths["warned"] = f"/record/MPA/{record}"


def _taught(made: Written, language: str) -> None:
    """A cohort of MPA that has finished, three of whom have passed."""
    desk, actor = made.desks["MPA"], PARTIES["MPA"].actor("training-manager")

    def wrote(kind: str, body: dict[str, object]) -> str:
        return say.write(desk, actor, Draft(kind=kind, body=body, label=WHOLE))

    course = {"code": f"C-{language.upper()}", "text": "First aid", "family": "medical",
              "subject": "first_aid", "days": 10, "certificate_months": 24}  # fmt: skip
    about = wrote("course", {**course, "title_ar": "الإسعافات الأولية"})
    cohort = wrote("cohort", {
        "about": about, "code": f"K-{language.upper()}", "text": "First aid", "mode": "in_person",
        "days": 10, "places": 20, "first_day": "2020-11-01", "last_day": "2020-11-12",
    })  # fmt: skip
    yes = {"answer": "yes", "day": "2020-10-20", "valid_until": "2021-10-20", "about": cohort}
    wrote("clearance", yes)
    for name, said in (
        ("nominate", {"nominated": 4}), ("ask_clearance", {}), ("clear", {}),
        ("begin", {"enrolled": 4}), ("finish", {"finished": 4, "passed": 3}),
    ):  # fmt: skip
        old = read.record(desk, desk.viewer(actor), "MPA", cohort).value
        say.step(desk, actor, cohort, old.digest, name, said=said)
    made.paths[f"cohort-{language}"] = f"/record/MPA/{cohort}"


def _to_suspend(made: Written, language: str) -> None:
    """Open cohorts of two owners: two of MPA, of which one serves a reform project and all partners
    see it, and one of COA.
    """
    code = language.upper()
    manager = PARTIES["MPA"].actor("reform-manager")
    project = {
        "code": f"T-{code}", "text": "Radio for all", "workstream": "training", "objective": "x",
        "responsible": "Director", "start": "2020-01-01", "baseline_end": "2021-12-31",
        "milestones": [{"mark": "M1", "weight": 1}],
    }  # fmt: skip
    desk = made.desks["MPA"]
    record = say.write(desk, manager, Draft(kind="project", body=project, label=OWN))
    for step in ("charter", "begin"):
        old = read.record(desk, desk.viewer(manager), "MPA", record).value
        say.step(desk, manager, record, old.digest, step)
    made.paths[f"project-{language}"] = f"/record/MPA/{record}"
    for party, numbers in (("MPA", (1, 2)), ("COA", (3,))):
        desk, actor = made.desks[party], PARTIES[party].actor("training-manager")
        label = WHOLE if party == "MPA" else Label(audience=audience_of(PartyCode("MPA")))
        body = {"code": f"S-{code}", "text": "Radio", "days": 9, "subject": "radio",
                "family": "communications", "certificate_months": 24}  # fmt: skip
        about = say.write(desk, actor, Draft(kind="course", body=body, label=label))
        for number in numbers:
            cohort = {
                "about": about, "code": f"S-{code}-{number}", "text": "Radio",
                "mode": "in_person", "days": 9, "places": 20, "first_day": "2020-12-06",
                "last_day": "2020-12-17", "place": place_named("Erbil").to_json(),
                "for_projects": f"T-{code}" if number == 1 else "",
            }  # fmt: skip
            kept = {name: value for name, value in cohort.items() if value}
            record = say.write(desk, actor, Draft(kind="cohort", body=kept, label=label))
            made.paths[f"stops-{language}-{number}"] = f"/record/{party}/{record}"
    for _ in range(2):
        made.carry("COA", "MPA")
        made.carry("MPA", "COA")


def _list_of_withdrawn(made: Written) -> None:
    """The list of withdrawn certificates, which goes to all partners from now on."""
    desk, actor = made.desks["MPA"], PARTIES["MPA"].actor("training-manager")
    record = certificates.state_list(desk, actor)
    old = read.record(desk, desk.viewer(actor), "MPA", record).value
    draft = Draft(kind=old.kind, body={}, label=WHOLE)
    say.revise(desk, actor, record, old.digest, draft)
    made.level()


def _lines(made: Written) -> None:
    desk, actor = made.desks["MPA"], PARTIES["MPA"].duty()
    first = line(desk, actor, "The road to Makhmour is open", tell=["liaison-officer"])
    body = {"text": "The road to Makhmour is open to light vehicles", "channel": "radio"}
    body |= {"observed": moment("2020-11-22 14:00"), "internal": "Told by the toll post"}
    say.correct_line(desk, actor, first, Draft(kind="log_line", body=body, label=OWN))
    marked = line(desk, actor, MIXED, significant=True, informant="Toll post")
    made.paths["line"] = f"/record/MPA/{marked}"
    made.paths["correct"] = f"/log/{marked}/correct"
