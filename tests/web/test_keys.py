"""Keys on pages: joining step by step, authorising, stopping and going on, lost nodes."""

from io import BytesIO

import pytest

from tansiq.desk.exchange import exchange
from tansiq.desk.trust import papers, partners, restarting
from tests import world as worlds
from tests.unit.test_papers import new_keys, revocation, rotate, swap
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import HOUR, START, card_of, incident, node_keys, refusal, to, uuid_of


@pytest.fixture
def world():
    with agreed() as made:
        yield made


def file_of(data):
    item = BytesIO(data)
    item.name = "notice.json"
    return item


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_administrator_confirms_and_a_liaison_officer_authorises(language):
    """Card by paste, words, then another role lets the exchange begin; each step is shown."""
    with worlds.worlds("MPA") as world:
        admin = Screen(world, "MPA", "administrator")
        page = text_of(admin.get("/links/join", language))
        assert page.count('class="now"') == 1
        assert words("steps.card_ours", language) in page
        admin.post("/links/join", {"text": card_of("MOD").decode() + "\n"}, language)
        admin.post("/links/join", {"act": "trust", "equal": "1"}, language)
        known = partners.partner(world.desk("MPA"), "MOD")
        assert known.authorised_at == 0
        page = text_of(admin.get("/links/MOD", language))
        assert words("link.confirmed_text", language) in page
        assert "/links/MOD/authorise" not in page
        assert admin.post("/links/MOD/authorise").status_code == 403
        liaison = Screen(world, "MPA", "liaison-officer")
        assert "/links/MOD/authorise" in text_of(liaison.get("/links/MOD", language))
        assert liaison.post("/links/MOD/authorise")["Location"] == "/links/MOD"
        assert partners.partner(world.desk("MPA"), "MOD").authorised_at
        assert words("link.confirmed_text", language) not in text_of(
            liaison.get("/links/MOD", language)
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stopped_partner_goes_on_when_two_persons_say_so(world, language):
    """One asks with a reason, another agrees after speaking; the same person cannot do both."""
    desk = world.desk("MPA")
    first = Screen(world, "MPA", "liaison-officer")
    second = Screen(world, "MPA", "senior-duty-officer", "P-2")
    assert words("stop.text", language) in text_of(first.get("/links/MOD/stop", language))
    first.post("/links/MOD/stop")
    with refusal("partner_stopped"):
        exchange.outgoing(desk, "MOD")
    assert words("link.state_stopped", language) in text_of(first.get("/links/MOD", language))
    empty = first.post("/links/MOD/restart", {"reason": " "}, language)
    assert empty.status_code == 422
    assert first.post("/links/MOD/restart", {"act": "agree", "spoken": "1"}).status_code == 422
    first.post("/links/MOD/restart", {"reason": "They restored a backup"}, language)
    assert words("restart.waits", language) in text_of(first.get("/links/MOD", language))
    own = first.post("/links/MOD/restart", {"act": "agree", "spoken": "1"}, language)
    assert own.status_code == 403
    page = text_of(second.get("/links/MOD/restart", language))
    assert "They restored a backup" in page
    unspoken = second.post("/links/MOD/restart", {"act": "agree"}, language)
    assert words("error.restart_unspoken", language) in text_of(unspoken)
    spoken = {"act": "agree", "spoken": "1"}
    assert second.post("/links/MOD/restart", spoken, language).status_code == 422
    seen = str(restarting.asked(desk, "MOD").at)
    assert f'name="seen" value="{seen}"' in page
    second.post("/links/MOD/restart", {**spoken, "seen": seen}, language)
    exchange.outgoing(desk, "MOD")
    assert restarting.asked(desk, "MOD") is None
    assert Screen(world, "MPA", "duty-officer").get("/links/MOD/restart").status_code == 403
    assert words("restart.not_stopped", language) in text_of(
        first.get("/links/MOD/restart", language)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_is_taken_and_the_link_says_revoked(world, language):
    """By upload; the page of the partner and the list say so, and a bad file changes nothing."""
    screen = Screen(world, "MPA", "administrator")
    assert words("party_keys.none", language) in text_of(screen.get("/links/keys", language))
    for data, status in ((b"{}", 422), (b"x" * 20_000, 422)):
        assert screen.post("/links/keys", {"notice": file_of(data)}).status_code == status
    assert screen.post("/links/keys", {}).status_code == 422
    taken = screen.post("/links/keys", {"notice": file_of(revocation())})
    assert words("party_keys.taken_new", language) in text_of(
        screen.get(taken["Location"], language)
    )
    again = screen.post("/links/keys", {"notice": file_of(revocation())})
    assert again["Location"] == "/links/keys?taken=known"
    page = text_of(screen.get("/links/MOD", language))
    assert words("link.revoked_text", language) in page
    assert words("link.state_revoked", language) in text_of(screen.get("/links", language))
    public = node_keys("MOD").public.hex()
    file = screen.get(f"/links/keys/notice/{public}")
    assert file.content == revocation()
    assert screen.get("/links/keys/notice/zz").status_code == 422
    assert screen.get(f"/links/keys/notice/{'0' * 64}").status_code == 422


def test_a_file_that_was_made_before_does_not_leave_after_a_revocation(world):
    """A parcel that is ready for the stick is held back too."""
    screen = Screen(world, "MPA", "liaison-officer")
    made = screen.post("/links/MOD/stick/make")["Location"].partition("made=")[2].partition("#")[0]
    assert screen.get(f"/links/MOD/stick/{made}").status_code == 200
    papers.bring(world.desk("MPA"), world.actor("MPA", "liaison-officer"), revocation())
    assert screen.get(f"/links/MOD/stick/{made}").status_code == 422


def test_an_own_lost_key_is_revoked_by_name(world):
    """The liaison officer types the node's name; every partner hears of it with the next parcel."""
    desk = world.desk("MPA")
    papers.announce(desk, card_of("MPA"))
    rotate(world, "MPA", "heir")
    old = node_keys("MPA").public
    liaison = Screen(world, "MPA", "liaison-officer")
    page = text_of(liaison.get("/links/keys"))
    assert old.hex() in page
    form = {"public": old.hex(), "node": "mpa", "lost": "2020-12-20T09:00"}
    assert Screen(world, "MPA", "duty-officer").post("/links/keys/revoke", form).status_code == 403
    for wrong in ({"node": "mpa2"}, {"lost": "then"}, {"public": new_keys("x").public.hex()}):
        assert liaison.post("/links/keys/revoke", {**form, **wrong}).status_code == 422
    own = {**form, "public": desk.identity.keys.public.hex()}
    assert liaison.post("/links/keys/revoke", own).status_code == 422
    assert liaison.post("/links/keys/revoke", form)["Location"] == "/links/keys"
    swap(world, "MPA", "MOD")
    assert papers.revoked_key(world.desk("MOD"), "MPA", old)


def test_a_revocation_is_passed_on_by_a_person(world):
    """The form names one partner; what it is not for is refused."""
    liaison = Screen(world, "MPA", "liaison-officer")
    papers.bring(world.desk("MPA"), world.actor("MPA", "liaison-officer"), revocation())
    public = node_keys("MOD").public.hex()
    assert liaison.post("/links/keys/pass", {"public": public, "to": "MOD"}).status_code == 422
    passed = liaison.post("/links/keys/pass", {"public": public, "to": "JCC"})
    assert passed["Location"] == "/links/keys?taken=passed"
    world.exchange("MPA", "JCC")
    assert papers.revoked_key(world.desk("JCC"), "MOD", node_keys("MOD").public)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_from_a_lost_node_says_that_it_is_in_doubt(world, language):
    """What came after the loss is marked until somebody has asked; what came before is not."""
    with_label = incident(to("MPA"), text="Come to the mill")
    world.write("MOD", "trap", with_label)
    world.release("MOD", uuid_of("trap/1"), "MPA", "R-MOD")
    world.exchange("MOD", "MPA")
    screen = Screen(world, "MPA", "liaison-officer")
    address = f"/record/MOD/{uuid_of('trap/1')}"
    mark = words("record.doubt", language).partition("{")[0]
    assert mark not in text_of(screen.get(address, language))
    world.clock.time += HOUR
    data = revocation(lost=START, at=START + HOUR)
    papers.bring(world.desk("MPA"), world.actor("MPA", "liaison-officer"), data)
    later = Screen(world, "MPA", "liaison-officer")
    assert mark in text_of(later.get(address, language))
