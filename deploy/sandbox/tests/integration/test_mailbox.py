"""The sandbox's mailbox: it accepts mail for all addresses, stores the newest, and shows them as text."""

import smtplib
from email.message import EmailMessage

import httpx
import pytest

from sandbox.mailbox import KEPT, LONGEST, MOST_BYTES, Mail, Mailbox, read
from sandbox.testing import running_sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


def send(sandbox, to="mei@shopper.example", subject="订单已确认", text="您好！", **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Jishi <no-reply@jishi.example>", to, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", sandbox.mail_port, local_hostname="jishi", timeout=10) as server:
        server.send_message(mail)


def test_a_mail_is_stored_and_found_by_its_recipient(sandbox):
    send(sandbox, to="Lan@shopper.example", Message_ID="<1@jishi.example>")
    (mail,) = sandbox.mails("lan@shopper.example")
    assert (mail["subject"], mail["text"].strip(), mail["message_id"]) == (
        "订单已确认",
        "您好！",
        "<1@jishi.example>",
    )
    assert sandbox.mails("nobody@shopper.example") == []


def test_the_page_shows_the_newest_mail_first(sandbox):
    for number in ("one", "two"):
        send(sandbox, subject=f"CRUNCHY-{number}")
    page = httpx.get(f"{sandbox.url}/mails?lang=en").text
    assert page.index("CRUNCHY-two") < page.index("CRUNCHY-one")
    assert "/mails" in httpx.get(sandbox.url).text


def test_the_content_of_a_mail_is_escaped(sandbox):
    send(sandbox, subject="<script>alert(1)</script>", text="<img src=x onerror=alert(2)>")
    page = httpx.get(f"{sandbox.url}/mails").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_only_the_newest_mails_are_stored():
    mailbox = Mailbox(":memory:")
    for number in range(KEPT + 20):
        mailbox.keep("mei@shopper.example", b"Subject: %d\r\n\r\nx" % number)
    kept = mailbox.newest(10 * KEPT)
    assert (len(kept), kept[0].subject, kept[-1].subject) == (KEPT, str(KEPT + 19), "20")
    assert mailbox._db.execute("SELECT count(*) FROM received_mails").fetchone()[0] < 1.1 * KEPT
    mailbox.close()


def test_mails_survive_a_restart(tmp_path):
    for opened in range(2):
        mailbox = Mailbox(str(tmp_path / "sandbox.sqlite"))
        mailbox.keep("mei@shopper.example", b"Subject: hello\r\n\r\nx")
        assert len(mailbox.newest(10)) == opened + 1
        mailbox.close()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x"]
)
def test_a_malformed_mail_is_stored(content):
    assert isinstance(read(content, "mei@shopper.example", 0.0), Mail)


def test_only_the_beginning_of_a_long_mail_is_stored():
    content = b"Subject: long\r\n\r\n" + b"x" * 2 * MOST_BYTES
    assert len(read(content, "mei@shopper.example", 0.0).text) == LONGEST
    mailbox = Mailbox(":memory:")
    mailbox.keep("mei@shopper.example", content)
    assert mailbox._db.execute("SELECT length(content) FROM received_mails").fetchone()[0] == MOST_BYTES
    mailbox.close()


@pytest.mark.parametrize("address", ["o'neill+tea@shopper.example", '"mei lin"@shopper.example'])
def test_unusual_addresses_are_accepted(sandbox, address):
    with smtplib.SMTP("127.0.0.1", sandbox.mail_port, local_hostname="jishi", timeout=10) as server:
        server.sendmail("no-reply@jishi.example", [address], "Subject: hello\r\n\r\nx")
    assert [mail["subject"] for mail in sandbox.mails(address)] == ["hello"]


@pytest.mark.parametrize("address", ["<mei lin@shopper.example>", "<>", "<mei@>"])
def test_an_address_that_is_none_is_refused(sandbox, address):
    with smtplib.SMTP("127.0.0.1", sandbox.mail_port, local_hostname="jishi", timeout=10) as server:
        server.mail("no-reply@jishi.example")
        assert server.docmd("RCPT", f"TO:{address}")[0] >= 500


def test_several_mails_on_one_connection_are_stored(sandbox):
    with smtplib.SMTP("127.0.0.1", sandbox.mail_port, local_hostname="jishi", timeout=10) as server:
        for number in range(3):
            content = f"Subject: {number}\r\n\r\nx"
            server.sendmail("no-reply@jishi.example", ["ming@shopper.example"], content)
    assert [mail["subject"] for mail in sandbox.mails("ming@shopper.example")] == ["2", "1", "0"]
