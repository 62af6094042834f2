"""The words of the pages, by which tests find what people read: the same test runs in both languages."""

import json
import re
from functools import cache

from local.web import WEB

PARAMETER = re.compile(r"{'(.)'}|{(\w+)}")


@cache
def _texts(app, language):
    files = [*WEB.glob(f"{app}/src/words/*/{language}.json"), *WEB.glob(f"kit/src/words/*/{language}.json")]
    return {name: text for file in files for name, text in _flat(json.loads(file.read_text()))}


def _flat(words, before=""):
    for key, value in words.items():
        name = f"{before}{key}"
        yield from ((name, value),) if isinstance(value, str) else _flat(value, f"{name}.")


def says(app, language, name, **given):
    """A pattern for a text of an app; what is not given may be anything."""
    forms = _texts(app, language)[name].split(" | ")
    return re.compile(f"^\\s*(?:{'|'.join(_pattern(form.strip(), given) for form in forms)})")


def _pattern(form, given):
    found, at = "", 0
    for part in PARAMETER.finditer(form):
        found += re.escape(form[at : part.start()])
        found += re.escape(part[1]) if part[1] else re.escape(str(given[part[2]])) if part[2] in given else ".+?"
        at = part.end()
    return found + re.escape(form[at:])
