"""Every screen as a picture: ``python -m tests.e2e.shots [FOLDER] [--only WORD]``.

The sample year is played into a folder of its own, so that the pages are full; then each screen is
drawn in three languages, two themes and three widths, and the pages of the PDF of some lists in
three languages. ``index.html`` in the folder shows them all.
"""

import argparse
import html
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tansiq.domain.wording import LANGUAGES
from tansiq.node.scenario import nodes as sample
from tansiq.node.scenario.cast import PARTIES
from tests.e2e.nodes import LiveNode, free_ports, serving
from tests.e2e.seats import ARGUMENTS, CHROMIUM, Complaints, Seats

WIDTHS = (360, 800, 1440)
THEMES = ("day", "night")
HEIGHT, HEIGHT_MAX = 900, 2600
LIAISON, DUTY, ADMINISTRATOR = "liaison-officer", "duty-officer", "administrator"
REFORM = "reform-manager"


@dataclass(frozen=True)
class Screen:
    """A screen: who looks at it, its address, and what is clicked on the way to it."""

    name: str
    address: str
    party: str = "MPA"
    position: str = LIAISON
    clicks: tuple[str, ...] = ()
    card: str = ""  # of this party, handed over before the clicks
    fresh: bool = False  # signs on anew, because it ends or locks the session


OWN = "/incidents?owner=MPA&tab=all"
RECORD = "tbody th a"
AUDIT, TRACE, NAMED = "nav a[href='/audit']", "a[href^='/audit?look=']", "#look li a"
SCREENS = (
    Screen("sign-on", "/sign-on", position=""),
    Screen("sign-on-refused", "/sign-on", position="", clicks=("main .btn-primary",)),
    Screen("identity", "/identity"),
    Screen("add-telephone", "/identity/totp"),
    Screen("confirm", "/identity/confirm"),
    Screen("sign-on-events", "/identity/events", position=ADMINISTRATOR),
    Screen("lock", "/log", "MOD", DUTY, ("form[action='/lock'] button",), fresh=True),
    Screen("overview", "/overview"),
    Screen("overview-week", "/overview?hours=168", "MOD", DUTY),
    Screen("overview-links", "/overview", position=ADMINISTRATOR),
    Screen("wall", "/overview/wall"),
    Screen("log", "/log"),
    Screen("support", "/support?tab=all"),
    Screen("support-board", "/support?tab=all&view=board"),
    Screen("support-new", "/support/new"),
    Screen("support-case", "/support?tab=all&q=Masks", clicks=("tbody th a",)),
    Screen("support-figures", "/support/figures"),
    Screen("offers", "/offers?tab=all"),
    Screen("offers-board", "/offers?tab=all&view=board"),
    Screen("offers-new", "/offers/new"),
    Screen("offer-case", "/offers", clicks=("tbody th a",)),
    Screen("offer-taken", "/offers", clicks=("tbody th a", ".case-acts .btn-primary")),
    Screen("offer-accepted", "/offers?tab=all&state=accepted", clicks=("tbody th a",)),
    Screen("reform", "/reform", position=REFORM),
    Screen("reform-project", "/projects?q=HR-06", position=REFORM, clicks=("tbody th a",)),
    Screen("reform-forecast", "/reform/forecast", position=REFORM),
    Screen("reform-forecast-earlier", "/reform/forecast?past=all", position=REFORM),
    Screen("reform-sums", "/reform/sums?by=lead", position=REFORM),
    Screen("reform-report", "/reform/report", position=REFORM),
    Screen("stock", "/stock/there"),
    Screen("stock-movements", "/stock"),
    Screen("catalogue", "/catalogue", position=ADMINISTRATOR, clicks=("main details summary",)),
    Screen("stock-new", "/stock/new"),
    Screen("stock-movement", "/stock", clicks=("tbody th a",)),
    Screen("training", "/training", position="training-manager"),
    Screen(
        "training-cohort",
        "/cohorts?q=K-03&tab=all",
        position="training-manager",
        clicks=("tbody th a",),
    ),
    Screen(
        "training-course", "/courses?q=C-MED", position="training-manager", clicks=("tbody th a",)
    ),
    Screen(
        "training-move",
        "/cohorts?q=K-03&tab=all",
        position="training-manager",
        clicks=("tbody th a", "main a[href$='/move']", "main form .btn-primary"),
    ),
    Screen("training-sessions", "/sessions?month=2020-10", position="training-manager"),
    Screen("training-partner", "/training", "MOD", LIAISON),
    Screen("safety", "/safety?tab=all", "ERB", "intake-officer"),
    Screen("safety-new", "/safety/new"),
    Screen("safety-message", "/safety?tab=all", "ERB", "intake-officer", ("tbody th a",)),
    Screen("medevac", "/medevac?tab=all"),
    Screen("medevac-board", "/medevac?view=board&tab=all"),
    Screen("medevac-new", "/medevac/new", position=DUTY),
    Screen("medevac-declined", "/medevac?tab=all", "ERB", "senior-duty-officer", ("tbody th a",)),
    Screen("medevac-partner", "/medevac?tab=all&order=old", "MOD", DUTY, ("tbody th a",)),
    Screen("coordination-lines", "/lines"),
    Screen("coordination-line", "/lines", clicks=("tbody th a",)),
    Screen("joint-operations", "/joint?tab=all"),
    Screen("joint-operation", "/joint?tab=all", "COA", clicks=("tbody th a",)),
    Screen("joint-operation-own", "/joint?tab=all", clicks=("tbody th a",)),
    Screen("joint-operation-new", "/joint/new", position=DUTY),
    Screen("passage", "/passages", "MOD", clicks=("tbody th a",)),
    Screen("protected-sites", "/sites", "ERB", "intake-officer"),
    Screen("protected-sites-map", "/sites?view=map", "ERB", "intake-officer"),
    Screen("protected-sites-new", "/sites/new", "ERB", "intake-officer"),
    Screen("protected-sites-one", "/sites?tab=due_sites", "ERB", "intake-officer", ("tbody th a",)),
    Screen("protected-sites-confirm", "/sites?q=river", "MOD", DUTY, ("tbody th a",)),
    Screen(
        "protected-sites-danger",
        "/sites?tab=due_sites",
        "ERB",
        "intake-officer",
        ("tbody th a", "#site a.btn-danger"),
    ),
    Screen("reviews", "/reviews"),
    Screen("unknowns", "/unknowns"),
    Screen("unknowns-partner", "/unknowns?owner=MOD&first=oldest"),
    Screen("unknown-record", "/unknowns?owner=MPA", clicks=("tbody th a",)),
    Screen("unknown-edit", "/unknowns?owner=MPA", clicks=("tbody th a", "a[href$='/edit']")),
    Screen("sections", "/log", clicks=(".section-menu summary",)),
    Screen("sections-auditor", "/audit", "ERB", "auditor", (".section-menu summary",)),
    Screen("search", "/search?q=Makhmour"),
    Screen("search-none", "/search?q=I-ZZZZZ"),
    Screen("search-box", "/log", clicks=(".find summary",)),
    Screen("log-empty", "/log?q=nothing"),
    Screen("composer", "/log", clicks=("summary.btn-primary",)),
    Screen("correct", "/log", clicks=(".line-acts a[href$='/correct']",)),
    Screen("line", "/log", clicks=(".line-meta > a",)),
    Screen("incidents", "/incidents?tab=all"),
    Screen("incidents-as-of", "/incidents?tab=all&as_of=2020-12-20 12:00"),
    Screen("incidents-board", "/incidents?view=board"),
    Screen("incidents-calendar", "/incidents?view=calendar&month=2020-12"),
    Screen("incidents-timeline", "/incidents?view=timeline&tab=all"),
    Screen("incidents-chart", "/incidents?view=chart&tab=all&by=category"),
    Screen("incidents-chart-weeks", "/incidents?view=chart&tab=all&by=week"),
    Screen("log-list", "/list/log_line"),
    Screen("new-incident", "/incidents/new"),
    Screen("form-with-errors", "/incidents/new", clicks=("main .btn-primary",)),
    Screen("map", "/map?tab=all"),
    Screen("own-record", OWN, clicks=(RECORD,)),
    Screen("edit", OWN, clicks=(RECORD, "a[href$='/edit']")),
    Screen("approval-chain", "/approvals", clicks=("#inside a.btn",)),
    Screen("release-panel", OWN, clicks=(RECORD, "a[href$='/release']")),
    Screen("release-panel-mod", OWN, clicks=(RECORD, "a[href$='/release']", ".tabs a >> nth=2")),
    Screen("approvals", "/approvals?tab=yours"),
    Screen("approval", "/approvals?tab=yours", clicks=("a[href^='/approvals/']",)),
    Screen("recall", "/holdings", clicks=("a[href*='/recall/']",)),
    Screen("holdings", "/holdings"),
    Screen("holdings-print", "/holdings/print"),
    Screen("inbox", "/inbox", party="MOD", position=DUTY),
    Screen("who-hears", "/watch", party="MOD", position=DUTY),
    Screen("received-record", "/inbox", "MOD", DUTY, ("a.line-title",)),
    Screen("requests", "/requests"),
    Screen("requests-board", "/requests?view=board&tab=all"),
    Screen("requests-calendar", "/requests?view=calendar"),
    Screen("new-request", "/inbox", "MOD", DUTY, ("a[href^='/requests/new']",)),
    Screen("dispute", "/inbox", "MOD", DUTY, ("a[href$='/reply/dispute']",)),
    Screen("request", "/inbox?tab=requests", "MOD", DUTY, ("a.line-title", "details summary")),
    Screen("links", "/links", position=ADMINISTRATOR),
    Screen("link", "/links/MOD"),
    Screen("stick", "/links/MOD/stick"),
    Screen("stick-made", "/links/MOD/stick", clicks=("form[action$='/make'] button",)),
    Screen("join", "/links/join"),
    Screen("party-keys", "/links/keys"),
    Screen("link-stop", "/links/MOD/stop"),
    Screen("link-restart", "/links/MOD/stop", clicks=(".btn-danger", "a[href$='/restart']")),
    Screen("join-words", "/links/join", clicks=("button[value='show']",), card="COA"),
    Screen("print", OWN, clicks=(RECORD, "a[href$='/print']")),
    Screen("audit", "/audit", "ERB", "auditor"),
    Screen("audit-print", "/audit/print", "ERB", "auditor"),
    Screen("audit-record", "/incidents?tab=all", "ERB", "auditor", (RECORD, AUDIT, TRACE, NAMED)),
    Screen("audit-verified", "/audit", "ERB", "auditor", ("form[action='/audit/verify'] button",)),
    Screen("keys", "/keys"),
    Screen("absent", "/nowhere"),
    Screen("refused", "/log", position=ADMINISTRATOR),
)


@contextmanager
def sample_nodes(kept: Path | None) -> Iterator[dict[str, LiveNode]]:
    """The demo's nodes, served; with ``kept`` the folder is made once and used again."""
    root = kept or Path(tempfile.mkdtemp(prefix="tansiq-shots-"))
    try:
        demo = sample.opened(root, None)
        if demo is None:
            demo = sample.Demo(folder=root, base_port=free_ports(1)[0])
            sample.make(demo, lambda day, days: tell(f"playing the year: day {day} of {days}"))
            print()
        sample.resume(demo)
        live = {
            party: LiveNode(party=party, folder=demo.node(party), web_port=demo.web_port(party))
            for party in PARTIES
        }
        with serving(list(live.values())):
            yield live
    finally:
        if kept is None:
            shutil.rmtree(root, ignore_errors=True)


def tell(text: str) -> None:
    """Progress, on one line of a terminal."""
    end = "" if sys.stdout.isatty() else "\n"
    print(f"\r{text:<70}" if sys.stdout.isatty() else text, end=end, flush=True)


def draw(page: Page, screen: Screen, folder: Path, widths: tuple[int, ...]) -> None:
    """All pictures of one screen in the language of ``page``."""
    language = page.locator("html").get_attribute("lang")
    for theme in THEMES:
        page.evaluate(
            """theme => {
              document.documentElement.dataset.theme = theme;
              document.dispatchEvent(new Event("tansiq:theme"));
            }""",
            theme,
        )
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.wait_for_timeout(400 if screen.name == "map" else 60)
            height = page.evaluate("() => document.documentElement.scrollHeight")
            clip = {"x": 0, "y": 0, "width": width, "height": min(height, HEIGHT_MAX)}
            path = folder / f"{screen.name}-{language}-{theme}-{width}.png"
            page.screenshot(path=path, full_page=True, clip=clip)


def go(seats: Seats, nodes: dict[str, LiveNode], screen: Screen, language: str) -> Page:
    """The screen, as its position reaches it."""
    node = nodes[screen.party]
    if screen.fresh:
        seats.cookies.pop((node.url, screen.position), None)
    if screen.position:
        page = seats.sit(node, screen.position, language)
        if screen.fresh:
            seats.cookies.pop((node.url, screen.position))
    else:
        page = seats.context(node, language).new_page()
    page.goto(screen.address)
    if screen.card:
        if not page.locator("#f-card").count():  # its words were shown to the language before
            page.locator("button[value='forget']").click()
            page.goto(screen.address)
        page.set_input_files("#f-card", next(nodes[screen.card].folder.glob("*.card")))
    for click in screen.clicks:
        page.locator(click).first.click()
        page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    return page


PAPERS = ("log", "incidents", "support", "unknowns", "holdings", "requests", "reform/report")


def papers(seats: Seats, node: LiveNode, language: str, folder: Path, only: str) -> None:
    """The pages of the PDF of each list, by poppler."""
    page = seats.sit(node, LIAISON, language)
    for name in PAPERS:
        file = name.replace("/", "-")
        if only in f"{file}-pdf":
            made = page.request.get(f"{node.url}/{name}/pdf").body()
            command = ["pdftoppm", "-q", "-r", "80", "-png", "-", f"{file}-pdf-{language}"]
            subprocess.run(command, input=made, cwd=folder, check=True)
    seats.close()


def index(folder: Path) -> None:
    """One page with all pictures."""
    shown = "".join(
        f'<figure><a href="{path.name}"><img loading="lazy" width="320" src="{path.name}" alt="">'
        f"</a><figcaption>{html.escape(path.stem)}</figcaption></figure>\n"
        for path in sorted(folder.glob("*.png"))
    )
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title>\n{shown}',
        "utf-8",
    )


def main() -> int:
    """Draw; the exit code says whether a browser complained."""
    parser = argparse.ArgumentParser(prog="shots", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/shots"))
    parser.add_argument("--only", default="", help="screens whose name contains this word")
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--width", type=int, action="append")
    parser.add_argument("--data", type=Path, help="keep the sample's nodes here for the next time")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    screens = [screen for screen in SCREENS if chosen.only in screen.name]
    languages, widths = chosen.language or LANGUAGES, tuple(chosen.width or WIDTHS)
    begun, complaints = time.monotonic(), Complaints()
    with sample_nodes(chosen.data) as nodes, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        seats = Seats(browser=chromium, complaints=complaints)
        for number, screen in enumerate(screens, start=1):
            for language in languages:
                tell(f"{number} of {len(screens)}: {screen.name}, {language}")
                draw(go(seats, nodes, screen, language), screen, chosen.folder, widths)
                seats.close()
        for language in languages:
            papers(seats, nodes["MPA"], language, chosen.folder, chosen.only)
        chromium.close()
    index(chosen.folder)
    print(f"\n{chosen.folder / 'index.html'}, {time.monotonic() - begun:.0f} s")
    for complaint in sorted(set(complaints.found)):
        print(complaint)
    return 1 if complaints.found else 0


if __name__ == "__main__":
    sys.exit(main())
