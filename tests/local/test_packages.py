"""Programs of the system: found, or installed, or an error with advice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from local import packages
from local.packages import CannotInstall


def test_without_root_and_sudo_the_error_names_the_command_to_run(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    with pytest.raises(CannotInstall, match=r"please run as root: apt-get install rabbitmq-server"):
        packages.install("rabbitmq-server")


def test_on_another_system_the_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(CannotInstall, match="please install redis-server"):
        packages.install("redis-server")


def test_the_newest_of_several_versions_is_used(monkeypatch, tmp_path):
    for version in ("9", "15", "14"):
        program = tmp_path / version / "bin" / "initdb"
        program.parent.mkdir(parents=True)
        program.touch(mode=0o755)
    monkeypatch.setattr(packages, "FOLDERS", (f"{tmp_path}/*/bin",))
    assert packages.find("initdb") == tmp_path / "15" / "bin" / "initdb"


def test_two_that_install_at_once_do_so_one_after_the_other(monkeypatch, tmp_path):
    monkeypatch.setattr(packages, "ONE_AT_A_TIME", tmp_path / "lock")
    is_inside, may_leave, seen = Event(), Event(), []

    def update_and_install(names):
        seen.append(f"{names[0]} begins")
        if names == ("first",):
            is_inside.set()
            assert may_leave.wait(30)
        seen.append(f"{names[0]} ends")

    monkeypatch.setattr(packages, "_update_and_install", update_and_install)
    with ThreadPoolExecutor(2) as installing:
        installing.submit(packages._install_as_root, ("first",))
        assert is_inside.wait(30)
        second = installing.submit(packages._install_as_root, ("second",))
        with pytest.raises(TimeoutError):
            second.result(timeout=0.2)
        may_leave.set()
    assert seen == ["first begins", "first ends", "second begins", "second ends"]


def test_the_previous_content_of_a_file_is_restored_after_an_install(tmp_path):
    policy = tmp_path / "policy-rc.d"
    policy.write_text("the owner's own policy")
    with packages.temporarily(str(policy), "nothing starts"):
        assert policy.read_text() == "nothing starts"
    assert policy.read_text() == "the owner's own policy"


def test_a_temporary_file_is_removed_after_the_install_even_if_it_fails(tmp_path):
    policy = tmp_path / "new" / "policy-rc.d"
    with pytest.raises(CannotInstall), packages.temporarily(str(policy), "nothing starts"):
        raise CannotInstall
    assert not policy.exists()
