"""Invented incidents in three languages, the same for every program that is compared.

Each tells one event in Arabic, Sorani and English: who, what, on what, where from a town, when, how
many. Words, numbers, times and positions are drawn anew for each record, so that a program which
packs well gains from the language and the form of a report and not from one text that repeats.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from tansiq.domain.kinds.incident import CATEGORIES, SEVERITIES
from tansiq.domain.places import gazetteer
from tansiq.domain.records import Body

BEGIN_MS = 1_704_067_200_000  # 2024-01-01
_STEP_MS = 240_000  # a busy centre: an incident every four minutes, told a little later
_DAY_MS = 86_400_000

# Each row is one meaning: English, Arabic, Sorani.
WHO = (
    ("A patrol", "دورية", "دەوریەیەک"), ("The police post", "مركز الشرطة", "بنکەی پۆلیس"),
    ("A farmer", "مزارع", "جوتیارێک"), ("The civil defence", "الدفاع المدني", "بەرگری شارستانی"),
    ("A road crew", "فريق الطرق", "تیمی ڕێگاوبان"), ("The hospital", "المستشفى", "نەخۆشخانە"),
    ("The water office", "دائرة المياه", "فەرمانگەی ئاو"), ("A bus driver", "سائق حافلة", "شۆفێری پاس"),
    ("The checkpoint", "نقطة التفتيش", "خاڵی پشکنین"), ("A village council", "مجلس القرية", "ئەنجومەنی گوند"),
    ("The power company", "شركة الكهرباء", "کۆمپانیای کارەبا"), ("A shepherd", "راعي غنم", "شوانێک"),
    ("The joint post", "النقطة المشتركة", "بنکەی هاوبەش"), ("A school guard", "حارس مدرسة", "پاسەوانی قوتابخانە"),
)  # fmt: skip
WHAT = (
    ("reports smoke", "تبلغ عن دخان", "هەواڵی دوکەڵ دەدات"), ("found a suspicious object", "عثرت على جسم مشبوه", "تەنێکی گوماناوی دۆزییەوە"),
    ("heard two explosions", "سمعت انفجارين", "گوێی لە دوو تەقینەوە بوو"), ("saw a drone", "شاهدت طائرة مسيرة", "درۆنێکی بینی"),
    ("reports a crash of several cars", "تبلغ عن حادث عدة سيارات", "هەواڵی پێکدادانی چەند ئۆتۆمبێلێک دەدات"),
    ("closed the road", "أغلقت الطريق", "ڕێگاکەی داخست"), ("asks for an ambulance", "تطلب سيارة إسعاف", "داوای ئەمبولانس دەکات"),
    ("reports flooded fields", "تبلغ عن غرق الحقول", "هەواڵی لافاوی کێڵگەکان دەدات"), ("heard shooting", "سمعت إطلاق نار", "گوێی لە تەقە بوو"),
    ("reports a power failure", "تبلغ عن انقطاع الكهرباء", "هەواڵی بڕانی کارەبا دەدات"), ("sees a crowd", "ترى تجمعا", "کۆبوونەوەیەک دەبینێت"),
    ("reports a burst pipe", "تبلغ عن انكسار أنبوب", "هەواڵی شکانی بۆڕییەک دەدات"), ("lost contact", "فقدت الاتصال", "پەیوەندی لەدەست دا"),
    ("reports burning wheat", "تبلغ عن احتراق القمح", "هەواڵی سووتانی گەنم دەدات"),
)  # fmt: skip
WHERE = (
    ("at the bridge", "عند الجسر", "لای پردەکە"), ("on the main road", "على الطريق الرئيسي", "لەسەر ڕێگای سەرەکی"),
    ("near the market", "قرب السوق", "نزیک بازاڕەکە"), ("behind the school", "خلف المدرسة", "لەپشت قوتابخانەکە"),
    ("by the canal", "بجانب القناة", "لای جۆگەکە"), ("at the grain silo", "عند صومعة الحبوب", "لای سایلۆکە"),
    ("in the orchards", "في البساتين", "لە باخەکان"), ("at the pumping station", "عند محطة الضخ", "لای وێستگەی پەمپ"),
    ("in the old quarter", "في الحي القديم", "لە گەڕەکی کۆن"), ("below the dam", "أسفل السد", "لە خوار بەنداوەکە"),
    ("on the hill", "على التل", "لەسەر گردەکە"), ("at the crossroads", "عند مفترق الطرق", "لای چواڕێیانەکە"),
)  # fmt: skip
SIDE = (
    ("north", "شمال", "باکووری"), ("south", "جنوب", "باشووری"), ("east", "شرق", "ڕۆژهەڵاتی"),
    ("west", "غرب", "ڕۆژاوای"), ("north-east", "شمال شرق", "باکووری ڕۆژهەڵاتی"),
    ("south-west", "جنوب غرب", "باشووری ڕۆژاوای"),
)  # fmt: skip
STATE = (
    ("The road is passable on one side.", "الطريق سالك من جانب واحد.", "ڕێگاکە لە لایەکەوە کراوەیە."),
    ("No contact with the place yet.", "لا اتصال بالمكان بعد.", "هێشتا پەیوەندی بە شوێنەکە نییە."),
    ("People have left the houses.", "غادر السكان البيوت.", "خەڵک ماڵەکانیان چۆڵ کردووە."),
    ("Two teams are on the way.", "فريقان في الطريق.", "دوو تیم لە ڕێگان."),
    ("The wind is strong.", "الرياح قوية.", "با بەهێزە."),
    ("Visibility is poor.", "الرؤية ضعيفة.", "بینین لاوازە."),
    ("The place is secured.", "تم تأمين المكان.", "شوێنەکە پارێزراوە."),
    ("Vehicles turn back.", "المركبات تعود أدراجها.", "ئۆتۆمبێلەکان دەگەڕێنەوە."),
    ("The number of people is not known.", "عدد الأشخاص غير معروف.", "ژمارەی کەسەکان نەزانراوە."),
    ("Water is rising slowly.", "المياه ترتفع ببطء.", "ئاو بە هێواشی بەرز دەبێتەوە."),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One invented incident: an identity, when it was told, and the body of a record."""

    identity: str
    told_ms: int
    body: Body


def events(count: int, seed: int = 3) -> Iterator[Event]:
    """So many incidents, in the order in which they were told; the same for the same seed."""
    draw = random.Random(seed)
    towns = list(gazetteer().values())
    for number in range(count):
        told = BEGIN_MS + number * _STEP_MS + draw.randrange(_STEP_MS)
        town = draw.choice(towns)
        lines = _lines(draw, (town.names.en, town.names.ar, town.names.ckb))
        body: Body = {
            "category": draw.choice(CATEGORIES),
            "severity": draw.choice(SEVERITIES),
            "text": "\n".join(lines),
            "observed": told - draw.randrange(_DAY_MS // 12),
            "place": {
                "name": draw.choice((town.names.en, town.names.ar, town.names.ckb)),
                "key": town.key,
                "lat": town.lat + draw.randint(-900_000, 900_000),
                "lon": town.lon + draw.randint(-900_000, 900_000),
                "precision": draw.choice(("exact", "about", "area")),
                "grain": "exact",
            },
            "grade": draw.choice("ABCDEF") + draw.choice("123456"),
        }
        for name in ("hurt", "dead"):
            if draw.random() < 0.4:
                body[name] = draw.randrange(12)
        for name in ("done", "unknown", "asked"):
            if draw.random() < 0.3:
                body[name] = draw.choice(draw.choice(STATE))
        yield Event(
            identity=str(uuid.UUID(int=draw.getrandbits(128), version=4)), told_ms=told, body=body
        )


def _lines(draw: random.Random, town: tuple[str, str, str]) -> list[str]:
    who, what, where, side = (draw.choice(part) for part in (WHO, WHAT, WHERE, SIDE))
    far, at = draw.randint(1, 40), f"{draw.randrange(24):02}:{draw.randrange(60):02}"
    more = draw.sample(STATE, draw.randint(0, 2))
    joined = (
        f"{who[0]} {what[0]} {where[0]}, {far} km {side[0]} of {town[0]}, {at}.",
        f"{who[1]} {what[1]} {where[1]}، {far} كم {side[1]} {town[1]}، الساعة {at}.",
        f"{who[2]} {what[2]} {where[2]}، {far} کم لە {side[2]} {town[2]}، کاتژمێر {at}.",
    )
    return [" ".join([text, *(said[n] for said in more)]) for n, text in enumerate(joined)]
