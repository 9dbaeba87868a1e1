"""Every component of the interface on five pages, in three languages, under the real policy.

    python tools/showcase.py <folder>            pages and pictures (playwright, jinja2, chromium)
    python tools/showcase.py <folder> --serve    keeps serving http://127.0.0.1:8765/ar/log

A tool for whoever changes app.css; no node serves any of this. It runs axe on each page, prints
what a first visit of the log page weighs, and fails on a policy violation, a script error, a small
target or a page wider than its window.
"""

import gzip
import itertools
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from playwright.sync_api import ConsoleMessage, Error, Page, sync_playwright

from tansiq.domain.tables import Figure
from tansiq.domain.wording import phrase
from tansiq.web.shell.cells import Place, Voice
from tansiq.web.shell.charts import Chart, Point, Shape, draw, spark

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "src/tansiq/web/static"
PORT = 8765
PAGES = ["log", "release", "lists", "charts", "map", "login"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".woff2": "font/woff2",
}

HERE = Path(__file__).resolve().parent / "showcase"
WORDS = json.loads((HERE / "words.json").read_text())
LANGUAGES = {"ar": ("rtl", "العربية"), "ckb": ("rtl", "کوردی"), "en": ("ltr", "English")}


COLUMN = {"en": 0, "ar": 1, "ckb": 2}


STATES = ("sent", "delivered", "read", "acknowledged", "recall_sent", "purged")
CATEGORIES = ("between_parties", "explosive_hazard", "fire", "outage", "rumour")


def gallery(lang: str) -> list[Markup]:
    """Each shape of chart with one series and with several, and one with a single value."""

    def at_place(place: Place) -> str:
        return str(place["name"])

    voice = Voice(
        language=lang, zone=ZoneInfo("Asia/Baghdad"), party=str,
        position=lambda _, code: code, place=at_place,
    )  # fmt: skip
    title, heading = phrase("held.by_holder", lang), phrase("held.holder", lang)

    def made(key: str, shape: Shape, labels: list[str], series: int) -> Markup:
        points = tuple(
            Point(
                label=label,
                figures=tuple(
                    Figure(count=(n * 7 + at * 5) % 11 * (9 - at), address=f"#{key}-{n}-{at}")
                    for at in range(max(series, 1))
                ),
            )
            for n, label in enumerate(labels, start=1)
        )
        chart = Chart(
            key=key, shape=shape, title=title, heading=heading, points=points,
            definition=phrase("held.definition", lang), declared_by="MPA", as_of=1_608_462_000_000,
            series=tuple(phrase(f"release_state.{state}", lang) for state in STATES[:series]),
        )  # fmt: skip
        return draw(chart, voice)

    named = [phrase(f"choice.category.{code}", lang) for code in CATEGORIES]
    months = [f"2020-{month:02}" for month in range(1, 13)]
    weeks = [f"2020-W{week:02}" for week in range(1, 53)]
    figures = [Figure(count=count, address="") for count in (3, 5, 2, 8, 4)]
    return [
        made("bars", Shape.BARS, named, 0),
        made("stacked", Shape.BARS, named[:3], 6),
        made("columns", Shape.COLUMNS, months, 0),
        made("weeks", Shape.COLUMNS, weeks, 3),
        made("line", Shape.LINE, months, 2),
        made("one", Shape.COLUMNS, months[:1], 0),
        made("none", Shape.BARS, [], 0),
        Markup("<p>{} {}</p>").format(title, spark(title, figures, voice)),
    ]


def page(name: str, lang: str, theme: str) -> str:
    """One page in one language and theme."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = (HERE / f"{name}.html").read_text()
    if name != "login":
        source = (HERE / "frame.html").read_text().replace("@BODY@", source)
    column = COLUMN[lang]
    return str(
        environment.from_string(source).render(
            t=lambda key: WORDS[key][column],
            lang=lang,
            dir=LANGUAGES[lang][0],
            languages=LANGUAGES,
            theme=theme,
            name=name,
            now=int(time.time() * 1000),
            charts=gallery(lang) if name == "charts" else (),
            places=[[p[0], p[1], p[2 + column], p[5]] for p in WORDS["_places"]],
        )
    )


def points(lang: str, box: list[float], zoom: int) -> dict[str, Any]:
    """What a map asks for."""
    w, s, e, n = (v * 1e7 for v in box)
    names = ("id", "lat", "lon", "precision", "severity")
    inside = [p for p in WORDS["_points"] if s <= p[1] <= n and w <= p[2] <= e]
    cells = [[349000000, 446000000, 12, "urgent"], [331000000, 443000000, 148, "routine"]]
    return {
        "cells": cells if zoom < 8 else [],
        "points": [
            dict(zip(names, p, strict=False))
            | {"title": WORDS[p[5]][COLUMN[lang]], "ref": p[0], "url": f"/{lang}/release"}
            for p in inside
        ],
        "places": [],
    }


class Handler(BaseHTTPRequestHandler):
    """Pages, files and an event stream that only pings, under the policy."""

    protocol_version = "HTTP/1.0"

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def reply(self, kind: str, body: bytes) -> None:
        """One answer, compressed where it pays."""
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        if len(body) > 500 and kind != "font/woff2":
            body = gzip.compress(body, 9)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """Answer whatever a page asks for."""
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        parts = url.path.strip("/").split("/")
        cookie = self.headers.get("Cookie", "")
        theme = next(
            (c.split("=")[1] for c in cookie.split("; ") if c.startswith("theme=")), "auto"
        )
        if url.path == "/live":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                for _ in range(600):
                    self.wfile.write(b"event: ping\ndata: {}\n\n")
                    self.wfile.flush()
                    time.sleep(5)
            except OSError:
                return
        elif parts[0] == "static":
            path = (STATIC / "/".join(parts[1:])).resolve()
            if path.is_relative_to(STATIC) and path.is_file():
                self.reply(TYPES.get(path.suffix, "application/octet-stream"), path.read_bytes())
            else:
                self.send_error(404)
        elif parts[0] == "map-part":
            box = [float(v) for v in query["bbox"][0].split(",")]
            self.reply(
                "application/json", json.dumps(points(parts[1], box, int(query["z"][0]))).encode()
            )
        elif len(parts) == 2 and parts[0] in LANGUAGES and parts[1] in PAGES:
            self.reply(
                "text/html", page(parts[1], parts[0], query.get("theme", [theme])[0]).encode()
            )
        else:
            self.send_error(404)


def zipped(raw: bytes) -> int:
    """The size on the wire."""
    return len(gzip.compress(raw, 9))


def weigh() -> None:
    """Print what a first visit of the log page loads."""
    scripts = [STATIC / f"js/{n}.js" for n in ("clock", "theme", "keys", "draft", "live")]
    for lang in LANGUAGES:
        parts = {
            "html": zipped(page("log", lang, "day").encode()),
            "css": zipped((STATIC / "app.css").read_bytes()),
            "js": sum(zipped(path.read_bytes()) for path in scripts),
            "icons": zipped((STATIC / "icons.svg").read_bytes()),
            # the language links need Arabic letters on every page, so both files count
            "fonts": sum(path.stat().st_size for path in STATIC.rglob("*.woff2")),
        }
        print(lang, "log page, first visit:", parts, "sum", sum(parts.values()))


SMALL = """() => [...document.querySelectorAll('a,button,input,select,textarea')].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width && r.height && !e.closest('.skip,p,.map,.chart svg')
    && !e.matches('.skip,[type=radio],[type=checkbox]') && (r.height < 23.5 || r.width < 23.5);
}).map(e => e.outerHTML.slice(0, 90))"""
WIDE = "() => document.documentElement.scrollWidth > innerWidth"


def faults_of(tab: Page, axe: str) -> list[str]:
    """What is wrong with the page as it stands: too wide, targets too small, axe's findings."""
    faults = ["wider than the window"] if tab.evaluate(WIDE) else []
    faults += [f"small target {html}" for html in tab.evaluate(SMALL)]
    tab.evaluate(axe)
    for found in tab.evaluate("() => axe.run().then(r => r.violations)"):
        faults += [f"axe {found['id']} {node['html'][:110]}" for node in found["nodes"][:4]]
    return faults


def photograph(folder: Path, only: list[str]) -> int:
    """Every page, language, theme and width as a picture; the faults found on the way."""
    axe = next((ROOT / "tests/vendor").glob("axe-*.min.js")).read_text()
    faults: list[str] = []
    views = itertools.product(only or PAGES, LANGUAGES, ("day", "night"), (360, 800, 1440))
    with sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for name, lang, theme, width in views:
            said: list[str] = []

            def on_console(message: ConsoleMessage, said: list[str] = said) -> None:
                if message.type == "error":
                    said.append(message.text)

            def on_error(error: Error, said: list[str] = said) -> None:
                said.append(str(error))

            tab = browser.new_page(viewport={"width": width, "height": 900})
            tab.on("console", on_console)
            tab.on("pageerror", on_error)
            tab.goto(f"http://127.0.0.1:{PORT}/{lang}/{name}?theme={theme}", wait_until="load")
            tab.evaluate("() => document.fonts.ready.then(() => 1)")
            tab.wait_for_timeout(900 if name == "map" else 120)
            tab.screenshot(path=folder / f"{name}-{lang}-{theme}-{width}.png", full_page=True)
            said += faults_of(tab, axe)
            faults += [f"{name}-{lang}-{theme}-{width}: {fault}" for fault in said]
            tab.close()
        browser.close()
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def main() -> int:
    """Serve, weigh, and photograph unless told to keep serving."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    weigh()
    for lang in LANGUAGES:
        for name in PAGES:
            (folder / f"{name}-{lang}.html").write_text(page(name, lang, "day"))
    if "--serve" in sys.argv:
        threading.Event().wait()
    return photograph(folder, [a for a in sys.argv[2:] if a in PAGES])


if __name__ == "__main__":
    sys.exit(main())
