"""The catalogue of problem texts: complete in both languages, and consistent with the code."""

import json
import re
from importlib import import_module

import marshmallow as ma
import pytest

from gateway import messages
from gateway.languages import Language
from gateway.problems import of_refusal
from gateway.tests import sources
from shared import answers, rpc_messages
from shared.errors import Conflict

HAN = re.compile(r"[\u4e00-\u9fff]")
ASIDE = re.compile("^(unknown|wrong|bad|invalid|malformed|unsupported|weak|forged|too|no|not|never|already)_")
FIELDS = ("String", "Integer", "UUID", "Date", "List", "Dict", "Enum", "Nested")


def test_every_code_has_a_text_in_both_languages_and_every_text_a_code():
    assert set(messages.texts()) == sources.codes()
    assert all(set(text) == set(Language) for text in messages.texts().values())


def test_each_text_is_in_its_language():
    for code, text in messages.texts().items():
        assert HAN.search(text["zh"]), code
        assert text["zh"].endswith("。"), code
        assert not HAN.search(text["en"]), code
        assert text["en"].endswith("."), code


def test_a_code_names_the_object_first_then_the_error():
    assert [code for code in sources.codes() if ASIDE.match(code) and code != "not_found"] == []
    assert [code for code in sources.codes() if code.endswith(("_unknown", "_already", "_gone"))] == []


def test_placeholders_are_facts_of_the_problem():
    facts = sources.facts()
    for code, text in messages.texts().items():
        assert messages.placeholders(text["en"]) | messages.placeholders(text["zh"]) <= facts[code], code


@pytest.mark.parametrize("language", Language)
def test_a_text_without_its_facts_is_not_empty(language):
    for code in messages.texts():
        sentences = messages.detail(code, language, {})
        assert len(sentences) > 4, code
        assert "{" not in sentences, code


def test_a_text_contains_its_facts():
    wait = {"retry_after": 30}
    assert messages.detail("attempt_limit_reached", Language.EN, wait).endswith("Try again in 30 seconds.")
    assert messages.detail("attempt_limit_reached", Language.ZH, wait).endswith("还需等待 30 秒。")
    missing = {"columns": ["Handle", "Title"]}
    assert messages.detail("header_missing", Language.EN, missing).endswith("Missing: Handle, Title.")


@pytest.mark.parametrize("fact", [None, "{0.__class__}", "{", "}{", 7, [], {"a": 1}, "很长" * 1000])
def test_any_fact_can_be_formatted(fact):
    for code, text in messages.texts().items():
        names = messages.placeholders(text["en"] + text["zh"])
        for language in Language:
            assert messages.detail(code, language, dict.fromkeys(names, fact))


def of_marshmallow():
    kinds = [getattr(ma.fields, name) for name in FIELDS]
    listed = {each for kind in [ma.fields.Field, *kinds] for each in kind.default_error_messages.values()}
    listed |= set(ma.Schema._default_error_messages.values())
    return {re.sub(r"{\w+}", "7", each) for each in listed}


def of_its_rules():
    length, bounds = ma.validate.Length, ma.validate.Range
    rules = [length(2), length(None, 60), length(2, 60), length(equal=3), bounds(2), bounds(None, 9), bounds(2, 9)]
    rules += [bounds(low, 9, max_inclusive=False) for low in (2, None)] + [bounds(2, min_inclusive=False)]
    return {found for rule in rules for found in _refused(rule)}


def _refused(rule):
    for value in (1, 10, 100):
        try:
            rule(value if isinstance(rule, ma.validate.Range) else "x" * value)
        except ma.ValidationError as wrong:
            yield wrong.messages[0]


def obstacles():
    return import_module(sources.module_of("CouponNotApplicable")).Obstacle


def of_ours():
    return {
        *sources.sentences("ValidationError", "UnfitText", "TokenInvalid", "PasswordWeak"),
        *sources.sentences("malformed", "ValueError", within="gateway.bodies"),
        *sources.sentences("malformed", within="gateway.requests"),
        *sources.words("Misshapen"),
        *(f"The coupon cannot be used: {each}." for each in obstacles()),
    } - {"The message differs after serialisation."}  # of a message, which no client sends


def test_every_error_of_a_field_has_a_translation_with_its_numbers():
    for english in of_marshmallow() | of_its_rules() | of_ours():
        chinese = messages.field_errors(english, Language.ZH)
        assert HAN.search(chinese), english
        assert not re.search("valid|must|than|or equal", chinese), "a shorter phrase matched a longer sentence"
        assert re.findall(r"\d+", chinese) == re.findall(r"\d+", english)


def test_errors_are_translated_and_keep_their_paths_and_numbers():
    english = {
        "title": ["Longer than maximum length 60."],
        "lines": {"3": {"quantity": ["Must be greater than or equal to 1 and less than or equal to 9999."]}},
        "method": ["Must be one of: wechat, cash_on_delivery."],
        "new": ["Nobody has translated this yet."],
        "count": 3,
    }
    assert messages.field_errors(english, Language.EN) == english
    assert messages.field_errors(english, Language.ZH) == {
        "title": ["长度不能超过 60。"],
        "lines": {"3": {"quantity": ["须在 1 到 9999 之间。"]}},
        "method": ["只能是以下之一：wechat, cash_on_delivery。"],
        "new": ["Nobody has translated this yet."],
        "count": 3,
    }


def test_every_error_of_a_campaign_has_a_translation():
    for english in sources.beginning(sources.module_of("CampaignInvalid"), "Must "):
        assert HAN.search(messages.field_errors(english, Language.ZH)), english


def test_a_refusal_keeps_whether_its_detail_was_written_for_one_case():
    for refusal, expected in ((Conflict(code="cart_full"), "The cart is full."), (Conflict("Snow."), "Snow.")):
        with pytest.raises(answers.Refused) as refused:
            answers.result(json.loads(rpc_messages.error(refusal)))
        assert of_refusal(refused.value).document(Language.EN)["detail"].startswith(expected)
