"""Requests as no browser sends them: bodies, queries, cookies and addresses, damaged byte by byte.

What the fields of a form may say stands in ``tests/web/test_fuzzed_forms.py``.
"""

from collections.abc import Iterator
from urllib.parse import quote_from_bytes, urlencode

import pytest

from tansiq.desk.proof import checking
from tests import seeds
from tests.fuzz import mutate
from tests.fuzz.measure import Measured
from tests.noninterference.addresses import FORM, filled, patterns
from tests.noninterference.browser import CSRF, Browser, cookie_names
from tests.web.hostile import part, runs
from tests.web.test_fuzzed_forms import (
    test_two_thousand_forms_end_in_words_and_lose_nothing as typed,
)
from tests.world import both_ways, incident, line, to, worlds

FORMS: int = typed._hypothesis_internal_use_settings.max_examples
RAW = 1_500
FINE = range(200, 500)
URLENCODED = "application/x-www-form-urlencoded"
HOSTILE_TYPES = (
    URLENCODED, "multipart/form-data; boundary=cut", "multipart/form-data; boundary=", "text/plain",
    "application/json", "multipart/mixed; boundary=cut", f"{URLENCODED}; charset=utf-16",
    f"{URLENCODED}; charset=nonsense", "multipart/form-data; boundary=\x80", "", "\xff",
)  # fmt: skip


@pytest.fixture(scope="module")
def screen() -> Iterator[Browser]:
    """A liaison officer at a node that may be written full."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *both_ways("MPA", "MOD"))
        made.write("MPA", "fire", incident(to("MOD")))
        made.write("MPA", "line", line(to("MOD")))
        browser = Browser(made.desk("MPA"), "liaison-officer")
        yield browser
        browser.close()


def bodies() -> list[tuple[str, bytes]]:
    """Good forms, with their types."""
    fields = {"csrfmiddlewaretoken": CSRF, **FORM}
    parts = b"".join(part(f'name="{n}"', str(v).encode()) for n, v in fields.items())
    file = part('name="files"; filename="note.txt"', b"some words")
    parcel = part('name="parcel"; filename="a.tsq"', b"TSQ1" + bytes(60))
    card = part('name="card"; filename="card.json"', b'{"card":{}}')
    end = b"--cut--\r\n"
    return [
        (URLENCODED, urlencode(fields, doseq=True).encode()),
        *[(HOSTILE_TYPES[1], parts + more + end) for more in (file, parcel, card)],
    ]  # fmt: skip


def test_damaged_requests_end_in_words(screen, capsys):
    """Never a fault of the program, whatever arrives: a page, a refusal in words, or a way on."""
    chance, measured, good = seeds.chance("forms"), Measured("forms"), bodies()
    addresses = [next(filled(name)) for name in patterns() if name != "sign-on"]
    plain = [body for _, body in good]
    for number in range(RAW):
        address, (kind, body) = chance.choice(addresses), chance.choice(good)
        headers = {"content-type": kind}
        if number % 3 == 0:
            body = mutate.damaged(body, plain, chance)
        elif number % 3 == 1:
            headers["content-type"] = chance.choice(HOSTILE_TYPES)
            said = mutate.damaged(screen.cookies.encode(), plain, chance)[:4_000]
            headers["cookie"] = said.translate(None, b"\x00\r\n").decode("latin-1")
        else:
            query = mutate.damaged(urlencode(FORM, doseq=True).encode(), plain, chance)[:2_000]
            address, body = f"{address}?{quote_from_bytes(query, safe='=&')}", b""
        method = "GET" if number % 3 == 2 else "POST"

        def ask(method=method, address=address, headers=headers, body=body):
            reply = screen.ask(method, address, body=body, headers=headers)
            assert reply.status in FINE, (reply.status, method, address, headers, body[:300])
            if reply.header("content-type").startswith("text/html"):
                assert [] == runs(reply.text)
            return reply

        measured.run(ask, (method, address, headers, body))
    print(measured.told())
    assert [] == checking.fsck(screen.desk, lambda *_: None)


@pytest.mark.parametrize("name", ["session", "csrf", "language", "theme"])
def test_damaged_cookies_are_no_cookies(screen, name):
    """A cookie that nobody gave is as good as none."""
    names = dict(zip(("session", "csrf"), cookie_names(), strict=True))
    for value in ("\x7f" * 9, "a" * 4_000, '"\\073"', "ar; Path=/; HttpOnly", "é" * 40, "${7*7}"):
        cookie = f"{names.get(name, name)}={value}"
        reply = screen.ask("GET", "/sign-on", headers={"cookie": cookie})
        assert 200 == reply.status
        assert "${7*7}" not in reply.text
        assert reply.header("set-cookie").count("\n") == 0
