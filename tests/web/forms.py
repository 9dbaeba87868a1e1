"""The forms of a page, filled in as a person would: what a browser would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.noninterference.addresses import FORM
from tests.noninterference.scene import ABSENT

# What a safety message is said back with is no search.
TYPED = {
    **FORM, "text": "What is written here once", "reason": "error", "next": "/log", "typed": "",
}  # fmt: skip


@dataclass
class Sheet:
    """One form: where it is sent, and its fields in order."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **typed: str) -> dict[str, list[str]]:
        """What the browser sends once the person has pressed the form's own button."""
        given: dict[str, list[str]] = {}
        for name, value in self.fields:
            plain = TYPED.get(name, "") if isinstance(TYPED.get(name, ""), str) else ""
            given.setdefault(name, []).append(typed.get(name, value or plain))
        for name, value in self.buttons[:1]:
            given[name] = [value]
        return {name: [v for v in values if v != ABSENT] for name, values in given.items()}


class Sheets(HTMLParser):
    """Finds the forms that are posted."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found, self.open = address.partition("?")[0], [], None
        self.select, self.options, self.area = "", [], ""

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, value = given.get("name", ""), given.get("value") or ""
        if tag == "form" and given.get("method") == "post":
            self.open = Sheet(given.get("action", self.address))
            self.found.append(self.open)
        elif self.open is None:
            return
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind == "radio":
                self.radio(name, value, picked="checked" in given)
            elif kind not in ("file", "checkbox") or "checked" in given:
                self.open.fields.append((name, value))
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option":
            self.options.append((value, "selected" in given))
        elif tag == "textarea":
            self.area = name
            self.open.fields.append((name, ""))
        elif tag == "button" and name and given.get("type", "submit") == "submit":
            first = "btn-primary" in given.get("class", "").split()
            self.open.buttons.insert(0 if first else len(self.open.buttons), (name, value))

    def radio(self, name, value, *, picked):
        """A choice of one: what stands chosen, else the first."""
        assert self.open is not None
        rest = [pair for pair in self.open.fields if pair[0] != name]
        if picked or len(rest) == len(self.open.fields):
            self.open.fields = [*rest, (name, value)]

    def handle_data(self, data):
        if self.area and self.open is not None:
            name, typed = self.open.fields.pop()
            self.open.fields.append((name, typed + data))

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = ""
        elif tag == "form":
            self.open = None
        elif tag == "select" and self.open is not None:
            chosen = [value for value, picked in self.options if picked]
            some = [value for value, _ in self.options if value]
            self.open.fields.append((self.select, (chosen or some or [""])[0]))


def sheets_of(page: str, address: str) -> list[Sheet]:
    """The forms of a page that are posted."""
    parser = Sheets(address)
    parser.feed(page)
    return parser.found
