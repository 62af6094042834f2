"""Shipping zones of China: where a parcel costs more."""

REMOTE = frozenset({"新疆", "西藏", "青海", "宁夏", "内蒙古", "香港", "澳门", "台湾"})


def zone_of(province: str) -> str:
    """`remote` or `standard`, from a province's name in its short or official form (新疆, 新疆维吾尔自治区)."""
    name = province.strip()
    return "remote" if any(name.startswith(remote) for remote in REMOTE) else "standard"
