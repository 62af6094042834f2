"""Shipping zones of China, which differ in shipping fees. The division's code decides, never its name."""

# 内蒙古, 西藏, 青海, 宁夏, 新疆, 台湾, 香港, 澳门
REMOTE = frozenset({"15", "54", "63", "64", "65", "71", "81", "82"})


def zone_of(division_code: str) -> str:
    """`remote` or `standard`, from the code of a province or of a division in it."""
    return "remote" if division_code[:2] in REMOTE else "standard"
