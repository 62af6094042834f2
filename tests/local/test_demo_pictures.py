"""The pictures of the demo's products: drawings, parts of them, and drawings in other colours."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from local.demo import goods, pictures

DRAWINGS = sorted(file.stem for file in pictures.FOLDER.glob("*.svg"))
NAMES = goods.picture_names()


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
    (tmp_path / "duan-inkstone-1.svg").write_text("the merchant's own")
    (tmp_path / "duan-inkstone-2.svg").write_text('<svg xmlns="-" viewBox="0 0 800 800" role="img"><title/></svg>')
    pictures.draw(tmp_path, NAMES)
    assert (tmp_path / "duan-inkstone-1.svg").read_text() == "the merchant's own"
    assert (tmp_path / "duan-inkstone-2.svg").read_text() == pictures.picture("duan-inkstone-2.svg")
    assert sorted(file.name for file in tmp_path.iterdir()) == NAMES
