"""What a file is, by its first bytes and not by its name."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from enum import Enum

__all__ = ["Media"]

HEAD = 4096
"""Bytes of a file's beginning that `media_type` wants to see, if there are so many."""

# The first that fits counts.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (0, b"GIF8", "image/gif"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyphei", "image/heic"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
)

# What may stand before the first element of a marked-up text, and where it ends.
_BEFORE_MARKUP = ((b"<!--", b"-->"), (b"<?", b"?>"))

_SVG = re.compile(rb"(?:<!doctype\s+svg[^>]*>\s*)?<svg[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)

_PAGES = {
    "text/html": "an HTML page",
    "application/xml": "an XML text",
    "application/json": "a JSON text",
    "text/plain": "a text",
}


def media_type(head: bytes) -> str | None:
    """The media type of what begins like this, or `None` for something unknown that is no text."""
    for start, signature, kind in _SIGNATURES:
        if head.startswith(signature, start):
            return kind
    if not _is_text(head):
        return None
    markup = _first_element(head)
    if _SVG.match(markup):
        return "image/svg+xml"
    if _HTML.match(markup):
        return "text/html"
    return {b"<": "application/xml", b"{": "application/json", b"[": "application/json"}.get(
        markup[:1] or head.lstrip()[:1], "text/plain"
    )


def described(head: bytes) -> str:
    """A few words on what begins like this, for a message. Nothing of it is repeated."""
    kind = media_type(head)
    return _PAGES.get(kind or "", f"{kind}" if kind else "a file of an unknown kind")


class Media(Enum):
    """What a download is expected to be."""

    PICTURE = "a picture"
    VIDEO = "a video"
    DATA = "a model or a dataset"
    """Bria documents no format for these: anything that is not a text."""

    def accepts(self, head: bytes) -> bool:
        """Whether what begins like this can be it."""
        kind = media_type(head)
        match self:
            case Media.PICTURE:
                return kind is not None and kind.startswith("image/")
            case Media.VIDEO:
                return kind is not None and (kind.startswith("video/") or kind == "image/gif")
            case Media.DATA:
                return kind not in _PAGES and kind != "image/svg+xml"


def _first_element(head: bytes) -> bytes:
    rest = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    while end := next((end for begin, end in _BEFORE_MARKUP if rest.startswith(begin)), None):
        rest = rest.partition(end)[2].lstrip()
    return rest


def _is_text(head: bytes) -> bool:
    try:
        # The head may end in the middle of a character.
        text = getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return False
    return all(each.isprintable() or each.isspace() for each in text)
