"""Sessions of browsers: where the refresh token is, and where it is not."""

import pytest

from gateway.tests.doubles import SHOPPER, bearer

PATH = "/api/v1/browser-sessions"
TOKENS = {"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 900, "refresh_token": "r-1"}
WHO = {"email": "jing@shopper.example", "password": "correct horse"}


@pytest.fixture
def services(services):
    services.answers.update({"users.sign_in": TOKENS, "users.refresh": {**TOKENS, "refresh_token": "r-2"}})
    services.answers["users.sign_out"] = None
    return services


def cookie(answer):
    """The cookie that an answer sets: its value, and its attributes in lower case."""
    value, *attributes = answer.headers["set-cookie"].split("; ")
    return value, {each.lower() for each in attributes}


def test_the_refresh_token_is_in_a_cookie_that_no_script_and_no_other_site_uses(api, services):
    answer = api.post(PATH, json=WHO)
    assert (answer.status_code, answer.json()) == (
        201, {name: TOKENS[name] for name in ("access_token", "token_type", "expires_in")}
    )  # fmt: skip
    value, attributes = cookie(answer)
    assert value == "jishi_refresh=r-1"
    assert attributes >= {"httponly", "samesite=strict", f"path={PATH}"}
    assert answer.headers["cache-control"] == "no-store"
    assert [method for method, _ in services.requested] == ["users.sign_in"]


def test_a_refresh_takes_the_cookie_and_replaces_it(api, services):
    answer = api.post(f"{PATH}/refresh", headers={"Cookie": "a=b; jishi_refresh=r-1"})
    assert (answer.status_code, cookie(answer)[0]) == (201, "jishi_refresh=r-2")
    assert services.requested == [("users.refresh", {"refresh_token": "r-1"})]


def test_without_the_cookie_there_is_nothing_to_refresh(api, services):
    answer = api.post(f"{PATH}/refresh?refresh_token=r-1", json={"refresh_token": "r-1"})
    assert answer.status_code in (400, 401)
    assert api.post(f"{PATH}/refresh").status_code == 401
    assert services.requested == []


def test_signing_out_ends_the_session_and_the_cookie(api, services):
    answer = api.delete(f"{PATH}/current", headers=bearer(SHOPPER))
    assert (answer.status_code, answer.content) == (204, b"")
    value, attributes = cookie(answer)
    assert value.rstrip('"') in ("jishi_refresh=", 'jishi_refresh="')
    assert "max-age=0" in attributes
    assert services.requested == [("users.sign_out", {})]


def test_credentials_are_not_read_from_the_address(api, services):
    answer = api.post(f"{PATH}?email=a@b.example&password=x", json={})
    assert answer.status_code in (400, 422)
    assert services.requested == []


@pytest.mark.parametrize(("headers", "is_secure"), [({}, False), ({"X-Forwarded-Proto": "https"}, True)])
def test_behind_https_the_cookie_is_sent_only_over_https(api, headers, is_secure):
    assert ("secure" in cookie(api.post(PATH, json=WHO, headers=headers))[1]) == is_secure
