"""Names of files: by a template, never outside the folder, never one name twice."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

import attrs

from bria_tailored_ext.values.errors import ConfigurationError

FIELDS = ("id", "seed", "model", "kind", "ext")
DEFAULT = "{id}-{seed}.{ext}"

_LONGEST_BYTES = 180
"""File systems take 255 bytes; the rest is for what makes a name unique, and for part files."""

# What Windows forbids, path separators among them, and what no terminal should print.
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\ud800-\udfff]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
_OURS = re.compile(r"(?i)^(index\.html|manifest\.jsonl|gallery|thumbnails)$")
_ENDINGS = ("png", "jpg", "jpeg", "webp", "gif", "mp4", "webm", "mov")


@attrs.frozen(kw_only=True)
class Facts:
    """What a name may be made of."""

    id: str
    seed: int | None
    model: str
    kind: str
    ext: str


def check_template(template: str) -> str:
    """The template, if every name that it makes stays in the folder.

    Raises:
        ConfigurationError: It has an unknown field, a folder in it, or does not end in `.{ext}`.
    """
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise ConfigurationError(f"The name template {template!r} is not one: {error}.") from None
    for text, field, form, conversion in parts:
        if _UNSAFE.search(text):
            raise ConfigurationError(
                f"The name template {template!r} has {text!r} in it, which is not safe in the "
                "name of a file. All files lie in one folder."
            )
        if field is not None and (field not in FIELDS or form or conversion):
            raise ConfigurationError(
                f"The name template {template!r} has {{{field}}} in it. "
                f"There are {', '.join(f'{{{name}}}' for name in FIELDS)}, without formats."
            )
    if not template.endswith(".{ext}"):
        raise ConfigurationError(f"The name template {template!r} must end in .{{ext}}.")
    return template


def candidates(template: str, facts: Facts) -> Iterator[str]:
    """Names for one file, the best first; whoever asks takes the first that is free."""
    values = {
        "id": safe(facts.id),
        "seed": "noseed" if facts.seed is None else str(facts.seed),
        "model": safe(facts.model),
        "kind": facts.kind,
        # The end is put back below, so that a long id cannot cut it off.
        "ext": "",
    }
    stem = safe(template.format(**values).rstrip("."), _LONGEST_BYTES)
    if _RESERVED.match(stem) or _OURS.match(stem):
        stem = f"_{stem}"
    ext = safe(facts.ext, 10)
    yield f"{stem}.{ext}"
    number = 2
    while True:
        yield f"{stem}-{number}.{ext}"
        number += 1


def same(name: str) -> str:
    """What two names have in common that some file systems take for one."""
    return name.casefold()


def safe(text: str, longest: int = _LONGEST_BYTES) -> str:
    """The text as a part of a name: nothing that a file system or a path gives a meaning."""
    clean = _UNSAFE.sub("_", text)
    clean = clean.encode()[:longest].decode(errors="ignore")
    # Leading dots hide a file or climb; trailing ones are dropped by Windows.
    return clean.lstrip(". ").rstrip(". ") or "_"


def ending(url: str, default: str) -> str:
    """The ending of the file behind an URL, if it is a known one."""
    path = url.partition("?")[0].partition("#")[0]
    found = path.rpartition(".")[2].lower()
    return found if found in _ENDINGS else default
