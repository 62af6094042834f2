"""The language of a problem."""

import pytest
from starlette.datastructures import Headers

from gateway.app import build
from gateway.languages import Language, preferred
from gateway.tests.doubles import Client, bearer
from gateway.wakeups import Wakeups
from shared.answers import ServiceFailed
from shared.errors import Conflict, NotFound
from shared.ids import new_id

CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}


def language_of(*values):
    return preferred(Headers(raw=[(b"accept-language", value.encode("latin-1")) for value in values]))


@pytest.mark.parametrize(
    "header",
    [
        "zh",
        "zh-CN",
        "zh-Hans",
        "zh-Hant-TW",
        "ZH-tw",
        "zh-CN,zh;q=0.9,en;q=0.8,*;q=0.5",
        "en;q=0.5, zh;q=0.7",
        "zh, en",
        "fr, zh;q=0.1",
        "zh;q=0.001",
        "zh ; q=1.000",
        "*;q=0.1, zh",
        "zh-TW;q=0.2, zh-CN;q=0.9, en;q=0.5",
        "en;q=0, *",
    ],
)
def test_chinese_is_used_where_it_is_preferred(header):
    assert language_of(header) is Language.ZH


@pytest.mark.parametrize(
    "header",
    [
        "",
        "*",
        "en",
        "en-GB",
        "fr",
        "en, zh",
        "zh;q=0.5, en;q=0.6",
        "zh;q=0",
        "zh;q=0, fr",
        "*, zh;q=0.5",
        "zh-",
        "zhongguohua",
        "zh_CN",
        "zh;q=2",
        "zh;q=0.1234",
        "zh;q=-1",
        "zh;q=nan",
        "zh;level=1",
        "zh;;q=1",
        "中文",
        ",,;q=1,=,",
        "-" * 10_000,
        "a-" * 10_000,
    ],
)
def test_english_is_used_otherwise(header):
    assert language_of(header.encode().decode("latin-1")) is Language.EN


def test_without_the_header_english_is_used():
    assert language_of() is Language.EN


def test_malformed_ranges_are_ignored():
    assert language_of("zh_CN, ;q=1, zh;q=0.4, en;q=x") is Language.ZH


def test_two_headers_are_read_as_one():
    assert language_of("en;q=0.3", "zh;q=0.4") is Language.ZH


def test_a_problem_names_its_language_and_varies_by_the_header(api):
    chinese, english = api.get("/api/v1/me", headers=CHINESE), api.get("/api/v1/me")
    assert (chinese.json()["detail"], english.json()["detail"]) == ("请先登录。", "Sign in first.")
    assert (chinese.headers["content-language"], english.headers["content-language"]) == ("zh", "en")
    assert chinese.headers["vary"] == english.headers["vary"] == "Accept-Language"
    assert chinese.json()["code"] == english.json()["code"] == "unauthenticated"
    assert chinese.json()["title"] == "Unauthorized"


def test_every_kind_of_failure_has_a_chinese_text(api, services):
    services.answers["users.list_shops"] = ServiceFailed("KeyError")
    answers = [api.get("/nothing", headers=CHINESE), api.get("/api/v1/shops", headers=CHINESE)]
    answers += [api.delete("/api/v1/shops", headers=CHINESE)]
    assert [answer.status_code for answer in answers] == [404, 500, 405]
    assert [answer.headers["content-language"] for answer in answers] == ["zh"] * 3
    assert [answer.json()["detail"][:4] for answer in answers] == ["您访问的", "系统出了", "该地址不"]


def test_the_origin_is_kept_in_vary(services, config):
    object.__setattr__(config, "cors_origins", ("https://shop.example",))
    api = Client(build(config, services, Wakeups()))
    answer = api.get("/api/v1/me", headers={"Origin": "https://shop.example"})
    assert {name.strip() for name in answer.headers["vary"].split(",")} >= {"Accept-Language", "Origin"}


def test_errors_of_fields_are_in_chinese_with_their_numbers(api):
    path, who = f"/api/v1/cart/lines/{new_id()}", {**bearer(), **CHINESE}
    assert api.put(path, json={"quantity": 10**9}, headers=who).json()["errors"] == {
        "quantity": ["须在 1 到 9999 之间。"]
    }
    assert api.put(path, json={}, headers=who).json()["errors"] == {"quantity": ["必填。"]}
    assert api.put(path, json={}, headers=bearer()).json()["errors"] == {
        "quantity": ["Missing data for required field."]
    }


def test_the_error_of_an_invalid_body_is_in_chinese(api):
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k", **CHINESE}
    answer = api.post("/api/v1/accounts", content=b"[1]", headers=headers)
    assert answer.json()["detail"] == "请求体须为 JSON 对象。"
    answer = api.post("/api/v1/accounts", content=b"{", headers=headers)
    assert answer.json()["detail"] == "请求格式有误，无法解析。"


def test_a_detail_without_a_translation_stays_in_english(api, services):
    services.answers["users.list_shops"] = Conflict("It is snowing.", code="shop_suspended")
    assert api.get("/api/v1/shops").json()["detail"] == "It is snowing."
    assert api.get("/api/v1/shops", headers=CHINESE).json()["detail"] == "店铺已停业，暂时无法进行此操作。"


def test_a_code_that_the_gateway_does_not_know_keeps_its_text(api, services):
    services.answers["users.list_shops"] = NotFound(code="moon_not_found")
    assert api.get("/api/v1/shops", headers=CHINESE).json()["detail"] == "The resource does not exist."
