"""Cut the interface font: one variable TrueType file in, two small woff2 files out. And say which characters the
fonts for paper have, and how wide they are.

    python tools/vendor/fonts.py <Vazirmatn[wght].ttf> <folder>
    python tools/vendor/fonts.py --advances <folder with *.ttf>      writes advances.txt beside them

Needs fonttools and brotli. The weight axis is limited to 400..700 (what app.css uses), and the glyphs to the
characters below. `arabic` has every letter of Arabic and Sorani Kurdish, the three digit sets' Arabic forms and the
bidi marks: the marks must stand here, or a right-to-left page that holds one mark would fetch the Latin file for it.
`latin` has Basic Latin, Latin-1 punctuation and general punctuation. app.css repeats both ranges in @font-face;
tests/unit/test_vendor.py compares them.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ARABIC = (
    "U+060C, U+061B-061C, U+061F, U+0621-063A, U+0640-0655, U+0660-066C, U+0670-0671, U+067E, U+0686, U+0692, "
    "U+0695, U+0698, U+06A4, U+06A9, U+06AF, U+06B5, U+06BE, U+06C0-06C1, U+06C6-06C7, U+06CA-06CC, U+06CE, "
    "U+06D5, U+06F0-06F9, U+200C-200F, U+2066-2069, U+FD3E-FD3F"
)
LATIN = (
    "U+0020-007E, U+00A0, U+00A7, U+00AB, U+00B0-00B1, U+00B7, U+00BB, U+00D7, U+2010-2014, U+2018-2019, "
    "U+201C-201D, U+2022, U+2026, U+2032-2033, U+2212"
)
FILES = {"arabic": ARABIC, "latin": LATIN}
FEATURES = [
    "ccmp",
    "locl",
    "isol",
    "init",
    "medi",
    "fina",
    "rlig",
    "calt",
    "liga",
    "kern",
    "mark",
    "mkmk",
    "tnum",
]


def codepoints(ranges: str) -> list[int]:
    found: list[int] = []
    for part in ranges.replace("U+", "").split(","):
        first, _, last = part.strip().partition("-")
        found.extend(range(int(first, 16), int(last or first, 16) + 1))
    return found


def cut(source: Path, target: Path, ranges: str) -> int:
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = FEATURES
    options.hinting = False
    options.desubroutinize = True
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 13, 14]
    options.drop_tables += ["DSIG", "STAT"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codepoints(ranges))
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": (400, 700)})
    font.flavor = "woff2"
    font.save(target)
    return target.stat().st_size


def advances(folder: Path) -> str:
    """The characters that every font of the folder has, in hexadecimal, each with how wide it is where it is widest,
    in thousandths of the size of the font; one a line.
    """
    fonts = [TTFont(path) for path in sorted(folder.glob("*.ttf"))]
    maps = [font.getBestCmap() for font in fonts]
    codes = sorted(code for code in set.intersection(*map(set, maps)) if code > 0x1F)

    def wide(code: int) -> int:
        return max(
            -int(-font["hmtx"][names[code]][0] * 1000 // font["head"].unitsPerEm)
            for font, names in zip(fonts, maps, strict=True)
        )

    return "".join(f"{code:04X} {wide(code)}\n" for code in codes)


def main() -> None:
    if sys.argv[1] == "--advances":
        folder = Path(sys.argv[2])
        (folder / "advances.txt").write_text(advances(folder), "ascii")
        return
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, ranges in FILES.items():
        size = cut(source, folder / f"vazirmatn-{name}.woff2", ranges)
        print(f"vazirmatn-{name}.woff2 {size}")


if __name__ == "__main__":
    main()
