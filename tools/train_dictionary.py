"""Train the compression dictionary of parcels from generated feed entries.

Deterministic: the same script and the same zstd give the same file. All content is invented. Run it
again when the shape of entries changes, under the next number::

    python tools/train_dictionary.py            # report only
    python tools/train_dictionary.py 2          # writes src/tansiq/sync/dictionary-2.zdict

and add the number to ``_VERSIONS`` in ``tansiq/sync/dictionary.py``. A dictionary that parcels were
ever sealed with is never trained again: its number would name two files.
"""

import random
import sys
import uuid
from pathlib import Path
from typing import Final

import zstandard

from tansiq.log import checkpoint as notes
from tansiq.log import keys, merkle
from tansiq.log.canonical import JSON, encode
from tansiq.sync import parcel
from tansiq.sync.header import Header

DICTIONARY_BYTES: Final = 64 * 1024
SAMPLES: Final = 12_000
FRAME_EVERY: Final = 20  # entries to one parcel frame
HELD_BACK: Final = 1_000
SEED: Final = 2015
FOLDER: Final = Path(__file__).resolve().parent.parent / "src" / "tansiq" / "sync"

PARTIES: Final = ("ERB", "MPA", "MOD", "COA", "HUM", "KHN")
POSITIONS: Final = (
    "duty-officer", "senior-duty-officer", "liaison-officer", "support-desk", "training-manager",
    "reform-manager", "neutral-desk", "intake-officer",
)  # fmt: skip
RULES: Final = tuple(f"R-{number:02}" for number in range(1, 10))
PURPOSES: Final = ("coordination", "safety", "medical", "support", "reform", "training")
PLACES: Final = (
    ("Erbil", "أربيل", "هەولێر", 362, 440),
    ("Sulaymaniyah", "السليمانية", "سلێمانی", 356, 454),
    ("Duhok", "دهوك", "دهۆک", 369, 430),
    ("Kirkuk", "كركوك", "کەرکووک", 355, 444),
    ("Makhmour", "مخمور", "مەخموور", 358, 436),
    ("Gwer", "الكوير", "گوێڕ", 360, 435),
    ("Altun Kupri", "ألتون كوبري", "پردێ", 358, 441),
    ("Dibis", "الدبس", "دوبز", 357, 441),
    ("Daquq", "داقوق", "داقوق", 351, 444),
    ("Tuz Khurmatu", "طوز خورماتو", "دووزخورماتوو", 349, 446),
    ("Kifri", "كفري", "کفری", 347, 450),
    ("Jalawla", "جلولاء", "جەلەولا", 343, 452),
    ("Khanaqin", "خانقين", "خانەقین", 343, 454),
    ("Kalar", "كلار", "کەلار", 346, 453),
    ("Hawija", "الحويجة", "حەویجە", 353, 438),
    ("Zummar", "زمار", "زوممار", 366, 426),
    ("Sinjar", "سنجار", "شنگال", 363, 419),
    ("Bashiqa", "بعشيقة", "بەعشیقە", 364, 433),
    ("Baghdad", "بغداد", "بەغدا", 333, 444),
)
SENTENCES: Final = {
    "en": (
        "Earth bank across the farm road, passable on foot only.",
        "Shots heard, no one hurt, direction unknown.",
        "Checkpoint reports a fire in the wheat fields, about {n} hectares.",
        "Bridge under water, road closed until further notice.",
        "Power and link to the partner lost, restored after {n} minutes.",
        "Ambulance passed both checkpoints within {n} minutes.",
        "Two patrols met unannounced, no shots, both sides informed.",
        "Old mine reported near the track, the area is marked.",
        "Read back by the duty officer, understood.",
        "Message received at {h}:{m}, passed to the liaison officer.",
        "What is not known: who, how many, and the cause.",
        "Convoy of {n} vehicles with medical supplies announced for tomorrow morning.",
        "Nothing to report. Shift handed over complete.",
        "Please confirm the state of the road and the bridge.",
    ),
    "ar": (
        "ساتر ترابي يقطع الطريق الزراعي، المرور مشياً فقط.",
        "سُمع إطلاق نار، لا إصابات، الاتجاه غير معروف.",
        "أبلغت نقطة التفتيش عن حريق في حقول الحنطة، نحو {n} هكتار.",
        "الجسر مغمور بالمياه والطريق مغلق حتى إشعار آخر.",
        "انقطعت الكهرباء والاتصال مع الشريك وعادت بعد {n} دقيقة.",
        "مرت سيارة الإسعاف من نقطتي التفتيش خلال {n} دقيقة.",
        "التقت دوريتان دون إبلاغ مسبق، لا إطلاق نار، وأُبلغ الطرفان.",
        "بلاغ عن لغم قديم قرب الطريق وتم تأشير المنطقة.",
        "أعاد الضابط المناوب قراءة الرسالة وتم الفهم.",
        "وردت الرسالة الساعة {h}:{m} وأُحيلت إلى ضابط الارتباط.",
        "ما لا نعرفه: من، وكم العدد، وما السبب.",
        "قافلة من {n} عجلة تحمل مواد طبية متوقعة صباح الغد.",
        "لا يوجد ما يُبلَّغ عنه. سُلّمت المناوبة كاملة.",
        "يرجى تأكيد حالة الطريق والجسر.",
    ),
    "ckb": (
        "کۆسپی خۆڵ ڕێگای کێڵگەکانی بڕیوە، تەنیا بە پێ دەکرێت تێپەڕیت.",
        "دەنگی تەقە بیسترا، کەس بریندار نەبووە، ئاراستە نازانرێت.",
        "خاڵی پشکنین ئاگرێکی لە کێڵگەی گەنم ڕاگەیاند، نزیکەی {n} هێکتار.",
        "پردەکە لەژێر ئاودایە و ڕێگا داخراوە تا ئاگادارکردنەوەی تر.",
        "کارەبا و پەیوەندی لەگەڵ هاوبەش پچڕا و دوای {n} خولەک گەڕایەوە.",
        "ئەمبولانس لە ماوەی {n} خولەکدا لە هەردوو خاڵی پشکنین تێپەڕی.",
        "دوو دەورییە بێ ئاگاداری یەکتریان بینی، تەقە نەبوو، هەردوو لا ئاگادار کران.",
        "مینێکی کۆن لە نزیک ڕێگاکە ڕاگەیەندرا، ناوچەکە نیشانە کرا.",
        "ئەفسەری ئێشکگر پەیامەکەی خوێندەوە و تێگەیشت.",
        "پەیام کاتژمێر {h}:{m} گەیشت و بۆ ئەفسەری پەیوەندی نێردرا.",
        "ئەوەی نازانین: کێ، چەند کەس و هۆکارەکە چییە.",
        "کاروانێکی {n} ئۆتۆمبێلی کەلوپەلی پزیشکی بۆ سبەینێ بەیانی ڕاگەیەندراوە.",
        "هیچ شتێک نییە بۆ ڕاگەیاندن. شیفتەکە بە تەواوی ڕادەست کرا.",
        "تکایە دۆخی ڕێگا و پردەکە پشتڕاست بکەنەوە.",
    ),
}


class Entries:
    """A seeded stream of invented feed entries."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)  # noqa: S311 - invented samples, no secret
        self.at = 1_578_200_000_000

    def next(self) -> bytes:
        """The canonical bytes of the next entry."""
        self.at += self._draw.randint(1_000, 4_000_000)
        makers = (self._edition, self._read, self._recall, self._anchor)
        (make,) = self._draw.choices(makers, weights=(80, 12, 4, 4))
        return encode(make())

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._draw.getrandbits(128), version=4))

    def _hex(self) -> str:
        return self._draw.randbytes(32).hex()

    def _text(self, language: str) -> str:
        count = self._draw.randint(1, 4)
        draw = self._draw
        return " ".join(
            sentence.format(
                n=draw.randint(2, 95), h=f"{draw.randrange(24):02}", m=f"{draw.randrange(60):02}"
            )
            for sentence in draw.sample(SENTENCES[language], count)
        )

    def _place(self, language: str) -> JSON:
        draw = self._draw
        name = draw.choice(PLACES)
        grain, precision = draw.choice((("exact", "gps"), ("km1", "map"), ("km5", "map")))
        return {
            "name": name[("en", "ar", "ckb").index(language)],
            "key": name[0].lower().replace(" ", "-"),
            "lat": name[3] * 1_000_000 + draw.randint(-400_000, 400_000),
            "lon": name[4] * 1_000_000 + draw.randint(-400_000, 400_000),
            "precision": precision,
            "grain": grain,
        }

    def _label(self) -> JSON:
        draw = self._draw
        group: list[JSON] = [*sorted(draw.sample(PARTIES, draw.randint(1, 3)))]
        categories: list[JSON] = [*draw.choice(("", "", "medical", "protected_site")).split()]
        caveats: list[JSON] = [*draw.choice(("", "", "source_hidden")).split()]
        return {
            "policy": "TANSIQ",
            "class": draw.choice(("open", "restricted", "restricted", "confidential")),
            "audience": [group],
            "categories": categories,
            "caveats": caveats,
            "onward": draw.choice(("none", "none", "ask", "audience")),
            "embargo": None,
            "expires": draw.choice((None, self.at + 30 * 24 * 3_600_000)),
        }

    def _body(self, kind: str) -> JSON:
        draw = self._draw
        language = draw.choice(("en", "ar", "ckb"))
        body: dict[str, JSON] = {"text": self._text(language)}
        if kind == "incident":
            body |= {
                "category": draw.choice(
                    ("obstruction", "explosive_hazard", "shooting", "between_parties", "attack",
                     "fire", "flood", "traffic", "medical", "outage", "drone", "rumour")
                ),
                "severity": draw.choice(("flash", "urgent", "routine", "routine")),
                "observed": self.at - draw.randint(60_000, 7_200_000),
                "place": self._place(language),
                "hurt": draw.choice((0, 0, 0, 1, 2)),
                "grade": draw.choice("ABCDE") + draw.choice("12345"),
                "unknowns": [
                    {"id": self._uuid()[:8], "text": self._text(language), "state": "open",
                     "by": ""}
                    for _ in range(draw.choice((0, 1)))
                ],
                "done": draw.choice(("", self._text(language))),
            }  # fmt: skip
        elif kind == "log_line":
            body |= {"channel": draw.choice(("radio", "phone", "mail", "visit")),
                     "priority": draw.choice(("routine", "urgent"))}  # fmt: skip
        else:
            body |= {"record": self._uuid(), "at": self.at}
        return body

    def _edition(self) -> JSON:
        draw = self._draw
        kinds = ("incident", "log_line", "acknowledgement", "rfi", "answer")
        kind = draw.choices(kinds, weights=(50, 25, 10, 8, 7))[0]
        return {
            "type": "edition",
            "release": self._uuid(),
            "record": self._uuid(),
            "kind": kind,
            "v": 1,
            "k": draw.choice((1, 1, 1, 2, 3)),
            "state": draw.choice(("reported", "being_checked", "confirmed", "closed", "open")),
            "label": self._label(),
            "body": self._body(kind),
            "position": draw.choice(POSITIONS),
            "purpose": draw.choice(PURPOSES),
            "rule": draw.choice(RULES),
            "at": self.at,
        }

    def _read(self) -> JSON:
        return {
            "type": self._draw.choice(("read", "acknowledged", "purged")),
            "release": self._uuid(),
            "record": self._uuid(),
            "position": self._draw.choice(POSITIONS),
            "at": self.at,
        }

    def _recall(self) -> JSON:
        return {
            "type": "recall",
            "release": self._uuid(),
            "record": self._uuid(),
            "reason": self._draw.choice(("wrong", "withdrawn", "expired", "not_for_you")),
            "text": self._text(self._draw.choice(("en", "ar", "ckb"))),
            "position": self._draw.choice(POSITIONS),
            "at": self.at,
        }

    def _anchor(self) -> JSON:
        return {"type": "anchor", "commitment": self._hex(), "at": self.at}


def frame(entries: Entries, number: int, identity: str) -> bytes:
    """The plain form of a parcel without entries: header, receipt, note and signature."""
    draw = random.Random(number)  # noqa: S311 - invented keys for an invented parcel
    sender, receiver = draw.sample(PARTIES, 2)
    mine, theirs = (keys.NodeKeys.new(draw.randbytes(32), identity) for _ in range(2))
    out, back = notes.feed_origin(sender, receiver), notes.feed_origin(receiver, sender)
    size, made = draw.randint(0, 99_999), entries.at
    head = notes.Checkpoint(origin=out, size=size, root=draw.randbytes(merkle.HASH_BYTES))
    other = notes.Checkpoint(origin=back, size=size, root=draw.randbytes(merkle.HASH_BYTES))
    name = notes.node_name(sender, sender.lower())
    header = Header(
        sender=sender,
        receiver=receiver,
        node=sender.lower(),
        start=size,
        count=0,
        number=number,
        made_ms=made,
        ack=notes.cosign(notes.sign(other, back, theirs.seed), name, mine.seed, made),
    )
    return parcel.write_plain(header, (), notes.sign(head, out, mine.seed), mine)


def train(seed: int = SEED) -> bytes:
    """The dictionary; one thread and fixed parameters, so that it comes out the same again."""
    entries = Entries(seed)
    # The identity only has to be one; nothing is encrypted here.
    identity = keys.new_age_identity()
    samples: list[bytes | bytearray | memoryview] = []
    for number in range(SAMPLES):
        samples.append(entries.next() + b"\n")
        if number % FRAME_EVERY == 0:
            samples.append(frame(entries, number, identity))
    trained = zstandard.train_dictionary(
        DICTIONARY_BYTES, samples, k=1024, d=8, dict_id=32_768 + seed, level=3
    )
    return trained.as_bytes()


def main(arguments: list[str]) -> None:
    """Train, report on entries that were held back, and write the file if a number is given."""
    data = train()
    entries = Entries(SEED + 1)
    held = [entries.next() + b"\n" for _ in range(HELD_BACK)]
    dictionary = zstandard.ZstdCompressionDict(data, dict_type=zstandard.DICT_TYPE_FULLDICT)
    for size in (1, 10, 100):
        runs = [b"".join(held[at : at + size]) for at in range(0, HELD_BACK, size)]
        packed = sum(
            len(zstandard.ZstdCompressor(level=3, dict_data=dictionary).compress(run))
            for run in runs
        )
        plain = sum(map(len, held))
        print(f"{size} entries a parcel: {plain // HELD_BACK} -> {packed // HELD_BACK} bytes each")
    if arguments:
        path = FOLDER / f"dictionary-{int(arguments[0])}.zdict"
        path.write_bytes(data)
        print(f"{path.name}: {len(data)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
