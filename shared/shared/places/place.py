"""Finds the place for names that a person entered, or a division code that a client selected."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shared.errors import Invalid
from shared.places import spelling
from shared.places.divisions import WHOLE, Division, below, divisions

CHINA = "CN"
MOST_KNOWN = 8192  # spellings of places that are kept; each has at most some hundred characters
WITHOUT_CITIES = "特别行政区"  # Hong Kong and Macau, whose areas need not be named


class PlaceNotFound(Invalid):
    """The name or code in `field` is not in the official list, or is ambiguous."""

    code = "place_not_found"


class PlaceIncomplete(Invalid):
    """The place is incomplete: an address needs at least a city, a quote a province."""

    code = "place_incomplete"


class PlaceContradictory(Invalid):
    """The names and the division code denote different places."""

    code = "place_contradictory"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A country (ISO 3166-1), the code of the smallest known division, and the names at the time."""

    country: str
    division_code: str
    province: str
    city: str
    district: str


def of(address: Any) -> Place:
    """The place of an address whose attributes are named as the fields of Place. Raises as `find` does."""
    return find(
        country=address.country,
        division_code=address.division_code,
        province=address.province,
        city=address.city,
        district=address.district,
    )


@lru_cache(maxsize=MOST_KNOWN)  # most addresses are in few cities, and each is looked up several times
def find(
    *,
    country: str = CHINA,
    division_code: str | None = None,
    province: str = "",
    city: str = "",
    district: str = "",
) -> Place:
    """The place of an address, at least a city. Raises PlaceNotFound, PlaceIncomplete, PlaceContradictory."""
    named = _named(country, province, city, district)
    coded = _coded(division_code)
    found = _place(_deeper(named, coded))
    if not found.city:
        raise PlaceIncomplete(field="city")
    return found


@lru_cache(maxsize=MOST_KNOWN)
def find_province(*, country: str = CHINA, division_code: str | None = None, province: str = "") -> Place:
    """The place of a quote, at least a province. Raises as `find` does."""
    return _place(_deeper(_named(country, province, "", ""), _coded(division_code)))


def _named(country: str, province: str, city: str, district: str) -> Division | None:
    if country.upper() != CHINA:
        raise PlaceNotFound(field="country", given=country)
    found = _pick("province", province, *below(WHOLE)) if province else None
    if not city and not district:
        return found
    if found is None:
        raise PlaceIncomplete(field="province")
    if city and not _is_the_same(city, found):
        found = _city(city, found)
    return _district(district, found) if district else found


def _is_the_same(city: str, province: Division) -> bool:
    """Whether Hong Kong or Macau is named both as province and as city."""
    return _is_without_cities(province) and spelling.pick(city, [province]) is not None


def _is_without_cities(province: Division) -> bool:
    return province.name.endswith(WITHOUT_CITIES)


def _city(name: str, province: Division) -> Division:
    """A city of the province, or a county that was given instead of its city."""
    if city := spelling.pick(name, below(province.code)):
        return city
    return _pick("city", name, *(county for each in below(province.code) for county in below(each.code)))


def _district(name: str, city: Division) -> Division:
    """A district of the city. If no city was given: one of the province that belongs to no other city."""
    if city.parent != WHOLE:
        return _pick("district", name, *_districts(city))
    if found := spelling.pick(name, _own_districts(city)):
        return found
    if _is_a_city(city):
        raise PlaceNotFound(field="district", given=name)
    raise PlaceIncomplete(field="city")


def _own_districts(province: Division) -> list[Division]:
    """The districts of a municipality, Hong Kong or Macau, or the counties governed directly by the province."""
    areas = below(province.code) if _is_without_cities(province) else ()
    itself = [each for each in below(province.code) if each.is_placeholder or each.name == province.name]
    return [*areas, *(district for each in (*areas, *itself) for district in below(each.code))]


def _is_a_city(province: Division) -> bool:
    """Whether it is Hong Kong, Macau or a municipality, for which the list has a city of the same name."""
    return _is_without_cities(province) or any(each.name == province.name for each in below(province.code))


def _districts(city: Division) -> list[Division]:
    """The districts of a city, and the counties governed directly by its province."""
    if not city.code.endswith("00"):
        return [city]
    unattached = [each.code for each in below(city.parent) if each.is_placeholder]
    return [district for code in (city.code, *unattached) for district in below(code)]


def _pick(field: str, name: str, *among: Division) -> Division:
    found = spelling.pick(name, among)
    if found is None:
        raise PlaceNotFound(field=field, given=name)
    return found


def _coded(code: str | None) -> Division | None:
    if code is not None and (code not in divisions() or divisions()[code].is_placeholder):
        raise PlaceNotFound(field="division_code", given=code)
    return divisions()[code] if code is not None else None


def _deeper(named: Division | None, coded: Division | None) -> Division:
    """The smaller of the two places, of which one must contain the other."""
    known = [each for each in (named, coded) if each]
    if not known:
        raise PlaceIncomplete(field="province")
    lower = max(known, key=lambda each: len(_lineage(each)))
    if any(each.code not in _lineage(lower) for each in known):
        raise PlaceContradictory(division_code=known[1].code, named=known[0].code)
    return lower


def _lineage(of: Division) -> list[str]:
    """The code of a division and those of all that contain it, the smallest first."""
    return [of.code] if of.parent == WHOLE else [of.code, *_lineage(divisions()[of.parent])]


def _place(division: Division) -> Place:
    names = [
        divisions()[code].name for code in reversed(_lineage(division)) if not divisions()[code].is_placeholder
    ]
    if names[0].endswith(WITHOUT_CITIES) and len(names) == 1:
        names.append(names[0])
    province, city, district = (*names, "", "")[:3]
    return Place(country=CHINA, division_code=division.code, province=province, city=city, district=district)
