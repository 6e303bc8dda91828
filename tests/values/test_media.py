"""What a file is, by its first bytes."""

from __future__ import annotations

import time

import pytest

from bria_tailored_ext.values.media import HEAD, Media, described, media_type

KNOWN = {
    "image/png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "image/webp": b"RIFF\x10\0\0\0WEBPVP8 ",
    "image/gif": b"GIF89a\x01\0\x01\0",
    "image/avif": b"\0\0\0\x20ftypavif\0\0\0\0",
    "image/heic": b"\0\0\0\x20ftypheic\0\0\0\0",
    "image/tiff": b"II*\0\x08\0\0\0",
    "video/mp4": b"\0\0\0\x18ftypisom\0\0\2\0",
    "video/quicktime": b"\0\0\0\x14ftypqt  \0\0\0\0",
    "video/webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81",
    "application/zip": b"PK\x03\x04\x14\0\0\0",
    "text/html": b"\xef\xbb\xbf <!-- x --><!DOCTYPE HTML>\n<html>",
    "image/svg+xml": b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "a" "b">\n<svg width="1">',
    "application/xml": b'<?xml version="1.0"?><Error><Message>an <svg> or <html></Message></Error>',
    "application/json": b' {"message": "no"}',
    "text/plain": "Zugriff verweigert: ungültig".encode(),
}


@pytest.mark.parametrize("kind", KNOWN)
def test_each_kind_is_known_by_its_beginning(kind: str) -> None:
    """And not by its name, or by what a server says of it."""
    assert media_type(KNOWN[kind]) == kind


@pytest.mark.parametrize(
    "head", [b"\x08\0\0\0\0\0\0\0{}", b"\x80\x02}q\0", b"RIFF\x10\0\0\0WAVE", b"\xff\xd9\0"]
)
def test_unknown_bytes_are_no_text(head: bytes) -> None:
    """Such as the weights of a model, in whatever format."""
    assert media_type(head) is None


def test_a_text_may_end_in_the_middle_of_a_character() -> None:
    """The head is cut anywhere."""
    assert media_type(b"a" + "ü".encode()[:1]) == "text/plain"


@pytest.mark.parametrize(
    "head", [b"<!---->" * (HEAD // 7), b"<!--" * (HEAD // 4), b"<?" * (HEAD // 2), b" " * HEAD]
)
def test_a_hostile_beginning_takes_no_time(head: bytes) -> None:
    """It is read once, from its start to its end."""
    start = time.perf_counter()
    media_type(head)

    assert time.perf_counter() - start < 0.5


ACCEPTED = {
    Media.PICTURE: {kind for kind in KNOWN if kind.startswith("image/")},
    Media.VIDEO: {kind for kind in KNOWN if kind.startswith("video/")} | {"image/gif"},
    Media.DATA: {kind for kind in KNOWN if kind.split("/")[0] in ("image", "video")}
    - {"image/svg+xml"}
    | {"application/zip"},
}


@pytest.mark.parametrize("media", Media)
def test_each_download_takes_what_it_can_be(media: Media) -> None:
    """A model or a dataset may be any bytes: Bria documents no format."""
    assert {kind for kind, head in KNOWN.items() if media.accepts(head)} == ACCEPTED[media]
    assert media.accepts(b"\x08\0\0\0\0\0\0\0{}") == (media is Media.DATA)


def test_a_description_repeats_nothing() -> None:
    """What came may hold a signature."""
    assert described(b"<html>SIGNED") == "an HTML page"
    assert described(b"\0SIGNED") == "a file of an unknown kind"
