"""The demo: four processes, one first page that leads through them, nothing left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.request import urlopen

import httpx
import pytest

from tansiq.domain.errors import InputError
from tansiq.domain.wording import LANGUAGES, words
from tansiq.node import demo
from tansiq.node.scenario import nodes, tour
from tansiq.node.scenario.cast import NOW, PARTIES, passphrase_of
from tansiq.node.scenario.nodes import Demo

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90


def free_base():
    """A base port whose nine ports are free now."""
    for base in range(21_000, 40_000, 211):
        found = Demo(folder=Path(), base_port=base)
        try:
            for port in found.ports():
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return base
    raise AssertionError("no free ports")


@contextmanager
def running(folder, *arguments):
    command = [sys.executable, "-m", "tansiq.node.demo", "--folder", str(folder), *arguments]
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    with subprocess.Popen(
        [*command, "--language", "en"],
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as child:
        try:
            yield child
        finally:
            child.terminate()
            child.wait(20)


def until_ready(child):
    began = time.monotonic()
    for line in child.stdout:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
            return int(found[1])
        assert time.monotonic() - began < PATIENCE
    raise AssertionError("the demo ended before it was ready")


def answers(port, path="/"):
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def closed(ports):
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if not any(answers(port, "/health") for port in ports):
            return True
        time.sleep(0.2)
    return False


@pytest.mark.slow
def test_the_demo_starts_resumes_and_leaves_nothing_running(tmp_path):
    """First start, stop, second start where the clock stood, and a kill that ends the nodes."""
    base, folder = free_base(), tmp_path / "demo"
    ports = [base + n for n in range(1, 5)]
    with running(folder, "--base-port", str(base)) as child:
        assert until_ready(child) == base
        assert all(answers(port, "/health") for port in ports)
        assert "sample-mpa-11" in answers(base)
        walk(base)
        child.send_signal(signal.SIGTERM)
        assert child.wait(20) == 0
    assert closed(ports)
    stood = moment_of(folder)
    assert NOW < stood < NOW + PATIENCE * 1000
    began = time.monotonic()
    with running(folder) as child:
        assert until_ready(child) == base
        assert time.monotonic() - began < 30  # ten on a quiet machine
        child.kill()
        child.wait(5)
    assert closed(ports)
    assert moment_of(folder) >= stood


def walk(base):
    """The first page in each language, and each of its links: the position and the page that it
    promises, and never by the hand of somebody else's page.
    """
    with httpx.Client(follow_redirects=True, timeout=20) as browser:
        for language in LANGUAGES:
            first = browser.get(f"http://127.0.0.1:{base}/", headers={"Accept-Language": language})
            assert str(first.url).endswith("/demo")
            for chapter in tour.chapters():
                assert words(f"tour.{chapter.name}").of(language) in first.text
            for plan in PARTIES.values():
                assert all(person in first.text for person in plan.people)
                assert all(passphrase_of(person) in first.text for person in plan.people)
        links = re.findall(r'href="(http://127\.0\.0\.1:\d+/demo/open\?[^"]+)"', first.text)
        steps = [step for chapter in tour.chapters() for step in chapter.steps]
        assert len(links) == len(steps) + sum(
            len(posts) for plan in PARTIES.values() for posts in plan.people.values()
        )
        for step, link in zip(steps, links, strict=False):
            asked = httpx.URL(unescape(link))
            assert browser.get(asked, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 404
            page = browser.get(asked)
            assert page.status_code == 200, step
            assert page.url.raw_path.decode() == asked.params["to"], step
            assert f">{step.person}<" in page.text, step
        stranger = asked.copy_set_param("person", "MPA-99")
        assert browser.get(stranger).status_code == 404


def moment_of(folder):
    return nodes.json.loads((folder / nodes.STATE).read_text())["moment"]


def test_d15_a_port_in_use_is_named(tmp_path, capsys):
    """Somebody else's program on a port stops the demo with one clear sentence."""
    base = free_base()
    with socket.socket() as other:
        other.bind(("127.0.0.1", base + 2))
        other.listen()
        given = ["--folder", str(tmp_path / "d"), "--base-port", str(base), "--language", "en"]
        assert demo.main(given) == demo.CANNOT
    assert str(base + 2) in capsys.readouterr().err
    assert not (tmp_path / "d").exists()


def test_a_folder_that_is_no_demo_is_not_touched(tmp_path):
    """Even --fresh deletes nothing but a demo."""
    (tmp_path / "letter.txt").write_text("mine")
    assert demo.main(["--folder", str(tmp_path), "--fresh"]) == demo.CANNOT
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_other_ports_need_a_fresh_demo(tmp_path):
    """The cards name the ports, so they cannot be changed afterwards."""
    nodes.remember(Demo(folder=tmp_path, base_port=8400), NOW)
    assert nodes.opened(tmp_path, None).base_port == 8400
    with pytest.raises(InputError):
        nodes.opened(tmp_path, 9000)


def test_the_ports_are_those_that_the_documents_name():
    """Pages from 8401 to 8404, partners from 8501 to 8504, the start page at 8400."""
    made = Demo(folder=Path(), base_port=demo.BASE_PORT)
    assert made.ports() == [8400, 8401, 8402, 8403, 8404, 8501, 8502, 8503, 8504]
