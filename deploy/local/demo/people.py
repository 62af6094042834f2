"""The accounts of the demo. Their passwords are random for each installation and stored in demo.json."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from local import secret_files

OPERATOR, MERCHANT, SHOPPER = "operator", "merchant", "shopper"


@dataclass(frozen=True)
class Person:
    """An account of the demo; a merchant owns the shop with this slug."""

    role: str
    name: str
    email: str
    password: str
    shop: str | None = None


CAST = (
    (OPERATOR, "Ouyang Lan 欧阳岚", "lan@operator.example", None),
    (MERCHANT, "He Shan 何山", "shan@shanhe-home.example", "shanhe-home"),
    (MERCHANT, "Liu Xiaota 柳小獭", "xiaota@little-otter.example", "little-otter"),
    (MERCHANT, "Duan Mo 端墨", "mo@inkstone.example", "inkstone"),
    (MERCHANT, "Wang Yan 汪砚", "yan@shefeng-studio.example", "shefeng-studio"),
    (MERCHANT, "Zhou Jianping 周建平", "jianping@dingshan-teapots.example", "dingshan-teapots"),
    (MERCHANT, "Lin Yu 林隅", "yu@shanyu-pottery.example", "shanyu-pottery"),
    (SHOPPER, "Zhou Jing 周静", "jing@shopper.example", None),
    (SHOPPER, "Ada Chen 陈雅达", "ada@shopper.example", None),
)


def people(run_dir: Path) -> list[Person]:
    """The accounts of this installation; those that it does not have yet are created."""
    file = run_dir / "demo.json"
    known = [Person(**fields) for fields in json.loads(file.read_text())] if file.exists() else []
    emails = {person.email for person in known}
    new = [Person(*one[:3], secrets.token_urlsafe(12), one[3]) for one in CAST if one[2] not in emails]
    if new:
        content = [asdict(person) for person in known + new]
        secret_files.write(file, json.dumps(content, ensure_ascii=False, indent=1))
    return known + new


def owner(run_dir: Path, shop: str) -> Person | None:
    """The demo merchant who owns this shop, if it is one of the demo's."""
    return next((person for person in people(run_dir) if person.shop == shop), None)
