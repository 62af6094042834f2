"""The pages: every transaction with a button for each possible action; the received mail."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandbox.behaviour import EFFECTS, ROUTES
from sandbox.mailbox import Mail
from sandbox.parts import Parts, parts_of
from sandbox.provider import NEXT_REFUND, REFUND_REFUSALS
from sandbox.store import Notification
from sandbox.trades import REFUND_TRANSITIONS, TRANSACTION_TRANSITIONS, Refund, Transaction
from sandbox.words import WORDS

SHOWN = 50
FOLDER = Path(__file__).parent
SHELL, MAILS = (Template((FOLDER / name).read_text()) for name in ("page.html", "mails.html"))
STYLE = (FOLDER / "style.css").read_text()
Words = dict[str, str]


def page_address(lang: str | None, error: str = "") -> str:
    """Return the address of the page, with the error of an action."""
    requested = {name: value for name, value in (("lang", lang), ("error", error)) if value}
    return f"/?{urlencode(requested)}" if requested else "/"


async def show(request: Request) -> Response:
    """Answer with the page, in Chinese unless ?lang=en or the browser prefers English."""
    lang = _language(request)
    words, parts = WORDS[lang], parts_of(request)
    trades = parts.store.transactions(SHOWN)
    waiting, others = (
        "".join(_card(parts, trade, words, lang) for trade in trades if _is_waiting(trade) is first)
        for first in (True, False)
    )
    html = SHELL.substitute(
        _common(lang),
        error=_error(request.query_params.get("error", "")),
        faults=_faults(parts, words),
        routes=_options(ROUTES, words),
        effects=_options(EFFECTS, words),
        waiting=waiting,
        cards=others if trades else f"<p class=empty>{escape(words['nothing_yet'])}</p>",
    )
    return HTMLResponse(html)


async def show_mails(request: Request) -> Response:
    """Answer with the page of the received mail, the newest first."""
    lang = _language(request)
    cards = "".join(_mail_card(mail) for mail in parts_of(request).mailbox.newest(SHOWN))
    none = f"<p class=empty>{escape(WORDS[lang]['no_mail_yet'])}</p>"
    return HTMLResponse(MAILS.substitute(_common(lang), cards=cards or none))


def _common(lang: str) -> dict[str, str]:
    """The values of both pages besides their cards."""
    words = {name: escape(text) for name, text in WORDS[lang].items()}
    return {**words, "style": STYLE, "lang": lang, "other_lang": "en" if lang == "zh" else "zh"}


def _mail_card(mail: Mail) -> str:
    at = datetime.fromtimestamp(mail.received_at, UTC).isoformat(" ", "seconds")
    return f"""<article><details><summary><b>{escape(mail.subject)}</b>
      <small>{escape(mail.recipient)} · {at}</small></summary>
      <pre>{escape(mail.text)}</pre><p class=number>{escape(mail.sender)}<br>{escape(mail.message_id)}</p>
      </details></article>"""


def _language(request: Request) -> str:
    requested = request.query_params.get("lang") or request.headers.get("accept-language", "zh")[:2]
    return "en" if requested == "en" else "zh"


def _error(text: str) -> str:
    return f"<p class=error role=alert>{escape(text)}</p>" if text else ""


def _faults(parts: Parts, words: Words) -> str:
    return "".join(
        f"<li>{escape(words[fault['route']])}: {escape(words[fault['effect']])} × {fault['calls']}</li>"
        for fault in parts.behaviour.open()
    )


def _options(names: tuple[str, ...], words: Words, chosen: str = "") -> str:
    return "".join(
        f'<option value="{name}"{" selected" if name == chosen else ""}>{escape(words[name])}</option>'
        for name in names
    )


def _is_waiting(trade: Transaction) -> bool:
    """Whether it can be paid now; these are shown first."""
    return "pay" in _moves(trade) and not trade.expired()


def _card(parts: Parts, trade: Transaction, words: Words, lang: str) -> str:
    state = "EXPIRED" if trade.expired() and "pay" in _moves(trade) else trade.state
    refunds = "".join(_refund_row(refund, words, lang) for refund in parts.store.refunds_of(trade.out_trade_no))
    notifications = "".join(
        _notification_row(notification, words) for notification in parts.store.notifications_of(trade.out_trade_no)
    )
    return f"""<article>
      <header><b class=amount>{yuan(trade.amount)}</b>
      <span class="state {state}">{escape(words[state])}</span></header>
      <p class=what>{escape(trade.description)}</p>
      <p class=number>{escape(trade.out_trade_no)}<br>{escape(trade.code_url)}</p>
      <div class=buttons>{_buttons(trade, words, lang)}</div>
      <ul>{refunds}{notifications}</ul></article>"""


def _moves(trade: Transaction) -> list[str]:
    return [name for name, states in TRANSACTION_TRANSITIONS.items() if trade.state in states]


def _buttons(trade: Transaction, words: Words, lang: str) -> str:
    to = f"/sandbox/transactions/{trade.out_trade_no}"
    in_time = {"fail"} if trade.expired() else {"pay", "fail"}
    moves = [name for name in _moves(trade) if name in {"pay-late", *in_time}]
    paid = trade.transaction_id is not None
    notifications = ["notify-twice", "notify-out-of-order"] if paid else []
    hold = [] if trade.held else ["hold-notifications"]
    buttons = "".join(_button(f"{to}/{name}", name, words, lang) for name in [*moves, *notifications, *hold])
    held = f"<span class=held>{escape(words['held'])}</span>" if trade.held else ""
    return buttons + held + (_refund_plan(to, trade, words, lang) if paid else "")


def _button(to: str, name: str, words: Words, lang: str) -> str:
    form = f'<form method=post action="{escape(to)}?lang={lang}">'
    return f'{form}<button class="{name}">{escape(words[name])}</button></form>'


def _refund_plan(to: str, trade: Transaction, words: Words, lang: str) -> str:
    options = _options(NEXT_REFUND, words, trade.next_refund)
    return (
        f'<form method=post action="{to}/next-refund?lang={lang}"><label>{escape(words["next_refund"])} '
        f"<select name=outcome>{options}</select></label>"
        f"<select name=code aria-label='{escape(words['refuse_code'])}'>{_codes(trade.refuse_code)}</select>"
        f"<button>{escape(words['set'])}</button></form>"
        f'<form method=post action="{to}/refund-by-hand?lang={lang}">'
        f"<button class=refund-by-hand>{escape(words['refund-by-hand'])}</button></form>"
    )


def _codes(chosen: str) -> str:
    return "".join(f"<option{' selected' if code == chosen else ''}>{code}</option>" for code in REFUND_REFUSALS)


def _refund_row(refund: Refund, words: Words, lang: str) -> str:
    moves = [name for name, states in REFUND_TRANSITIONS.items() if refund.state in states]
    to = f"/sandbox/refunds/{refund.out_refund_no}"
    buttons = "".join(_button(f"{to}/{name}", name, words, lang) for name in moves)
    state = escape(words[f"refund_{refund.state}"])
    return (
        f"<li>{escape(words['refund'])} {yuan(refund.amount)} · {state} <span class=buttons>{buttons}</span></li>"
    )


def _notification_row(notification: Notification, words: Words) -> str:
    answer = notification.last_answer or words["not_sent"]
    return f"<li class=report>{notification.event_type} · {notification.attempts} × · {escape(answer)}</li>"


def yuan(fen: int) -> str:
    return f"¥{fen // 100:,}.{fen % 100:02d}"
