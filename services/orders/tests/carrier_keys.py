"""Two carriers with a key each, and their signed reports."""

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
    """Set the setting CARRIERS."""
    monkeypatch.setenv("CARRIERS", json.dumps(listed))
    carriers.known.cache_clear()


def reported(number, event="delivered", *, by="sf-express", to=None, at=None, **more):
    """The request that the gateway sends for a report signed by the carrier `by` on the route of `to`."""
    report = {"tracking_number": number, "event": event, "at": (at or datetime.now(UTC)).isoformat(), **more}
    body, sent = json.dumps(report), int(time.time())
    digest = hmac.new(KEYS[by].encode(), f"{sent}.{by}.{body}".encode(), hashlib.sha256).hexdigest()
    return {"carrier": to or by, "signature": f"t={sent},v1={digest}", "body": body}
