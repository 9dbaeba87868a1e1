"""Charts: lengths in proportion, mirrored where the language is, each number a link to its list."""

import re
from xml.etree import ElementTree

import pytest

from tansiq.domain.tables import Figure
from tansiq.domain.wording import LANGUAGES
from tansiq.web.shell.charts import POINTS_MAX, Chart, Point, Shape, draw, number, spark
from tests.unit.test_tables import MOMENT, voice

STACKED = ("Declared", "Verified")


def figure(count, **more):
    return Figure(count=count, address=f"/list?n={count}&x=1", **more)


def chart(shape=Shape.BARS, counts=((4,), (8,), (0,)), series=(), **more):
    points = tuple(
        Point(label=f"2020-W{n}", figures=tuple(map(figure, each)))
        for n, each in enumerate(counts, start=50)
    )
    return Chart(
        key="c", shape=shape, title="Fires <by> week", heading="Week", points=points,
        series=series, definition="What is counted.", **more,
    )  # fmt: skip


def drawn(made, language="en"):
    """The chart as a tree; it is well formed."""
    return ElementTree.fromstring(str(draw(made, voice(language))).replace("&nbsp;", " "))


def boxes(tree, parent="svg/a/rect"):
    found = tree.findall(parent)
    return [(share(box.get("x")), share(box.get("width"))) for box in found]


def share(text):
    return float(text.removesuffix("%"))


def test_bars_are_as_long_as_their_counts():
    """The longest fills its track, half as many are half as long, none is none."""
    assert [(0, 50), (0, 100), (0, 0)] == boxes(drawn(chart()))


def test_right_to_left_bars_begin_at_the_right():
    """The same lengths, mirrored; the words begin where reading begins."""
    for language in ("ar", "ckb"):
        tree = drawn(chart(), language)
        assert [(50, 50), (0, 100), (100, 0)] == boxes(tree)
        assert "rtl" == tree.find("svg").get("direction")
        assert {"100%"} == {text.get("x") for text in tree.findall("svg/a/text")}


def test_stacked_bars_follow_one_another():
    """Each series begins where the one before ends; the number is their sum."""
    tree = drawn(chart(counts=((2, 1), (4, 4)), series=STACKED))
    assert [(0, 25), (25, 12.5), (0, 50), (50, 50)] == boxes(tree)
    assert ["3", "8"] == [text.text for text in tree.findall("svg/text")]
    mirrored = boxes(drawn(chart(counts=((2, 1), (4, 4)), series=STACKED), "ar"))
    assert [(75, 25), (62.5, 12.5), (50, 50), (0, 50)] == mirrored


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_stand_in_the_order_of_reading(language):
    """Heights in proportion to a round scale; time runs as the language is read."""
    tree = drawn(chart(Shape.COLUMNS, counts=((4,), (8,), (2,))), language)
    rects = tree.findall("svg/a/rect")
    heights = [float(rect.get("height")) for rect in rects]
    assert [80, 160, 40] == heights
    assert [176 - high for high in heights] == [float(rect.get("y")) for rect in rects]
    lefts = [share(rect.get("x")) for rect in rects]
    assert sorted(lefts, reverse=language != "en") == lefts
    labels = [text.text for text in tree.findall("svg/text")]
    isolated = "\u20662020-W50\u2069" if language != "en" else "2020-W50"
    assert isolated in labels


def test_a_line_goes_through_its_points():
    """One stroke fewer than points, and a point for each figure of each series."""
    tree = drawn(chart(Shape.LINE, counts=((1, 2), (3, 4), (2, 2)), series=STACKED))
    strokes = [line for line in tree.findall("svg/line") if "chart-line" in line.get("class")]
    assert 4 == len(strokes)
    assert 2 == sum("chart-dash-1" in line.get("class") for line in strokes)
    assert 3 == len(tree.findall("svg/a/circle[@class='chart-tone-1']"))


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_opens_its_list_in_picture_and_twin(shape, language):
    """Each figure is a link with words of its own, and the twin has the same links."""
    tree = drawn(chart(shape), language)
    addresses = ["/list?n=4&x=1", "/list?n=8&x=1", "/list?n=0&x=1"]
    assert addresses == [link.get("href") for link in tree.findall("svg/a")]
    assert addresses == [link.get("href") for link in tree.findall("details//a")]
    names = [link.find("title").text for link in tree.findall("svg/a")]
    assert all(re.search(r"2020-W5\d.*\d", name) for name in names)
    assert "group" == tree.find("svg").get("role")


@pytest.mark.parametrize("shape", Shape)
def test_nothing_in_a_chart_needs_a_style(shape):
    """The policy of the pages allows no style attribute, and what is typed is escaped."""
    text = str(draw(chart(shape, counts=((1, 2),), series=STACKED), voice()))
    assert "style" not in text
    assert "<script" not in text
    assert "Fires &lt;by&gt; week" in text


def test_series_differ_by_pattern_before_colour():
    """Black on white, each series has strokes of its own, and the legend names it."""
    tree = drawn(chart(counts=((1, 2),), series=STACKED))
    strokes = [path.get("d") for path in tree.findall("svg/defs/pattern/path")]
    assert 2 == len(set(strokes))
    assert ["url(#c-0)", "url(#c-1)"] == [r.get("fill") for r in tree.findall("svg/a/rect")]
    assert list(STACKED) == [item.find("svg").tail for item in tree.findall("ul/li")]


@pytest.mark.parametrize("shape", Shape)
def test_nothing_one_thing_and_noughts_look_right(shape):
    """No picture of nothing; one value fills the scale; noughts divide nothing."""
    empty = drawn(chart(shape, counts=()))
    assert empty.find("svg") is None
    assert "Nothing to count." == empty.find("p").text
    one = drawn(chart(shape, counts=((1,),)))
    assert 1 == len(one.findall("svg/a"))
    assert drawn(chart(shape, counts=((0,), (0,)))).find("svg") is not None


def test_a_picture_without_links_is_an_image():
    """A reader of screens meets one thing with a name, and the twin."""
    bare = Point(label="a", figures=(Figure(count=1, address=""),))
    made = Chart(key="c", shape=Shape.BARS, title="t", heading="h", points=(bare,))
    assert "img" == drawn(made).find("svg").get("role")


def test_a_count_that_stopped_says_so():
    """At the bound of counting a bar says more than so many, as the lists do."""
    made = chart(counts=((1,),))
    more = Point(label="a", figures=(figure(1_000, more=True),))
    text = str(draw(Chart(key="c", shape=Shape.BARS, title="t", heading="h", points=(more,)),
                    voice()))  # fmt: skip
    assert 3 == text.count("more than 1000</")
    assert "more than" not in str(draw(made, voice()))
    assert '<a href="/list?n=5&amp;x=1"><bdi dir="ltr">5</bdi></a>' == number(figure(5), voice())


def test_a_chart_says_who_says_so_and_when():
    """Declared by whom, as of which moment."""
    text = str(draw(chart(as_of=MOMENT, declared_by="MPA"), voice()))
    assert re.search(r"mpa · as of <time[^>]*>2020-12-20 14:00</time>", text)


def test_a_chart_of_too_much_is_refused():
    """More points than anybody can read, or figures without a series, are a fault of the caller."""
    with pytest.raises(ValueError, match="read"):
        chart(counts=((1,),) * (POINTS_MAX + 1))
    with pytest.raises(ValueError, match="series"):
        chart(counts=((1, 2),))


def test_a_spark_runs_as_the_language_is_read():
    """The newest point is marked, at the left where reading ends there."""
    figures = [figure(count) for count in (0, 4, 2)]
    ends = {}
    for language in ("en", "ar"):
        tree = ElementTree.fromstring(str(spark("Fires", figures, voice(language))))
        ends[language] = (tree.find("circle").get("cx"), tree.find("circle").get("cy"))
        assert "img" == tree.get("role")
        assert "Fires: 0, 4, 2" == tree.find("title").text
    assert {"en": ("92", "12"), "ar": ("4", "12")} == ends
    assert not spark("Fires", [], voice())
