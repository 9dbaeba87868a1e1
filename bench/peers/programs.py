"""The programs that the exchange is compared with, and the same incidents in their forms.

They are installed below .dev at their locked versions on the first use: PouchDB server by npm, from
package-lock.json; medallion by pip, from medallion.lock. Both run as processes of their own.
"""

import base64
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.incidents import Event
from bench.web_process import free_port, processor_seconds
from bench.wire import CountingWire

HERE = Path(__file__).resolve().parent
STATE = HERE.parent.parent / ".dev" / "peers"
_BATCH = 1_000
_STARTS_WITHIN = 60.0
_NAMES = uuid.UUID("b9a1b1f6-0b5e-4f0c-9d7b-0d8a6c2f4e11")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One exchange of a peer: until the last record was read at the other side."""

    records: int
    seconds: float
    processor: float  # seconds of all its processes
    bytes: int


Headers = dict[str, str]


def ask(url: str, body: object = None, headers: Headers | None = None) -> Any:  # noqa: ANN401
    """The answer to a request, as JSON."""
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    sent = {"content-type": "application/json"} | (headers or {})
    request = urllib.request.Request(url, data, sent)
    with urllib.request.urlopen(request, timeout=3_600) as answer:
        return json.load(answer)


@contextmanager
def running(command: Sequence[str | Path], url: str, cwd: Path) -> Iterator[int]:
    """A server in a process of its own, once it answers; the number of the process."""
    process = subprocess.Popen(
        [str(part) for part in command], cwd=cwd,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + _STARTS_WITHIN
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


# PouchDB server ----------------------------------------------------------------------------------


def need_pouchdb() -> Path:
    """The folder in which PouchDB server is installed."""
    folder = STATE / "pouchdb"
    lock = (HERE / "package-lock.json").read_bytes()
    known = folder / "package-lock.json"
    if not (folder / "node_modules").is_dir() or known.read_bytes() != lock:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
    for name in ("server.mjs", "replicate.mjs"):
        shutil.copy(HERE / name, folder)
    return folder


def pouchdb(
    events: Sequence[Event], folder: Path, *, inside: bool = False, found: bool = False
) -> Run:
    """Replicate from one PouchDB server to another.

    ``inside`` lets the receiving server pull by itself, so that one connection is counted; else a
    replicator of its own reads from the one and writes to the other, and both are. ``found`` goes
    on until the last record is in a list by time and found by a word, by views, as a board has it.
    """
    program = need_pouchdb()
    with ExitStack() as stack:
        wires, processes = [], []
        for name in ("source", "target"):
            port, data = free_port(), folder / name
            data.mkdir(parents=True)
            command = ["node", "server.mjs", data, str(port)]
            url = f"http://127.0.0.1:{port}/"
            processes.append(stack.enter_context(running(command, url, program)))
            wires.append(CountingWire(port))
        source, target = (f"http://127.0.0.1:{wire.port}/incidents" for wire in wires)
        direct = [f"http://127.0.0.1:{wire.target}/incidents" for wire in wires]
        for url in direct:
            _put(url)
        for at in range(0, len(events), _BATCH):
            docs = [{"_id": one.identity, **one.body} for one in events[at : at + _BATCH]]
            ask(f"{direct[0]}/_bulk_docs", {"docs": docs})
        os.sync()  # what was written before is no part of what is measured
        worked, began = _worked(processes), time.perf_counter()
        if inside:
            wish = {"source": source, "target": "incidents", "batch_size": _BATCH}
            ask(direct[1].replace("/incidents", "/_replicate"), wish)
        else:
            command = ["node", "replicate.mjs", source, target, str(_BATCH)]
            subprocess.run(command, cwd=program, check=True, stdout=subprocess.DEVNULL)
        if found:
            _look(direct[1], events[-1])
        last = ask(f"{direct[1]}/{events[-1].identity}")
        seconds = time.perf_counter() - began
        worked = _worked(processes) - worked
        assert last["text"] == events[-1].body["text"]
        assert ask(direct[1])["doc_count"] == len(events) + found
        passed = sum(wire.bytes for wire in wires)
        return Run(records=len(events), seconds=seconds, processor=worked, bytes=passed)


_MAP = """function (doc) {
  emit(["time", doc.observed]);
  var words = {};
  [doc.text, doc.done, doc.unknown, doc.asked, doc.place.name].join(" ").toLowerCase()
    .split(/[^0-9a-z\u0600-\u06ff]+/).forEach(function (word) { if (word) words[word] = 1; });
  for (var word in words) emit(["word", word]);
}"""


def _look(url: str, last: Event) -> None:
    design: dict[str, object] = {"_id": "_design/board", "views": {"board": {"map": _MAP}}}
    ask(url, design)
    word = str(last.body["text"]).lower().split()[1]
    key = urllib.parse.quote(json.dumps(["word", word]))
    rows = ask(f"{url}/_design/board/_view/board?key={key}")["rows"]
    assert last.identity in {row["id"] for row in rows}


def _worked(processes: Sequence[int]) -> float:
    """The processor time of these processes, and of those that have ended here."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime + sum(map(processor_seconds, processes))


def _put(url: str) -> None:
    request = urllib.request.Request(url, b"", method="PUT")
    urllib.request.urlopen(request, timeout=60).close()


# medallion ---------------------------------------------------------------------------------------


def need_medallion() -> Path:
    """The Python in whose environment medallion is installed."""
    folder = STATE / "medallion"
    python, mark = folder / "bin" / "python", folder / "lock"
    lock = HERE / "medallion.lock"
    if not mark.is_file() or mark.read_bytes() != lock.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock]
        subprocess.run(install, check=True)
        shutil.copy(lock, mark)
    return python


def medallion(events: Sequence[Event], folder: Path) -> Run:
    """Push the incidents as STIX to a TAXII server, and pull them to the other side."""
    python, port = need_medallion(), free_port()
    folder.mkdir(parents=True)
    (folder / "data.json").write_text(json.dumps(_TAXII), "utf-8")
    config = {
        "backend": {
            "module": "medallion.backends.memory_backend",
            "module_class": "MemoryBackend",
            "filename": str(folder / "data.json"),
        },
        "users": {"bench": "bench"},
        "taxii": {"max_page_size": _BATCH},
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    command = [python, "-m", "medallion.scripts.run", "--host", "127.0.0.1", "--port", str(port),
               folder / "config.json"]  # fmt: skip
    objects = [item for event in events for item in stix(event)]
    with running(command, f"http://127.0.0.1:{port}/", folder) as process:
        wire = CountingWire(port)
        url = f"http://127.0.0.1:{wire.port}/bench/collections/{_COLLECTION}/objects/"
        worked, began = processor_seconds(process), time.perf_counter()
        for at in range(0, len(objects), _BATCH):
            ask(url, {"objects": objects[at : at + _BATCH]}, _HEADERS)
        got: set[str] = set()
        more, following = True, ""
        while more:
            page = ask(f"{url}?limit={_BATCH}{following}", None, _HEADERS)
            got |= {item["id"] for item in page.get("objects", [])}
            more, following = page.get("more", False), f"&next={page.get('next')}"
        seconds = time.perf_counter() - began
        worked = processor_seconds(process) - worked
        assert {item["id"] for item in objects} == got
    return Run(records=len(events), seconds=seconds, processor=worked, bytes=wire.bytes)


_COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
_MEDIA = "application/taxii+json;version=2.1"
_HEADERS = {
    "authorization": f"Basic {base64.b64encode(b'bench:bench').decode()}",
    "accept": _MEDIA,
    "content-type": _MEDIA,
}
_TAXII: dict[str, object] = {
    "/discovery": {"title": "Bench", "api_roots": ["/bench/"]},
    "bench": {
        "information": {"title": "Bench", "versions": [_MEDIA], "max_content_length": 104857600},
        "status": [],
        "collections": [
            {"id": _COLLECTION, "title": "Incidents", "can_read": True, "can_write": True,
             "media_types": ["application/stix+json;version=2.1"], "objects": [],
             "manifest": []},
        ],
    },
}  # fmt: skip


def stix(event: Event) -> list[dict[str, object]]:
    """An incident as STIX 2.1: the incident, its other languages, its place, and where it was."""
    told = datetime.fromtimestamp(event.told_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    at = {"spec_version": "2.1", "created": f"{told}Z", "modified": f"{told}Z"}
    english, arabic, sorani = str(event.body["text"]).split("\n")
    place: Any = event.body["place"]

    def name(kind: str) -> str:
        return f"{kind}--{uuid.uuid5(_NAMES, kind + event.identity)}"

    told_more = {key: value for key, value in event.body.items() if key not in ("text", "place")}
    incident = {"type": "incident", "id": name("incident"), **at, "lang": "en",
                "name": english, "description": english, "x_body": told_more}  # fmt: skip
    languages = {"type": "language-content", "id": name("language-content"), **at,
                 "object_ref": name("incident"),
                 "contents": {"ar": {"description": arabic},
                              "ckb": {"description": sorani}}}  # fmt: skip
    location = {"type": "location", "id": name("location"), **at, "name": place["name"],
                "latitude": place["lat"] / 1e7, "longitude": place["lon"] / 1e7}  # fmt: skip
    link = {"type": "relationship", "id": name("relationship"), **at,
            "relationship_type": "located-at", "source_ref": name("incident"),
            "target_ref": name("location")}  # fmt: skip
    return [incident, languages, location, link]
