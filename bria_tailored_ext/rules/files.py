"""Where the bytes of an answer belong in a file that is fetched in more than one request.

Source: RFC 9110, sections 13.1.5 (If-Range), 14 (ranges) and 15.5.17 (416).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import attrs

from bria_tailored_ext.values.jobs import JobState

EXPIRED = frozenset({400, 401, 403, 404, 410})
"""What the URL of a result answers once it has expired.

S3 says 403 of a signature that is too old and 400 of a session that is.
Source: the list of error codes in the API reference of Amazon S3.
"""

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


@attrs.frozen(kw_only=True)
class Version:
    """Which bytes they are that an URL gave: a later answer must give the same to go on.

    Attributes:
        source: The URL without its query, in which a signature changes with the time.
        validator: A strong ETag or date, for `If-Range`; `None`: nothing tells two versions apart.
        length: Of the whole, in bytes, if the server said so.
    """

    source: str
    validator: str | None = None
    length: int | None = None


@attrs.frozen(kw_only=True)
class Span:
    """Where the body of an answer belongs.

    Attributes:
        start: The place of its first byte.
        stop: The place after its last byte, if the server said so.
        version: What it is a part of.
    """

    start: int
    stop: int | None
    version: Version

    @property
    def whole(self) -> int | None:
        """The length of the finished file; `None` if only the end of the body tells."""
        return self.stop if self.version.length is None else self.version.length


def headers_for(start: int, version: Version | None) -> dict[str, str]:
    """The headers that ask for the rest of a version, or for all of whatever there is."""
    # What came compressed would be saved compressed, and its length could not be checked.
    asked = {"Accept-Encoding": "identity"}
    if start and version and version.validator:
        asked |= {"Range": f"bytes={start}-", "If-Range": version.validator}
    return asked


def span_of(
    status: int, headers: Mapping[str, str], *, asked: int, version: Version | None, source: str
) -> Span | None:
    """Where the body of an answer belongs; `None` if it can belong nowhere.

    Args:
        status: 200, 206 or 416.
        headers: Of the answer, in lower case or of any.
        asked: The first byte that was asked for; 0 if the whole was.
        version: What the bytes before it are of.
        source: The URL without its query.
    """
    if status == 200:
        whole = _version(source, headers)
        return Span(start=0, stop=whole.length, version=whole)
    found = _CONTENT_RANGE.fullmatch(headers.get("content-range", "").strip())
    if status != 206 or not asked or version is None or found is None:
        return None
    first, last = int(found[1]), int(found[2])
    total = None if found[3] == "*" else int(found[3])
    if first != asked or last < first or (total is not None and last >= total):
        return None
    if _differs(total, version.length) or _differs(_strong_tag(headers), _tag(version)):
        return None
    length = version.length if total is None else total
    return Span(start=first, stop=last + 1, version=attrs.evolve(version, length=length))


def length_of(headers: Mapping[str, str]) -> int | None:
    """The length of a body in bytes, if the headers say it."""
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 19 else None


def placeholder_state(status: int, length: int | None) -> JobState:
    """What a look at a legacy placeholder URL means, asked for with `Range: bytes=0-0`.

    200 or 206 with a length: ready. 416 or zero bytes: failed. Anything else: not there yet.
    Source: Bria's guide to asynchronous v1 requests.

    Args:
        status: Of the answer.
        length: Of its body in bytes, or `None` if it broke off before anything told.
    """
    if status == 416 or (status in (200, 206) and length == 0):
        return JobState.FAILED
    is_there = status in (200, 206) and length is not None
    return JobState.COMPLETED if is_there else JobState.IN_PROGRESS


def _version(source: str, headers: Mapping[str, str]) -> Version:
    if headers.get("content-encoding", "identity").lower() not in ("identity", ""):
        # Its length and its ranges count other bytes than those that are saved.
        return Version(source=source)
    return Version(
        source=source,
        validator=_strong_tag(headers) or _strong_date(headers),
        length=length_of(headers),
    )


def _strong_tag(headers: Mapping[str, str]) -> str | None:
    tag = headers.get("etag", "").strip()
    return tag if len(tag) >= 2 and tag.startswith('"') and tag.endswith('"') else None


def _tag(version: Version) -> str | None:
    return version.validator if version.validator and version.validator[0] == '"' else None


def _strong_date(headers: Mapping[str, str]) -> str | None:
    # A weak tag forbids the date; a date counts if a second has passed since: section 8.8.2.2.
    if "etag" in headers:
        return None
    try:
        modified = parsedate_to_datetime(headers["last-modified"])
        seconds = (parsedate_to_datetime(headers["date"]) - modified).total_seconds()
    except (KeyError, ValueError, TypeError):
        return None
    return headers["last-modified"] if seconds >= 1 else None


def _differs(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other
