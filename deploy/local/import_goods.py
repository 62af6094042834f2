"""Import a Shopify product CSV into the running system.

    python -m local.import_goods FILE SHOP

Signs in as the demo's owner of the shop, or as JISHI_EMAIL with JISHI_PASSWORD.
"""

import json
import os
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from uuid import uuid4

from local import RUN_DIR
from local.api import Api, Problem
from local.demo.people import owner
from local.ports import Ports


def main() -> None:
    """Import the file and print the result."""
    if len(sys.argv) != 3 or not all(sys.argv[1:]):
        sys.exit("name a file and a shop: make import FILE=products.csv SHOP=inkstone")
    file, shop = Path(sys.argv[1]), sys.argv[2]
    try:
        query = f"shop={quote(shop)}&filename={quote(file.name)}"
        report = _merchant(shop).import_csv(query, file.read_bytes(), key=str(uuid4()))
    except Problem as problem:
        sys.exit(f"refused: {problem}")
    except URLError as error:
        sys.exit(f"the gateway does not answer ({error.reason}); is `make run` running?")
    except OSError as error:
        sys.exit(f"{file} cannot be read: {error.strerror}")
    print(json.dumps(report, ensure_ascii=False, indent=2))


def _merchant(shop: str) -> Api:
    person = owner(RUN_DIR, shop)
    email = os.environ.get("JISHI_EMAIL") or (person.email if person else "")
    password = os.environ.get("JISHI_PASSWORD") or (person.password if person else "")
    if not email:
        sys.exit(f"{shop} is not a shop of the demo: give JISHI_EMAIL and JISHI_PASSWORD")
    return Api(f"http://127.0.0.1:{Ports(RUN_DIR).get('gateway')}").signed_in(email, password)


if __name__ == "__main__":
    main()
