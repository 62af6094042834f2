"""The rules of when mail is sent, and the templates in both languages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import users as contract
from shared.contracts.users import views
from shared.ids import new_id
from users.accounts.model import Language
from users.messages import templates
from users.messages.model import (
    GIVE_UP_AFTER,
    MailReason,
    MailState,
    Message,
    Preference,
    Purpose,
    after_quiet_hours,
    mail_due,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text):
    """A time in Shanghai, as aware UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


NOON, NIGHT, DAWN, MORNING = map(
    at, ("2026-07-01 12:00", "2026-07-01 22:30", "2026-07-02 05:00", "2026-07-02 08:00")
)
HOURS, ALWAYS = (NOON, NIGHT, DAWN), sorted(set(Purpose) - {Purpose.MARKETING})


@pytest.mark.parametrize(
    ("purpose", "consent", "now", "due"),
    [
        *[(purpose, consent, now, now) for purpose in ALWAYS for consent in (False, True) for now in HOURS],
        *[(Purpose.MARKETING, False, now, None) for now in HOURS],
        (Purpose.MARKETING, True, NOON, NOON),
        (Purpose.MARKETING, True, NIGHT, MORNING),
        (Purpose.MARKETING, True, DAWN, MORNING),
        (Purpose.MARKETING, True, MORNING, MORNING),
        (Purpose.MARKETING, True, at("2026-07-01 20:59"), at("2026-07-01 20:59")),
        (Purpose.MARKETING, True, at("2026-07-01 21:00"), MORNING),
    ],
)
def test_purpose_consent_and_hour_decide_when_mail_is_sent(purpose, consent, now, due):
    assert mail_due(purpose, Preference(marketing_mail=consent), now, SHANGHAI) == due


@given(TIMES)
def test_a_time_in_quiet_hours_becomes_their_end(now):
    due = after_quiet_hours(now, SHANGHAI)
    assert timedelta() <= due - now <= timedelta(hours=11)
    assert 8 <= due.astimezone(SHANGHAI).hour < 21
    assert after_quiet_hours(due, SHANGHAI) == due


def test_consent_to_offers_is_off_by_default():
    assert Preference().marketing_mail is False


def message(**known):
    usual = {"message_id": new_id(), "user_id": new_id(), "purpose": Purpose.ORDER, "template": "welcome"}
    return Message(**{**usual, "parameters": {}, "subject": "", "text": "", "created_at": NOON, **known})


def test_only_security_mail_is_urgent():
    assert [purpose for purpose in Purpose if message(purpose=purpose).is_urgent] == [Purpose.SECURITY]


def test_a_mail_is_given_up_a_day_after_it_was_due():
    due = message(mail_at=NOON)
    assert not due.is_given_up(NOON + GIVE_UP_AFTER - timedelta(seconds=1))
    assert due.is_given_up(NOON + GIVE_UP_AFTER)
    assert not message().is_given_up(NOON)


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (MailReason.NO_CONSENT, MailState.SUPPRESSED),
        (MailReason.MAIL_OFF, MailState.SUPPRESSED),
        (MailReason.REFUSED, MailState.FAILED),
        (MailReason.EXPIRED, MailState.FAILED),
    ],
)
def test_a_mail_that_is_not_sent_has_failed_or_is_suppressed(reason, state):
    ended = message()
    ended.end_mail(reason)
    assert (ended.mail_state, ended.mail_reason) == (state, reason)


@pytest.mark.parametrize(
    ("shown", "known"),
    [(contract.Purpose, Purpose), (views.MailState, MailState), (views.Language, Language)],
)
def test_the_contract_has_the_values_of_the_domain(shown, known):
    assert {each.value for each in shown} == {each.value for each in known}


def test_the_contract_lists_exactly_the_existing_templates():
    assert {each.value for each in contract.Template} == templates.names()


def given_for(template):
    return {name: f"«{name}»" for name in templates.parameters_of(template)}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", sorted(templates.names()))
def test_a_template_shows_all_its_parameters_in_both_languages(template, language):
    parameters = given_for(template)
    written = templates.write(template, language, parameters, "周静")
    whole = f"{written.subject}\n{written.text}"
    ids = {name for name in parameters if name.endswith("_id")}
    assert [name for name in parameters if name not in ids and f"«{name}»" not in whole] == []
    assert "周静" in written.text
    assert len(written.subject.splitlines()) == 1
    assert "{" not in whole


@pytest.mark.parametrize("language", Language)
def test_a_link_is_shown_on_a_line_of_its_own(language):
    assert [name for name in templates.names() if templates.has_link(name)] == ["password_recovery"]
    lines = templates.with_link("password_recovery", language, "https://jishi.example/recover#{x}").splitlines()
    assert lines[-1] == "https://jishi.example/recover#{x}"


@pytest.mark.parametrize("template", sorted(templates.names()))
def test_a_template_has_a_different_text_in_each_language(template):
    parameters = given_for(template)
    texts = {templates.write(template, language, parameters, "周静").text for language in Language}
    assert len(texts) == 2


ORDER = {"order_id": "1", "order_number": "2607-4F7K", "total": "¥88.00"}


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {**ORDER, "unknown": "x"},
        {name: value for name, value in ORDER.items() if name != "total"},
        {**ORDER, "order_number": "2607\r\nBcc: all@example.com"},
        {**ORDER, "order_number": "2607\nBcc: all@example.com"},
        {**ORDER, "order_number": "2607\u2028x"},
        {**ORDER, "order_number": "2607\x00"},
        {**ORDER, "order_number": ""},
        {**ORDER, "order_number": "9" * 501},
    ],
)
def test_parameters_must_match_the_template_and_be_single_lines(parameters):
    with pytest.raises(templates.ParametersUnfit) as unfit:
        templates.write("order_confirmed", Language.EN, parameters, "周静")
    assert "Bcc" not in str(unfit.value)


def test_an_unknown_template_is_refused():
    with pytest.raises(templates.TemplateNotFound):
        templates.write("order_lost", Language.ZH, {}, "周静")


def test_a_parameter_is_not_interpreted_as_a_format():
    parameters = {**ORDER, "order_number": "{recipient.__class__}{total}"}
    written = templates.write("order_confirmed", Language.EN, parameters, "周静")
    assert "{recipient.__class__}{total}" in written.subject
