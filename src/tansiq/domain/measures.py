"""Measures: units and currencies, and the values made of them. Whole numbers only.

An amount is a whole number of a unit (what is smaller is said in a smaller unit), money a whole
number of the smallest unit of its currency by ISO 4217.
"""

from typing import Final

from tansiq.domain.errors import InputError

AMOUNT_MAX: Final = 1_000_000_000
MINOR_MAX: Final = 1_000_000_000_000_000

# Each unit is worded as ``unit.<code>``; a field names those in which it may be said.
UNITS: Final = (
    "piece", "person", "vehicle", "set", "kg", "tonne", "litre", "m3", "metre", "km", "hour", "day",
    "week", "month", "kwh", "mb",
)  # fmt: skip

# ISO 4217: how many digits the smallest unit takes after the point.
CURRENCIES: Final[dict[str, int]] = {
    "IQD": 3, "USD": 2, "EUR": 2, "GBP": 2, "AUD": 2, "CAD": 2, "CHF": 2, "CZK": 2, "DKK": 2,
    "HUF": 2, "JPY": 0, "JOD": 3, "KWD": 3, "NOK": 2, "NZD": 2, "PLN": 2, "RON": 2, "SEK": 2,
    "TRY": 2,
}  # fmt: skip


def checked_amount(value: object, units: tuple[str, ...], *, field: str) -> dict[str, object]:
    """``{"unit", "value"}`` with a unit that the field takes. Raises InputError."""
    if not isinstance(value, dict) or value.keys() != {"unit", "value"}:
        raise InputError("field_form", field=field)
    unit, number = value["unit"], value["value"]
    if not isinstance(unit, str) or unit not in units:
        raise InputError("choice_unknown", field=field)
    if type(number) is not int or not 0 <= number <= AMOUNT_MAX:
        raise InputError("amount_range", field=field)
    return {"unit": unit, "value": number}


def checked_money(value: object, currencies: tuple[str, ...], *, field: str) -> dict[str, object]:
    """``{"currency", "minor"}`` with a currency that the field takes. Raises InputError."""
    if not isinstance(value, dict) or value.keys() != {"currency", "minor"}:
        raise InputError("field_form", field=field)
    currency, minor = value["currency"], value["minor"]
    if not isinstance(currency, str) or currency not in currencies:
        raise InputError("choice_unknown", field=field)
    if type(minor) is not int or not 0 <= minor <= MINOR_MAX:
        raise InputError("money_range", field=field)
    return {"currency": currency, "minor": minor}


def money_text(minor: int, currency: str) -> str:
    """The sum as it is written with its currency: ``1,250.00 USD``; IQD without empty fils."""
    digits = CURRENCIES[currency]
    whole, rest = divmod(minor, 10**digits)
    part = f".{rest:0{digits}d}" if digits and (rest or currency != "IQD") else ""
    return f"{whole:,}{part} {currency}"


def minor_of(text: str, currency: str) -> int | None:
    """The sum that somebody typed with Western digits (``1,250.5``) in the smallest unit; None
    where it is no sum in this currency.
    """
    whole, _, part = text.replace(",", "").replace(" ", "").partition(".")
    digits = CURRENCIES[currency]
    part = part.rstrip("0")
    plain = (whole + part).isascii() and whole.isdecimal() and (not part or part.isdecimal())
    if not plain or len(part) > digits or len(whole) > len(str(MINOR_MAX)):
        return None
    return int(whole + part.ljust(digits, "0"))
