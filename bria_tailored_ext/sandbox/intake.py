"""Taking in pictures that come as base64 or as a URL. Nothing outside is ever fetched."""

import base64
import binascii
from collections.abc import Sequence
from typing import IO
from urllib.parse import unquote, urlsplit

import attrs

from bria_tailored_ext.sandbox.dataset_rules import MAX_IMAGE_BYTES
from bria_tailored_ext.sandbox.files import Files
from bria_tailored_ext.sandbox.pictures import (
    Picture,
    PictureError,
    TinyPictureError,
    read_picture,
)
from bria_tailored_ext.sandbox.records import FileEntry

_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class Unusable(Exception):
    """What was sent cannot be used.

    Attributes:
        status: The HTTP status that Bria gives for it.
        reason: In words.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason


@attrs.frozen
class Intake:
    """The way in for one request's pictures.

    Args:
        files: What the sandbox serves itself, and so can be referred to by URL.
        origins: The host:port pairs under which the sandbox is known.
    """

    files: Files
    origins: Sequence[str]

    def entry(self, url: str) -> FileEntry:
        """Find what a URL of the sandbox's own leads to.

        Raises:
            Unusable: 460: any other URL; the sandbox has no way out, as Bria has none to it.
                Source: Bria answers 460 when it could not fetch an image URL.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        found = self.files.find(unquote(parts.path)) if parts.netloc in self.origins else None
        if found is None:
            raise Unusable(460, "Could not fetch the URL; the sandbox only reads its own files")
        return found

    def fetched(self, url: str) -> bytes:
        """Give the bytes behind a URL, refused as `opened` says."""
        with self.opened(url) as file:
            return file.read()

    def opened(self, url: str) -> IO[bytes]:
        """Give what lies behind a URL to read from; 422 if it is none, else as `entry` says."""
        if not is_url(url):
            raise Unusable(422, "Not an http or https URL")
        return self.files.open(self.entry(url))

    def picture_bytes(self, text: str) -> bytes:
        """Give the bytes of a URL or of raw base64.

        Raises:
            Unusable: 460 as `entry` says, 400 for broken base64.
        """
        return self.fetched(text) if is_url(text) else decoded(text)


def is_url(text: str) -> bool:
    """Tell a URL from base64; a `data:` URL counts as neither."""
    return text.lower().startswith(("http://", "https://"))


def decoded(text: str) -> bytes:
    """Decode raw base64, line breaks allowed.

    Raises:
        Unusable: 400, also for a `data:` prefix.
    """
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        reason = "Not valid base64; send the raw base64 without a data: prefix"
        raise Unusable(400, reason) from error


def checked_picture(data: bytes) -> Picture:
    """Read a picture and refuse what Bria refuses.

    Raises:
        Unusable: 413 above 12 MB; 412 for one that is too small to be measured, be it allowed to
            be enlarged or not; 415 for any other format, by content, or a damaged file.
    """
    if len(data) > MAX_IMAGE_BYTES:
        raise Unusable(413, f"The image has {len(data)} bytes; {MAX_IMAGE_BYTES} are the most")
    try:
        return read_picture(data)
    except PictureError as error:
        status = 412 if isinstance(error, TinyPictureError) else 415
        raise Unusable(status, str(error)) from error


def shown_picture(data: bytes) -> Picture:
    """Read a picture that a request only shows, and refuse what Bria refuses.

    Raises:
        Unusable: As `checked_picture` says, but 422 for one that is too small.
            Source: none of the operations that are shown pictures lists a 412; 422 is "leads to
            no usable image".
    """
    try:
        return checked_picture(data)
    except Unusable as reason:
        if reason.status == 412:
            raise Unusable(422, reason.reason) from reason
        raise


def looks_like_a_picture(data: bytes) -> bool:
    """Tell whether the first bytes are those of a JPEG, PNG or WEBP, whole or not."""
    return data.startswith(_MAGIC) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
