"""Two carriers with a key each, and how they sign what they report."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime

from orders.fulfilment import carriers

KEYS = {"sf-express": "the key of the first one", "yto": "the key of another one"}
NAMES = {"sf-express": {"zh": "顺丰速运", "en": "SF Express"}, "yto": {"zh": "圆通速递", "en": "YTO Express"}}
LISTED = [{"name": name, **NAMES[name], "key": key} for name, key in KEYS.items()]


def set_carriers(monkeypatch, listed=LISTED):
    """Give the process these carriers."""
    monkeypatch.setenv("CARRIERS", json.dumps(listed))
    carriers.known.cache_clear()


def reported(number, event="delivered", *, by="sf-express", to=None, at=None, **more):
    """What the route hands on of a report of `by`, sent to the route of `to`."""
    told = {"tracking_number": number, "event": event, "at": (at or datetime.now(UTC)).isoformat(), **more}
    body, sent = json.dumps(told), int(time.time())
    proof = hmac.new(KEYS[by].encode(), f"{sent}.{by}.{body}".encode(), hashlib.sha256).hexdigest()
    return {"carrier": to or by, "signature": f"t={sent},v1={proof}", "body": body}
