"""`make audit` and `make operator` while no system runs."""

from local import appointing, auditing


def test_an_audit_without_a_running_system_is_refused_with_advice(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(auditing, "RUN_DIR", tmp_path)
    assert auditing.main() == auditing.AUDIT_INCOMPLETE
    assert "`make run` starts it" in capsys.readouterr().err


def test_appointing_an_operator_without_a_running_system_is_refused_with_advice(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(auditing, "RUN_DIR", tmp_path)
    assert appointing.main("you@example.com") == auditing.AUDIT_INCOMPLETE
    assert "`make run` starts it" in capsys.readouterr().err
