"""Preparation of a system: migrations use the keys of its processes."""

import os

import pytest

from local import running, system
from local.ports import Ports
from shared.personal import keys


@pytest.fixture
def migrated_with(monkeypatch):
    """The folder of keys at each migration."""
    seen = []
    monkeypatch.setattr(running.migrate, "upgrade", lambda *_: seen.append(os.environ[keys.SETTING]))
    monkeypatch.setenv(keys.SETTING, "others")
    return seen


def migrate(run_dir):
    running._migrate(system.Site(run_dir, {"users": "postgresql://"}, "amqp://", "redis://", Ports(run_dir)))


def test_migrations_encrypt_with_the_keys_of_the_installation(tmp_path, monkeypatch, migrated_with):
    monkeypatch.delenv(keys.SETTING)
    migrate(tmp_path)
    assert migrated_with == [str(tmp_path / "secrets" / "personal")]


def test_a_process_with_keys_of_its_own_migrates_with_them(tmp_path, migrated_with):
    migrate(tmp_path)
    assert migrated_with == ["others"]
