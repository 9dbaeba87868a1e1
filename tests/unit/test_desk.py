"""What people do at a desk: writing, revising, correcting, attaching, replying, reading."""

import pytest

from tansiq.desk.act.desk import demand
from tansiq.desk.records import files, inbox, linked, read, say
from tansiq.desk.release import purging, releasing
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.labels import Label
from tansiq.domain.parties import Classification
from tests.world import asking, both_ways, incident, line, refusal, rule, to, uuid_of, worlds

EVERYTHING = ("log_line", "incident", "rfi", "answer", "acknowledgement", "dispute",
              "attachment")  # fmt: skip


@pytest.fixture
def town():
    """Two parties that have agreed, and a third that has not."""
    with worlds("MPA", "MOD", "COA") as made:
        made.agree("MPA", "MOD")
        yield made


def current(town, record, party="MPA"):
    return say.current(town.desk(party), town.actor(party), record).value


def test_a_record_has_the_edition_that_was_written(town):
    """The first edition has the first state, the kind's own tear line, and its author."""
    record = town.write("MPA", "fire", incident(informant="post 7"))
    view = current(town, record)
    assert (view.state, view.ordinal, view.received) == ("reported", 1, None)
    assert view.tear == {"informant", "internal", "source_ref", "same_as", "originals"}
    assert view.position == "cleared"
    assert len(view.reference) == 5


def test_what_is_fixed_below_the_line_stays_there(town):
    """A person may move the line, never past the fields that cannot leave."""
    record = town.write("MPA", "fire", incident(tear=frozenset({"text"}), internal="inner"))
    assert current(town, record).tear == {"text", "internal", "source_ref", "originals"}
    with refusal("field_unknown"):
        town.write("MPA", "bad", incident(tear=frozenset({"surplus"})))


@pytest.mark.parametrize(
    ("label", "position", "code"),
    [
        (Label(policy="OTHER-9"), "cleared", "policy_unknown"),
        (Label(categories=frozenset({"unheard_of"})), "cleared", "category_unknown"),
        (Label(caveats=frozenset({"unheard_of"})), "cleared", "category_unknown"),
        (Label(classification=Classification.SECRET), "duty-officer", "above_clearance"),
        (Label(categories=frozenset({"medical"})), "duty-officer", "category_not_held"),
    ],
)
def test_nobody_writes_what_the_own_position_could_not_read(town, label, position, code):
    """A label is known, within the author's clearance and categories, or refused."""
    with refusal(code):
        town.write("MPA", "fire", incident(label), position)


def test_roles_without_the_mandate_write_nothing(town):
    """An auditor reads and does not write."""
    with refusal("mandate"):
        town.write("MPA", "fire", incident(), "auditor")
    with refusal("kind_unknown"):
        town.write("MPA", "weather", say.Draft(kind="weather", body={}, label=Label()))
    with refusal("position_unknown"):
        town.desk("MPA").position("nobody")


def test_two_people_who_edit_see_both_versions(town):
    """The second to save gets the first one's edition and nothing is lost."""
    desk, actor = town.desk("MPA"), town.actor("MPA")
    record = town.write("MPA", "fire", incident())
    base = current(town, record).digest
    say.revise(desk, actor, record, base, incident(text="Fire is out"))
    with pytest.raises(say.EditedMeanwhileError) as conflict:
        say.revise(desk, actor, record, base, incident(text="Fire spreads"))
    assert conflict.value.theirs.value.body["text"] == "Fire is out"
    with pytest.raises(say.EditedMeanwhileError):
        say.step(desk, actor, record, base, "confirm")
    texts = [v.value.body["text"] for v in read.history(desk, town.viewer("MPA"), "MPA", record)]
    assert texts == ["Fire in the wheat fields", "Fire is out"]


def test_what_the_program_keeps_goes_from_edition_to_edition(town):
    """A form that does not show the attachments does not take them away."""
    desk, actor = town.desk("MPA"), town.actor("MPA")
    picture = town.attach("MPA", "picture.txt")
    record = town.write("MPA", "fire", incident(attachments=[picture]))
    say.revise(desk, actor, record, current(town, record).digest, incident(text="Out"))
    assert current(town, record).body["attachments"] == [picture]


def test_steps_follow_the_machine(town):
    """A step needs its state, its fields and its role."""
    desk, actor = town.desk("MPA"), town.actor("MPA")
    record = town.write("MPA", "fire", incident())

    def step(name, by=actor):
        say.step(desk, by, record, current(town, record).digest, name)

    with refusal("step_not_from_here"):
        step("close")
    with refusal("act_unknown"):
        step("explode")
    with refusal("mandate"):
        step("confirm", town.actor("MPA", "observer"))
    step("confirm")
    with refusal("step_needs"):
        step("follow_up")
    moves = read.steps(actor, say.current(desk, actor, record))
    assert [move.name for move in moves] == ["follow_up", "close"]
    assert current(town, record).state == "confirmed"


def test_a_line_is_final_and_is_corrected_by_another(town):
    """The correction points at the line, which stays."""
    desk, actor = town.desk("MPA"), town.actor("MPA")
    old = town.write("MPA", "line", line())
    with refusal("kind_final"):
        say.revise(desk, actor, old, current(town, old).digest, line(text="shut"))
    with town.names.under("correction"):
        new = say.correct_line(desk, actor, old, line(text="The road is shut"))
    line_view = say.current(desk, actor, old)
    (found,) = linked.by_owner(desk, town.viewer("MPA"), [line_view], "corrects")["MPA", old]
    assert found.value.record == new
    assert current(town, old).body["text"] == "The road is open again"


@pytest.mark.parametrize(
    ("media_type", "data", "code"),
    [
        ("image/png", b"\x89PNG\r\n\x1a\nrest", ""),
        ("image/jpeg", b"\xff\xd8\xffrest", ""),
        ("application/pdf", b"%PDF-1.7", ""),
        ("text/csv", "نص".encode(), ""),
        ("text/plain", b"x" * BOUNDS.attachment_bytes_max, ""),
        ("text/plain", b"", "attachment_empty"),
        ("text/plain", b"x" * (BOUNDS.attachment_bytes_max + 1), "attachment_size"),
        ("text/html", b"<script>", "choice_unknown"),
        ("image/svg+xml", b"<svg/>", "choice_unknown"),
        ("application/octet-stream", b"\x00", ""),
    ],
)
def test_files_are_bounded_and_are_what_they_say(town, media_type, data, code):
    """Only files of a bounded size and a type of the list are kept, and come back whole."""
    desk, actor = town.desk("MPA"), town.actor("MPA")
    file = files.File(name="a file", media_type=media_type, data=data)
    if code:
        with refusal(code), desk.act() as act:
            files.attach(act, actor, file, to())
        assert read.count(desk, town.viewer("MPA"), read.Query(kinds=EVERYTHING)) == 0
        return
    with desk.act() as act:
        kept = files.attach(act, actor, file, to())
    town.write("MPA", "carrier", incident(attachments=[kept]))
    view, back = read.attachment(desk, town.viewer("MPA"), "MPA", kept)
    assert back == data
    assert view.value.body["bytes"] == len(data)


def test_only_own_attachments_go_along(town):
    """A record that is no attachment, is hidden or is nobody's cannot travel as one."""
    line_ = town.write("MPA", "line", line())
    secret = Label(classification=Classification.SECRET)
    hidden = town.attach("MPA", "hidden.txt", label=secret)
    for name, target in (("a", line_), ("b", hidden), ("c", uuid_of("nowhere"))):
        with refusal("record_absent"):
            town.write("MPA", name, incident(attachments=[target]), "duty-officer")
    own = town.attach("MPA", "own.txt")
    with refusal("field_form"):
        many = [own] * (BOUNDS.attachments_per_record_max + 1)
        town.write("MPA", "d", incident(attachments=many))


def test_an_attachment_is_read_as_one_or_not_at_all(town):
    """A record that is no attachment, and damaged bytes, are not handed out."""
    desk, viewer = town.desk("MPA"), town.viewer("MPA")
    with refusal("record_absent"):
        read.attachment(desk, viewer, "MPA", town.write("MPA", "line", line()))
    kept = town.attach("MPA", "file.txt", b"x" * (BOUNDS.chunk_bytes_max + 1))
    town.write("MPA", "carrier", incident(attachments=[kept]))
    desk.database.run("DELETE FROM chunk WHERE n = 1")
    with refusal("attachment_damaged"):
        read.attachment(desk, viewer, "MPA", kept)


def received(town, name="fire", **body):
    """An incident of MPA that MOD has, as MOD's view."""
    record = town.write("MPA", name, incident(to("MOD"), **body))
    town.release("MPA", record, "MOD", "R-MPA")
    town.exchange("MPA", "MOD")
    return read.record(town.desk("MOD"), town.viewer("MOD"), "MPA", record)


def test_a_reply_goes_to_the_owner_by_itself(town):
    """Read, acknowledged, questioned and disputed show on the owner's list of releases."""
    view = received(town)
    states = []
    mod, actor = town.desk("MOD"), town.actor("MOD")
    assert [v.value.record for v in inbox.unread(mod, town.viewer("MOD")).rows] == [
        view.value.record
    ]
    read.mark_read(mod, actor, view)
    read.mark_read(mod, actor, view)
    for kind, body in (("", {}), ("acknowledgement", {}), ("rfi", asking("MPA", "How large?")),
                       ("dispute", {"text": "It was out"})):  # fmt: skip
        if kind:
            with town.names.under(kind):
                say.reply(mod, actor, kind, about=view.value, body=body)
        town.exchange("MPA", "MOD")
        (state,) = read.releases_of(town.desk("MPA"), town.viewer("MPA"), view.value.record)
        states.append(state.state)
        assert state.read_by == ("cleared",)
    assert states == ["read", "acknowledged", "questioned", "disputed"]
    assert inbox.unread(mod, town.viewer("MOD")).rows == ()
    assert read.steps(actor, view) == ()


def test_a_reply_that_no_rule_lets_go_is_not_written(town):
    """Nothing stays here that looks as if it had been said."""
    with worlds("MPA", "MOD") as other:
        other.agree("MPA", "MOD", *(r for r in both_ways("MPA", "MOD") if r.name[0] == "R"))
        view = received(other)
        with refusal("no_rule"):
            say.reply(
                other.desk("MOD"), other.actor("MOD"), "acknowledgement", about=view.value, body={}
            )
        query = read.Query(kinds=("acknowledgement",))
        assert read.count(other.desk("MOD"), other.viewer("MOD"), query) == 0
    own = town.write("MPA", "own", incident())
    with refusal("reply_to_own"):
        say.reply(
            town.desk("MPA"), town.actor("MPA"), "acknowledgement",
            about=current(town, own), body={},
        )  # fmt: skip


def test_the_administrator_sees_and_tells_nothing(town):
    """The administrator reads no record, and reading by one is not reported."""
    view = received(town)
    mod, admin = town.desk("MOD"), town.viewer("MOD", "administrator")
    assert read.count(mod, admin, read.Query(kinds=EVERYTHING)) == 0
    with refusal("record_absent"):
        read.record(mod, admin, "MPA", view.value.record)
    with refusal("mandate"):
        read.tombstones(mod, admin)
    read.mark_read(mod, town.actor("MOD", "administrator"), view)
    own = town.write("MOD", "own", incident())
    read.mark_read(mod, town.actor("MOD"), say.current(mod, town.actor("MOD"), own))
    assert mod.store.head("out/MPA").size == 1  # the agreement


def test_automatic_rules_release_without_a_person():
    """What both agreed to let go at once, goes at once, also when it is revised."""
    with worlds("MPA", "MOD") as town:
        town.agree("MPA", "MOD", rule("MPA", "FAST", automatic=True))
        desk, actor = town.desk("MPA"), town.actor("MPA")
        record = town.write("MPA", "fire", incident(to("MOD")))
        say.revise(desk, actor, record, current(town, record).digest, incident(to("MOD"), hurt=2))
        town.write("MPA", "kept", incident(to()))
        town.exchange("MPA", "MOD")
        query = read.Query(kinds=EVERYTHING)
        (view,) = read.page(town.desk("MOD"), town.viewer("MOD"), query).rows
        assert view.value.body["hurt"] == 2
        states = [r.state for r in read.releases_of(desk, town.viewer("MPA"), record)]
        assert states == ["superseded", "delivered"]
        assert all(r.automatic for r in read.releases_of(desk, town.viewer("MPA"), record))


def test_a_failed_act_leaves_nothing(town):
    """Neither the log, nor the board, nor a listener has heard of it."""
    desk, heard = town.desk("MPA"), []
    desk.listen(heard.append)
    size = desk.store.head("journal").size
    bad = say.Draft(kind="incident", body={}, label=to())
    with refusal("field_required"), desk.act() as act:
        say.write_in(act, town.actor("MPA"), incident(to("MOD", caveats=frozenset({"exercise"}))))
        say.write_in(act, town.actor("MPA"), bad)
    assert desk.store.head("journal").size == size
    assert heard == []
    assert read.count(desk, town.viewer("MPA"), read.Query(kinds=EVERYTHING)) == 0
    town.write("MPA", "fire", incident(to("COA")))
    assert [change.topic for change in heard[0]] == ["incident"]


def test_wakers_hear_to_whom_something_goes(town):
    """The exchange loop wakes for the party that has something to get."""
    woken = []
    town.desk("MPA").on_fed(woken.append)
    record = town.write("MPA", "fire", incident(to("MOD")))
    assert woken == []
    town.release("MPA", record, "MOD", "R-MPA")
    assert woken == ["MOD"]


def test_demand_lets_grants_through():
    """A yes passes, a no is raised with its reason."""
    with pytest.raises(RefusedError) as no:
        demand(Refused("mandate"))
    assert str(no.value) == Refused("mandate").text("en")


def test_lists_take_every_filter(town):
    """Kinds, owners, states, times, boxes, words and severities narrow a list together."""
    received(town)
    town.write("MOD", "line", line(observed=town.clock.now() - 10))
    desk, viewer = town.desk("MOD"), town.viewer("MOD")
    now = town.clock.now()
    cases = (
        ({}, 2), ({"owners": ("MPA",)}, 1), ({"states": ("closed",)}, 0),
        ({"facets": (("severity", ("urgent",)),)}, 1), ({"received": True}, 1),
        ({"facets": (("category", ("flood",)),)}, 0), ({"facets": (("hurt", ("1",)),)}, 0),
        ({"since": now - 1000}, 1), ({"until": now - 1000}, 1), ({"words": "wheat مخمور"}, 1),
        ({"words": "مەخموور"}, 1), ({"words": "الطريق"}, 0), ({"words": '" OR *'}, 0),
        ({"box": (435_000_000, 357_000_000, 436_000_000, 358_000_000)}, 1),
        ({"box": (-1_800_000_000, -900_000_000, 1_800_000_000, 900_000_000)}, 1),
        ({"box": (0, 0, 1, 1)}, 0),
    )  # fmt: skip
    for terms, expected in cases:
        query = read.Query(kinds=EVERYTHING, **terms)
        assert read.count(desk, viewer, query) == expected, terms
        assert len(read.page(desk, viewer, query).rows) == expected, terms
    cells = read.map_cells(desk, viewer, read.Query(kinds=EVERYTHING), 2_500_000)
    assert cells == [(357_800_000, 435_800_000, 1, 2)]
    assert [v.value.owner for v in read.named(desk, viewer, [uuid_of("fire/1")])] == ["MPA"]


def test_what_expires_here_is_erased_and_told():
    """When the time to keep it is over, the bytes go, the leaf stays, the owner hears."""
    with worlds("MPA", "MOD") as town:
        town.agree("MPA", "MOD", rule("MPA", "R-MPA", days=1))
        view = received(town)
        town.clock.time = view.value.label.expires - 1
        assert purging.expired(town.desk("MOD")) == 0
        town.clock.time += 1
        with refusal("record_absent"):
            read.record(town.desk("MOD"), town.viewer("MOD"), "MPA", view.value.record)
        assert purging.expired(town.desk("MOD")) == 1
        town.exchange("MPA", "MOD")
        (state,) = read.releases_of(town.desk("MPA"), town.viewer("MPA"), view.value.record)
        assert state.state == "purged"
        assert read.tombstones(town.desk("MOD"), town.viewer("MOD")) == []


def test_recalls_need_a_reason_from_the_list(town):
    """Free words could tell what the recall should hide."""
    view = received(town)
    desk, actor = town.desk("MPA"), town.actor("MPA")
    with refusal("choice_unknown"):
        releasing.recall(desk, actor, view.value.record, "MOD", "because of post 7")
    with pytest.raises(InputError):
        releasing.recall(desk, actor, view.value.record, "COA", "error")


def test_an_old_edition_follows_its_own_label_and_the_newest(town):
    """Raising a label hides the history too; lowering it opens nothing that was said before."""
    desk, actor, low = town.desk("MPA"), town.actor("MPA"), town.viewer("MPA", "duty-officer")
    secret = Label(classification=Classification.SECRET)
    for name, first, second in (("raised", to(), secret), ("lowered", secret, to())):
        record = town.write("MPA", name, incident(first))
        say.revise(desk, actor, record, current(town, record).digest, incident(second, hurt=1))
        shown = [view.value.body.get("hurt") for view in read.history(desk, low, "MPA", record)]
        assert shown == ([] if name == "raised" else [1])
        assert len(read.history(desk, town.viewer("MPA"), "MPA", record)) == 2
