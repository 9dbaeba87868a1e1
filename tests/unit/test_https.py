"""The partner listener and its client, hostile to whatever is not a partner."""

import asyncio
import socket
import ssl
import threading

import httpx
import pytest

from tansiq.carriers import https
from tansiq.carriers.carrier import LinkError
from tansiq.carriers.https import HttpsCarrier, PartnerListener, Route
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.domain.parties import PartyCode
from tansiq.node import connection_limits
from tansiq.node.keyring import make_keyring
from tansiq.node.serve import _bound, partner_server

MOD = PartyCode("MOD")


class Served:
    """A listener with TLS on a loopback port; ``codes`` are its refusals."""

    def __init__(self, folder, receive):
        self.codes = []
        keyring = make_keyring(folder / "keys", "mod.test")
        self.certificate = keyring.certificate

        async def work(take, parcel):
            return await asyncio.to_thread(take, parcel)

        self.listener = PartnerListener(receive, work, self.codes.append)
        self.server = partner_server(self.listener, keyring)
        bound = _bound("127.0.0.1", 0)
        self.port = bound.getsockname()[1]
        self.address = f"https://127.0.0.1:{self.port}"
        serving = self.server.serve(sockets=[bound])
        self.thread = threading.Thread(target=asyncio.run, args=(serving,))
        self.thread.start()

    def post(self, data, path="/exchange", method="POST"):
        """What a stranger who checks no certificate gets."""
        with httpx.Client(verify=False, trust_env=False) as client:
            answer = client.request(method, self.address + path, content=data)
        return answer.status_code, answer.headers.raw, answer.content

    def carry(self, data, certificate=None, address=None):
        """What a partner gets."""
        route = Route(address or self.address, certificate or self.certificate)
        return asyncio.run(HttpsCarrier(lambda _party: route).carry(MOD, 1, data))

    def raw(self, data, wait=5.0):
        """What comes back for bytes on an open TLS connection."""
        context = ssl._create_unverified_context()
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=wait) as plain,
            context.wrap_socket(plain) as wrapped,
        ):
            wrapped.sendall(data)
            found = b""
            try:
                while part := wrapped.recv(65536):
                    found += part
            except (ConnectionError, ssl.SSLError):
                return found
            return found


def echo(parcel):
    """Takes what begins with good."""
    if not parcel.startswith(b"good"):
        raise ParcelError("parcel_prefix")
    return b"answer to " + parcel


@pytest.fixture
def served(tmp_path):
    """A running listener."""
    made = Served(tmp_path, echo)
    yield made
    made.server.should_exit = True
    made.thread.join()


def test_a_parcel_goes_there_and_another_comes_back(served):
    """The plain case, over TLS with the pinned certificate."""
    assert served.carry(b"good parcel") == b"answer to good parcel"
    assert not served.codes


def test_one_connection_carries_many_parcels(served):
    """It is opened once, and opened anew where the partner has closed it or another key is due."""
    opened = []
    protocol = connection_limits.PartnerProtocol.connection_made

    async def three(route):
        async with HttpsCarrier(lambda _party: route[0]) as carrier:
            answers = [await carrier.carry(MOD, n, b"good %d" % n) for n in range(2)]
            for connection in list(served.server.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0.05)
            answers += [await carrier.carry(MOD, n, b"good %d" % n) for n in range(2, 4)]
            route[0] = Route(served.address, served.certificate)
            return [*answers, await carrier.carry(MOD, 4, b"good 4")]

    def counts(self, transport):
        opened.append(transport)
        protocol(self, transport)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection_limits.PartnerProtocol, "connection_made", counts)
        answers = asyncio.run(three([Route(served.address, served.certificate)]))
    assert [b"answer to good %d" % n for n in range(5)] == answers
    assert len(opened) == 3


def test_every_refusal_is_the_same_empty_400(served):
    """Method, path, noise and size make no difference to who asks, only to the node's own log."""
    answers = [
        served.post(b"noise"),
        served.post(b""),
        served.post(b"good", path="/"),
        served.post(b"good", path="/exchange/"),
        served.post(b"good", method="PUT"),
        served.post(b"", method="GET"),
    ]
    status, headers, body = answers[0]
    assert (status, body) == (400, b"")
    assert [(b"content-length", b"0"), (b"connection", b"close")] == headers
    assert all(answer == answers[0] for answer in answers)
    assert {"parcel_prefix", "request_unknown"} == set(served.codes)


def test_the_size_is_bound_while_reading(served):
    """A body without an end, with or without a stated length, is cut off at the bound."""
    data = b"good" + b"x" * BOUNDS.parcel_bytes_max
    with pytest.raises(LinkError):
        served.carry(data)
    head = b"POST /exchange HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    try:
        served.raw(head + chunk * 12)
    except (ConnectionError, ssl.SSLError):
        assert served.codes
    assert ["parcel_size", "parcel_size"] == served.codes


def test_a_body_that_breaks_off_is_no_parcel(served):
    """A connection that ends early is noted and forgotten."""
    served_head = b"POST /exchange HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\ngood"
    context = ssl._create_unverified_context()
    with socket.create_connection(("127.0.0.1", served.port)) as plain:
        wrapped = context.wrap_socket(plain)
        wrapped.sendall(served_head)
        wrapped.close()
    for _ in range(100):
        if served.codes:
            break
        threading.Event().wait(0.02)
    assert ["request_broken"] == served.codes


def test_what_is_not_http_gets_no_answer_at_all(served):
    """Not even the name of the server."""
    assert served.raw(b"garbage\r\n\r\n") == b""


def test_slow_bodies_and_too_many_at_once_are_refused(served, monkeypatch):
    """Neither a trickle nor a crowd holds the listener up."""
    monkeypatch.setattr(https, "READ_SECONDS_MAX", 0.2)
    head = b"POST /exchange HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\ngood"
    assert served.raw(head).startswith(b"HTTP/1.1 400 ")
    assert ["request_slow"] == served.codes
    monkeypatch.setattr(https, "AT_ONCE_MAX", 0)
    assert served.post(b"good")[0] == 400
    assert served.codes[-1] == "busy"


def test_a_connection_that_asks_nothing_is_dropped(served, monkeypatch):
    """Idle connections do not pile up."""
    monkeypatch.setattr(connection_limits, "PATIENCE_SECONDS", 0.2)
    assert served.raw(b"", wait=5.0) == b""
    monkeypatch.setattr(connection_limits.PartnerProtocol, "places", 0)
    assert served.raw(b"") == b""


def test_only_the_pinned_certificate_is_trusted(served, tmp_path):
    """Another certificate, even of the same name, ends before a byte of the parcel is sent."""
    other = make_keyring(tmp_path / "other", "mod.test").certificate
    with pytest.raises(LinkError) as caught:
        served.carry(b"good", certificate=other)
    assert caught.value.code == "link_certificate"
    assert not served.codes


def test_bad_routes_and_closed_ports_are_typed(served):
    """Each way of not getting through has its own words."""
    for address, certificate, code in (
        ("", served.certificate, "link_no_address"),
        ("https://127.0.0.1:1", b"", "link_no_address"),
        ("https://127.0.0.1:1", b"\x30\x82\x00\x01\x00", "link_certificate"),
    ):
        with pytest.raises(LinkError) as caught:
            Route(address, certificate)
        assert caught.value.code == code
    with pytest.raises(LinkError) as caught:
        served.carry(b"good", address="https://127.0.0.1:1")
    assert caught.value.code == "link_down"
    with pytest.raises(LinkError) as caught:
        served.carry(b"noise")
    assert caught.value.code == "link_refused"


def test_an_answer_without_end_is_cut_off(tmp_path):
    """A hostile partner cannot fill our memory."""
    made = Served(tmp_path, lambda _parcel: b"x" * (BOUNDS.parcel_bytes_max + 1))
    try:
        with pytest.raises(LinkError) as caught:
            made.carry(b"good")
        assert caught.value.code == "link_answer_size"
    finally:
        made.server.should_exit = True
        made.thread.join()


def test_a_silent_partner_is_given_up(tmp_path, monkeypatch):
    """A listener that takes the connection and says nothing ends in a timeout."""
    monkeypatch.setattr(https, "ANSWER_SECONDS_MAX", 0.3)
    keyring = make_keyring(tmp_path / "keys", "mod.test")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(https, "CONNECT_SECONDS_MAX", 0.3)
        route = Route(address, keyring.certificate)
        with pytest.raises(LinkError) as caught:
            asyncio.run(HttpsCarrier(lambda _party: route).carry(MOD, 1, b"good"))
    assert caught.value.code == "link_timeout"


def test_the_environment_cannot_send_parcels_elsewhere(served, monkeypatch):
    """Proxy variables and certificate variables of the environment are not looked at."""
    for name in ("HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    assert served.carry(b"good") == b"answer to good"
