import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from users.sessions.model import PasswordWeak, check_password, normalise_password
from users.sessions.passwords import Passwords, guesses


def test_the_right_password_matches_and_another_does_not(passwords):
    stored = passwords.hash("crunchy armchair")
    assert stored.startswith("$argon2id$")
    assert passwords.matches(stored, "crunchy armchair")
    assert not passwords.matches(stored, "crunchy armchairs")


def test_without_an_account_no_password_matches_not_even_the_dummy(passwords):
    assert not passwords.matches(None, "nobody has this password")


def test_an_unknown_account_takes_as_long_as_a_known_one(passwords):
    stored = passwords.hash("crunchy armchair")
    known = min(seconds(passwords, stored) for _ in range(5))
    unknown = min(seconds(passwords, None) for _ in range(5))
    assert unknown > known / 2


def test_hashing_runs_in_the_given_thread():
    calls = []

    def elsewhere(work, *arguments):
        calls.append(work)
        return work(*arguments)

    passwords = Passwords(run=elsewhere)
    assert passwords.matches(passwords.hash("crunchy armchair"), "crunchy armchair")
    assert len(calls) == 2


def seconds(passwords, stored):
    began = time.perf_counter()
    passwords.matches(stored, "wrong horse")
    return time.perf_counter() - began


@pytest.mark.parametrize(
    "common",
    ["Password123", "P@ssw0rd2024", "qwerty123456", "1qaz2wsx3edc", "Summer2025", "a1234567"],
)
def test_an_easily_guessed_password_is_refused(common):
    with pytest.raises(PasswordWeak) as refused:
        Passwords().check(common, [])
    assert (refused.value.code, refused.value.facts) == ("password_weak", {"reason": "common"})


@pytest.mark.parametrize("good", ["crunchy armchair", "correct horse 电池", "kX9#mQ2v"])
def test_a_password_that_is_hard_to_guess_is_accepted(good):
    Passwords().check(good, ["mei"])


def test_words_about_the_owner_are_guessed_first():
    assert guesses("shanhejuhome", ["shanhejuhome"]) < 10 < guesses("shanhejuhome", [])


def test_the_longest_password_is_rated_in_bounded_time():
    Passwords().check("crunchy armchair " * 60, [])
    with pytest.raises(PasswordWeak):
        Passwords().check("x" * 1024, [])


def test_new_passwords_are_rated_one_at_a_time():
    met, meeting = [], threading.Barrier(2)

    def elsewhere(work, *arguments):
        with suppress(threading.BrokenBarrierError):
            met.append(meeting.wait(timeout=0.2))
        return work(*arguments)

    passwords = Passwords(run=elsewhere, slots=2)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: passwords.check("crunchy armchair", []), range(2)))
    assert met == []


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "length"),
        ("x" * 129, "length"),
        ("Mei.Lin@example.com", "email"),
        ("MEI.LIN@", "email"),
        ("mei.lin2024", "email"),
        ("Example!2026", "email"),
        ("林梅林梅林梅林梅", "name"),
        ("LIN-MEI-1990", "email"),
        ("woaini1314", "common"),
        ("zzzzzzzzzz", "common"),
    ],
)
def test_a_short_personal_or_common_password_is_refused(password, reason):
    with pytest.raises(PasswordWeak) as refused:
        check_password(password, "mei.lin@example.com", "Lin Mei 林梅")
    assert refused.value.facts == {"reason": reason}


def test_a_long_password_of_lower_case_letters_is_accepted():
    check_password("crunchy armchair", "mei@example.com", "Mei")


@pytest.mark.parametrize("password", ["linoleum on the floor", "an example of moss", "kX9#mQ2v"])
def test_a_password_may_contain_the_name_among_other_characters(password):
    check_password(password, "mei@example.com", "Lin Mei")


def test_a_full_width_password_is_the_same_as_a_half_width_one():
    assert normalise_password("ｐａｓｓ１２３４") == "pass1234"
