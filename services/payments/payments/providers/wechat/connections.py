"""Kept connections to the provider's gateway."""

from collections.abc import Mapping

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import default_headers

MOST = 16  # that are kept: as many as there are concurrent calls


class Connections:
    """Connections to one gateway, which are kept for the next calls. Redirects are not followed.

    The adapter of `requests` is used without a session, which takes more time than the adapter: for every call it
    would put together settings, cookies and a URL. So there are no cookies, and no entry of .netrc replaces the
    signature. The proxy and the CA file of the environment are read once.
    """

    def __init__(self, gateway: str) -> None:
        self.gateway, self.adapter = gateway, HTTPAdapter(pool_maxsize=MOST)
        self._usual = dict(default_headers())
        environment = requests.Session().merge_environment_settings(gateway, {}, None, None, None)
        self._options = {"proxies": environment["proxies"], "verify": environment["verify"]}

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, *, timeout: float
    ) -> requests.Response:
        """The response, read. Raises requests' exceptions."""
        request = requests.PreparedRequest()
        request.method, request.url, request.body = method, self.gateway + path, body or None
        request.headers = CaseInsensitiveDict({**self._usual, **headers, **_length(method, body)})
        return self.adapter.send(request, timeout=timeout, **self._options)


def _length(method: str, body: bytes) -> Mapping[str, str]:
    return {} if method == "GET" else {"Content-Length": str(len(body))}
