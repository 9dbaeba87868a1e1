"""Passkeys: made, shown, bent, copied, malformed; and where they cannot work."""

import json

import pytest

from tests.web import device
from tests.web.accounts import DUTY, LIAISON, codes_on, known, screen, sign_on, where
from tests.web.device import PRESENT, SecurityKey
from tests.web.pair import BESIDE_THE_STORE, Screen, text_of, words
from tests.world import worlds

pytestmark = BESIDE_THE_STORE


@pytest.fixture(scope="module")
def town():
    """A party."""
    with worlds("MPA") as made:
        Screen(made, "MPA", "")
        yield made


@pytest.fixture
def person(town, request):
    """A roster number of this test alone."""
    return known(town, request)


def options(made, purpose):
    return json.loads(made.post("/passkey/options", {"purpose": purpose}).content)


def with_passkey(town, person):
    made, key = screen(town), SecurityKey()
    sign_on(made, person)
    answer = key.make(options(made, "add"))
    reply = made.post("/identity/passkey", {"name": "safe", "credential": answer})
    assert 200 == reply.status_code
    assert 10 == len(codes_on(reply))
    return made, key


def by_passkey(made, key, position=DUTY, **changed):
    answer = json.loads(key.show(options(made, "sign-on")))
    answer["response"].update(changed)
    form = {"position": position, "credential": json.dumps(answer)}
    return made.post("/sign-on/passkey", form)


def test_a_passkey_signs_on_without_a_passphrase(town, person):
    """Also at a position that wants a second factor; at no position of somebody else."""
    _, key = with_passkey(town, person)
    for position in (DUTY, LIAISON):
        made = screen(town)
        assert "/" == where(by_passkey(made, key, position))
        assert 200 == made.get("/log").status_code
    assert 403 == by_passkey(screen(town), key, "auditor").status_code
    assert 403 == by_passkey(screen(town), key, "no-such").status_code


def test_a_passkey_is_the_second_factor_too(town, person):
    """After the passphrase it stands for a code."""
    _, key = with_passkey(town, person)
    made = screen(town)
    assert "/sign-on/second" == where(sign_on(made, person))
    assert 'data-passkey="second"' in text_of(made.get("/sign-on/second"))
    form = {"credential": key.show(options(made, "second"))}
    assert "/" == where(made.post("/sign-on/second", form))


def test_what_is_wrong_with_an_answer_is_refused(town, person):
    """Other origin, unverified person, a copy's counter, old challenge, bent signature."""
    _, key = with_passkey(town, person)
    for origin in ("http://localhost:9999", "https://localhost", "http://evil.localhost"):
        key.origin = origin
        assert 403 == by_passkey(screen(town), key).status_code
    key.origin = "http://localhost"
    key.flags = PRESENT
    assert 403 == by_passkey(screen(town), key).status_code
    key.flags = PRESENT | device.VERIFIED
    assert 403 == by_passkey(screen(town), key, signature="AAAA").status_code
    assert 403 == by_passkey(screen(town), key, userHandle=device.plain(b"MPA/x/1")).status_code
    made = screen(town)
    form = {"position": DUTY, "credential": key.show(options(made, "sign-on"))}
    options(made, "sign-on")
    assert 403 == made.post("/sign-on/passkey", form).status_code
    assert "/" == where(by_passkey(screen(town), key))
    key.counter -= 1
    assert 403 == by_passkey(screen(town), key).status_code


def test_an_answer_counts_once(town, person):
    """What was seen on its way is not taken again."""
    _, key = with_passkey(town, person)
    made = screen(town)
    form = {"position": DUTY, "credential": key.show(options(made, "sign-on"))}
    assert "/" == where(made.post("/sign-on/passkey", form))
    assert 403 == made.post("/sign-on/passkey", form).status_code


BENT = {"id": "AA", "rawId": "AA", "type": "public-key"}
SHOWN = {"authenticatorData": "AA", "signature": "AA", "userHandle": "AA"}


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[]", "null", "1", '{"response": {}}', '{"response": []}', "x" * 20_000),
        json.dumps({**BENT, "response": {"clientDataJSON": "e30", **SHOWN}}),
        json.dumps(
            {**BENT, "response": {"clientDataJSON": "e30", "attestationObject": "gYGB" * 3000}}
        ),
    ],
)
def test_answers_that_no_browser_gives_are_refused_in_words(town, person, text):
    """Malformed bytes end in a refusal, at every page that takes an answer."""
    made = screen(town)
    options(made, "sign-on")
    assert 403 == made.post("/sign-on/passkey", {"position": DUTY, "credential": text}).status_code
    sign_on(made, person)
    options(made, "add")
    reply = made.post("/identity/passkey", {"name": "x", "credential": text})
    assert 422 == reply.status_code
    assert words("error.passkey_refused") in text_of(reply)


@pytest.mark.parametrize(("host", "secure", "code"), [
    ("127.0.0.1", False, "passkey_number"), ("nodelan", False, "passkey_plain"),
    ("[::1]", True, "passkey_number"), ("nodelan", True, ""), ("localhost", False, ""),
])  # fmt: skip
def test_where_passkeys_cannot_work_it_is_said_in_words(town, person, host, secure, code):
    """A number for an address, or no TLS: the page says what to do, and the rest works."""
    from django.conf import settings  # noqa: PLC0415 - once configured

    made = screen(town, secure=secure)
    sign_on(made, person)
    settings.ALLOWED_HOSTS = ["localhost", host]
    made.client.defaults["HTTP_HOST"] = host
    told = text_of(made.get("/identity"))
    reply = made.post("/passkey/options", {"purpose": "add"})
    made.client.defaults["HTTP_HOST"] = "localhost"
    settings.ALLOWED_HOSTS = ["localhost"]
    if code:
        assert words(f"error.{code}") in told
        assert 422 == reply.status_code
    else:
        assert "/identity/passkey" in told
        assert host == json.loads(reply.content)["publicKey"]["rp"]["id"]


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "safe\u202egnp.exe"])
def test_a_passkey_has_a_name_that_reads(town, person, name):
    """No empty name, none that is endless, none that turns the text round."""
    made, key = screen(town), SecurityKey()
    sign_on(made, person)
    form = {"name": name, "credential": key.make(options(made, "add"))}
    reply = made.post("/identity/passkey", form)
    assert 422 == reply.status_code
    assert words("error.passkey_name").partition("{")[0] in text_of(reply)
