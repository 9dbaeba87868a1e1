"""Forms from declarations: what a person typed becomes a body, or errors that stand beside their
fields.

Nothing typed is ever lost: a form with errors is shown again with what was in it.
"""

import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from django.http import HttpRequest

from tansiq.desk.act.desk import Act
from tansiq.desk.records.say import Draft, File, attach
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import Kind
from tansiq.domain.labels import CATEGORIES, CAVEATS, Label, Onward
from tansiq.domain.parties import Actor, Classification, PartyCode
from tansiq.domain.places import E7, Place, Precision, gazetteer, place_named
from tansiq.domain.records import Body
from tansiq.domain.wording import catalogue, phrase
from tansiq.web.dates import at_zone, typed_moment
from tansiq.web.site import current

_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")
_COUNT_DIGITS_MAX: Final = 15
_COORDINATE: Final = re.compile(r"-?\d{1,3}(\.\d{1,7})?")


@dataclass(slots=True)
class Parsed:
    """A form as it was typed: the values to show again, the body so far, and errors by field."""

    values: dict[str, object] = field(default_factory=dict)
    body: Body = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    label: Label = field(default_factory=Label)
    tear: frozenset[str] | None = None

    def blame(self, error: FaultError, language: str, name: str = "") -> None:
        """Put an error beside its field, or at the top."""
        where = name or str(error.values.get("field", "form"))
        shown = InputError(error.code, **_with_label(error.values, language))
        self.errors[where] = (
            shown.text(language) if isinstance(error, InputError) else error.text(language)
        )


def _with_label(values: dict[str, object], language: str) -> dict[str, object]:
    """The values of an error; its field by the words that stand beside it."""
    keys = (f"{family}.{values.get('field')}" for family in ("field", "label"))
    known = next((key for key in keys if key in catalogue()), "")
    return {**values, "field": phrase(known, language)} if known else values


def parse(request: HttpRequest, kind: Kind, language: str) -> Parsed:
    """Read a posted form for a kind. Errors are collected, none is raised."""
    parsed = Parsed()
    for one in kind.fields:
        if one.hidden:
            continue
        parsed.values[one.name] = _typed(request, one)
        try:
            value = _meant(one, parsed.values[one.name])
            if value not in (None, "", []):
                parsed.body[one.name] = value
        except InputError as error:
            parsed.blame(error, language, one.name)
            continue
        if one.required and one.name not in parsed.body:
            parsed.blame(InputError("field_required", field=one.name), language, one.name)
    seen = parsed.body.get(kind.moment)
    ahead = current().desk.clock.now() + BOUNDS.clock_skew_ms_max
    if isinstance(seen, int) and seen > ahead:
        parsed.blame(InputError("moment_ahead", field=kind.moment), language, kind.moment)
    if "tear-form" in request.POST:
        movable = {one.name for one in kind.fields if not one.fixed and not one.hidden}
        parsed.tear = frozenset(map(str, request.POST.getlist("tear"))) & movable
    try:
        parsed.label = parse_label(request)
    except InputError as error:
        parsed.blame(error, language, "label")
    if not parsed.errors:
        try:
            kind.check(parsed.body, whole=False)
        except InputError as error:
            parsed.blame(error, language)
    return parsed


def _typed(request: HttpRequest, one: Field) -> object:
    """What was typed, as the form shows it again."""
    post = request.POST
    match one.type:
        case Type.FLAG:
            return bool(post.get(one.name))
        case Type.POSITIONS:
            return [str(code) for code in post.getlist(one.name)]
        case Type.GRADE:
            return f"{post.get(f'{one.name}-r', 'F')}{post.get(f'{one.name}-c', '6')}"
        case Type.PLACE:
            parts = ("name", "lat", "lon", "precision")
            name, lat, lon, sure = (str(post.get(f"{one.name}-{p}", "")).strip() for p in parts)
            return {"name": name, "lat_text": lat, "lon_text": lon, "precision": sure or "about"}
        case _:
            return str(post.get(one.name, ""))


def _meant(one: Field, typed: object) -> object:
    """What it means. Raises InputError."""
    if isinstance(typed, dict):
        return _place(one, typed)
    if not isinstance(typed, str):
        return typed or None
    text = typed.strip()
    match one.type:
        case Type.MOMENT:
            return typed_moment(text, current().zone, one.name) if text else None
        case Type.COUNT:
            digits = text.translate(_DIGITS)
            if digits and not (digits.isdecimal() and len(digits) <= _COUNT_DIGITS_MAX):
                raise InputError("count_range", field=one.name)
            return int(digits) if digits else None
        case _:
            return text


def _place(one: Field, typed: dict[str, str]) -> object:
    name, lat, lon = typed["name"], typed["lat_text"], typed["lon_text"]
    if typed["precision"] not in set(Precision):
        raise InputError("choice_unknown", field=one.name)
    if not (name or lat or lon):
        return None
    place = place_named(name, precision=Precision(typed["precision"]))
    if lat or lon:
        place = Place(
            name=name, key=place.key, lat=_e7(lat, 90, one.name), lon=_e7(lon, 180, one.name),
            precision=Precision(typed["precision"]),
        )  # fmt: skip
    return place.to_json()


def _e7(text: str, limit: int, name: str) -> int:
    plain = text.translate(_DIGITS).replace(",", ".")
    if not _COORDINATE.fullmatch(plain):
        raise InputError("coordinate_form", field=name)
    try:
        value = int(Decimal(plain) * E7)
    except InvalidOperation:
        raise InputError("coordinate_form", field=name) from None
    if abs(value) > limit * E7:
        raise InputError("place_position", field=name)
    return value


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
    zone, values = current().zone, {}
    for one in kind.fields:
        value = body.get(one.name)
        if one.type is Type.MOMENT and isinstance(value, int):
            value = at_zone(value, zone).strftime("%Y-%m-%d %H:%M")
        elif one.type is Type.PLACE and isinstance(value, dict):
            town = gazetteer().get(str(value["key"]))
            exact = value["lat"] is not None and not (
                town and (town.lat, town.lon) == (value["lat"], value["lon"])
            )
            value = {
                **value,
                "lat_text": f"{value['lat'] / E7:.5f}" if exact else "",
                "lon_text": f"{value['lon'] / E7:.5f}" if exact else "",
            }
        values[one.name] = value
    return values


def label_values(label: Label) -> dict[str, object]:
    """A label as a form shows it."""
    zone = current().zone

    def moment(value: int) -> str:
        return at_zone(value, zone).strftime("%Y-%m-%d %H:%M") if value else ""

    return {
        "audience": label.readers(),
        "class": label.classification.value,
        "categories": label.categories,
        "caveats": label.caveats,
        "onward": label.onward.value,
        "embargo": moment(label.embargo),
        "expires": moment(label.expires),
    }


def uploaded(request: HttpRequest) -> list[File]:
    """The files that came with a form. Raises InputError for too many or too large ones."""
    files = request.FILES.getlist("files")
    if len(files) > BOUNDS.attachments_per_record_max:
        raise InputError("attachments_many", limit=BOUNDS.attachments_per_record_max)
    found = []
    for item in files:
        if (item.size or 0) > BOUNDS.attachment_bytes_max:
            raise InputError("attachment_size", limit=BOUNDS.attachment_bytes_max // 1024)
        data = item.read()
        found.append(File(name=_plain(item.name or ""), media_type=_media(data), data=data))
    return found


def drafted(request: HttpRequest, act: Act, actor: Actor, kind: Kind, parsed: Parsed) -> Draft:
    """What the form asks to write, its files kept as attachments under the same label.

    Raises InputError, RefusedError; the act then keeps nothing.
    """
    body = dict(parsed.body)
    files = uploaded(request)
    if files:
        body["attachments"] = [attach(act, actor, file, parsed.label) for file in files]
    return Draft(kind=kind.name, body=body, label=parsed.label, tear=parsed.tear)


def _plain(name: str) -> str:
    kept = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())
    return kept[-100:] or hashlib.sha256(name.encode()).hexdigest()[:8]


def _media(data: bytes) -> str:
    """The media type by content; what the browser claims is not believed."""
    for start, kind in (
        (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"),
        (b"%PDF-", "application/pdf"),
    ):  # fmt: skip
        if data.startswith(start):
            return kind
    return "text/plain"
