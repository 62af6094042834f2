"""Matches spellings of division names: short or full, traditional, in pinyin or English, with the country."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from shared.places.divisions import DATA, WHOLE, Division

COUNTRY = ("中华人民共和国", "中国", "peoplesrepublicofchina", "china", "prc")
# The suffixes of division names for the type of division: in Chinese, pinyin, English.
UNITS = {
    "特别行政区": ("tebiexingzhengqu", "specialadministrativeregion", "sar"),
    "自治区": ("zizhiqu", "autonomousregion"),
    "自治州": ("zizhizhou", "autonomousprefecture", "prefecture"),
    "自治县": ("zizhixian", "autonomouscounty", "county"),
    "自治旗": ("zizhiqi", "autonomousbanner", "banner"),
    "街道": ("jiedao", "subdistrict"),
    "地区": ("diqu", "prefecture"),
    "新区": ("xinqu", "newarea", "newdistrict"),
    "省": ("sheng", "province"),
    "市": ("shi", "municipality", "city"),
    "盟": ("meng", "league"),
    "县": ("xian", "county"),
    "区": ("qu", "district"),
    "旗": ("qi", "banner"),
    "镇": ("zhen", "town"),
}
PROVINCIAL = ("特别行政区", "自治区", "省", "市")
PEOPLES = re.compile(
    "(?<=..)(?:蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族|"
    "拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|普米族|塔吉克族?|怒族|独龙族|"
    "保安族|裕固族|各族)+$"
)
ALIASES: dict[str, tuple[str, ...]] = {
    "110100": ("市辖区",), "120100": ("市辖区",), "310100": ("市辖区",), "500100": ("市辖区",),
    "140000": ("shansi",),
    "150000": ("内蒙", "neimeng", "innermongolia", "neimongol"), "150100": ("hohhot",), "150600": ("ordos",),
    "230100": ("harbin",), "230200": ("qiqihar",), "141100": ("lvliang",),
    "450000": ("广西僮族", "guangxi", "guangxizhuang"),
    "540000": ("tibet", "thibet"), "540100": ("lhasa",), "540200": ("shigatse", "xigaze"),
    "610000": ("shensi",),
    "640000": ("ningxia", "ningxiahui", "ninghsia"),
    "650000": ("xinjiang", "xinjianguygur", "xinjianguyghur", "xinjianguighur", "sinkiang"),
    "650100": ("urumqi", "urumchi"), "653100": ("kashgar", "kashi"), "653200": ("hotan",),
    "710000": ("taiwan", "taiwanprovince"), "710100": ("taipei",), "710200": ("kaohsiung",), "710300": ("tainan",),
    "710400": ("taichung",), "710700": ("keelung",), "710800": ("hsinchucity",), "711100": ("newtaipei",),
    "810000": ("hongkong", "hk", "xianggang"), "810100": ("hongkongisland",), "810200": ("kowloon",),
    "810300": ("newterritories",),
    "820000": ("macau", "macao", "mo", "aomen"),
}  # fmt: skip


@cache
def _simplified() -> dict[int, int]:
    traditional, simplified = (DATA / "traditional.txt").read_text(encoding="utf-8").splitlines()
    return str.maketrans(traditional, simplified)


def folded(name: str) -> str:
    """The name normalised for comparison: simplified, without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(filter(str.isalnum, plain)).translate(_simplified())


def pick(name: str, among: Iterable[Division]) -> Division | None:
    """The division of this name; None if there is none or several."""
    choice, key = [each for each in among if not each.is_placeholder], _without_country(folded(name))
    exact = [each for each in choice if _folded_name(each) == key]
    found = exact or [each for each in choice if {key, _bare(key, _units(each))} & _spellings(each)]
    return found[0] if len(found) == 1 else None


@cache
def _folded_name(division: Division) -> str:
    return folded(division.name)


@cache
def _spellings(division: Division) -> frozenset[str]:
    name = _folded_name(division)
    unit = _unit(name)
    short = name.removesuffix(unit)
    known = PEOPLES.sub("", short)
    pinyin = {division.pinyin.removesuffix(suffix) for suffix in UNITS.get(unit, ())}
    usual = {known + "州"} if unit == "自治州" else set()
    return frozenset({name, short, known, *usual, *pinyin, *ALIASES.get(division.code, ())})


def _without_country(key: str) -> str:
    for country in COUNTRY:
        for bare in (key.removeprefix(country), key.removesuffix(country)):
            if bare not in ("", key):
                return bare
    return key


def _units(division: Division) -> tuple[str, ...]:
    """The suffixes that a name of it may have: a province none of a county, so that 河南县 is not 河南省."""
    return PROVINCIAL if division.parent == WHOLE else tuple(UNITS)


def _bare(key: str, units: Iterable[str]) -> str:
    """The name without its suffix, in any language."""
    suffixes = [each for unit in units for each in (unit, *UNITS[unit])]
    endings = [each for each in suffixes if key.endswith(each) and len(key) > len(each) + 1]
    return key.removesuffix(max(endings, key=len, default=""))


def _unit(name: str) -> str:
    """The Chinese suffix of a name; "" if it has none, or would be too short without it."""
    return next((unit for unit in UNITS if name.endswith(unit) and len(name) > len(unit) + 1), "")
