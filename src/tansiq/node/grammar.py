"""The grammar of the command line: verbs, their options and examples, in three languages."""

import argparse
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tansiq.desk.records.imported import Sure
from tansiq.domain.errors import InputError
from tansiq.domain.parties import (
    Classification,
    PartyCode,
    Position,
    Role,
    party_code,
    position_code,
)
from tansiq.domain.typed_times import DayOrder
from tansiq.domain.wording import LANGUAGES, Text, WordingError, phrase
from tansiq.log.papers import REASONS
from tansiq.node.settings import LOOPBACK, PARTNER_PORT, SQLITE, WEB_PORT, ZONE

WIDTH: Final = 88

# One example a verb; a test runs them in this order, so that none can grow stale.
EXAMPLES: Final = {
    "init": (
        'tansiq init mpa --party MPA --node erbil --name-en "Ministry of Peshmerga Affairs" '
        '--name-ar "وزارة البيشمركة" --name-ckb "وەزارەتی پێشمەرگە" '
        '--position "liaison:liaison_officer:Liaison officer:ضابط ارتباط:ئەفسەری پەیوەندی" '
        "--address https://127.0.0.1:8443"
    ),
    "card": "tansiq card mpa --qr mpa-card.svg",
    "join": "tansiq join mpa MOD-baghdad.card --position liaison --person P-101",
    "person": "tansiq person mpa --position liaison --person P-101",
    "serve": "tansiq serve mpa",
    "exchange": "tansiq exchange mpa /media/stick --to MOD",
    "import": "tansiq import csv mpa incidents.csv --position liaison --person P-101",
    "verify": "tansiq verify mpa",
    "fsck": "tansiq fsck mpa",
    "rebuild": "tansiq rebuild mpa",
    "backup": "tansiq backup mpa mpa-monday.tsqb",
    "clock": "tansiq clock mpa",
    "restore": "tansiq restore mpa-monday.tsqb mpa-again",
    "evidence": (
        "tansiq evidence mpa 3f0c9a52-6d1e-4b7f-9a60-5d2c8e417b93 --position liaison"
        " --person P-101 --out evidence.zip"
    ),
    "certificate": "tansiq certificate mpa code.txt --position liaison --person P-101",
    "keys": "tansiq keys mpa",
    "protect": "tansiq protect mpa --new-passphrase-file new-passphrase",
    "rotate": "tansiq rotate mpa --passphrase-file new-passphrase",
    "notice": "tansiq notice mpa MOD-lost.json --position liaison --person P-101",
    "revoke": "tansiq revoke /media/stick mpa/MPA-erbil.card --authority mpa/keys --reason lost",
}


class _Form(argparse.RawDescriptionHelpFormatter):
    """Paragraphs as we wrap them, options in one column."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=WIDTH)


def _paragraphs(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_on_hyphens=False)  # an option stays one word


def build(language: str) -> argparse.ArgumentParser:
    """The parser, with its help in ``language``."""
    parser = argparse.ArgumentParser(
        prog="tansiq",
        description=_paragraphs(phrase("cli.about", language)),
        epilog=_paragraphs(phrase("cli.codes", language)),
        formatter_class=_Form,
    )
    _language(parser, language)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    makers: dict[str, Callable[[argparse.ArgumentParser, str], None]] = {
        "init": _init,
        "card": _card,
        "join": _join,
        "person": _person,
        "serve": _serve,
        "exchange": _exchange,
        "import": _import,
        "verify": _plain,
        "fsck": _fsck,
        "rebuild": _plain,
        "backup": _backup,
        "clock": _clock,
        "restore": _restore,
        "evidence": _evidence,
        "certificate": _certificate,
        "keys": _plain,
        "protect": _protect,
        "rotate": _rotate,
        "notice": _notice,
        "revoke": _revoke,
    }
    for verb, make in makers.items():
        told = phrase(f"cli.{verb}.help", language)
        example = f"{phrase('cli.example', language)}\n  {EXAMPLES[verb]}"
        made = verbs.add_parser(
            verb,
            help=phrase(f"cli.{verb}.short", language),
            description=_paragraphs(told),
            epilog=example,
            formatter_class=_Form,
        )
        _language(made, language)
        _passphrases(made, language)
        make(made, language)
    return parser


def _language(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default=argparse.SUPPRESS,
        help=phrase("cli.option.language", language),
    )


def _passphrases(parser: argparse.ArgumentParser, language: str) -> None:
    for name in ("passphrase", "authority-passphrase"):
        told = phrase(f"cli.option.{name.replace('-', '_')}_file", language)
        parser.add_argument(f"--{name}-file", type=Path, metavar="FILE", help=told)


def _authority(parser: argparse.ArgumentParser, language: str, *, required: bool = False) -> None:
    told = phrase("cli.option.authority", language)
    parser.add_argument("--authority", type=Path, required=required, metavar="PATH", help=told)


def _serve(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    _authority(parser, language)


def _protect(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    parser.add_argument(
        "--new-passphrase-file", type=Path, metavar="FILE", help=phrase("cli.protect.new", language)
    )
    parser.add_argument(
        "--authority-only", action="store_true", help=phrase("cli.protect.authority", language)
    )


def _rotate(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    _authority(parser, language)
    parser.add_argument(
        "--authority-key", action="store_true", help=phrase("cli.rotate.authority_key", language)
    )
    parser.add_argument("--lost", action="store_true", help=phrase("cli.rotate.lost", language))


def _folder(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=phrase("cli.folder", language))


def _plain(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)


def _clock(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    parser.add_argument("--right", action="store_true", help=phrase("cli.clock.right", language))


def _backup(parser: argparse.ArgumentParser, language: str) -> None:
    def told(name: str) -> str:
        return phrase(f"cli.backup.{name}", language)

    _folder(parser, language)
    parser.add_argument("target", type=Path, metavar="TARGET", help=told("target"))
    parser.add_argument("--to", metavar="age1...", default="", help=told("to"))


def _restore(parser: argparse.ArgumentParser, language: str) -> None:
    def told(name: str) -> str:
        return phrase(f"cli.restore.{name}", language)

    parser.add_argument("file", type=Path, metavar="FILE", help=told("file"))
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=told("folder"))
    parser.add_argument("--identity", type=Path, metavar="KEY", help=told("identity"))
    parser.add_argument("--store", default="", metavar="ADDRESS", help=told("store"))


def _fsck(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    parser.add_argument("--json", action="store_true", help=phrase("cli.fsck.json", language))


def _evidence(parser: argparse.ArgumentParser, language: str) -> None:
    def told(name: str) -> str:
        return phrase(f"cli.evidence.{name}", language)

    _folder(parser, language)
    parser.add_argument("record", metavar="RECORD", help=told("record"))
    _actor(parser, language)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help=told("out"))
    parser.add_argument("--to", type=_party, metavar="PARTY", help=told("to"))
    parser.add_argument("--own", action="store_true", help=told("own"))


def _certificate(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    told = phrase("cli.certificate.file", language)
    parser.add_argument("file", type=Path, metavar="FILE", help=told)
    _actor(parser, language)


def _init(parser: argparse.ArgumentParser, language: str) -> None:
    def told(name: str) -> str:
        return phrase(f"cli.init.{name}", language)

    _folder(parser, language)
    add = parser.add_argument
    add("--party", required=True, type=_party, metavar="CODE", help=told("party"))
    for code in LANGUAGES:
        add(f"--name-{code}", required=True, metavar="NAME", help=told("name"))
    add("--node", required=True, metavar="NAME", help=told("node"))
    add(
        "--position",
        action="append",
        required=True,
        type=_position,
        metavar="P",
        help=told("position"),
    )
    add("--port", type=int, default=WEB_PORT, help=told("port"))
    add("--host", default=LOOPBACK, help=told("host"))
    add("--address", default="", metavar="https://HOST:PORT", help=told("address"))
    add("--partner-port", type=int, default=PARTNER_PORT, help=told("partner_port"))
    add("--partner-host", default=LOOPBACK, help=told("partner_host"))
    add("--store", default=SQLITE, metavar="ADDRESS", help=told("store"))
    add("--zone", default=ZONE, help=told("zone"))
    add("--keys-unprotected", action="store_true", help=told("keys_unprotected"))
    add("--replaces", type=Path, metavar="CARD", help=told("replaces"))
    _authority(parser, language)


def _card(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    parser.add_argument("--qr", type=Path, metavar="FILE.svg", help=phrase("cli.card.qr", language))
    parser.add_argument("--renew", action="store_true", help=phrase("cli.card.renew", language))
    parser.add_argument("--of", type=_party, metavar="PARTY", help=phrase("cli.card.of", language))
    parser.add_argument("--out", type=Path, metavar="FILE", help=phrase("cli.card.out", language))
    _authority(parser, language)


def _actor(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument(
        "--position", required=True, metavar="CODE", help=phrase("cli.actor.position", language)
    )
    parser.add_argument(
        "--person", required=True, metavar="ROSTER", help=phrase("cli.actor.person", language)
    )


def _join(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    parser.add_argument("card", type=Path, metavar="CARD", help=phrase("cli.join.card", language))
    _actor(parser, language)
    parser.add_argument(
        "--words-read", action="store_true", help=phrase("cli.join.words_read", language)
    )


def _notice(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    parser.add_argument("file", type=Path, metavar="FILE", help=phrase("cli.notice.file", language))
    _actor(parser, language)


def _revoke(parser: argparse.ArgumentParser, language: str) -> None:
    def told(name: str) -> str:
        return phrase(f"cli.revoke.{name}", language)

    add = parser.add_argument
    add("folder", type=Path, metavar="FOLDER", help=told("folder"))
    add("card", type=Path, metavar="CARD", help=told("card"))
    _authority(parser, language, required=True)
    add("--reason", choices=REASONS, default=REASONS[0], help=told("reason"))
    add("--lost", type=_moment, metavar="TIME", help=told("lost"))
    add("--replacement", type=Path, metavar="CARD", help=told("replacement"))


def _moment(text: str) -> int:
    """The milliseconds of an ISO time; one without a zone is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(InputError("time_form").text("en")) from None
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)


def _person(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--position",
        action="append",
        metavar="CODE",
        help=phrase("cli.person.position", language),
    )
    what.add_argument(
        "--reset-factors", action="store_true", help=phrase("cli.person.reset_factors", language)
    )
    parser.add_argument(
        "--person", required=True, metavar="ROSTER", help=phrase("cli.actor.person", language)
    )


def _exchange(parser: argparse.ArgumentParser, language: str) -> None:
    _folder(parser, language)
    parser.add_argument(
        "stick", type=Path, metavar="STICK", help=phrase("cli.exchange.stick", language)
    )
    parser.add_argument(
        "--to", type=_party, metavar="PARTY", help=phrase("cli.exchange.to", language)
    )


def _import(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument(
        "format",
        choices=("ucdp", "acled", "csv", "catalogue"),
        help=phrase("cli.import.format", language),
    )
    _folder(parser, language)
    parser.add_argument("file", type=Path, metavar="FILE", help=phrase("cli.import.file", language))
    _actor(parser, language)
    parser.add_argument(
        "--classification",
        type=Classification,
        choices=tuple(Classification),
        default=Classification.RESTRICTED,
        metavar="CLASS",
        help=phrase("cli.import.classification", language),
    )
    parser.add_argument(
        "--release-to",
        action="append",
        default=[],
        type=_party,
        metavar="PARTY",
        help=phrase("cli.import.release_to", language),
    )
    parser.add_argument(
        "--dates", type=DayOrder, choices=tuple(DayOrder), help=phrase("cli.import.dates", language)
    )
    parser.add_argument(
        "--sure", action="append", default=[], type=Sure, choices=tuple(Sure),
        help=phrase("cli.import.sure", language),
    )  # fmt: skip


def _party(text: str) -> PartyCode:
    try:
        return party_code(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _position(text: str) -> Position:
    """``code:role:en:ar:ckb[:clearance[:category,category]]``."""
    parts = [part.strip() for part in text.split(":")]
    try:
        code, role, en, ar, ckb, clearance, categories = (*parts, *["", ""][len(parts) - 5 :])
        return Position(
            code=position_code(code),
            role=Role(role),
            names=Text(en, ar, ckb),
            clearance=Classification(clearance or Classification.RESTRICTED),
            categories=frozenset(item for item in categories.split(",") if item),
        )
    except (ValueError, InputError, WordingError):
        raise argparse.ArgumentTypeError(InputError("position_form").text("en")) from None
