"""Answers requests as a running service does that finds several of them waiting, without a broker."""

import json
import time
from functools import partial

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from shared.ids import new_id
from shared.rpc_messages import Request
from shared.rpc_replies import Replies
from shared.testing import service


class Counter(Replies):
    """Replies to callers that need no token: `together` gets (caller, request) pairs."""

    def __init__(self, service_class, open_work, method):
        (entrypoint,) = getattr(getattr(service_class, method), ENTRYPOINT_EXTENSIONS_ATTR)
        super().__init__(service_class.name, {method: entrypoint}, partial(service, service_class, open_work))
        self._method, self._callers = method, {}

    def answers(self, asked, size=None):
        """The answers to (caller, request) pairs that wait together, or `size` of them at a time."""
        size = size or max(1, len(asked))
        batches = [asked[at : at + size] for at in range(0, len(asked), size)]
        return [json.loads(text) for batch in batches for text in self.together(list(map(self._request, batch)))]

    def _request(self, one):
        caller, argument = one
        token = str(new_id())
        self._callers[token] = caller
        about = {"reply_to": "client", "call_id": "1", "correlation_id": new_id(), "traceparent": None}
        return Request(self._method, argument, token=token, deadline=time.time() + 30, **about)

    def _caller(self, entrypoint, request):
        caller = self._callers[request.token]
        caller.require(*entrypoint.allow)
        return caller
