"""A device is known by its browser and system, whatever else it says of itself."""

import pytest

from gateway.tests.doubles import bearer

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WHO = {"email": "jing@shopper.example", "password": "correct horse"}
TOKENS = {"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 900, "refresh_token": "r-1"}
SAID = {
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/126.0.0.0 Safari/537.36": ("chrome", "windows"),
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/126.0 Safari/537.36 Edg/126.0": (
        "edge",
        "windows",
    ),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15": (
        "safari",
        "macos",
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.49": (
        "wechat",
        "ios",
    ),
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/126.0 Mobile/15E148 Safari/604.1": (
        "chrome",
        "ios",
    ),
    f"Mozilla/5.0 (Linux; Android 14; SM-S9280) {WEBKIT} SamsungBrowser/25.0 Chrome/121.0 Safari/537.36": (
        "samsung",
        "android",
    ),
    f"Mozilla/5.0 (Phone; OpenHarmony 5.0) {WEBKIT} Chrome/114.0 Safari/537.36 HuaweiBrowser/5.0": (
        "huawei",
        "harmonyos",
    ),
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0": ("firefox", "linux"),
    "curl/8.5.0": ("other", "other"),
    "x" * 10_000 + " Chrome/126 Windows NT": ("other", "other"),
}


@pytest.fixture
def services(services):
    services.answers["users.sign_in"] = TOKENS
    return services


@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/browser-sessions"])
@pytest.mark.parametrize(
    ("said", "known"), SAID.items(), ids=[f"{b}-{s}-{n}" for n, (b, s) in enumerate(SAID.values())]
)
def test_signing_in_names_the_browser_and_the_system_and_nothing_else(api, services, path, said, known):
    assert api.post(path, json=WHO, headers={"User-Agent": said}).status_code == 201
    ((_, requested),) = services.requested
    assert requested == WHO | {"device": dict(zip(("browser", "system"), known, strict=True))}


@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/browser-sessions"])
def test_a_device_cannot_be_given_in_the_body(api, services, path):
    forged = WHO | {"device": {"browser": "safari", "system": "ios"}}
    api.post(path, json=forged, headers={"User-Agent": ""})
    ((_, requested),) = services.requested
    assert requested == WHO | {"device": None}


def test_other_devices_are_not_taken_for_a_session(api, services):
    services.answers["users.end_other_sessions"] = None
    assert api.delete("/api/v1/sessions/others", headers=bearer()).status_code == 204
    assert services.requested == [("users.end_other_sessions", {})]
