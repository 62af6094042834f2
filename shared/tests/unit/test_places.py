"""Finding divisions of China by names and codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import places
from shared.places import PlaceContradictory, PlaceIncomplete, PlaceNotFound
from shared.places.divisions import WHOLE, below, divisions
from shared.zones import zone_of

# Code: short and official names, in simplified and traditional characters, in pinyin and in English.
REMOTE = {
    "150000": "内蒙古自治区 内蒙古 内蒙 內蒙古 Neimenggu Inner_Mongolia Inner_Mongolia_Autonomous_Region",
    "540000": "西藏自治区 西藏 西藏自治區 Xizang Tibet Tibet_Autonomous_Region",
    "630000": "青海省 青海 Qinghai Qinghai_Province QINGHAI_SHENG",
    "640000": "宁夏回族自治区 宁夏 寧夏 寧夏回族自治區 宁夏自治区 Ningxia Ningxia_Hui_Autonomous_Region",
    "650000": "新疆维吾尔自治区 新疆维吾尔 新疆省 新疆維吾爾自治區 Xinjiang Xinjiang_Uyghur_Autonomous_Region",
    "710000": "台湾省 台湾 臺灣 台灣 Taiwan Taiwan_Province",
    "810000": "香港特别行政区 香港 香港特別行政區 Hong_Kong Hong_Kong_SAR Xianggang",
    "820000": "澳门特别行政区 澳门 澳門 Macau Macao_SAR Aomen",
}
COUNTRY = [("", ""), ("中国", ""), ("中华人民共和国", ""), ("", ", China"), ("China ", "")]
BLANKS = st.text(" \u3000\u200b\u00a0\u202e\ufeff", max_size=3)


@st.composite
def spellings(draw):
    code = draw(st.sampled_from(sorted(REMOTE)))
    name = draw(st.sampled_from(REMOTE[code].split())).replace("_", " ")
    before, after = draw(st.sampled_from(COUNTRY))
    cut = draw(st.integers(0, len(name)))
    name = f"{before}{name[:cut]}{draw(BLANKS)}{name[cut:]}{after}"
    return code, draw(BLANKS) + draw(st.sampled_from([name, name.upper(), name.lower()])) + draw(BLANKS)


@given(spellings())
def test_every_spelling_of_a_remote_province_gives_the_remote_zone(spelt):
    code, name = spelt
    found = places.find_province(province=name)
    assert (found.division_code, zone_of(found.division_code)) == (code, "remote")


@pytest.mark.parametrize("code", [each.code for each in below(WHOLE)])
def test_a_province_is_found_by_its_name_in_characters_and_pinyin_and_by_its_code(code):
    province = divisions()[code]
    for name in (province.name, province.pinyin):
        assert places.find_province(province=name).division_code == code
    assert places.find_province(division_code=code).province == province.name


@pytest.mark.parametrize("province", below(WHOLE), ids=lambda province: province.pinyin)
def test_every_city_and_district_is_found_by_its_code_and_by_its_names(province):
    for code, division in divisions().items():
        if code[:2] == province.code[:2] and division != province and not division.is_placeholder:
            whole = places.find(division_code=code)
            names = {"province": whole.province, "city": whole.city, "district": whole.district}
            assert places.find(**names) == whole
            assert zone_of(code) == ("remote" if province.code in REMOTE else "standard")


@pytest.mark.parametrize(
    ("province", "city", "district", "code"),
    [
        ("浙江省", "杭州市", "", "330100"),
        ("浙江", "杭州", "西湖", "330106"),
        ("Zhejiang", "Hangzhou", "Xihu District", "330106"),
        ("浙江", "义乌", "", "330782"),
        ("北京", "北京", "东城区", "110101"),
        ("北京市", "市辖区", "朝阳區", "110105"),
        ("上海", "浦东新区", "", "310115"),
        ("重庆", "重庆", "城口县", "500229"),
        ("湖北省", "仙桃市", "", "429004"),
        ("湖北", "恩施州", "", "422800"),
        ("湖北", "恩施", "", "422800"),
        ("新疆", "乌鲁木齐", "", "650100"),
        ("Xinjiang", "Ürümqi", "", "650100"),
        ("陕西", "Xi'an", "", "610100"),
        ("Shaanxi", "Xi'an City", "", "610100"),
        ("香港", "香港", "", "810000"),
        ("香港", "九龍", "", "810200"),
        ("吉林", "吉林", "", "220200"),
        ("北京市", "", "朝阳区", "110105"),
        ("天津", "", "和平区", "120101"),
        ("上海", "", "Pudong Xinqu", "310115"),
        ("重庆", "", "渝中区", "500103"),
        ("重庆", "", "城口县", "500229"),
        ("湖北", "", "仙桃市", "429004"),
        ("香港", "", "九龍", "810200"),
        ("香港", "", "沙田區", "810303"),
        ("香港", "香港", "沙田区", "810303"),
        ("澳门", "", "离岛", "820200"),
    ],
)
def test_an_address_is_found_as_people_write_it(province, city, district, code):
    assert places.find(province=province, city=city, district=district).division_code == code


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ({"province": "新强", "city": "乌鲁木齐"}, "province"),
        ({"province": "中国", "city": "杭州"}, "province"),
        ({"province": "河南县", "city": "郑州"}, "province"),
        ({"province": "海南藏族自治州", "city": "海口"}, "province"),
        ({"province": "浙江", "city": "乌鲁木齐"}, "city"),
        ({"province": "浙江", "city": "杭州", "district": "静安区"}, "district"),
        ({"province": "北京", "district": "西湖区"}, "district"),
        ({"province": "香港", "district": "西湖区"}, "district"),
        ({"division_code": "339999"}, "division_code"),
        ({"division_code": "429000"}, "division_code"),
        ({"province": "加利福尼亚", "city": "洛杉矶", "country": "US"}, "country"),
    ],
)
def test_an_unknown_name_is_refused_with_its_field(names, field):
    with pytest.raises(PlaceNotFound) as refused:
        places.find(**names)
    assert refused.value.facts == {"field": field, "given": names[field]}


def test_a_code_and_names_must_agree():
    assert places.find(province="浙江", city="杭州", division_code="330106").district == "西湖区"
    assert (
        places.find(province="浙江", city="杭州", district="西湖区", division_code="330100").district == "西湖区"
    )
    with pytest.raises(PlaceContradictory):
        places.find(province="浙江", city="杭州", division_code="650100")
    with pytest.raises(PlaceContradictory):
        places.find_province(province="浙江", division_code="650000")


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ({}, "province"),
        ({"city": "杭州"}, "province"),
        ({"district": "西湖区"}, "province"),
        ({"province": "浙江"}, "city"),
        ({"province": "浙江", "district": "西湖区"}, "city"),
        ({"province": "湖北", "district": "武昌区"}, "city"),
        ({"division_code": "330000"}, "city"),
    ],
)
def test_an_address_needs_a_province_and_a_city(names, field):
    with pytest.raises(PlaceIncomplete) as refused:
        places.find(**names)
    assert refused.value.facts == {"field": field}


def test_a_place_that_was_found_or_refused_before_is_found_or_refused_again():
    hangzhou = {"province": "浙江", "city": "杭州"}
    assert places.find(**hangzhou) == places.find(**hangzhou)
    for _ in range(2):
        with pytest.raises(PlaceNotFound):
            places.find(province="浙江", city="苏州")
