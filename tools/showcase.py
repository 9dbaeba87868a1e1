"""Every component of the interface on five pages, in three languages, served under the real policy, photographed.

    python tools/showcase.py <folder>            pages and pictures (needs playwright, jinja2 and /usr/bin/chromium)
    python tools/showcase.py <folder> --serve    keep serving on http://127.0.0.1:8765/ar/log to try it by hand

A tool for whoever changes app.css; no node serves any of this. It also runs axe on each page, prints what a first visit of
the log page weighs, and fails on a policy violation, a script error or a page wider than its window.
"""

import gzip
import json
import sys
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, StrictUndefined

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "src/tansiq/web/static"
PORT = 8765
PAGES = ["log", "release", "lists", "map", "login"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
TYPES = {
    ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".json": "application/json",
    ".woff2": "font/woff2", ".html": "text/html",
}  # fmt: skip

HERE = Path(__file__).resolve().parent / "showcase"
WORDS = json.loads((HERE / "words.json").read_text())
LANGUAGES = {"ar": ("rtl", "العربية"), "ckb": ("rtl", "کوردی"), "en": ("ltr", "English")}


def page(name: str, lang: str, theme: str) -> str:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = (HERE / "frame.html").read_text().replace("@BODY@", (HERE / f"{name}.html").read_text())
    if name == "login":
        source = (HERE / "login.html").read_text()
    index = list(LANGUAGES).index(lang)

    def word(key: str) -> str:
        return WORDS[key][("en", "ar", "ckb").index(lang)]

    return environment.from_string(source).render(
        t=word, lang=lang, dir=LANGUAGES[lang][0], languages=LANGUAGES, theme=theme, name=name, index=index,
        now=int(time.time() * 1000), places=[[p[0], p[1], p[2 + ("en", "ar", "ckb").index(lang)], p[5]] for p in WORDS["_places"]],
    )  # fmt: skip


def points(lang: str, box: list[float], zoom: int) -> dict:
    w, s, e, n = (v * 1e7 for v in box)
    inside = [p for p in WORDS["_points"] if s <= p[1] <= n and w <= p[2] <= e]
    cells = [[349000000, 446000000, 12, "urgent"], [331000000, 443000000, 148, "routine"]] if zoom < 8 else []
    return {
        "cells": cells,
        "points": [
            {
                "id": p[0], "lat": p[1], "lon": p[2], "precision": p[3], "severity": p[4],
                "title": WORDS[p[5]][("en", "ar", "ckb").index(lang)], "ref": p[0], "url": f"/{lang}/release",
            }
            for p in inside
        ],
        "places": [],
    }  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *_args) -> None:
        pass

    def reply(self, kind: str, body: bytes) -> None:
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
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        parts = url.path.strip("/").split("/")
        cookie = self.headers.get("Cookie", "")
        theme = next((c.split("=")[1] for c in cookie.split("; ") if c.startswith("theme=")), "auto")
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
            self.reply("application/json", json.dumps(points(parts[1], box, int(query["z"][0]))).encode())
        elif len(parts) == 2 and parts[0] in LANGUAGES and parts[1] in PAGES:
            self.reply("text/html", page(parts[1], parts[0], query.get("theme", [theme])[0]).encode())
        else:
            self.send_error(404)


def weigh() -> None:
    css = STATIC / "app.css"
    scripts = [STATIC / f"js/{n}.js" for n in ("clock", "theme", "keys", "draft", "live")]
    zipped = lambda raw: len(gzip.compress(raw, 9))  # noqa: E731
    fonts = {n: (STATIC / f"vendor/vazirmatn-33.0.3/vazirmatn-{n}.woff2").stat().st_size for n in ("arabic", "latin")}
    for lang in LANGUAGES:
        parts = {
            "html": zipped(page("log", lang, "day").encode()),
            "css": zipped(css.read_bytes()),
            "js": sum(zipped(p.read_bytes()) for p in scripts),
            "icons": zipped((STATIC / "icons.svg").read_bytes()),
            "fonts": fonts["latin"] + fonts["arabic"],  # the language links need Arabic letters on every page
        }
        print(lang, "log page, first visit:", parts, "sum", sum(parts.values()))


def photograph(folder: Path, only: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    axe = next((ROOT / "tests/vendor").glob("axe-*.min.js")).read_text()
    faults: list[str] = []
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for name in PAGES:
            if only and name not in only:
                continue
            for lang in LANGUAGES:
                for theme in ("day", "night"):
                    for width in (360, 800, 1440):
                        where = f"{name}-{lang}-{theme}-{width}"
                        tab = browser.new_page(viewport={"width": width, "height": 900})
                        tab.on("console", lambda m, w=where: m.type == "error" and faults.append(f"{w}: {m.text}"))
                        tab.on("pageerror", lambda e, w=where: faults.append(f"{w}: {e}"))
                        tab.goto(f"http://127.0.0.1:{PORT}/{lang}/{name}?theme={theme}", wait_until="load")
                        tab.evaluate("() => document.fonts.ready.then(() => 1)")
                        tab.wait_for_timeout(900 if name == "map" else 120)
                        if tab.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                            faults.append(f"{where}: wider than the window")
                        small = tab.evaluate(
                            "() => [...document.querySelectorAll('a,button,input,select,textarea')].filter(e => {"
                            "const r = e.getBoundingClientRect(); return r.width && r.height && !e.closest('.skip,p,.map')"
                            "&& !e.matches('.skip,[type=radio],[type=checkbox]') && (r.height < 23.5 || r.width < 23.5)}).map(e => e.outerHTML.slice(0, 90))"
                        )
                        faults += [f"{where}: small target {s}" for s in small]
                        tab.screenshot(path=folder / f"{where}.png", full_page=True)
                        if width == 1440 or theme == "day":
                            tab.evaluate(axe)
                            found = tab.evaluate("() => axe.run().then(r => r.violations)")
                            for v in found:
                                for node in v["nodes"][:4]:
                                    faults.append(f"{where}: axe {v['id']} {node['html'][:110]} {node['failureSummary'][:160]!r}")
                        tab.close()
        browser.close()
    for fault in dict.fromkeys(faults):
        print(fault)
    return 1 if faults else 0


def main() -> int:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", PORT), partial(Handler))
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
