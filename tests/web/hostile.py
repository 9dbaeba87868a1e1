"""What hostile tests share: texts that would run, finding what would run, forms with files."""

from html.parser import HTMLParser

from tests.noninterference.browser import CSRF

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
OVERRIDES = "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
# Our own words put codes and times inside Arabic into an isolate; nothing else may turn a line.
TURNS = set(OVERRIDES) - {"\u2066", "\u2069"}


class Markup(HTMLParser):
    """Finds what would run: scripts without a source, handlers, styles, foreign addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        inert = given.get("type") == "application/json" or given.get("src", "").startswith(
            "/static/"
        )
        if (tag == "script" and not inert) or tag in ("style", "iframe", "object", "embed", "base"):
            self.found.append(tag)
        self.found += [name for name in given if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction"):
            value = given.get(name) or "/"
            if not value.startswith(("/", "#", "?")) or value.startswith("//"):
                self.found.append(f"{name}={value}")


def runs(text):
    """What in a page would run or leave the node."""
    parser = Markup()
    parser.feed(text)
    return parser.found


def part(disposition, data):
    return (
        f"--cut\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + data + b"\r\n"
    )


def multipart(browser, address, parts):
    tokens = part('name="csrfmiddlewaretoken"', CSRF.encode())
    tokens += part('name="once"', browser.token(address).encode())
    body = tokens + parts + b"--cut--\r\n"
    kind = "multipart/form-data; boundary=cut"
    return browser.ask("POST", address, headers={"content-type": kind}, body=body)
