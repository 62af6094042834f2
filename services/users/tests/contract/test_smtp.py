"""The SMTP adapter against a server that accepts or refuses mail, drops connections, or does not respond."""

import datetime as dt
import ipaddress
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.users.tests.mail_server import mail_server
from shared.ids import new_id
from shared.provider_calls.outcomes import ProviderRefused, ProviderSilent
from shared.settings import MissingSetting, WeakSecret
from users.messages import connections, smtp
from users.messages.model import Mail
from users.messages.smtp import SmtpMailer

TO = "mei.lin@example.com"
SENDER = "Jishi <no-reply@jishi.example>"


def mail(**known):
    usual = {"message_id": new_id(), "to": TO, "subject": "订单 2607 已确认", "text": "林梅，您好！\n\n已确认。"}
    return Mail(**{**usual, "created_at": datetime(2026, 7, 1, 4, tzinfo=UTC), **known})


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


MADE = []


@pytest.fixture(autouse=True)
def closed():
    """Close the connections that the mailers of a test keep."""
    yield
    for made in MADE:
        made.connections.close()
    MADE.clear()


def mailer(server, **known):
    usual = {"host": "127.0.0.1", "port": server.port, "sender": SENDER, "starttls": False, "timeout": 5}
    MADE.append(SmtpMailer(**{**usual, **known}))
    return MADE[-1]


def test_a_mail_arrives_as_it_was_composed(server):
    sent = mail()
    mailer(server).send(sent)
    ((sender, recipients, received, _),) = server.mails
    assert (sender, recipients) == ("no-reply@jishi.example", [TO])
    assert (received["Subject"], received["To"], received["From"]) == (sent.subject, TO, SENDER)
    assert received.get_content().replace("\r\n", "\n").strip() == sent.text
    assert received["Date"].datetime == sent.created_at
    assert received["Auto-Submitted"] == "auto-generated"


def test_a_repeat_has_the_same_message_id(server):
    sent = mail()
    for _ in range(2):
        mailer(server).send(sent)
    assert {received["Message-ID"] for _, _, received, _ in server.mails} == {f"<{sent.message_id}@jishi.example>"}


def test_a_long_line_and_a_single_dot_arrive(server):
    text = "x" * 5000 + "\n.\n.hidden"
    mailer(server).send(mail(text=text))
    assert server.mails[0][2].get_content().replace("\r\n", "\n").strip() == text


@pytest.mark.parametrize(
    "subject",
    [
        "订单已确认 " * 40,
        "Order " * 60,
        "a =?utf-8?b?aGk=?= b",
        "Ünïcode",
        "tab\tstop",
        "surrogates 🎁 " * 9,
        "x" * 300,
    ],
)
def test_a_subject_arrives_as_it_was_written_in_lines_of_bounded_length(server, subject):
    made = mailer(server, sender="集市 <no-reply@jishi.example>")
    made.send(mail(subject=subject))
    assert server.mails[0][2]["Subject"] == subject
    assert server.mails[0][2]["From"] == made.sender
    composed = made.compose(mail(subject=subject))
    assert max(map(len, composed.split(b"\r\n"))) <= 78
    assert composed.isascii()


def test_mails_share_a_connection(server):
    made = mailer(server)
    for _ in range(3):
        made.send(mail())
    assert (len(server.mails), server.connections) == (3, 1)


def test_a_connection_is_used_for_a_limited_number_of_mails(server, monkeypatch):
    monkeypatch.setattr(connections, "MOST_MAILS", 2)
    made = mailer(server)
    for _ in range(4):
        made.send(mail())
    assert (len(server.mails), server.connections) == (4, 2)


def test_a_connection_that_was_not_used_for_long_is_not_used_again(server, monkeypatch):
    monkeypatch.setattr(connections, "KEPT_SECONDS", -1)
    made = mailer(server)
    for _ in range(2):
        made.send(mail())
    assert (len(server.mails), server.connections) == (2, 2)


def test_a_mail_on_a_kept_connection_that_the_server_has_closed_is_sent_on_a_new_one(server):
    made = mailer(server)
    made.send(mail())
    server.disconnect()
    made.send(mail())
    assert (len(server.mails), server.connections) == (2, 2)


def test_a_mail_whose_data_was_begun_is_not_sent_again_at_once(server):
    made = mailer(server)
    made.send(mail())
    server.drops.add("DATA")
    with pytest.raises(ProviderSilent):
        made.send(mail())
    assert server.connections == 1


def test_a_connection_on_which_a_mail_failed_is_not_kept(server):
    made = mailer(server)
    server.refuse("RCPT", "550 no")
    with pytest.raises(ProviderRefused):
        made.send(mail())
    server.refusals.clear()
    made.send(mail())
    assert server.connections == 2


@pytest.mark.parametrize("field", ["subject", "to"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_line_breaks_cannot_inject_a_header(server, field, end):
    injected = mail(**{field: f"mei@example.com{end}Bcc: all@example.com"})
    with pytest.raises(ValueError, match="line"):
        mailer(server).send(injected)
    assert server.mails == []


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("550 5.1.1 mei.lin@example.com is not known", ProviderRefused),
        ("554 5.7.1 no", ProviderRefused),
        ("450 4.2.1 try mei.lin@example.com later", ProviderSilent),
        ("451 4.3.0 not now", ProviderSilent),
        ("530 5.7.0 sign in first", ProviderSilent),
    ],
)
def test_permanent_refusals_are_distinguished_from_errors_to_be_retried(server, step, reply, outcome):
    server.refuse(step, reply)
    with pytest.raises(outcome, match=reply[:3]) as ended:
        mailer(server).send(mail())
    assert TO not in str(ended.value)
    assert server.mails == []


@pytest.mark.parametrize("reply", ["550 5.7.1 no", "553 5.1.8 who is that", "451 4.3.0 not now"])
def test_a_refused_sender_is_retried_and_loses_no_mail(server, reply):
    server.refuse("MAIL", reply)
    with pytest.raises(ProviderSilent, match=reply[:3]):
        mailer(server).send(mail())


def test_a_server_may_scan_a_mail_for_longer_than_the_timeout_of_a_step(server):
    server.scan_seconds = 1.0
    mailer(server, timeout=0.5).send(mail())
    assert len(server.mails) == 1


def test_only_the_mail_data_has_the_longer_timeout(server, monkeypatch):
    timeouts = []

    class Recording(smtp.Connection):
        def data(self, msg):
            self.sock.settimeout(self.timeout)
            answer = super().data(msg)
            timeouts.append(self.sock.gettimeout())
            return answer

    monkeypatch.setattr(smtp, "Connection", Recording)
    mailer(server, timeout=0.5).send(mail())
    assert timeouts == [0.5]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_dropped_connection_can_be_retried(server, step):
    server.drops.add(step)
    with pytest.raises(ProviderSilent):
        mailer(server).send(mail())


def test_a_refused_connection_can_be_retried(server):
    port = server.port
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ProviderSilent, match="ConnectionRefusedError"):
        mailer(server, port=port).send(mail())


def test_a_server_that_does_not_respond_is_given_up_after_the_timeout(server):
    with socket.create_server(("127.0.0.1", 0)) as unresponsive:
        sending = mailer(server, port=unresponsive.getsockname()[1], timeout=0.2)
        began = time.monotonic()
        with pytest.raises(ProviderSilent):
            sending.send(mail())
    assert time.monotonic() - began < 5


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a self-signed certificate for 127.0.0.1 and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")]),
    )
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + signed.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def secure(certificate):
    """A server that requires STARTTLS and authentication."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    options = {"tls_context": context, "require_starttls": True, "auth_required": True}
    with mail_server(**options) as running:
        yield running


@pytest.fixture
def trusted(monkeypatch, certificate):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def test_with_starttls_the_mail_is_encrypted_and_the_sender_is_authenticated(secure, trusted):
    mailer(secure, starttls=True, user="jishi", password="right").send(mail())
    ((_, _, _, encrypted),) = secure.mails
    assert encrypted
    assert secure.sign_ins == [("jishi", "right")]


def test_a_wrong_password_loses_no_mail(secure, trusted):
    with pytest.raises(ProviderSilent, match="535"):
        mailer(secure, starttls=True, user="jishi", password="wrong").send(mail())


def test_a_server_with_an_untrusted_certificate_gets_neither_password_nor_mail(secure):
    with pytest.raises(ProviderSilent, match="SSLCertVerificationError"):
        mailer(secure, starttls=True, user="jishi", password="right").send(mail())
    assert (secure.mails, secure.sign_ins) == ([], [])


def test_a_server_without_starttls_gets_nothing_if_it_is_required(server):
    with pytest.raises(ProviderSilent, match="SMTPNotSupportedError"):
        mailer(server, starttls=True).send(mail())
    assert server.mails == []


def test_the_settings_make_a_mailer(monkeypatch, tmp_path):
    (tmp_path / "password").write_text("secret\n")
    settings = {"SMTP_HOST": "mail.example", "MAIL_FROM": SENDER, "SMTP_USER": "jishi"}
    for name, value in {**settings, "SMTP_PASSWORD_FILE": str(tmp_path / "password")}.items():
        monkeypatch.setenv(name, value)
    made = smtp.from_environment()
    assert (made.host, made.port, made.starttls, made.password) == ("mail.example", 587, True, "secret")
    assert "secret" not in repr(made)


def test_without_a_host_there_is_no_mailer(monkeypatch):
    monkeypatch.setenv("SMTP_HOST", "")
    assert smtp.from_environment() is None


def test_a_process_without_a_senders_address_does_not_start(monkeypatch):
    monkeypatch.setenv("SMTP_HOST", "mail.example")
    with pytest.raises(MissingSetting):
        smtp.from_environment()
    for sender in ("nobody", "no-reply@集市.example"):
        monkeypatch.setenv("MAIL_FROM", sender)
        with pytest.raises(smtp.MailSettingsInvalid):
            smtp.from_environment()


@pytest.fixture
def with_user(monkeypatch):
    """Settings with SMTP_USER and SMTP_PASSWORD."""
    settings = {"SMTP_HOST": "mail.example", "MAIL_FROM": SENDER, "SMTP_USER": "jishi", "SMTP_PASSWORD": "secret"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_a_process_that_would_send_a_password_unencrypted_does_not_start(with_user):
    with_user.setenv("SMTP_STARTTLS", "no")
    with pytest.raises(smtp.MailSettingsInvalid, match="SMTP_STARTTLS"):
        smtp.from_environment()
    with_user.setenv("SMTP_USER", "")
    assert smtp.from_environment().password == ""


@pytest.mark.parametrize(("password", "refusal"), [("", MissingSetting), ("change-me", WeakSecret)])
def test_a_password_is_required_only_with_a_user(with_user, password, refusal):
    with_user.setenv("SMTP_PASSWORD", password)
    with pytest.raises(refusal, match="SMTP_PASSWORD"):
        smtp.from_environment()
    with_user.setenv("SMTP_USER", "")
    assert smtp.from_environment().user == ""


PATCHED = """
import sys, warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
from datetime import UTC, datetime
from uuid import UUID
from users.messages.model import Mail
from users.messages.smtp import SmtpMailer

signed_in = {"sender": "no-reply@jishi.example", "user": "jishi", "password": "right"}
mailer = SmtpMailer(host="127.0.0.1", port=int(sys.argv[1]), **signed_in)
known = {"message_id": UUID(int=1), "to": "mei@example.com", "created_at": datetime.now(UTC)}
mailer.send(Mail(subject="subject", text="text", **known))
"""


def test_mail_is_sent_encrypted_from_a_process_patched_by_eventlet(secure, trusted):
    sent = subprocess.run(
        [sys.executable, "-c", PATCHED, str(secure.port)], check=False, capture_output=True, text=True
    )
    assert sent.returncode == 0, sent.stderr
    assert [encrypted for _, _, _, encrypted in secure.mails] == [True]
