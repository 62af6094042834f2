"""The HTML of an app around what is plain in it: title, description, links between languages, content, data."""

import json
from dataclasses import dataclass, field
from html import escape
from typing import Any

HEAD, CONTENT = "<!--head-->", "<!--content-->"
LANGUAGES = {"zh": "zh-CN", "en": "en"}  # the gateway's languages, and those of the pages
ADDRESSES = {"url", "logo", "image", "item"}  # members of JSON-LD that are addresses
NAMES = {"zh": "集市", "en": "Jishi"}


@dataclass(frozen=True, kw_only=True)
class Plain:
    """What a page says without a script: for search engines, previews, and the moment before the app starts.

    `content` is HTML; everything else is text. `linked` are objects of schema.org.
    """

    title: str = ""
    description: str = ""
    content: str = ""
    image: str | None = None
    kind: str = "website"  # of Open Graph
    linked: tuple[dict[str, Any], ...] = field(default_factory=tuple)


def filled(shell: str, plain: Plain, language: str, *, origin: str, address: str, scripts: str) -> str:
    """The shell with a page's head and content. `address` is the path with the query that names the page.

    `scripts` is the HTML that names its scripts.
    """
    shell = shell.replace('lang="zh-CN"', f'lang="{LANGUAGES[language]}"', 1)
    before, _, rest = shell.partition("<title>")
    _, _, after = rest.partition("</title>")
    title = f"{plain.title} · {NAMES[language]}" if plain.title else NAMES[language]
    shell = f"{before}<title>{escape(title)}</title>{after}"
    head = "\n".join(_head(plain, title, language, origin, address))
    return _with(scripts, shell.replace(HEAD, head, 1).replace(CONTENT, plain.content, 1))


def bare(shell: str, language: str, scripts: str) -> str:
    """The shell of a page that only the app fills."""
    shell = shell.replace('lang="zh-CN"', f'lang="{LANGUAGES[language]}"', 1)
    return _with(scripts, shell.replace(HEAD, "", 1).replace(CONTENT, "", 1))


def _with(scripts: str, shell: str) -> str:
    """At the end of the head: the app's own script, which all others need, is asked for first."""
    return shell.replace("</head>", f"{scripts}</head>", 1)


def _head(plain: Plain, title: str, language: str, origin: str, address: str) -> list[str]:
    here = origin + address
    lines = [
        _meta("name", "description", plain.description),
        f'<link rel="canonical" href="{escape(_in(here, language))}">',
        *(
            f'<link rel="alternate" hreflang="{tag}" href="{escape(_in(here, code))}">'
            for code, tag in LANGUAGES.items()
        ),
        f'<link rel="alternate" hreflang="x-default" href="{escape(here)}">',
        _meta("property", "og:type", plain.kind),
        _meta("property", "og:title", title),
        _meta("property", "og:description", plain.description),
        _meta("property", "og:url", _in(here, language)),
        _meta("property", "og:locale", LANGUAGES[language].replace("-", "_")),
        _meta("property", "og:image", origin + plain.image if plain.image else ""),
    ]
    return [line for line in lines if line] + [_linked(_absolute(each, origin)) for each in plain.linked]


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}">' if content else ""


def _in(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={LANGUAGES[language]}"


def _absolute(value: Any, origin: str, name: str = "") -> Any:
    """The document with its addresses, which are paths, on this origin."""
    if isinstance(value, dict):
        return {key: _absolute(each, origin, key) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_absolute(each, origin, name) for each in value]
    return origin + value if name in ADDRESSES and str(value).startswith("/") else value


def _linked(document: dict[str, Any]) -> str:
    """A JSON-LD block. `<` is written as an escape, so that no text in it can end the block."""
    text = json.dumps({"@context": "https://schema.org", **document}, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'
