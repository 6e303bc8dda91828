"""The `Range` header, as far as a download needs it: one range of bytes."""

import re
from typing import Final

_ONE_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(ValueError):
    """The range begins behind the end of the file."""


def wanted_part(header: str | None, size: int) -> range | None:
    """Say which bytes a `Range` header asks for.

    Args:
        header: The header's text, if there is one.
        size: The length of the file in bytes.

    Returns:
        The bytes asked for; `None` to send the whole file, as for several ranges or a
        header that cannot be read. Source: RFC 9110, section 14.2.

    Raises:
        Unsatisfiable: The file has none of these bytes.
    """
    match = _ONE_RANGE.fullmatch((header or "").strip())
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= stop:
        raise Unsatisfiable(header)
    return range(start, stop)
