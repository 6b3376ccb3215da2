"""A deck that a lecturer edited is refreshed without undoing anything that was deleted, added, renamed or moved."""

from __future__ import annotations

import copy
import io
from pathlib import Path
from typing import Any

import pptx
import pytest
from PIL import Image, ImageDraw
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.parts.chart import ChartPart
from pptx.util import Inches
from PySide6.QtWidgets import QApplication

from playground import __main__ as program
from playground.export.deck.parts import read
from playground.style.resources import load_fonts
from playground.style.theme import LIGHT

pytestmark = pytest.mark.usefixtures("qapp", "fonts", "short_runs")

Captured = pytest.CaptureFixture[str]
KEYS = ("network", "loss", "gradient", "weights", "confusion")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication, short_runs: None) -> Path:
    load_fonts()
    folder = tmp_path_factory.mktemp("deck")
    path = folder / "talk.pptx"
    what = ["--what", ",".join(KEYS), "--format", "csv"]
    assert program.main(["render", "iris", "--epochs", "10", "--out", str(folder), "--deck", str(path), *what]) == 0
    return path


@pytest.fixture
def deck(rendered: Path, tmp_path: Path) -> Path:
    path = tmp_path / "talk.pptx"
    path.write_bytes(rendered.read_bytes())
    return path


def key_of(slide: Any) -> str:
    data = read(slide)
    return "" if data is None or not data[0].figures else data[0].figures[0].figure


def slides_of(opened: Any) -> dict[str, Any]:
    return {key_of(slide): slide for slide in opened.slides}


def shapes_named(slide: Any, key: str) -> list[Any]:
    return [shape for shape in slide.shapes if shape.name == f"NN Playground: {key}"]


def figure(opened: Any, key: str) -> Any:
    return shapes_named(slides_of(opened)[key], key)[0]


def chart(opened: Any, key: str) -> Any:
    return figure(opened, key).chart


def refreshed(deck: Path, *arguments: str) -> Any:
    assert program.main(["refresh", str(deck), *arguments, "--no-copy"]) == 0
    return pptx.Presentation(str(deck))


def names(native: Any) -> list[str]:
    return [series.name for series in native.series]


def values(native: Any) -> dict[str, list[float | None]]:
    return {series.name: list(series.values) for series in native.series}


def rename(series: Any, name: str) -> None:
    series._element.find(f"{qn('c:tx')}//{qn('c:v')}").text = name


def delete(series: Any) -> None:
    series._element.getparent().remove(series._element)


def add_own(native: Any, name: str, factor: float) -> None:
    """Add a copy of the first series with other values, as it is after a column was added in the workbook."""
    first = native.series[0]._element
    own = copy.deepcopy(first)
    own.find(qn("c:idx")).set("val", "77")
    own.find(qn("c:order")).set("val", "77")
    own.find(f"{qn('c:tx')}//{qn('c:v')}").text = name
    own.remove(own.find(qn("c:extLst")))
    numbers = own.find(qn("c:yVal")) if own.find(qn("c:yVal")) is not None else own.find(qn("c:val"))
    for node in numbers.iter(qn("c:v")):
        node.text = repr(float(node.text) * factor)
    first.getparent().findall(qn("c:ser"))[-1].addnext(own)


def duplicate(opened: Any, slide: Any) -> None:
    """Duplicate a slide: its shapes, charts and custom parts."""
    new = opened.slides.add_slide(slide.slide_layout)
    tree, old = new._element.cSld, slide._element.cSld
    new._element.replace(tree, copy.deepcopy(old))
    links = {}
    for link, each in slide.part.rels.items():
        if each.reltype.endswith(("/slideLayout", "/notesSlide")):
            continue
        part = each.target_part
        if each.reltype.endswith("/chart"):
            package = opened.part.package
            part = ChartPart.load(
                package.next_partname("/ppt/charts/chart%d.xml"), part.content_type, package, part.blob
            )
            element = part._element
            element.remove(element.find(qn("c:externalData")))
            part.chart_workbook.update_from_xlsx_blob(each.target_part.chart_workbook.xlsx_part.blob)
        links[link] = new.part.relate_to(part, each.reltype)
    for node in new._element.iter():
        for name in (qn("r:id"), qn("r:embed")):
            if node.get(name) in links:
                node.set(name, links[node.get(name)])


def test_a_deleted_series_stays_deleted(deck: Path) -> None:
    opened = pptx.Presentation(str(deck))
    assert names(chart(opened, "loss")) == ["train", "test", "penalty"]
    delete(chart(opened, "loss").series[1])
    weights = chart(opened, "weights")
    first = names(weights)
    delete(weights.series[0])
    opened.save(str(deck))
    opened = refreshed(deck)
    assert names(chart(opened, "loss")) == ["train", "penalty"]
    assert names(chart(opened, "weights")) == first[1:]
    opened = refreshed(deck, "iris", "--epochs", "20")
    assert names(chart(opened, "loss")) == ["train", "penalty"]
    assert names(chart(opened, "weights")) == first[1:]
    opened = refreshed(deck, "vanishing-gradient", "--epochs", "2")
    assert names(chart(opened, "loss")) == ["train"]  # there is no penalty in it
    assert first[0] not in names(chart(opened, "weights"))
    assert "W₁₁" in names(chart(opened, "weights"))
    opened = refreshed(deck, "iris", "--epochs", "20")
    assert names(chart(opened, "loss")) == ["train", "penalty"]
    assert names(chart(opened, "weights")) == first[1:]


def test_a_new_layer_comes_between_the_curves_and_keeps_the_lecturers_order(deck: Path) -> None:
    opened = pptx.Presentation(str(deck))
    weights = chart(opened, "weights")
    before = names(weights)
    orders = [series._element.find(qn("c:order")) for series in weights.series]
    orders[0].set("val", "1")
    orders[1].set("val", "0")
    opened.save(str(deck))
    swapped = [before[1], before[0], *before[2:]]
    assert names(chart(refreshed(deck), "weights")) == swapped
    after = names(chart(refreshed(deck, "vanishing-gradient", "--epochs", "2"), "weights"))
    assert [name for name in after if name in swapped] == [name for name in swapped if name in after]
    layers = [name for name in after if name.startswith("W")]
    assert after[: len(layers)] == layers


def test_renamed_recoloured_and_added_series_are_kept(deck: Path) -> None:
    opened = pptx.Presentation(str(deck))
    loss = chart(opened, "loss")
    add_own(loss, "my bound", 2.0)
    own = values(loss)["my bound"]
    rename(loss.series[0], "training loss")
    loss.series[0].format.line.color.rgb = RGBColor(1, 2, 3)
    add_own(chart(opened, "gradient"), "my gradient", 3.0)
    own_bars = values(chart(opened, "gradient"))["my gradient"]
    opened.save(str(deck))
    opened = refreshed(deck, "iris", "--epochs", "20")
    loss = chart(opened, "loss")
    assert names(loss) == ["training loss", "test", "penalty", "my bound"]
    assert loss.series[0].format.line.color.rgb == RGBColor(1, 2, 3)
    assert max(map(float, loss.series[0]._element.xpath("./c:xVal//c:v/text()"))) == 20.0
    assert values(loss)["my bound"] == own
    assert values(chart(opened, "gradient"))["my gradient"] == own_bars
    opened = refreshed(deck, "vanishing-gradient", "--epochs", "2")
    assert values(chart(opened, "gradient"))["my gradient"][: len(own_bars)] == own_bars
    assert names(chart(opened, "loss")) == ["training loss", "test", "my bound"]
    workbook = chart(opened, "gradient").part.chart_workbook.xlsx_part.blob
    assert len(workbook) > 1000


def test_colours_of_the_app_follow_the_depth_and_those_of_the_lecturer_stay(deck: Path) -> None:
    opened = pptx.Presentation(str(deck))
    own = RGBColor(3, 2, 1)
    chart(opened, "gradient").series[0].points[0].format.fill.fore_color.rgb = own
    chart(opened, "weights").series[0].format.line.color.rgb = own
    opened.save(str(deck))
    opened = refreshed(deck, "vanishing-gradient", "--epochs", "2")
    bars, lines = chart(opened, "gradient").series[0], chart(opened, "weights").series
    count = len(list(bars.values))
    wanted = [LIGHT.layer_colour(number, count).name()[1:].upper() for number in range(count)]
    shown = [str(bars.points[number].format.fill.fore_color.rgb) for number in range(count)]
    assert shown == [str(own), *wanted[1:]]
    assert [str(line.format.line.color.rgb) for line in lines][:count] == [str(own), *wanted[1:]]


def test_axes_follow_the_series_that_are_left_unless_the_lecturer_set_them(deck: Path) -> None:
    opened = pptx.Presentation(str(deck))
    loss = chart(opened, "loss")
    across, up = loss.category_axis.maximum_scale, loss.value_axis.maximum_scale
    assert across == 10.0
    delete(loss.series[1])
    chart(opened, "gradient").value_axis.maximum_scale = 123.0
    opened.save(str(deck))
    opened = refreshed(deck, "iris", "--epochs", "40")
    assert chart(opened, "loss").category_axis.maximum_scale == 40.0
    assert up is not None
    assert chart(opened, "gradient").value_axis.maximum_scale == 123.0


def test_parts_of_tables_stay_deleted_renamed_and_added(deck: Path) -> None:
    opened = pptx.Presentation(str(deck))
    table = figure(opened, "confusion").table
    content = [[cell.text for cell in row.cells] for row in table.rows]
    element = table._tbl
    rows = element.findall(qn("a:tr"))
    rows[1].addprevious(copy.deepcopy(rows[3]))  # a row of the lecturer, made from a copy
    own = element.findall(qn("a:tr"))[1]
    own.remove(own.find(qn("a:extLst")))
    table.cell(1, 0).text = "total"
    for column in (1, 2, 3):
        table.cell(1, column).text = "25"
    table.cell(2, 0).text_frame.paragraphs[0].runs[0].text = "my setosa"
    table.cell(0, 2).text_frame.paragraphs[0].runs[0].text = "my versicolor"
    element.remove(rows[2])
    opened.save(str(deck))
    expected = [
        [content[0][0], content[0][1], "my versicolor", content[0][3]],
        ["total", "25", "25", "25"],
        ["my setosa", *content[1][1:]],
        content[3],
    ]
    for _ in range(2):
        table = figure(refreshed(deck), "confusion").table
        assert [[cell.text for cell in row.cells] for row in table.rows] == expected


def test_deleted_figures_texts_and_notes_stay_deleted(deck: Path, capsys: Captured) -> None:
    opened = pptx.Presentation(str(deck))
    slides = slides_of(opened)
    for key in ("network", "gradient"):
        shape = shapes_named(slides[key], key)[0]
        shape._element.getparent().remove(shape._element)
    loss = slides["loss"]
    for shape in list(loss.shapes):
        if shape.has_text_frame:
            shape._element.getparent().remove(shape._element)
    notes = next(link for link, each in loss.part.rels.items() if each.reltype.endswith("/notesSlide"))
    loss.part.rels.pop(notes)
    slides["weights"].notes_slide.notes_text_frame.text = ""
    opened.save(str(deck))
    texts = {
        key: [s.text_frame.text for s in slides[key].shapes if s.has_text_frame] for key in ("network", "gradient")
    }
    opened = refreshed(deck, "iris", "--epochs", "20")
    assert "Refreshed 3 slides of talk.pptx." in capsys.readouterr().out
    slides = slides_of(opened)
    for key in ("network", "gradient"):
        assert not shapes_named(slides[key], key)
        assert [s.text_frame.text for s in slides[key].shapes if s.has_text_frame] == texts[key]
    assert [shape.name for shape in slides["loss"].shapes] == ["NN Playground: loss"]
    assert not slides["loss"].has_notes_slide
    assert slides["weights"].notes_slide.notes_text_frame.text == ""


def test_moved_slides_duplicates_and_copies_of_a_figure_are_refreshed(deck: Path) -> None:
    opened = pptx.Presentation(str(deck))
    slides = slides_of(opened)
    duplicate(opened, slides["loss"])
    network = slides["network"]
    picture = shapes_named(network, "network")[0]
    second = copy.deepcopy(picture._element)
    picture._element.addnext(second)
    small = shapes_named(network, "network")[1]
    small.left, small.top, small.width, small.height = Inches(8), Inches(4), Inches(4), Inches(2)
    order = opened.slides._sldIdLst
    order.insert(0, order[-2])
    opened.save(str(deck))
    keys = [key_of(slide) for slide in pptx.Presentation(str(deck)).slides]
    assert keys.count("loss") == 2
    opened = refreshed(deck, "iris", "--epochs", "20")
    assert [key_of(slide) for slide in opened.slides] == keys
    for slide in opened.slides:
        if key_of(slide) == "loss":
            native = shapes_named(slide, "loss")[0].chart
            assert max(map(float, native.series[0]._element.xpath("./c:xVal//c:v/text()"))) == 20.0
    large, small = shapes_named(slides_of(opened)["network"], "network")
    assert small.left == Inches(8)
    assert small.image.size[0] == 2 * small.image.size[1]  # drawn for its own shape
    assert large.image.size != small.image.size


def test_a_figure_that_became_something_else_is_named_and_the_others_are_refreshed(
    deck: Path, capsys: Captured
) -> None:
    opened = pptx.Presentation(str(deck))
    slide = slides_of(opened)["loss"]
    old = shapes_named(slide, "loss")[0]
    data = CategoryChartData()
    data.categories = ["a", "b"]
    data.add_series("mine", [1.0, 2.0])
    new = slide.shapes.add_chart(XL_CHART_TYPE.PIE, old.left, old.top, old.width, old.height, data)
    old._element.getparent().remove(old._element)
    new.name = "NN Playground: loss"
    for series in list(chart(opened, "weights").series):
        rename(series, f"my {series.name}")
        series._element.remove(series._element.find(qn("c:extLst")))  # as programs do that drop marks
    weights = values(chart(opened, "weights"))
    opened.save(str(deck))
    opened = refreshed(deck, "iris", "--epochs", "20")
    said = capsys.readouterr().out
    assert "Refreshed 3 slides of talk.pptx." in said
    assert "Unchanged: slide 2 (its chart or table has been changed into another kind)." in said
    assert "(its chart has no series of the new figure)" in said
    assert values(chart(opened, "loss")) == {"mine": [1.0, 2.0]}
    assert values(chart(opened, "weights")) == weights


def with_picture(shape: Any, content: bytes) -> None:
    """Replace the file of a picture, as “Change Picture” does."""
    _part, link = shape.part.get_or_add_image_part(io.BytesIO(content))
    shape._element.blipFill.find(qn("a:blip")).set(qn("r:embed"), link)


def file_of(picture: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, kind, quality=70)
    return buffer.getvalue()


def test_a_picture_that_was_replaced_by_hand_stays_and_is_named(deck: Path, capsys: Captured) -> None:
    for _ in range(2):
        opened = pptx.Presentation(str(deck))
        shape = shapes_named(slides_of(opened)["network"], "network")[0]
        mine = Image.open(io.BytesIO(shape.image.blob)).convert("RGB")
        ImageDraw.Draw(mine).line((200, 200, 900, 600), fill="red", width=40)
        with_picture(shape, file_of(mine))
        opened.save(str(deck))
        opened = refreshed(deck, "iris", "--epochs", "20")
        assert "slide 1 (its picture was replaced by another one)" in capsys.readouterr().out
        assert shapes_named(slides_of(opened)["network"], "network")[0].image.blob == file_of(mine)


def test_a_compressed_picture_is_drawn_again(deck: Path, capsys: Captured) -> None:
    opened = pptx.Presentation(str(deck))
    shape = shapes_named(slides_of(opened)["network"], "network")[0]
    small = Image.open(io.BytesIO(shape.image.blob)).resize((800, 400))
    with_picture(shape, file_of(small, "JPEG"))
    opened.save(str(deck))
    opened = refreshed(deck)
    assert "Unchanged" not in capsys.readouterr().out
    assert shapes_named(slides_of(opened)["network"], "network")[0].image.size != small.size


def test_copies_of_a_picture_are_known_and_those_replaced_by_hand_stay(deck: Path, capsys: Captured) -> None:
    opened = pptx.Presentation(str(deck))
    first = shapes_named(slides_of(opened)["network"], "network")[0]
    for side in (Inches(2), Inches(3)):
        first._element.addnext(copy.deepcopy(first._element))
        shapes_named(slides_of(opened)["network"], "network")[1].width = side
    opened.save(str(deck))
    mine = file_of(Image.new("RGB", (300, 200), "white"))
    with_picture(first, mine)
    opened.save(str(deck))
    for _ in range(2):
        opened = refreshed(deck, "iris", "--epochs", "20")
        assert capsys.readouterr().out.count("replaced by another one") == 1
        kept, *drawn = shapes_named(slides_of(opened)["network"], "network")
        assert kept.image.blob == mine
        assert len({each.image.blob for each in drawn}) == 2


def test_a_picture_that_became_a_link_is_passed_over(deck: Path) -> None:
    opened = pptx.Presentation(str(deck))
    slide = slides_of(opened)["network"]
    blip = shapes_named(slide, "network")[0]._element.blipFill.find(qn("a:blip"))
    link = slide.part.relate_to("file:///elsewhere.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), link)
    opened.save(str(deck))
    slide = slides_of(refreshed(deck, "iris", "--epochs", "20"))["network"]
    assert shapes_named(slide, "network")[0]._element.xpath(".//a:blip/@r:link")
