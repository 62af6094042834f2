"""Settings come from the environment, or from files that it names."""

import pytest

from shared import settings


def test_a_setting_may_come_from_a_file_without_its_last_newline(monkeypatch, tmp_path):
    file = tmp_path / "address"
    file.write_text("amqp://jishi:word@rabbitmq/jishi\n")
    monkeypatch.setenv("AMQP_URL_FILE", str(file))
    assert settings.text("AMQP_URL") == "amqp://jishi:word@rabbitmq/jishi"


def test_a_secret_is_the_bytes_of_its_file_or_the_setting_itself(monkeypatch, tmp_path):
    file = tmp_path / "key"
    file.write_bytes(b"\x00\xff\n")
    monkeypatch.setenv("QUOTE_KEY_FILE", str(file))
    monkeypatch.setenv("CARRIER_SECRET", "a word")
    assert settings.secret("QUOTE_KEY") == b"\x00\xff\n"
    assert settings.secret("CARRIER_SECRET") == b"a word"


def test_a_missing_setting_without_default_is_named(monkeypatch):
    monkeypatch.delenv("AMQP_URL", raising=False)
    monkeypatch.delenv("AMQP_URL_FILE", raising=False)
    with pytest.raises(settings.MissingSetting, match="AMQP_URL"):
        settings.text("AMQP_URL")
    assert settings.text("AMQP_URL", "amqp://") == "amqp://"
