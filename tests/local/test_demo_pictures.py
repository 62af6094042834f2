"""The pictures of the demo's products: drawings, parts of them, and drawings in other colours."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from local.demo import goods, loader, pictures

DRAWINGS = sorted(file.stem for file in pictures.FOLDER.glob("*.svg"))
NAMES = goods.picture_names()
ROWS = [row for shop in loader.SHOPS for row in goods.rows(shop)]


def svg(name):
    return ET.fromstring(pictures.picture(name))


def test_every_drawing_has_its_ground_and_a_text_in_both_languages():
    described = json.loads((pictures.FOLDER / "pictures.json").read_text(encoding="utf-8"))
    assert sorted(described) == DRAWINGS
    for drawing in described.values():
        assert pictures.COLOUR.fullmatch(drawing["ground"])
        assert drawing["zh"]
        assert drawing["en"].isascii()


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_square_and_contains_neither_scripts_nor_texts_nor_references(name):
    drawn = (pictures.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert drawn.count(pictures.WHOLE) == 1
    used = {element.tag.rpartition("}")[2] for element in ET.fromstring(drawn).iter()}
    assert not used & {"script", "style", "text", "image", "foreignObject"}
    assert not re.search(r"""href="[^#]|url\([^#]""", drawn)


def test_every_product_has_a_picture_and_every_picture_a_text():
    assert all(row["Image Src"] == f"/media/{row['Handle']}-1.svg" for row in ROWS if row["Title"])
    assert all(row["Image Alt Text"] for row in ROWS if row["Image Src"])


def test_all_drawings_and_all_views_are_used():
    views = pictures._views()
    handles = {row["Handle"] for row in ROWS}
    assert views["products"].keys() <= handles
    assert sorted({views["products"].get(each, {}).get("drawing", each) for each in handles}) == DRAWINGS
    parts = sum(1 + len(views["products"].get(each, {}).get("parts", ())) for each in handles)
    assert len([name for name in NAMES if name[-5].isdigit()]) == parts


def test_a_further_picture_is_a_part_of_the_drawing():
    assert svg("gaiwan-1.svg").get("viewBox") == "0 0 800 800"
    left, top, width, height = map(int, svg("gaiwan-2.svg").get("viewBox").split())
    assert width == height < 400
    assert min(left, top) > 0
    assert max(left + width, top + height) < 800


@pytest.mark.parametrize("drawing", pictures._views()["colours"])
def test_the_colours_that_are_replaced_are_in_the_drawing(drawing):
    drawn = pictures._drawing(drawing)
    for name, pairs in pictures._views()["colours"][drawing].items():
        assert all(f"#{pair.split('>')[0]}" in drawn for pair in pairs.split())
        assert pictures._coloured(drawing, name) != drawn


def test_a_variant_has_the_whole_drawing_in_its_colours():
    red, black = (pictures.picture(f"dot-grid-notebook-{which}.svg") for which in ("red", "1"))
    assert pictures.COLOUR.sub("", red) == pictures.COLOUR.sub("", black)
    assert red != black


def test_every_picture_is_written_once_and_a_mosaic_of_an_earlier_version_is_replaced(tmp_path):
    (tmp_path / "gaiwan-1.svg").write_text("the merchant's own")
    (tmp_path / "gaiwan-2.svg").write_text('<svg xmlns="-" viewBox="0 0 800 800" role="img"><title/></svg>')
    pictures.draw(tmp_path, NAMES)
    assert (tmp_path / "gaiwan-1.svg").read_text() == "the merchant's own"
    assert (tmp_path / "gaiwan-2.svg").read_text() == pictures.picture("gaiwan-2.svg")
    assert sorted(file.name for file in tmp_path.iterdir()) == NAMES
