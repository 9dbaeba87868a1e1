"""What a party reads of lessons and assessments, and the measure above all, is the same in two
worlds that differ only in what it may not see.
"""

import re

import pytest

from tansiq.desk.operations import lessons
from tansiq.desk.operations.lessons import Wish
from tansiq.desk.records import read, say
from tansiq.domain.parties import Classification
from tansiq.policy.agreement import Follow
from tests.web.pair import Screen, text_of
from tests.world import CLEARED, incident, rule, to, uuid_of, worlds

OWNER, WORD = "duty-officer", "zqhidden"
KINDS = frozenset({"lesson", "assessment"})
BASIS, JUDGED = uuid_of(f"{WORD}/1"), f"/record/MPA/{uuid_of('assessment shared/1')}"


def played(world, *, busy):
    """MPA shares one lesson with MOD; in the busy world it has another with COA, which it asks."""
    for other in ("MOD", "COA"):
        world.agree("MPA", other, *(
            rule(one, f"L-{one}", kinds=KINDS, automatic=True, follow=Follow.WHOLE)
            for one in ("MPA", other)
        ))  # fmt: skip
    wrote(world, "shared", "MOD")
    judged(world, "shared", "MOD")
    if busy:
        fire = incident(to("COA", classification=Classification.CONFIDENTIAL), text=WORD)
        assert world.write("MPA", WORD, fire) == BASIS
        judged(world, WORD, "COA")
        record = wrote(world, WORD, "COA", about=wrote(world, f"{WORD} own"))
        desk, actor = world.desk("MPA"), world.actor("MPA", OWNER)
        base = read.record(desk, desk.viewer(actor), "MPA", record).value.digest
        with world.names.under("asked"):
            wish = Wish(move="ask_judgement", seats=("COA/duty-officer",))
            lessons.go_on(desk, actor, record, base, wish)
    for other in ("MOD", "COA"):
        world.exchange("MPA", other)


def judged(world, text, *parties):
    """An assessment that rests on a record of which only the busy world has more than the id."""
    body = {"text": text, "confidence": "low", "good_until": "2020-12-01", "rests_on": [BASIS]}
    draft = say.Draft(kind="assessment", body=body, label=to(*parties))
    return world.write("MPA", f"assessment {text}", draft, CLEARED)


def wrote(world, text, *parties, about=""):
    body = {"text": text, "observed_what": text, **({"about": about} if about else {})}
    draft = say.Draft(kind="lesson", body=body, label=to(*parties))
    return world.write("MPA", f"lesson {text} {parties}", draft, OWNER)


@pytest.fixture(scope="module")
def seen():
    """The pages of MOD and what was sent to it, in the calm and in the busy world."""
    found = []
    for busy in (False, True):
        with worlds("MPA", "MOD", "COA") as world:
            played(world, busy=busy)
            screen = Screen(world, "MOD", OWNER)
            pages = {}
            for address in ("/lessons?tab=all", "/lessons/measure", "/lessons?view=chart", "/inbox",
                            "/lessons?view=board", "/assessments?tab=all", JUDGED,
                            "/assessments?view=chart&by=year", "/assessments?tab=no_longer_good",
                            f"{JUDGED}/print"):  # fmt: skip
                page = screen.get(address)
                pages[address] = page.status_code, _renamed(text_of(page))
            page = Screen(world, "MPA", "observer").get(JUDGED)
            pages["at home"] = page.status_code, _renamed(text_of(page))
            sent = b"".join(plain for _, receiver, plain in world.sent if receiver == "MOD")
            found.append((pages, sent))
    return found


def _renamed(text):
    found = dict.fromkeys(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{1,2}-[0-9A-Z]{5}", text))
    for number, name in enumerate(found):
        text = text.replace(name, f"<{number}>")
    return text


def test_pages_and_the_measure_tell_of_no_hidden_lesson(seen):
    """List, board, chart, numbers and share, to the last byte."""
    (calm, _), (busy, _) = seen
    for address, page in calm.items():
        assert page == busy[address], address
        assert page[0] == 200
        assert WORD not in page[1]


def test_nothing_that_is_sent_names_a_hidden_lesson(seen):
    """Neither its words nor who is asked about it."""
    for _, sent in seen:
        for hidden in (WORD, "COA/duty-officer"):
            assert hidden.encode() not in sent
