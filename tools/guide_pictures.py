"""Makes the pictures of the guides anew from a demo that runs: one of each role in each language.

``.venv/bin/python tools/guide_pictures.py [--base-port 8400]``, while ``./dev demo --fresh`` runs
beside it.
"""

import argparse
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tansiq.domain.wording import LANGUAGES
from tansiq.node.scenario.cast import PARTIES
from tansiq.web.guides.reading import GUIDES

TARGET: Final = Path(__file__).resolve().parent.parent / "src/tansiq/web/static/guide"
CHROMIUM: Final = "/usr/bin/chromium"
SIZE: Final[ViewportSize] = {"width": 1280, "height": 800}
QUALITY: Final = 55  # words stay sharp, and a picture has some 60 kB
# Which page of which position shows what the guide is about.
PAGES: Final = {
    "duty-officer": ("MPA", "duty-officer", "/incidents"),
    "liaison-officer": ("MPA", "liaison-officer", "/holdings"),
    "operations": ("ERB", "senior-duty-officer", "/sites"),
    "support-desk": ("MPA", "support-desk", "/support?view=board"),
    "reform-manager": ("MPA", "reform-manager", "/reform"),
    "training-manager": ("MPA", "training-manager", "/training"),
    "adviser": ("COA", "adviser-de", "/proofs"),
    "auditor": ("MPA", "auditor", "/audit"),
    "administrator": ("MPA", "administrator", "/links"),
    "observer": ("ERB", "intake-officer", "/map"),
}


def shoot(browser: Browser, base: int, name: str, language: str) -> None:
    """One picture, signed on by the link of the demo's first page."""
    party, position, path = PAGES[name]
    person = PARTIES[party].actor(position).person
    port = base + 1 + list(PARTIES).index(party)
    asked = urlencode({"person": person, "position": position, "to": path})
    context = browser.new_context(viewport=SIZE, color_scheme="light")
    context.add_cookies([{"name": "language", "value": language, "url": "http://127.0.0.1"}])
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/demo/open?{asked}")
    page.wait_for_load_state("networkidle") if path == "/map" else page.wait_for_timeout(300)
    folder = TARGET / language
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=QUALITY)
    context.close()


def main() -> None:
    """All guides in all languages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-port", type=int, default=8400)
    base = parser.parse_args().base_port
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in GUIDES:
            for language in LANGUAGES:
                shoot(browser, base, name, language)
        browser.close()


if __name__ == "__main__":
    main()
