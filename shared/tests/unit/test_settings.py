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
