"""One row of a batch: what makes it a request, checked before anything is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NoReturn, get_args

import attrs

from bria_tailored.models import AspectRatio
from bria_tailored_ext.batch.columns import (
    IMAGE_FILE,
    MODELS,
    NOT_FOR_BATCHES,
    WORDS,
    columns,
)
from bria_tailored_ext.batch.outcomes import Request
from bria_tailored_ext.rules.requests import check_request
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.jobs import JobKind

_RATIOS = get_args(AspectRatio)
_KINDS = {kind.value: kind for kind in JobKind}
_LONGEST_ID = 200
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


@attrs.frozen(kw_only=True)
class Row:
    """One request of a batch.

    Attributes:
        id: The user's, or the place in the input, from 1.
        kind: What is asked for.
        body: What would be sent, as canonical JSON; with `image_file` as it was given.
        digest: What tells this request from another: of kind and body, 16 bytes.
    """

    id: str
    kind: JobKind
    body: str
    digest: bytes

    def request(self) -> Request:
        """The request as a model."""
        return request_of(self.kind, self.body)


def request_of(kind: JobKind, body: str) -> Request:
    """The request that a journaled kind and body describe."""
    fields: dict[str, Any] = json.loads(body)
    if IMAGE_FILE in fields:
        fields["image"] = fields.pop(IMAGE_FILE)
    return MODELS[kind].from_dict(fields)


def read_row(place: int, raw: Mapping[str, Any]) -> Row:
    """The request that a row of a file, or a dict, describes.

    Args:
        place: Of the row in the input, from 1; its id, if it has none of its own.
        raw: The columns. `None` is the same as a column that is not there.

    Raises:
        InvalidInputError: Says which column breaks which rule.
    """
    kind = _kind(raw.get("kind"))
    known = columns(kind)
    body: dict[str, Any] = {}
    for name, value in raw.items():
        if value is None or name in ("id", "kind"):
            continue
        column = known.get(name)
        if column is None:
            _refuse_column(kind, name)
        if name == "tailored_model_id" and type(value) is int:
            # A model's own id is an integer; generation takes it as a string.
            value = str(value)
        if column.types and type(value) not in column.types:
            raise InvalidInputError(f"{name} must be {WORDS[column.types]}; it is {_short(value)}.")
        body[name] = value
    if kind is JobKind.VIDEO and ("image" in body) == (IMAGE_FILE in body):
        raise InvalidInputError(
            "A video needs the picture that it starts from: image (a URL or base64) or "
            "image_file (a path), one of them."
        )
    check_request(kind, body, _RATIOS)
    return _row(_id(place, raw.get("id")), kind, body)


def row_of(place: int, request: Request) -> Row:
    """The row for a request that is a model already.

    Raises:
        InvalidInputError: It is no request, or breaks a rule.
    """
    for kind, model in MODELS.items():
        if isinstance(request, model):
            body = request.to_dict()
            if body.get("sync"):
                raise InvalidInputError("sync has no place in a batch: a batch polls by itself.")
            check_request(kind, body, _RATIOS)
            return _row(str(place), kind, body)
    raise InvalidInputError(
        "A batch takes ImageRequest, StructuredPromptRequest, VideoRequest, or a dict of their "
        f"fields; this is a {type(request).__name__}."
    )


def _row(name: str, kind: JobKind, body: Mapping[str, Any]) -> Row:
    text = _encode(body)
    try:
        encoded = f"{kind.value}\n{text}".encode()
    except UnicodeEncodeError:
        raise InvalidInputError(
            "The text holds half a character (a lone surrogate), which cannot be sent."
        ) from None
    digest = hashlib.blake2b(encoded, digest_size=16).digest()
    return Row(id=name, kind=kind, body=text, digest=digest)


def _kind(value: object) -> JobKind:
    if value is None:
        return JobKind.IMAGE
    kind = _KINDS.get(value) if isinstance(value, str) else None
    if kind is None:
        raise InvalidInputError(f"kind must be one of {', '.join(_KINDS)}; it is {_short(value)}.")
    return kind


def _id(place: int, value: object) -> str:
    if value is None:
        return str(place)
    name = str(value) if type(value) is int else value
    if not isinstance(name, str) or not name or len(name) > _LONGEST_ID or not name.isprintable():
        raise InvalidInputError(
            f"id must be a string of 1 to {_LONGEST_ID} printable characters; "
            f"it is {_short(value)}."
        )
    return name


def _refuse_column(kind: JobKind, name: object) -> NoReturn:
    if name in NOT_FOR_BATCHES:
        raise InvalidInputError(f"{name} has no place in a batch: {NOT_FOR_BATCHES[str(name)]}.")
    raise InvalidInputError(
        f"There is no column {_short(name)} in a request of kind {kind.value}. "
        f"There are id, kind, {', '.join(columns(kind))}."
    )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
