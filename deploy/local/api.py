"""The gateway's API for the local tools: JSON in and out, problems as exceptions."""

import json
import urllib.error
import urllib.request
from typing import Any

from local.waiting import wait_until

JSON = "application/json"
IMPORT_WITHIN = 2 * 3600.0  # seconds: longer than the worker's limit for an import


class Problem(Exception):
    """The API refused: HTTP status, stable code, and a text for the user."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail = status, code, detail


class Api:
    """A client with the token of an account, or without one."""

    def __init__(self, gateway_url: str, token: str | None = None) -> None:
        self._base, self._token = f"{gateway_url}/api/v1", token

    def signed_in(self, email: str, password: str) -> "Api":
        """A client with the token of this account."""
        session = self.post("/sessions", {"email": email, "password": password})
        return Api(self._base.removesuffix("/api/v1"), session["access_token"])

    def get(self, path: str) -> Any:
        """The JSON at this path."""
        return self._call("GET", path)

    def post(self, path: str, body: object, *, key: str | None = None) -> Any:
        """Send JSON; `key` makes a repeated creation harmless."""
        return self._call("POST", path, json.dumps(body).encode(), JSON, key)

    def begin_import(self, query: str, content: bytes, *, key: str) -> Any:
        """Start the import of a product CSV; returns the import, usually waiting."""
        return self._call("POST", f"/merchant/imports?{query}", content, "text/csv; charset=utf-8", key)

    def import_csv(self, query: str, content: bytes, *, key: str) -> Any:
        """Import a product CSV and wait for its end; returns the import."""
        return self.finish_import(self.begin_import(query, content, key=key))

    def finish_import(self, begun: dict[str, Any]) -> dict[str, Any]:
        """Wait for the end of an import; returns it with its report."""
        found = dict(begun)

        def over() -> bool:
            found.update(self.get(f"/merchant/imports/{begun['import_id']}"))
            return found["state"] in ("done", "failed")

        wait_until(over, "the import has ended", seconds=IMPORT_WITHIN, every=0.2)
        return found

    def _call(
        self, method: str, path: str, body: bytes | None = None, kind: str = JSON, key: str | None = None
    ) -> Any:
        headers = {"Accept": JSON, "Content-Type": kind}
        headers |= {"Authorization": f"Bearer {self._token}"} if self._token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        request = urllib.request.Request(self._base + path, body, headers, method=method)  # noqa: S310 - http always
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            raise _problem(refusal) from None


def _problem(refusal: urllib.error.HTTPError) -> Problem:
    with refusal:
        text = refusal.read().decode(errors="replace")
    try:
        reported = json.loads(text)
        return Problem(
            refusal.code, reported.get("code", "unknown"), reported.get("detail") or reported.get("title", "")
        )
    except (ValueError, AttributeError):
        return Problem(refusal.code, "unknown", text[:500])
