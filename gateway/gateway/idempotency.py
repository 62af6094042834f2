"""The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header), required for every creation.

The gateway only checks the format; the service stores the key in the transaction of what it creates.
"""

import re

from starlette.requests import Request

from gateway.problems import Problem

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")


def key_of(request: Request) -> str:
    """The request's key, 1 to 255 visible ASCII characters. Raises 400 without a valid one."""
    key = request.headers.get(HEADER)
    if key is None:
        raise Problem(400, "idempotency_key_missing")
    if not KEY.fullmatch(key):
        raise Problem(400, "idempotency_key_invalid")
    return key
