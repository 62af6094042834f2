"""The service users on a real PostgreSQL, with real argon2id and generated keys."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from services.users.tests.builders import signed_in
from services.users.tests.mail_server import mail_server
from services.users.tests.post import Post
from shared import auth
from shared.testing import service, service_fixtures
from users.messages.smtp import SmtpMailer
from users.service import UsersService
from users.sessions.passwords import Passwords
from users.work import Work

database_url, open_work = service_fixtures("users", Work)


@pytest.fixture(scope="session")
def passwords():
    return Passwords()


@pytest.fixture
def keys(monkeypatch):
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    monkeypatch.setenv("TOKEN_PRIVATE_KEY", private.decode())
    monkeypatch.setenv("TOKEN_PUBLIC_KEY", public.decode())
    for cached in (auth._private_key, auth._public_keys, auth._read):
        cached.cache_clear()


@pytest.fixture
def users(open_work, keys, passwords):
    """The service itself, called as the gateway calls it."""
    shell = service(UsersService, open_work)
    shell.passwords = passwords
    return shell


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


@pytest.fixture
def post(open_work, server, monkeypatch):
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("MAIL_FROM", "no-reply@jishi.example")
    mailer = SmtpMailer(
        host="127.0.0.1", port=server.port, sender="no-reply@jishi.example", starttls=False, timeout=2
    )
    yield Post(open_work, mailer)
    mailer.connections.close()


@pytest.fixture
def shopper(users, post, server):
    """A registered shopper who has read the welcome message."""
    caller = signed_in(users)
    post.send_mail()
    users.read_all_messages(caller, {})
    server.mails.clear()
    return caller
