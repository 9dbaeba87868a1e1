"""Forms from declarations: what a person typed becomes a body, or errors that stand beside their
fields.

Nothing typed is ever lost: a form with errors is shown again with what was in it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, cast

from django.http import HttpRequest

from tansiq.desk.act.desk import Act
from tansiq.desk.records import files
from tansiq.desk.records.files import Brought, File
from tansiq.desk.records.say import Draft
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.fields import Field
from tansiq.domain.kinds import Kind
from tansiq.domain.labels import CATEGORIES, CAVEATS, Label, Onward
from tansiq.domain.parties import Actor, Classification, PartyCode
from tansiq.domain.records import Body
from tansiq.domain.wording import catalogue, phrase
from tansiq.web.shell.controls import again, meant, moment_text, typed
from tansiq.web.shell.dates import typed_moment
from tansiq.web.shell.doubts import questions
from tansiq.web.shell.site import current

_FILES: Final = "attachments"
_ORIGINALS: Final = "originals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """That a form sends something at once to a party by a rule."""

    party: str
    rule: str

    @property
    def mark(self) -> str:
        """How a form says that it was shown."""
        return f"{self.party}/{self.rule}"


@dataclass(slots=True)
class Parsed:
    """A form as it was typed: the values to show again, the body so far, and errors by field.
    ``files`` are new ones, cleaned; ``originals`` those of them that are kept here as they were.
    """

    values: dict[str, object] = field(default_factory=dict)
    body: Body = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    label: Label = field(default_factory=Label)
    tear: frozenset[str] | None = None
    kind: str = ""
    goes: tuple[Going, ...] | None = ()  # at once when it is saved; None = not known yet
    files: Sequence[File] = ()
    originals: Sequence[File] = ()

    def blame(self, error: FaultError, language: str, name: str = "") -> None:
        """Put an error beside its field, or at the top; what it says of what goes at once, too."""
        if "going" in error.values:
            self.goes = cast("tuple[Going, ...]", error.values["going"])
        where = name or str(error.values.get("field", "form"))
        shown = InputError(error.code, **_with_label(error.values, self.kind, language))
        self.errors[where] = (
            shown.text(language) if isinstance(error, InputError) else error.text(language)
        )


def _with_label(values: dict[str, object], kind: str, language: str) -> dict[str, object]:
    """The values of an error; its field by the words that stand beside it."""
    keys = (
        f"{family}.{values.get('field')}" for family in (f"field.{kind}", "field", "value", "label")
    )
    known = next((key for key in keys if key in catalogue()), "")
    return {**values, "field": phrase(known, language)} if known else values


def parse(
    request: HttpRequest, kind: Kind, language: str, *, has: int = 0,
    taken: Collection[str] = (), torn: frozenset[str] | None = None,
    settled: Mapping[str, object] = MappingProxyType({}),
) -> Parsed:  # fmt: skip
    """Read a posted form for a kind. Errors are collected, none is raised; a question that nobody
    has answered counts as one. ``has`` is how many files the record keeps, ``taken`` names of its
    files. ``torn`` are the fields that stood below the tear line, None = as the kind proposes: of
    those that the form does not show, none moves. ``settled`` are fields that stay as they are,
    with their values, whatever is posted.
    """
    parsed = Parsed(kind=kind.name, goes=None)
    parsed.body |= {name: value for name, value in settled.items() if value is not None}
    for one in kind.fields:
        if not one.hidden and one.name not in settled:
            take_field(request, parsed, one, language)
    seen = parsed.body.get(kind.moment)
    ahead = current().desk.clock.now() + BOUNDS.clock_skew_ms_max
    if isinstance(seen, int) and seen > ahead:
        parsed.blame(InputError("moment_ahead", field=kind.moment), language, kind.moment)
    if "tear-form" in request.POST:
        movable = {one.name for one in kind.fields if not one.fixed and not one.hidden}
        stood = kind.below_by_default() if torn is None else torn
        chosen = frozenset(map(str, request.POST.getlist("tear")))
        parsed.tear = (stood - movable) | (chosen & movable)
    try:
        parsed.label = parse_label(request)
    except InputError as error:
        parsed.blame(error, language, "label")
    if not parsed.errors:
        try:
            kind.check(parsed.body, whole=False)
            _take_files(request, parsed, kind, has, taken)
        except InputError as error:
            parsed.blame(error, language)
    if not parsed.errors:  # what cannot be saved anyway is not asked about yet
        parsed.errors |= questions(request, kind, parsed.values, parsed.body, language)
    return parsed


def take_field(request: HttpRequest, parsed: Parsed, one: Field, language: str) -> None:
    """What was typed into a field, or the error that stands beside it."""
    parsed.values[one.name] = typed(request.POST, one)
    try:
        value = meant(one, parsed.values[one.name])
        if value not in (None, "", []):
            parsed.body[one.name] = value
    except InputError as error:
        parsed.blame(error, language, one.name)
        return
    if one.required and one.name not in parsed.body:
        parsed.blame(InputError("field_required", field=one.name), language, one.name)


def _take_files(
    request: HttpRequest, parsed: Parsed, kind: Kind, has: int, taken: Collection[str]
) -> None:
    """The files that came with a form, cleaned; their originals where the writer asks for them.
    Raises InputError for too many or too large ones.
    """
    given = request.FILES.getlist("files")
    if len(given) + has > BOUNDS.attachments_per_record_max:
        raise InputError("attachments_many", limit=BOUNDS.attachments_per_record_max)
    for item in given:  # before any of them is read
        files.demand_size(item.name or "", item.size or 0)
    brought = [Brought(name=item.name or "", data=item.read()) for item in given]
    name = str(request.POST.get("files_name", "")).strip()
    parsed.files = files.cleaned(current().desk, brought, name=name, taken=taken)
    if request.POST.get("files_original") and keeps_originals(kind):
        parsed.originals = files.originals(brought, parsed.files)


def keeps_originals(kind: Kind) -> bool:
    """Whether records of a kind may keep files as they were brought, where nothing leaves."""
    return any(one.name == _ORIGINALS for one in kind.fields)


def parse_label(request: HttpRequest) -> Label:
    """The label that the form asks for. Nothing ticked is the owner alone. Raises InputError."""
    post = request.POST
    audience = frozenset(PartyCode(str(code)) for code in post.getlist("audience"))
    known = {str(code) for code in current().party_names()}
    if not audience <= known:
        raise InputError("party_unknown", field="audience")
    try:
        level = Classification(str(post.get("class", Classification.RESTRICTED)))
        onward = Onward(str(post.get("onward", Onward.NONE)))
    except ValueError:
        raise InputError("choice_unknown", field="class") from None
    zone = current().zone
    moments = {}
    for name in ("embargo", "expires"):
        raw = str(post.get(name, "")).strip()
        moments[name] = typed_moment(raw, zone, name) if raw else 0
    if moments["expires"] and moments["expires"] <= max(
        current().desk.clock.now(), moments["embargo"]
    ):
        raise InputError("expires_past", field="expires")
    return Label(
        classification=level,
        audience=(audience,) if audience else (),
        categories=frozenset(post.getlist("categories")) & CATEGORIES,
        caveats=frozenset(post.getlist("caveats")) & CAVEATS,
        onward=onward,
        embargo=moments["embargo"],
        expires=moments["expires"],
    )


def shown_values(kind: Kind, body: Body) -> dict[str, object]:
    """A body as a form shows it."""
    return {one.name: again(one, body.get(one.name)) for one in kind.fields}


def label_values(label: Label) -> dict[str, object]:
    """A label as a form shows it."""

    def moment(value: int) -> str:
        return moment_text(value) if value else ""

    return {
        "audience": label.readers(),
        "class": label.classification.value,
        "categories": label.categories,
        "caveats": label.caveats,
        "onward": label.onward.value,
        "embargo": moment(label.embargo),
        "expires": moment(label.expires),
    }


def drafted(act: Act, actor: Actor, kind: Kind, parsed: Parsed, old: Body | None = None) -> Draft:
    """What the form asks to write, its files kept as attachments under the same label, after those
    that an ``old`` edition has.

    Raises InputError, RefusedError; the act then keeps nothing.
    """
    body = dict(parsed.body)
    for name, new in ((_FILES, parsed.files), (_ORIGINALS, parsed.originals)):
        had = (old or {}).get(name)
        kept = had if isinstance(had, list) else []
        if new or had is not None:
            body[name] = [*kept, *(files.attach(act, actor, one, parsed.label) for one in new)]
    return Draft(kind=kind.name, body=body, label=parsed.label, tear=parsed.tear)
