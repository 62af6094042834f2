"""A mail server for tests, which accepts mail, refuses it, or drops the connection at given steps."""

import asyncio
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult


class MailServer:
    """`refusals` maps a step (MAIL, RCPT, DATA) to its reply; at the steps in `drops` the connection is dropped.

    `scan_seconds`: the time the server takes before it replies to the mail data. `connections`: how many it got.
    """

    def __init__(self, **options):
        self.mails, self.refusals, self.drops, self.sign_ins = [], {}, set(), []
        self.scan_seconds = 0.0
        self.connections, self._open = 0, []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._options = options

    def start(self):
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def refuse(self, step, reply):
        self.refusals[step] = reply

    def authenticate(self, _server, _session, _envelope, _mechanism, data):
        self.sign_ins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"right", handled=False)

    async def handle_MAIL(self, server, _session, envelope, address, options):  # noqa: N802 - aiosmtpd
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._reply(server, "MAIL", "250 OK")

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd
        reply = self._reply(server, "RCPT", "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd
        await asyncio.sleep(self.scan_seconds)
        reply = self._reply(server, "DATA", "250 OK")
        if reply.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=default)
            self.mails.append((envelope.mail_from, envelope.rcpt_tos, mail, session.ssl is not None))
        return reply

    def _reply(self, server, step, usual):
        if step in self.drops:
            server.transport.abort()
        return self.refusals.get(step, usual)

    def disconnect(self):
        """Close all connections, as a server does with idle ones."""
        self._loop.call_soon_threadsafe(self._abort)

    def _abort(self):
        for session in self._open:
            if session.transport:
                session.transport.abort()

    async def _serve(self):
        def protocol():
            known = {"hostname": "mail.example", "authenticator": self.authenticate, "loop": self._loop}
            session = SMTP(self, **known, **self._options)
            self.connections += 1
            self._open.append(session)
            return session

        return await self._loop.create_server(protocol, "127.0.0.1", 0)

    async def _end(self):
        self._server.close()
        self._abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def mail_server(**options):
    server = MailServer(**options)
    server.start()
    try:
        yield server
    finally:
        server.stop()
