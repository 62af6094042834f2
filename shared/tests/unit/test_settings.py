"""Settings from environment variables, or from the files that they name."""

import pytest

from shared import settings

KEY = b"\x00\xff" * 8 + b"\n"


def test_a_setting_is_read_from_a_file_without_its_last_newline(monkeypatch, tmp_path):
    file = tmp_path / "address"
    file.write_text("amqp://jishi:word@rabbitmq/jishi\n")
    monkeypatch.setenv("AMQP_URL_FILE", str(file))
    assert settings.text("AMQP_URL") == "amqp://jishi:word@rabbitmq/jishi"


def test_a_secret_is_the_bytes_of_its_file_or_the_setting_itself(monkeypatch, tmp_path):
    file = tmp_path / "key"
    file.write_bytes(KEY)
    monkeypatch.setenv("QUOTE_KEY_FILE", str(file))
    monkeypatch.setenv("SIGNING_KEY", "sixteen letters!")
    assert settings.secret("QUOTE_KEY") == KEY
    assert settings.secret("SIGNING_KEY") == b"sixteen letters!"


def test_a_missing_setting_without_default_is_named(monkeypatch):
    monkeypatch.delenv("AMQP_URL", raising=False)
    monkeypatch.delenv("AMQP_URL_FILE", raising=False)
    with pytest.raises(settings.MissingSetting, match="AMQP_URL"):
        settings.text("AMQP_URL")
    assert settings.text("AMQP_URL", "amqp://") == "amqp://"


@pytest.mark.parametrize(
    "value", ["", " " * 20, "short", "fifteen letters", "change-me", "amqp://jishi:change-me@host/v"]
)
def test_a_secret_that_is_empty_short_or_a_placeholder_is_refused(monkeypatch, tmp_path, value):
    file = tmp_path / "key"
    file.write_text(value)
    for name, given in (("SIGNING_KEY", value), ("SIGNING_KEY_FILE", str(file))):
        monkeypatch.setenv(name, given)
        with pytest.raises((settings.WeakSecret, settings.MissingSetting), match="SIGNING_KEY"):
            settings.secret("SIGNING_KEY")
        monkeypatch.delenv(name)


def test_a_url_that_still_contains_the_placeholder_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg2://orders:change-me@postgres/orders")
    with pytest.raises(settings.WeakSecret, match="DATABASE_URL"):
        settings.text("DATABASE_URL")


@pytest.fixture
def known(monkeypatch):
    """The settings that were read in this test: source and value by name."""
    monkeypatch.setattr(settings, "_read", {})
    return lambda: {each.name: (each.source, each.value) for each in settings.known()}


def test_what_was_read_is_known_with_its_source(monkeypatch, known):
    monkeypatch.setenv("RPC_WORKERS", "12")
    monkeypatch.delenv("STOP_WITHIN", raising=False)
    settings.whole("RPC_WORKERS", 10)
    settings.number("STOP_WITHIN", 25)
    settings.text("LOG_LEVEL_OF_A_TEST", "info")
    assert known() == {
        "LOG_LEVEL_OF_A_TEST": ("default", "info"),
        "RPC_WORKERS": ("environment", "12"),
        "STOP_WITHIN": ("default", "25"),
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("amqp://jishi:word@rabbitmq/jishi", "amqp://…rabbitmq/jishi"),
        ("postgresql://jishi:a/b@c@db/orders?sslmode=require", "postgresql://…db/orders?sslmode=require"),
        ("postgresql://db/orders?user=a&password=secret&x=1", "postgresql://db/orders?user=a&password=…&x=1"),
        ("redis://:word@127.0.0.1:6379/0", "redis://…127.0.0.1:6379/0"),
        ("http://sandbox:8080", "http://sandbox:8080"),
    ],
)
def test_credentials_in_an_address_are_not_known(monkeypatch, known, value, shown):
    monkeypatch.setenv("SOME_URL", value)
    settings.text("SOME_URL")
    assert known() == {"SOME_URL": ("environment", shown)}


def test_secrets_and_what_comes_from_a_file_are_known_to_be_set_only(monkeypatch, tmp_path, known):
    file = tmp_path / "mchid"
    file.write_text("1900000001 and more")
    monkeypatch.setenv("MCHID_FILE", str(file))
    monkeypatch.setenv("SMTP_PASSWORD", "sixteen letters!")
    monkeypatch.setenv("SIGNATURE", "sixteen letters!")
    settings.text("MCHID")
    settings.text("SMTP_PASSWORD")
    settings.secret("SIGNATURE")
    assert known() == {
        "MCHID": ("file", None),
        "SIGNATURE": ("environment", None),
        "SMTP_PASSWORD": ("environment", None),
    }
