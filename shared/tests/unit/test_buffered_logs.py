"""Logs of processes that write a line for every request."""

from shared.observe import Buffered
from shared.testing import eventually


def test_lines_are_written_within_a_moment_in_their_order(capsys):
    log, written = Buffered(), []
    for number in range(3):
        log.write(f"{number}\n")
    eventually(lambda: written.append(capsys.readouterr().out) or "".join(written) == "0\n1\n2\n", within=10)
    log.end()


def test_at_the_end_everything_is_written_and_later_lines_at_once(capsys, monkeypatch):
    monkeypatch.setattr(Buffered, "EVERY", 3600)
    log = Buffered()
    log.write("before\n")
    assert capsys.readouterr().out == ""
    log.end()
    assert capsys.readouterr().out == "before\n"
    log.write("after\n")
    assert capsys.readouterr().out == "after\n"
