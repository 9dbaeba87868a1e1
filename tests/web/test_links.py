"""Links, agreements, joining by card, and the exchange by stick, on real desks."""

import re
from io import BytesIO
from unittest.mock import patch

import pytest

from tansiq.desk.exchange import beside, exchange
from tansiq.desk.links import linking
from tansiq.desk.records import read
from tansiq.desk.release import agreements, releasing
from tansiq.desk.trust import partners, restarting
from tansiq.domain.places import gazetteer
from tansiq.policy.agreement import by_facets, with_joined
from tansiq.web.links import sticks
from tansiq.web.shell import codes
from tests import world as worlds
from tests.web.pair import LANGUAGES, Screen, agreed, rules, text_of, words
from tests.world import DAY, agreement_of, card_of, incident, to, uuid_of

FIRE = uuid_of("fire/1")


@pytest.fixture
def world():
    with agreed() as made:
        made.write("MPA", "fire", incident(to("MOD"), text="Fire near the mill"))
        made.release("MPA", FIRE, "MOD", "R-MPA")
        yield made


@pytest.fixture
def screen(world):
    return Screen(world, "MPA", "liaison-officer")


def file_of(data, name="file.tsq"):
    item = BytesIO(data)
    item.name = name
    return item


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_show_every_partner_and_our_card(screen, language):
    """State in words, what waits, the code and the eight words of our card."""
    text = text_of(screen.get("/links", language))
    assert words("link.state_waiting", language) in text
    assert words("card.ours", language) in text
    assert '<path d="M4 4h7v1h-7z' in text
    for word, number in linking.words_of(card_of("MPA")):
        assert word in text
        assert str(number) in text
    assert screen.get("/links/part", language).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_partner_shows_agreement_and_what_waits(screen, language):
    """Rules in a table, who signed, and the list behind the number."""
    text = text_of(screen.get("/links/MOD", language))
    assert words("agreement.in_force", language) in text
    assert "R-MPA" in text
    assert "S-MOD" in text
    assert f"/record/MPA/{FIRE}" in text
    assert words("link.sent", language) not in text
    assert words("agreement.none", language) in text_of(screen.get("/links/JCC", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_administrator_sees_numbers_and_no_content(world, language):
    """Counts of entries, no record, no way to one."""
    screen = Screen(world, "MPA", "administrator")
    text = text_of(screen.get("/links/MOD", language))
    assert words("link.sent", language) in text
    assert words("link.no_content", language) in text
    assert FIRE not in text
    for address in ("/links", "/links/MOD/stick"):
        assert FIRE not in text_of(screen.get(address, language))


def test_an_unknown_partner_is_named_in_words(screen):
    """A party that is no partner has no page."""
    reply = screen.get("/links/ZZZ")
    assert reply.status_code == 422
    assert screen.get("/links/ZZZ/stick").status_code == 422


def test_a_failure_and_a_gap_are_words(world, screen):
    """What failed and what is missing stands there in words, not as a code."""
    desk = world.desk("MPA")
    with desk.act() as act:
        partners.note_contact(act, "MOD", failure="parcel_sealed", contact=False)
        act.say({"type": "alarm", "party": "MOD", "code": "gap", "at": act.now,
                 "values": {"first": 116, "last": 117}})  # fmt: skip
    for language in LANGUAGES:
        text = text_of(screen.get("/links/MOD", language))
        assert words("error.parcel_sealed", language) in text
        assert "116" in text
    with desk.act() as act:
        partners.note_contact(act, "MOD", failure="never_heard_of", contact=False)
    assert "never_heard_of" in text_of(screen.get("/links"))


# Agreements --------------------------------------------------------------------------------------


def test_the_authority_signs_what_the_partner_signed(world, screen):
    """The second version waits for us, is signed with one button, and is in force."""
    newer = agreement_of("MPA", "MOD", *rules(), version=2)
    agreements.sign(world.desk("MOD"), world.actor("MOD", "liaison-officer"), newer)
    world.exchange("MPA", "MOD")
    assert words("link.sign_waits") in text_of(screen.get("/links"))
    form = {"agreement": newer.id, "version": "2"}
    duty = Screen(world, "MPA", "duty-officer").post("/links/MOD/sign", form)
    assert duty.status_code == 403
    assert screen.post("/links/MOD/sign", {**form, "version": "x"}).status_code == 422
    assert screen.post("/links/MOD/sign", form)["Location"] == "/links/MOD"
    asked = agreements.in_force(world.desk("MPA").board, "MOD", world.clock.now())
    assert asked == with_joined(newer)
    again = screen.post("/links/MOD/sign", form)
    assert again.status_code == 422
    assert words("error.agreement_signed") in text_of(again)


# Joining -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_is_trusted_after_its_words_were_read(language):
    """Upload, eight words beside ours, a tick, trusted; without the tick nothing."""
    with worlds.worlds("MPA") as world:
        screen = Screen(world, "MPA", "liaison-officer")
        assert screen.post("/links/join", {"act": "show"}, language).status_code == 422
        bad = screen.post("/links/join", {"card": file_of(b"{}")}, language)
        assert words("error.card_form", language) in text_of(bad)
        assert screen.post("/links/join", {"text": '{"half": '}, language).text.count("half") == 1
        own = screen.post("/links/join", {"card": file_of(card_of("MPA"))}, language)
        assert words("error.card_own", language) in text_of(own)
        taken = screen.post("/links/join", {"card": file_of(card_of("MOD"))}, language)
        assert taken["Location"] == "/links/join"
        text = text_of(screen.get("/links/join", language))
        for word, _ in linking.words_of(card_of("MOD")):
            assert word in text
        unread = screen.post("/links/join", {"act": "trust"}, language)
        assert unread.status_code == 422
        assert words("error.words_unread", language) in text_of(unread)
        assert not partners.partners(world.desk("MPA"))
        trusted = screen.post("/links/join", {"act": "trust", "equal": "1"}, language)
        assert trusted["Location"] == "/links/MOD"
        assert partners.partner(world.desk("MPA"), "MOD") is not None


def test_a_card_whose_words_differ_is_put_away(world):
    """Putting it away forgets it."""
    with worlds.worlds("MPA") as alone:
        screen = Screen(alone, "MPA", "liaison-officer")
        screen.post("/links/join", {"card": file_of(card_of("MOD"))})
        screen.post("/links/join", {"act": "forget"})
        assert words("join.their_words") not in text_of(screen.get("/links/join"))
        assert screen.post("/links/join", {"act": "trust", "equal": "1"}).status_code == 422
    assert Screen(world, "MPA", "duty-officer").get("/links/join").status_code == 403


def test_our_card_is_a_file(screen):
    """The download is the card itself."""
    reply = screen.get("/links/card")
    assert reply.content == card_of("MPA")
    assert "MPA-mpa.card" in reply["Content-Disposition"]


def test_a_code_holds_a_short_card_or_the_mark_of_a_long_one():
    """A path of dark runs within the square, and the white that the standard asks around it."""
    short, long = codes.code_of(b"x" * 100), codes.code_of(b"x" * 5_000)
    assert short.whole
    assert not long.whole
    for code in (short, long):
        moves = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path)
        assert "".join(f"M{x} {y}h{n}v1h-{n}z" for x, y, n in moves) == code.path
        assert all(codes.QUIET <= int(y) < code.side - codes.QUIET for _, y, _ in moves)
        assert all(int(x) + int(n) <= code.side - codes.QUIET for x, _, n in moves)


# The stick ---------------------------------------------------------------------------------------


def made(screen, party="MOD"):
    """Make a file and take it away."""
    reply = screen.post(f"/links/{party}/stick/make")
    number = re.search(r"made=(\d+)", reply["Location"])[1]
    file = screen.get(f"/links/{party}/stick/{number}")
    return number, file


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_goes_and_its_answer_comes_back(world, screen, language):
    """Make, carry, take, answer, take: delivered; a second time changes nothing, in words."""
    number, file = made(screen)
    name = f"tansiq-MPA-to-MOD-{int(number):06d}.tsq"
    assert name in file["Content-Disposition"]
    page = text_of(screen.get(f"/links/MOD/stick?made={number}", language))
    assert name in page
    for word, _ in linking.words_of(file.content):
        assert word in page
    theirs = Screen(world, "MOD", "duty-officer")
    taken = theirs.post("/links/MPA/stick", {"parcel": file_of(file.content)}, language)
    assert taken["Location"] == "/links/MPA/stick?taken=1"
    text = text_of(theirs.get(taken["Location"], language))
    assert words("stick.whole", language) in text
    assert words("stick.reply", language) in text
    _, back = made(theirs, "MPA")
    screen.post("/links/MOD/stick", {"parcel": file_of(back.content)})
    state = read.releases_of(world.desk("MPA"), world.viewer("MPA"), FIRE)[0].state
    assert state == "delivered"
    again = theirs.post("/links/MPA/stick", {"parcel": file_of(file.content)})
    assert words("stick.repeated", language) in text_of(theirs.get(again["Location"], language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gap_is_told_in_words(world, screen, language):
    """The later file came, the earlier did not: what is missing is named, what came is kept."""
    desk = world.desk("MPA")
    first = exchange.next_parcel(desk, "MOD")
    world.write("MPA", "more", incident(to("MOD"), text="More"))
    world.release("MPA", uuid_of("more/1"), "MOD", "R-MPA")
    second = exchange.next_parcel(desk, "MOD", start=first.end)
    theirs = Screen(world, "MOD", "duty-officer")
    reply = theirs.post("/links/MPA/stick", {"parcel": file_of(second.data)})
    text = text_of(theirs.get(reply["Location"], language))
    assert words("stick.missing", language) in text
    assert f"{first.start + 1}–{first.end}" in text
    assert words("alarm.gap", language).split(".")[0].split("،")[0] in text_of(
        theirs.get("/links/MPA", language)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_is_none_is_refused_in_words(screen, language):
    """No file, a foreign file, one's own file, one that is too large."""
    assert words("error.file_absent", language) in text_of(
        screen.post("/links/MOD/stick", {}, language)
    )
    foreign = screen.post("/links/MOD/stick", {"parcel": file_of(b"hello")}, language)
    assert foreign.status_code == 422
    assert words("error.parcel_prefix", language) in text_of(foreign)
    _, own = made(screen)
    assert screen.post("/links/MOD/stick", {"parcel": file_of(own.content)}).status_code == 422
    large = screen.post("/links/MOD/stick", {"parcel": file_of(b"x" * (8 * 1024 * 1024 + 1))})
    assert large.status_code == 422
    assert screen.get("/links/MOD/stick/999").status_code == 422


def test_only_so_many_files_are_kept(screen, world):
    """Old files make room for new ones."""
    for _ in range(sticks.MADE_MAX + 2):
        made(screen)
    assert len(sticks._made) == sticks.MADE_MAX


def test_nobody_without_a_seat_exchanges(world):
    """The sign-on for a stranger; words for a role without the mandate."""
    for address in ("/links", "/links/part", "/links/MOD", "/links/MOD/part", "/links/card",
                    "/links/join", "/links/MOD/stick", "/links/MOD/stick/1"):  # fmt: skip
        assert Screen(world, "MPA", "").get(address)["Location"] == "/sign-on"
    assert Screen(world, "MPA", "adviser").get("/links/MOD/stick").status_code == 403
    assert Screen(world, "MPA", "adviser").get("/links/MOD").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_facets_and_stages_a_rule_names_are_read(world, screen, language):
    """A town by its name; what this node does not know as its code."""
    named = [{"place": ["makhmour"]}, {"place": ["nowhere"]}, {"unheard": ["of"]}, {"place": ["1"]}]
    rules = [
        worlds.rule("MPA", f"F-{n}", facets=by_facets(**one), stages=frozenset({"sent", "odd"}))
        for n, one in enumerate(named)
    ]
    world.agree("MPA", "MOD", *rules, version=2)
    text = text_of(screen.get("/links/MOD", language))
    assert gazetteer()["makhmour"].names.of(language) in text
    assert "nowhere" in text
    assert "unheard" in text


HANDED = {
    "a final newline": lambda card: card + b"\n",
    "line ends of Windows": lambda card: b"\r\n" + card + b"\r\n\r\n",
    "a mark in front": lambda card: b"\xef\xbb\xbf" + card,
    "two bytes a letter": lambda card: card.decode().encode("utf-16"),
    "lines of a mail": lambda card: b"\r\n".join(card[n : n + 76] for n in range(0, len(card), 76)),
}  # fmt: skip


@pytest.mark.parametrize("how", HANDED)
def test_c9_a_card_is_taken_however_an_editor_left_it(world, how):
    """With the words of the card itself; the picker shows what init writes."""
    screen, data = Screen(world, "MPA", "liaison-officer"), card_of("JCC")
    assert ".card" in re.search('type="file" name="card" accept="([^"]*)', text_of(
        screen.get("/links/join")))[1].split(",")  # fmt: skip
    screen.post("/links/join", {"card": file_of(HANDED[how](data))})
    shown = text_of(screen.get("/links/join"))
    assert all(word in shown for word, _ in linking.words_of(data))


def test_c10_a_file_that_was_not_taken_is_named(world):
    """Who brings several files sees which one, and why."""
    screen = Screen(world, "MPA", "liaison-officer")
    for language in LANGUAGES:
        reply = screen.post("/links/MOD/stick", {"parcel": file_of(b"noise")}, language)
        assert 422 == reply.status_code
        assert file_of(b"").name in text_of(reply)


def recalled(world):
    releasing.recall(world.desk("MPA"), world.actor("MPA"), FIRE, "MOD", "error")


def ended(world):
    """The end of the thirty days for which the rule lets them keep it."""
    world.clock.time += 40 * DAY


def stopped(world):
    restarting.stop(world.desk("MPA"), world.actor("MPA", "liaison-officer"), "MOD")


def agreed_anew(world):
    agreement = agreement_of("MPA", "MOD", *rules(), version=2)
    for party in ("MPA", "MOD"):
        agreements.sign(world.desk(party), world.actor(party, "liaison-officer"), agreement)
    exchange.incoming(world.desk("MPA"), exchange.outgoing(world.desk("MOD"), "MPA"))


def agreement_over(world):
    world.clock.time += 2_000 * DAY


@pytest.mark.parametrize("act", [recalled, ended, stopped, agreed_anew, agreement_over],
                         ids=lambda act: act.__name__)  # fmt: skip
def test_a7_what_may_not_follow_is_not_handed_out_as_a_file_made_before(world, screen, act):
    """A file from before a recall, an end, a stop or another agreement is not there any more."""
    number, file = made(screen)
    address = f"/links/MOD/stick/{number}"
    assert screen.get(address).content == file.content
    act(world)
    screen = Screen(world, "MPA", "liaison-officer")  # the old sitting may have ended too
    reply = screen.get(address)
    assert reply.status_code == 422
    assert words("error.stick_made_stale") in text_of(reply)
    assert address not in text_of(screen.get(f"/links/MOD/stick?made={number}"))


def test_a7_a_file_made_anew_has_what_may_follow(world, screen):
    """What was said meanwhile changes nothing in a file that holds nothing of it."""
    number, file = made(screen)
    world.write("MPA", "more", incident(to("MOD"), text="More"))
    world.release("MPA", uuid_of("more/1"), "MOD", "R-MPA")
    assert screen.get(f"/links/MOD/stick/{number}").content == file.content
    recalled(world)
    _, again = made(screen)
    exchange.incoming(world.desk("MOD"), again.content)
    held = read.named(world.desk("MOD"), world.viewer("MOD"), [FIRE, uuid_of("more/1")])
    assert [view.value.record for view in held] == [uuid_of("more/1")]


def test_a7_a_parcel_made_ahead_does_not_follow_what_ended(world):
    """The next parcel of a live exchange is made anew once something in it has come to its end."""
    desk = world.desk("MPA")
    ahead = exchange.next_parcel(desk, "MOD")
    assert exchange.may_follow(desk, ahead, "MOD")
    ended(world)
    assert not exchange.may_follow(desk, ahead, "MOD")


@pytest.mark.parametrize("language", LANGUAGES)
def test_b5_the_files_on_their_way_are_shown_on_both_sides(world, screen, language):
    """How much of each file has arrived, for who may see the file; the holder's row says it too."""
    file = world.attach("MPA", "A sketch", b"x" * 5_000, to("MOD"))
    world.write("MPA", "flood", incident(to("MOD"), attachments=[file]))
    world.release("MPA", uuid_of("flood/1"), "MOD", "R-MPA")
    with patch.object(beside, "pieces", lambda *_, **__: beside.NOTHING):  # words alone
        world.exchange("MPA", "MOD")
    there = Screen(world, "MOD", "liaison-officer")
    for seen, party, direction in ((screen, "MOD", "goes"), (there, "MPA", "comes")):
        text = text_of(seen.get(f"/links/{party}", language))
        assert words("link.files", language) in text
        assert words(f"link.file_{direction}", language) in text
        assert "A sketch" in text
        assert "0 / 5 KB" in text
    assert words("held.files_left", language) in text_of(screen.get("/holdings", language))
    assert "A sketch" not in text_of(
        Screen(world, "MPA", "administrator").get("/links/MOD", language)
    )
    world.exchange("MPA", "MOD")
    assert words("link.files", language) not in text_of(screen.get("/links/MOD", language))
    assert words("held.files_left", language) not in text_of(screen.get("/holdings", language))
