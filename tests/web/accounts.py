"""People who sign on in the tests: with a passphrase, with a telephone."""

import re
from dataclasses import replace

from tansiq.domain.parties import Role
from tests.web import device
from tests.web.pair import Screen, text_of

PASSPHRASE = "a passphrase for tests"
DUTY, LIAISON = "duty-officer", "liaison-officer"


def known(town, test):
    """A roster number of one test alone, with a passphrase for two positions."""
    from tansiq.web.accounts.service import set_passphrase  # noqa: PLC0415 - once configured

    roster = f"T-{abs(hash(test.node.nodeid)) % 10**9}"
    screen(town)
    set_passphrase(roster, [DUTY, LIAISON], PASSPHRASE)
    return roster


def screen(town, **chosen):
    made = Screen(town, "MPA", "")
    made.settings = replace(
        made.settings, second_factor=frozenset({Role.LIAISON_OFFICER}), **chosen
    )
    made.get("/sign-on")
    return made


def sign_on(made, person, position=DUTY, passphrase=PASSPHRASE):
    form = {"position": position, "person": person, "passphrase": passphrase}
    return made.post("/sign-on", form)


def where(reply):
    assert 302 == reply.status_code, text_of(reply)[:600]
    return reply.headers["Location"]


def secret_on(reply):
    return re.search(r'class="mono"><bdi[^>]*>([A-Z2-7 ]+)</bdi>', text_of(reply))[1]


def codes_on(reply):
    found = re.findall(r"<li><bdi[^>]*>(\d{4}) (\d{4})</bdi></li>", text_of(reply))
    return [first + last for first, last in found]


def enrolled(town, person, position=DUTY):
    """A person with a telephone: the screen, the secret and the recovery codes."""
    made = screen(town)
    sign_on(made, person, position)
    secret = secret_on(made.get("/identity/totp"))
    told = made.post("/identity/totp", {"code": device.code(secret, -1)})
    return made, secret, codes_on(told)
