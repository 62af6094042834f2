"""`make audit` and `make operator` where nothing runs."""

from local import appointing, auditing


def test_where_nothing_runs_there_is_nothing_to_audit_and_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(auditing, "RUN_DIR", tmp_path)
    assert auditing.main() == auditing.AUDIT_INCOMPLETE
    assert "`make run` starts it" in capsys.readouterr().err


def test_where_nothing_runs_nobody_becomes_an_operator_and_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(auditing, "RUN_DIR", tmp_path)
    assert appointing.main("you@example.com") == auditing.AUDIT_INCOMPLETE
    assert "`make run` starts it" in capsys.readouterr().err
