"""The files of a built app, sent in the form that the client accepts; the build made the compressed ones."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from gateway.headers import values

FORMS = (("br", ".br"), ("gzip", ".gz"))  # content codings and their suffixes, the smallest first
HASHED = "assets/"  # files below have a hash of their content in their names
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}


@dataclass(frozen=True)
class File:
    """A file in its forms by content coding; the plain one under the empty name."""

    media_type: str
    forms: dict[str, bytes]
    etag: str
    caching: str

    def response(self, request: Request) -> Response:
        """The file, or 304 if the client has it."""
        headers = {"ETag": self.etag, "Cache-Control": self.caching, "Vary": "Accept-Encoding"}
        if self.etag in ",".join(values(request.scope, b"if-none-match")):
            return Response(status_code=304, headers=headers)
        accepted = codings(",".join(values(request.scope, b"accept-encoding")))
        coding = next((name for name, _ in FORMS if name in accepted and name in self.forms), "")
        if coding:
            headers["Content-Encoding"] = coding
        return Response(self.forms[coding], headers=headers, media_type=self.media_type)


def codings(header: str) -> set[str]:
    """The content codings that an Accept-Encoding header accepts (RFC 9110 §12.5.3)."""
    found = set()
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            found.add(name.strip())
    return found


def read(folder: Path) -> dict[str, File]:
    """The files below a folder by their paths in it; compressed forms are not files of their own."""
    suffixes = tuple(suffix for _, suffix in FORMS)
    return {
        path.relative_to(folder).as_posix(): _file(folder, path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(suffixes)
    }


def _file(folder: Path, path: Path) -> File:
    forms = {"": path.read_bytes()}
    for coding, suffix in FORMS:
        compressed = path.with_name(path.name + suffix)
        if compressed.exists():
            forms[coding] = compressed.read_bytes()
    name = path.relative_to(folder).as_posix()
    return File(
        media_type=TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        forms=forms,
        etag=f'"{hashlib.sha256(forms[""]).hexdigest()[:20]}"',
        caching=FOR_EVER if name.startswith(HASHED) else ASK_AGAIN,
    )
