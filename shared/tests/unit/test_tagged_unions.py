"""Fields that are one of several dataclasses, distinguished by `kind`."""

from dataclasses import dataclass
from typing import Literal

import pytest

from shared import shapes
from shared.compatibility import breaks
from shared.json_schema import Components
from shared.shapes import Misshapen, tag


@dataclass(frozen=True)
class Coupon:
    kind: Literal["coupon"] = tag("coupon")
    code: str = "none"


@dataclass(frozen=True)
class Points:
    points: int
    kind: Literal["points"] = tag("points")


@dataclass(frozen=True)
class Basket:
    benefits: tuple[Coupon | Points, ...]
    first: Coupon | Points | None = None


FULL = Basket((Points(5), Coupon(code="x")), Points(1))
DOCUMENT = {
    "benefits": [{"points": 5, "kind": "points"}, {"kind": "coupon", "code": "x"}],
    "first": {"points": 1, "kind": "points"},
}


def test_a_list_of_a_tagged_union_is_loaded_without_a_dataclass_around_it():
    assert shapes.load(tuple[Coupon | Points, ...], DOCUMENT["benefits"]) == FULL.benefits
    assert shapes.load(Coupon | Points, DOCUMENT["first"]) == FULL.first
    assert shapes.load(Coupon | None, None) is None


@pytest.mark.parametrize("data", [None, "x", {"kind": "stamps"}, [{"kind": "stamps"}], [{"kind": "points"}]])
def test_a_value_that_is_not_a_list_of_the_union_is_refused(data):
    with pytest.raises(Misshapen):
        shapes.load(tuple[Coupon | Points, ...], data)


def test_a_tagged_union_is_dumped_and_loaded_as_its_kind():
    assert shapes.dump(FULL) == DOCUMENT
    assert shapes.load(Basket, DOCUMENT) == FULL
    assert shapes.load(Basket, {"benefits": []}) == Basket(())


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize(
    "wrong", [{"points": 5}, {"kind": "gold"}, {"kind": ["points"]}, {"kind": "points"}, "points", None]
)
def test_an_unknown_kind_or_wrong_fields_are_refused(wrong, complete):
    with pytest.raises(Misshapen) as refused:
        shapes.load(Basket, {"benefits": [wrong], "first": None}, complete=complete)
    assert "benefits" in refused.value.errors


def test_a_tagged_union_may_be_null_only_if_it_includes_none():
    assert shapes.load(Basket, {"benefits": [], "first": None}).first is None
    with pytest.raises(Misshapen):
        shapes.load(Basket, {"benefits": None})


def test_the_schema_of_a_union_has_each_kind_and_a_discriminator():
    components = Components()
    items = components.properties(Basket)["benefits"][0]["items"]
    places = {name: f"#/components/schemas/{name}" for name in ("Coupon", "Points")}
    assert items["oneOf"] == [{"$ref": places["Coupon"]}, {"$ref": places["Points"]}]
    mapping = {"coupon": places["Coupon"], "points": places["Points"]}
    assert items["discriminator"] == {"propertyName": "kind", "mapping": mapping}
    assert components.schemas["Points"]["properties"]["kind"] == {"type": "string", "const": "points"}
    assert set(components.schemas["Coupon"]["required"]) == {"kind"}
    assert components.properties(Basket)["first"][0]["anyOf"][1] == {"type": "null"}


@dataclass(frozen=True)
class Purse:
    benefits: tuple[Points, ...]


def test_a_union_of_one_kind_is_tagged_too():
    assert shapes.dump(Purse((Points(5),))) == {"benefits": [{"points": 5, "kind": "points"}]}
    assert shapes.load(Purse, {"benefits": [{"points": 5, "kind": "points"}]}) == Purse((Points(5),))
    for wrong in ({"points": 5}, {"points": 5, "kind": "coupon"}):
        with pytest.raises(Misshapen):
            shapes.load(Purse, {"benefits": [wrong]})


def _message(*kinds: str, points: str = "integer") -> dict:
    defs = {
        "coupon": {"properties": {"kind": {"const": "coupon"}}},
        "points": {"properties": {"kind": {"const": "points"}, "points": {"type": points}}},
    }
    mapping = {kind: f"#/$defs/{kind}" for kind in kinds}
    benefit = {"oneOf": [{"$ref": at} for at in mapping.values()], "discriminator": {"mapping": mapping}}
    return {"properties": {"benefits": {"type": "array", "items": benefit}}, "$defs": defs}


def test_a_released_union_may_gain_a_kind_and_neither_lose_nor_change_one():
    released = _message("coupon", "points")
    assert breaks("t", _message("coupon"), released) == []
    assert breaks("t", released, _message("coupon")) == ["t: benefits[] lost its kind points: new version"]
    assert len(breaks("t", released, _message("coupon", "points", points="string"))) == 1


def test_a_released_single_kind_may_become_a_union_and_not_be_removed():
    alone = _message("points")
    alone["properties"]["benefits"]["items"] = {"$ref": "#/$defs/points"}
    assert breaks("t", alone, _message("coupon", "points")) == []
    assert len(breaks("t", alone, _message("coupon", "points", points="string"))) == 1
    assert breaks("t", alone, _message("coupon")) != []
