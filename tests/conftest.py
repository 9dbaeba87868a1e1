"""What every test runs under: no network but this machine, and reproducible random examples."""

import os
import socket
from ipaddress import ip_address

from hypothesis import HealthCheck, settings

# A slow machine is no failing property, so there is no deadline. The build draws the same examples
# every time; a developer's run draws new ones and prints how to repeat a failure.
SLOW = [HealthCheck.too_slow]
settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, suppress_health_check=SLOW
)
settings.register_profile("dev", deadline=None, print_blob=True, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


class NetworkBlockedError(RuntimeError):
    """A test reached for another machine."""


def is_here(host: object) -> bool:
    """Whether a host is this machine: nothing, a loopback name or a loopback address."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in {"", "localhost", "0.0.0.0", "::"}:
        return True
    try:
        return ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse(host: object) -> None:
    """Stops a test that would leave this machine."""
    if not is_here(host):
        raise NetworkBlockedError(
            f"This test reached for {host!r}. Tests run where there is no network and must not "
            "depend on one: use 127.0.0.1, or hand the code a carrier that stays in memory."
        )


def _guarded(original):
    def method(self, *arguments):
        address = arguments[-1]  # connect(address), sendto(data, [flags,] address)
        if self.family in {socket.AF_INET, socket.AF_INET6} and isinstance(address, tuple):
            refuse(address[0])
        return original(self, *arguments)

    return method


def _guarded_lookup(original):
    def lookup(host, *arguments, **named):
        refuse(host)
        return original(host, *arguments, **named)

    return lookup


def pytest_configure() -> None:
    """Puts the guards in place before any test module is imported."""
    if getattr(socket, "tansiq_guarded", False):
        return
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    socket.getaddrinfo = _guarded_lookup(socket.getaddrinfo)
    socket.gethostbyname = _guarded_lookup(socket.gethostbyname)
    socket.tansiq_guarded = True
