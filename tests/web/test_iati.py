"""Publishing projects to the world on its pages: who may ask, who may approve, and what is in the
file that leaves.
"""

import re
from dataclasses import replace

import pytest
from lxml import etree

from tansiq.desk.records import say
from tansiq.desk.reform import publishing
from tansiq.domain.errors import InputError, RefusedError
from tansiq.domain.kinds.reform.activity import Reporter
from tansiq.domain.parties import Classification, Role
from tansiq.domain.wording import LANGUAGES, Text
from tansiq.gateways.iati import Iati
from tansiq.policy.agreement import Follow
from tests.web.pair import Screen, text_of, words
from tests.web.test_reform import (
    KINDS,
    MANAGER,
    OFFICER,
    act,
    charter,
    move,
)
from tests.world import rule, to, worlds

OPEN = Classification.OPEN
DUTY = "senior-duty-officer"
PAPERS = publishing.Papers(
    reporter=Reporter(ref="IQ-MPA", names=Text("MPA", "MPA", "MPA")), publisher=Iati()
)


@pytest.fixture
def world():
    """MPA, whose projects COA may see."""
    with worlds("MPA", "COA") as made:
        made.agree("MPA", "COA", rule("MPA", "P-COA", kinds=KINDS, automatic=True,
                                      purpose="programme", follow=Follow.WHOLE))  # fmt: skip
        yield made


def project(world, code="LOG-04", parties=("COA",), tear=None, **more):
    """An open project of MPA."""
    label = to(*parties, **{"classification": OPEN, **more.pop("label", {})})
    draft = say.Draft(kind="project", body=charter(code, **more), label=label, tear=tear)
    record = world.write("MPA", f"project {code}", draft, MANAGER)
    world.exchange("MPA", "COA")
    return record


def standing(world, record, position=MANAGER):
    return publishing.standing_of(
        world.desk("MPA"), world.viewer("MPA", position), PAPERS, str(record)
    )


def ask(world, record, position=MANAGER):
    seen = standing(world, record, position).digest
    actor = world.actor("MPA", position)
    with world.names.under(f"ask {record} {len(world.names.used)}"):
        publishing.ask(world.desk("MPA"), actor, PAPERS, str(record), seen)


def approve(world, record, position=OFFICER, person="", seen=None):
    digest = standing(world, record, position).digest if seen is None else seen
    actor = world.actor("MPA", position, person)
    with world.names.under(f"approve {record} {len(world.names.used)}"):
        publishing.approve(world.desk("MPA"), actor, PAPERS, str(record), digest)


def leave_out(world, record, why="security", position=MANAGER):
    with world.names.under(f"leave out {record} {len(world.names.used)}"):
        publishing.leave_out(
            world.desk("MPA"), world.actor("MPA", position), PAPERS, str(record), why=why,
            reason="Asked by the ministry",
        )  # fmt: skip


def published(world, record):
    ask(world, record)
    approve(world, record)


def file(world, position=OFFICER):
    """The file that this position takes, read back."""
    found = publishing.file_of(world.desk("MPA"), world.viewer("MPA", position), PAPERS)
    return etree.fromstring(found.data.value)


def codes(world, position=OFFICER):
    """The identifiers in the file; none where there is no file."""
    found = publishing.standings(world.desk("MPA"), world.viewer("MPA", position), PAPERS)
    if not any(one.leaves for one in found):
        assert refused(file, world, position) == "publish_none"
        return []
    return file(world, position).xpath("//iati-identifier/text()")


def refused(call, *given, **named):
    with pytest.raises((RefusedError, InputError)) as error:
        call(*given, **named)
    return error.value.code


def test_nothing_is_published_before_two_persons_say_so(world):
    """Left out, asked for, approved: only the last is in the file, and the others never."""
    record, other = project(world), project(world, "LOG-05")
    assert codes(world) == []
    ask(world, record)
    assert codes(world) == []
    approve(world, record)
    assert codes(world) == ["IQ-MPA-LOG-04"]
    assert standing(world, other).state == "left_out"


def test_the_second_person_is_another_with_the_mandate(world):
    """Neither whoever asked, at whatever position, nor a position without the mandate approves."""
    record = project(world)
    ask(world, record, DUTY)
    person = world.actor("MPA", DUTY).person
    assert refused(approve, world, record, OFFICER, person) == "same_person"
    assert refused(approve, world, record, MANAGER) == "mandate"
    assert codes(world) == []
    approve(world, record)
    assert codes(world)


def test_whoever_asked_before_somebody_asked_again_does_not_approve(world):
    """Asking once more in another's name gives the first one no second vote."""
    record = project(world)
    ask(world, record, DUTY)
    ask(world, record, MANAGER)
    assert refused(approve, world, record, DUTY) == "same_person"


def test_the_step_itself_wants_a_second_person(world):
    """The rule stands at the step and not at the page: by the plain step nobody approves alone,
    and what two decided is changed by steps only.
    """
    record = project(world)
    ask(world, record, DUTY)
    desk, actor = world.desk("MPA"), world.actor("MPA", DUTY)
    view = standing(world, record, DUTY).publication.value
    assert refused(say.step, desk, actor, str(view.record), view.digest,
                   "approve_publication") == "same_person"  # fmt: skip
    draft = say.Draft(kind="publication", body={**view.body, "digest": "0" * 64},
                      label=view.label)  # fmt: skip
    assert refused(say.revise, desk, actor, str(view.record), view.digest,
                   draft) == "kind_final"  # fmt: skip


def test_what_was_approved_is_what_leaves(world):
    """A project that says something else since is in no file until it is approved anew; a note
    below the tear line changes nothing.
    """
    record = project(world)
    published(world, record)
    revise(world, record, internal="The minister hesitates")
    assert codes(world) == ["IQ-MPA-LOG-04"]
    revise(world, record, objective="Another objective")
    assert standing(world, record).state == publishing.CHANGED
    assert codes(world) == []
    published(world, record)
    assert codes(world) == ["IQ-MPA-LOG-04"]


def revise(world, record, label=None, **more):
    desk, actor = world.desk("MPA"), world.actor("MPA", MANAGER)
    view = standing(world, record).line.view.value
    draft = say.Draft(kind="project", body={**view.body, **more}, label=label or view.label,
                      tear=view.tear)  # fmt: skip
    with world.names.under(f"revise {record} {len(world.names.used)}"):
        say.revise(desk, actor, str(record), view.digest, draft)


def test_an_approval_of_a_text_that_changed_is_refused(world):
    """Who approves what was shown before the project changed approves nothing."""
    record = project(world)
    ask(world, record)
    seen = standing(world, record).digest
    revise(world, record, objective="Another objective")
    assert refused(approve, world, record, seen=seen) == "publish_changed"
    assert refused(approve, world, record) == "publish_changed"
    assert codes(world) == []


@pytest.mark.parametrize(
    ("label", "parties"),
    [
        ({"classification": Classification.RESTRICTED}, ("COA",)),
        ({"categories": frozenset({"source"})}, ("COA",)),
        ({"caveats": frozenset({"exercise"})}, ("COA",)),
        ({"embargo": 1 << 42}, ("COA",)),
        ({"expires": 1 << 42}, ("COA",)),
        ({}, ()),
    ],
)
def test_labels_decide_what_the_world_may_have(world, label, parties):
    """Only what is open, without limits and no longer its owner's alone can be asked for; raised
    later, it leaves no more.
    """
    closed = to(*parties, **{"classification": OPEN, **label})
    record = project(world)
    published(world, record)
    raise_label(world, record, closed)
    assert codes(world, "cleared") == []
    found = standing(world, record, "cleared")
    assert found.fault is not None
    assert not found.text


def raise_label(world, record, label):
    desk, actor = (
        world.desk("MPA"),
        replace(world.actor("MPA", "cleared"), role=Role.PROGRAMME_MANAGER),
    )
    view = standing(world, record, "cleared").line.view.value
    draft = say.Draft(kind="project", body=view.body, label=label, tear=view.tear)
    with world.names.under(f"raise {record}"):
        say.revise(desk, actor, str(record), view.digest, draft)


def test_below_the_tear_line_nothing_is_told(world):
    """A budget that its owner drew below the line is said to be lacking, and is in no text."""
    record = project(world, tear=frozenset({"budget"}))
    found = standing(world, record)
    assert (found.fault.code, found.fault.values["field"]) == ("publish_lacks", "budget")
    assert found.text == b""


def test_projects_are_named_beside_one_another_only_where_both_are_published(world):
    """A dependency on a project that is left out is named in no file."""
    first = project(world, "LOG-01")
    second = project(world, "LOG-04", depends_on="LOG-01, LOG-99")
    published(world, second)
    assert file(world).xpath("//related-activity/@ref") == []
    published(world, first)
    assert file(world).xpath("//related-activity/@ref") == ["IQ-MPA-LOG-01"]
    leave_out(world, first)
    assert file(world).xpath("//related-activity/@ref") == []
    assert codes(world) == ["IQ-MPA-LOG-04"]


def test_two_projects_of_one_code_make_no_file(world):
    """The world would take them for one: the error names the code."""
    for name in ("one", "two"):
        label = to("COA", classification=OPEN)
        draft = say.Draft(kind="project", body=charter("LOG-04"), label=label)
        published(world, world.write("MPA", name, draft, MANAGER))
    with pytest.raises(InputError) as error:
        file(world)
    assert error.value.values["project"] == "LOG-04"


def proof(world, about, text, *, public, at="", accepted=True, **label):
    """Evidence for both milestones, accepted by COA."""
    body = {"about": about, "proof": "protocol", "text": text, "proves": [{"mark": "M1"}],
            "public": public, "published_at": at}  # fmt: skip
    draft = say.Draft(kind="evidence", body=body,
                      label=to("COA", **{"classification": OPEN, **label}))  # fmt: skip
    record = world.write("MPA", text, draft, MANAGER)
    world.exchange("MPA", "COA")
    if accepted:
        act(world, "MPA", MANAGER, record, "ask_verifiers", seats=("COA/adviser",))
        act(world, "COA", "adviser", record, "accept_item")
        act(world, "MPA", MANAGER, record, "conclude_review", finding="accepted")
    return record


@pytest.fixture
def circle():
    """MPA and COA, who say to each other what circles need."""
    with worlds("MPA", "COA", "MOD") as made:
        for party in ("COA", "MOD"):
            made.agree("MPA", party, rule("MPA", f"P-{party}", kinds=KINDS, automatic=True,
                                          purpose="programme", follow=Follow.WHOLE),
                       rule(party, "P-MPA", kinds=KINDS, automatic=True,
                            purpose="programme", follow=Follow.WHOLE))  # fmt: skip
        yield made


def test_only_public_accepted_evidence_is_linked(circle):
    """A document is named where it is public, has an address, was accepted, and stands under a
    label that lets it go.
    """
    record = project(circle)
    proof(circle, record, "Seen", public=True, at="https://mopa.example/order.pdf")
    proof(circle, record, "Hidden-1", public=False, at="https://mopa.example/secret")
    proof(circle, record, "Hidden-2", public=True)
    proof(circle, record, "Hidden-3", public=True, at="https://mopa.example/open", accepted=False)
    proof(circle, record, "Hidden-4", public=True, at="https://mopa.example/raised",
          classification=Classification.RESTRICTED)  # fmt: skip
    published(circle, record)
    root = file(circle)
    assert root.xpath("//document-link/@url") == ["https://mopa.example/order.pdf"]
    assert root.xpath("//document-link/@format") == ["application/pdf"]
    assert "Hidden" not in etree.tostring(root, encoding="unicode")


def test_executed_and_not_verified_is_status_3_and_verified_4(circle):
    """The status follows what verifiers accepted, and a change of it needs a new approval."""
    record = project(circle)
    for name in ("charter", "begin", "submit", "declare_executed"):
        move(circle, record, name)
    published(circle, record)
    assert file(circle).xpath("//activity-status/@code") == ["3"]
    for mark in ("M1", "M2"):
        body = {"about": record, "proof": "protocol", "text": mark, "proves": [{"mark": mark}]}
        item = circle.write(
            "MPA", mark, say.Draft(kind="evidence", body=body, label=to("COA")), MANAGER
        )  # fmt: skip
        circle.exchange("MPA", "COA")
        act(circle, "MPA", MANAGER, item, "ask_verifiers", seats=("COA/adviser",))
        act(circle, "COA", "adviser", item, "accept_item")
        act(circle, "MPA", MANAGER, item, "conclude_review", finding="accepted")
    assert standing(circle, record).state == publishing.CHANGED
    published(circle, record)
    assert file(circle).xpath("//activity-status/@code") == ["4"]


def test_a_partners_project_is_never_ours_to_publish(world):
    """COA sees the project of MPA and publishes nothing of it, whatever it asks."""
    record = project(world)
    desk, viewer = world.desk("COA"), world.viewer("COA")
    assert publishing.standings(desk, viewer, PAPERS) == ()
    actor = world.actor("COA", MANAGER)
    assert refused(publishing.ask, desk, actor, PAPERS, str(record), "") == "record_absent"


def test_a_viewer_takes_no_project_that_the_viewer_may_not_see(world):
    """What a reader may not see is in no file that it takes, and its number is told to nobody."""
    record = project(world)
    published(world, record)
    raise_label(world, record, to("COA", classification=Classification.SECRET))
    assert publishing.standings(world.desk("MPA"), world.viewer("MPA", OFFICER), PAPERS) == ()
    assert codes(world) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_show_text_and_reason_and_take_the_file(world, language):
    """From the list to the file, by the pages, in each language; a fault names its field."""
    record = project(world)
    lacking = project(world, "LOG-05", objective="")
    manager, officer = Screen(world, "MPA", MANAGER), Screen(world, "MPA", OFFICER, "P-2")
    at = f"/reform/iati/{record}"
    shown = text_of(manager.get(f"/reform/iati/{lacking}", language))
    assert words("field.objective", language) in shown
    assert "LOG-05" in shown
    shown = text_of(manager.get(at, language))
    assert "<iati-identifier>IQ-MPA-LOG-04</iati-identifier>" in shown
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)[1]
    assert manager.post(f"{at}/act", {"act": "ask", "seen": seen}, language).status_code == 302
    reply = manager.post(f"{at}/act", {"act": "approve", "seen": seen}, language)
    assert reply.status_code == 422
    assert officer.get("/reform/iati/file", language).status_code == 422
    assert officer.post(f"{at}/act", {"act": "approve", "seen": seen}, language).status_code == 302
    assert words("publish.leaves", language) in text_of(officer.get("/reform/iati", language))
    reply = officer.get("/reform/iati/file", language)
    assert reply.headers["Content-Type"] == "application/xml"
    assert b"IQ-MPA-LOG-04" in reply.content
    assert b"LOG-05" not in reply.content
    form = {"act": "leave_out", "why": "not_aid", "reason": "Military training"}
    assert manager.post(f"{at}/act", form, language).status_code == 302
    shown = text_of(officer.get(at, language))
    assert words("choice.excluded_for.not_aid", language) in shown
    assert "Military training" in shown
    assert officer.get("/reform/iati/file", language).status_code == 422


def test_leaving_out_says_why(world):
    """Without a reason of its list nothing is left out."""
    record = project(world)
    assert refused(leave_out, world, record, "") == "step_needs"


def test_positions_without_the_mandate_take_no_file(world):
    """Auditors and advisers read the list and take nothing; partners are shown nothing."""
    published(world, project(world))
    for position in ("auditor", "adviser"):
        screen = Screen(world, "MPA", position)
        assert screen.get("/reform/iati/file").status_code == 403
    assert "LOG-04" not in text_of(Screen(world, "COA", MANAGER).get("/reform/iati"))


def test_who_took_the_file_is_noted(world):
    """The access log names the projects that left and who took them."""
    record = project(world)
    published(world, record)
    Screen(world, "MPA", OFFICER).get("/reform/iati/file")
    shown = text_of(Screen(world, "MPA", "auditor").get(f"/audit?record={record}"))
    assert words("deed.exported") in shown
