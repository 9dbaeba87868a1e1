"""Second factors: enrolled, asked for, spent once, lost, taken away."""

import json
import re
from dataclasses import replace

import pytest

from tansiq.desk.act import identity as noting
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import Role
from tests.web import device
from tests.web.accounts import (
    DUTY,
    LIAISON,
    PASSPHRASE,
    codes_on,
    enrolled,
    known,
    screen,
    secret_on,
    sign_on,
    where,
)
from tests.web.pair import BESIDE_THE_STORE, LANGUAGES, Screen, text_of, words
from tests.world import worlds

pytestmark = BESIDE_THE_STORE


@pytest.fixture(scope="module")
def town():
    """A party whose liaison officer needs a second factor."""
    with worlds("MPA") as made:
        Screen(made, "MPA", "")
        yield made


@pytest.fixture
def person(town, request):
    """A roster number of this test alone."""
    return known(town, request)


def test_codes_are_those_of_rfc_6238(town):
    """The library's codes are those of the standard's own vectors, and so are the test's."""
    from allauth.mfa.totp.internal import auth  # noqa: PLC0415 - once configured

    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    vectors = {59: "94287082", 1111111109: "07081804", 20000000000: "65353130"}
    for at, expected in vectors.items():
        assert expected == device.code(secret, at=at, digits=8)
        assert expected[2:] == auth.format_hotp_value(auth.hotp_value(secret, at // 30))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_telephone_is_added_and_then_asked_for(town, person, language):
    """After the first code the passphrase alone opens nothing; with a code it does."""
    made = screen(town)
    assert "/" == where(sign_on(made, person))
    page = made.get("/identity/totp", language)
    assert '<svg role="img"' in text_of(page)
    secret = secret_on(page)
    wrong = made.post("/identity/totp", {"code": "000000"}, language)
    assert 422 == wrong.status_code
    assert secret == secret_on(wrong)
    told = made.post("/identity/totp", {"code": device.code(secret, -1)}, language)
    assert 10 == len(set(codes_on(told)))
    assert "no-store" == told.headers["Cache-Control"]
    assert words("factor.code", language) in text_of(made.get("/identity", language))
    fresh = screen(town)
    assert "/sign-on/second" == where(sign_on(fresh, person))
    assert "/sign-on" == where(fresh.get("/log"))
    assert 403 == fresh.post("/sign-on/second", {"code": "123"}, language).status_code
    assert "/" == where(fresh.post("/sign-on/second", {"code": device.code(secret)}))
    assert 200 == fresh.get("/log").status_code


def test_a_code_counts_once_and_no_earlier_one_after_it(town, person):
    """A code that was seen over the shoulder is worth nothing, nor one that was noted before."""
    _, secret, _ = enrolled(town, person)
    now, before = device.code(secret), device.code(secret, -1)
    first, second = screen(town), screen(town)
    sign_on(first, person)
    assert "/" == where(first.post("/sign-on/second", {"code": now}))
    sign_on(second, person)
    for used in (now, before):
        assert 403 == second.post("/sign-on/second", {"code": used}).status_code
    later = device.code(secret, 1).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert "/" == where(second.post("/sign-on/second", {"code": later}))


def test_a_recovery_code_opens_once_and_is_noted(town, person):
    """It is counted down, told to the auditor, and void after new ones were made."""
    made, _, codes = enrolled(town, person)
    lost = screen(town)
    sign_on(lost, person)
    assert "/" == where(lost.post("/sign-on/second", {"code": f"{codes[0][:4]}-{codes[0][4:]}"}))
    assert ">9<" in text_of(lost.get("/identity"))
    sign_on(lost, person)
    assert 403 == lost.post("/sign-on/second", {"code": codes[0]}).status_code
    noted = noting.events(town.desk("MPA"), Role.AUDITOR)
    assert ("code_spent", person) in {(one.event, one.person) for one in noted}
    fresh = codes_on(made.post("/identity", {"act": "codes"}))
    assert not set(fresh) & set(codes)
    assert 403 == lost.post("/sign-on/second", {"code": codes[1]}).status_code
    assert "/" == where(lost.post("/sign-on/second", {"code": fresh[0]}))


def test_secrets_are_sealed_in_the_accounts(town, person):
    """Whoever has the accounts' database and not the node's secret has no code."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 - once configured

    _, secret, codes = enrolled(town, person)
    held = Authenticator.objects.filter(user__roster=person)
    stored = json.dumps([one.data for one in held])
    assert 2 == held.count()
    assert secret.replace(" ", "") not in stored
    assert not any(code in stored for code in codes)
    stolen = screen(town)
    stolen.settings = replace(stolen.settings, secret="another node's secret " * 3)
    stolen.get("/sign-on")
    sign_on(stolen, person)
    assert 403 == stolen.post("/sign-on/second", {"code": device.code(secret, 1)}).status_code


def test_guesses_at_codes_are_counted_across_passphrases(town, person):
    """Typing the passphrase again buys no more guesses; locked, a right code is refused alike."""
    _, secret, _ = enrolled(town, person)
    made = screen(town)
    for _ in range(BOUNDS.sign_on_failures_max):
        assert "/sign-on/second" == where(sign_on(made, person))
        wrong = made.post("/sign-on/second", {"code": "000000"})
        assert 403 == wrong.status_code
    right = made.post("/sign-on/second", {"code": device.code(secret)})
    assert 403 == right.status_code
    assert text_of(wrong) == text_of(right)
    assert 403 == sign_on(made, person).status_code
    noted = noting.events(town.desk("MPA"), Role.AUDITOR)
    assert ("closed", person) in {(one.event, one.person) for one in noted}


def test_half_a_sign_on_is_over_after_five_minutes(town, person):
    """A passphrase that was right an hour ago waits for no code."""
    _, secret, _ = enrolled(town, person)
    made = screen(town)
    sign_on(made, person)
    town.clock.time += BOUNDS.half_sign_on_ms + 1
    assert "/sign-on" == where(made.post("/sign-on/second", {"code": device.code(secret)}))


def test_a_position_that_wants_a_second_factor_opens_only_with_one(town, person):
    """Whoever has none yet sets one up first; taking away the last one closes the pages again."""
    made = screen(town)
    assert "/identity" == where(sign_on(made, person, LIAISON))
    for address in ("/log", "/incidents", "/lock", "/keys"):
        assert where(made.get(address)) in ("/identity", "/")
    page = text_of(made.get("/identity"))
    assert words("identity.wanted") in page
    assert 'action="/sign-off"' in page
    secret = secret_on(made.get("/identity/totp"))
    made.post("/identity/totp", {"code": device.code(secret, -1)})
    assert 200 == made.get("/log").status_code
    number = re.search(r'name="number" value="(\d+)"', text_of(made.get("/identity")))[1]
    assert "/identity" == where(made.post("/identity", {"act": "remove", "number": number}))
    assert "/identity" == where(made.get("/log"))
    assert words("identity.none") in text_of(made.get("/identity"))


def test_acts_on_factors_want_a_fresh_proof_with_the_second_factor(town, person):
    """Five minutes after signing on an unwatched screen adds and removes nothing."""
    made, secret, _ = enrolled(town, person)
    town.clock.time += 6 * 60_000
    for address in ("/identity/totp", "/identity/passkey"):
        assert "/identity/confirm" == where(made.get(address))
    for act in ("remove", "codes", "end", "rename"):
        assert "/identity/confirm" == where(made.post("/identity", {"act": act, "number": "1"}))
    assert 422 == made.post("/passkey/options", {"purpose": "add"}).status_code
    alone = {"passphrase": PASSPHRASE}
    assert 403 == made.post("/identity/confirm", alone).status_code
    full = {**alone, "code": device.code(secret)}
    assert "/identity" == where(made.post("/identity/confirm", full))
    assert 10 == len(codes_on(made.post("/identity", {"act": "codes"})))


def test_nobody_touches_the_factors_of_another(town, person):
    """A number that belongs to another person is as absent as one that never was."""
    from tansiq.web.accounts.service import set_passphrase  # noqa: PLC0415 - once configured

    made, _, _ = enrolled(town, person)
    number = re.search(r'name="number" value="(\d+)"', text_of(made.get("/identity")))[1]
    set_passphrase("T-OTHER", [DUTY], PASSPHRASE)
    other = screen(town)
    sign_on(other, "T-OTHER")
    for act in ("remove", "rename"):
        told = [
            text_of(other.post("/identity", {"act": act, "number": one, "name": "x"}))
            for one in (number, "999999")
        ]
        assert told[0] == told[1]
    assert words("factor.code") in text_of(made.get("/identity"))


def test_a_factor_ends_the_other_sessions(town, person):
    """Who sat in with the passphrase alone sits no more."""
    old = screen(town)
    sign_on(old, person)
    enrolled(town, person)
    assert "/sign-on" == where(old.get("/log"))


def test_the_administrator_resets_and_the_auditor_hears(town, person):
    """A lost telephone: all factors go, all sessions end, and it stands in the journal."""
    from tansiq.web.accounts.service import reset_factors  # noqa: PLC0415 - once configured

    made, _, _ = enrolled(town, person)
    assert 2 == reset_factors(town.desk("MPA"), person)
    assert "/sign-on" == where(made.get("/log"))
    assert "/" == where(sign_on(made, person))
    auditor = Screen(town, "MPA", "auditor")
    told = text_of(auditor.get("/identity/events"))
    assert words("identity_event.factors_reset") in told
    assert person in told
    assert 403 == Screen(town, "MPA", DUTY).get("/identity/events").status_code


def test_nothing_of_allauth_can_be_reached(town):
    """No page, no template and no table of its own sign-on is there."""
    from django.apps import apps  # noqa: PLC0415 - once configured
    from django.db import connection  # noqa: PLC0415 - once configured

    made = screen(town)
    for address in ("/accounts/login/", "/mfa/", "/2fa/", "/accounts/signup/", "/login"):
        assert 404 == made.get(address).status_code
    tables = connection.introspection.table_names()
    assert "mfa_authenticator" in tables
    assert not [table for table in tables if "email" in table or table.startswith("account_")]
    assert not any(model._meta.app_label == "admin" for model in apps.get_models())
