"""The API document for people: one plain page, without scripts and without anything from elsewhere."""

import re
from html import escape
from typing import Any

CODE = re.compile(r"`([^`]+)`")
STYLE = """
:root { color-scheme: light dark; --soft: color-mix(in srgb, currentColor 65%, transparent);
        --line: 1px solid color-mix(in srgb, currentColor 18%, transparent) }
body { font: 16px/1.55 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif;
       max-width: 60rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.6rem }
h2 { margin-top: 2.5rem; border-bottom: var(--line) }
nav a { margin-right: .8rem; white-space: nowrap }
details { border: var(--line); border-radius: .5rem; margin: .4rem 0; padding: .5rem .8rem }
summary { cursor: pointer }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
td { border-top: var(--line); padding: .25rem .5rem .25rem 0; vertical-align: top }
.method { display: inline-block; min-width: 4.2em; font-weight: 700 }
.soft { color: var(--soft) }
"""


def render(document: dict[str, Any]) -> str:
    """The page as HTML."""
    info, tags = document["info"], [tag["name"] for tag in document["tags"]]
    links = " ".join(f'<a href="#{_anchor(tag)}">{escape(tag)}</a>' for tag in [*tags, "Shapes"])
    chapters = "".join(_chapter(tag, document["paths"]) for tag in tags)
    shapes = "".join(_shape(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(info["title"])} API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>{escape(info['title'])} API</h1><p>{_prose(info['description'])}</p>"
        f'<p>For programs: <a href="/openapi.json">openapi.json</a></p><nav>{links}</nav>'
        f'{chapters}<h2 id="shapes">Shapes</h2>{shapes}</html>'
    )


def _chapter(tag: str, paths: dict[str, Any]) -> str:
    rows = [
        _operation(method, path, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if tag in operation["tags"]
    ]
    return f'<h2 id="{_anchor(tag)}">{escape(tag)}</h2>{"".join(rows)}'


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(_parameter(p) for p in operation["parameters"])
    body = operation.get("requestBody", {}).get("content", {})
    sent = f"<p>Send: {_content(body)}</p>" if body else ""
    status, answer = next(iter(operation["responses"].items()))
    return (
        f'<details><summary><span class="method">{method.upper()}</span> <code>{escape(path)}</code> '
        f'<span class="soft">{escape(operation["summary"])}</span></summary>'
        f"<p>{escape(operation.get('description', 'For everybody.'))}</p>"
        f"{f'<table>{parameters}</table>' if parameters else ''}{sent}"
        f"<p>Answers {status}: {_content(answer.get('content', {})) or 'nothing'}</p></details>"
    )


def _parameter(parameter: dict[str, Any]) -> str:
    must = "" if parameter.get("required") else " (optional)"
    return (
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td class=soft>{parameter['in']}{must}</td>"
        f"<td>{_type(parameter['schema'])}</td></tr>"
    )


def _content(content: dict[str, Any]) -> str:
    return ", ".join(f"<code>{escape(kind)}</code> {_type(c['schema'])}" for kind, c in content.items())


def _shape(name: str, schema: dict[str, Any]) -> str:
    required = schema.get("required", [])
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{_type(inner)}"
        f"{'' if field in required else ' <span class=soft>(optional)</span>'}</td></tr>"
        for field, inner in schema.get("properties", {}).items()
    )
    about = _prose(schema.get("description", ""))
    summary = f'<code>{name}</code> <span class="soft">{about}</span>'
    return f'<details id="shape-{name}"><summary>{summary}</summary><table>{rows}</table></details>'


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#shape-{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(value)}</code>" for value in schema["enum"])
    if "items" in schema:
        return f"list of {_type(schema['items'])}"
    kinds = schema.get("type", "anything")
    named = " or ".join(kinds) if isinstance(kinds, list) else kinds
    return f"{schema.get('format', named)}{_bounds(schema)}"


def _bounds(schema: dict[str, Any]) -> str:
    for least, most in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
        if most in schema:
            return f" ({schema[least]} to {schema[most]})"
    return ""


def _prose(text: str) -> str:
    """A sentence whose `names` are set as code."""
    return CODE.sub(r"<code>\1</code>", escape(text))


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-").replace("'", "")
