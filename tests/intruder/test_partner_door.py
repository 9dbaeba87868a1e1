"""The port of the partners: another's certificate, another's name, and who keeps it waiting."""

import asyncio
import json
import ssl
from functools import cache

import httpx
import pytest

from tansiq.carriers.carrier import LinkError
from tansiq.carriers.https import HttpsCarrier, Route
from tansiq.desk.exchange import exchange
from tansiq.domain.parties import PartyCode
from tansiq.log.cards import read_card
from tansiq.node.founding import open_node
from tansiq.node.keyring import make_keyring
from tansiq.node.settings import FILE
from tests.intruder.wire import HERE, held, said, status

MPA, MOD = PartyCode("MPA"), PartyCode("MOD")
HELD = 200


@cache
def port_of(folder) -> int:
    """Where a node listens for partners."""
    return int(json.loads((folder / FILE).read_text("utf-8"))["partners"]["port"])


def carried(route: Route, data: bytes) -> bytes | None:
    """What a partner's own client gets."""

    async def carry() -> bytes | None:
        async with HttpsCarrier(lambda _party: route) as carrier:
            return await carrier.carry(MPA, 1, data)

    return asyncio.run(carry())


def route_to(node) -> Route:
    """The address and the certificate that its card names."""
    with open_node(node.folder) as opened:
        card = read_card(opened.card)
    return Route(card.address, card.certificate)


def certificate_of(node) -> bytes:
    """The certificate of a node's card."""
    with open_node(node.folder) as opened:
        return read_card(opened.card).certificate


def parcel(sender, receiver) -> bytes:
    """A true parcel of one node to another."""
    with open_node(sender.folder) as opened:
        return exchange.outgoing(opened.desk, PartyCode(receiver.party))


def test_another_certificate_is_not_talked_to(walked, tmp_path):
    """A listener with another certificate, be it a real partner's or one of the same name, gets no
    byte of a parcel; and a node that is shown ours by another does not answer for it.
    """
    node, other = walked["MPA"], walked["MOD"]
    right, theirs = route_to(node), route_to(other)
    fake = make_keyring(tmp_path / "fake", "mpa.mpa").certificate
    for certificate in (fake, certificate_of(other)):
        with pytest.raises(LinkError) as caught:
            carried(Route(right.address, certificate), b"never sent")
        assert "link_certificate" == caught.value.code
    with pytest.raises(LinkError) as caught:
        carried(Route(theirs.address, certificate_of(node)), b"never sent")
    assert "link_certificate" == caught.value.code


def test_nobody_speaks_in_anothers_name(walked):
    """What is not a parcel of a known partner for this node gets the same empty refusal: noise, a
    parcel for another, one sent back to its maker, one that was changed.
    """
    node, other = walked["MPA"], walked["MOD"]
    url, good = f"https://{HERE}:{port_of(node.folder)}/exchange", parcel(other, node)
    changed = good[:-9] + bytes([good[-9] ^ 1]) + good[-8:]
    tries = (b"", b"noise", good[:40], changed, parcel(node, other), good + b"x")
    with httpx.Client(verify=False, trust_env=False) as client:
        replies = [client.post(url, content=data) for data in tries]
        replies.append(client.get(url))
        replies.append(client.post(url + "/../exchange?x=1", content=b""))
        told = {(r.status_code, r.content, tuple(r.headers.raw)) for r in replies}
        assert {(400, b"")} == {(status, body) for status, body, _ in told}
        assert 1 == len(told)
        assert 200 == client.post(url, content=good).status_code


@pytest.mark.parametrize("begun", [b"", b"\x16\x03\x01\x00\xff\x01", b"GET / HTTP/1.1\r\n"])
def test_those_who_never_agree_do_not_keep_partners_out(walked, begun):
    """Two hundred connections that never come to an agreement, and a partner is still served."""
    node, other = walked["MPA"], walked["MOD"]
    route = route_to(node)
    with held(port_of(node.folder), HELD, begun):
        assert carried(route, parcel(other, node))
    assert carried(route, parcel(other, node))


def test_plain_http_and_old_tls_get_nothing(walked):
    """The port speaks TLS 1.3 and nothing else."""
    port = port_of(walked["MPA"].folder)
    assert 0 == status(said(port, b"POST /exchange HTTP/1.1\r\nHost: a\r\n\r\n", wait=3))
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with httpx.Client(verify=old, trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get(f"https://{HERE}:{port}/")
