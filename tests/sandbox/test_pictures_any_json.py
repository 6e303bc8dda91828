"""Whatever JSON a user hands in, the pictures' functions answer: nothing in it is trusted."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bria_tailored_ext.sandbox.pictures import (
    caption,
    draw,
    read_picture,
    refine,
    structured_prompt,
)

_TEXT = st.text(st.characters(), max_size=20)
_KEYS = _TEXT | st.sampled_from(
    """palette colors hex share colour subjects name count setting short_description lighting
    mood style medium avoid details notes description consistency""".split()  # noqa: SIM905
)
_WORDS = _TEXT | st.sampled_from(
    """#abc|#12zz|teal|two cups|remove teal and cats|warmer|darker|night|sea|abstract|name is Bo
    |add red and a cat|no|moon|fish|table""".split("|")  # noqa: SIM905
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)
_OBJECTS = st.dictionaries(_KEYS, _JSON, max_size=5)
_many = settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
_some = settings(_many, max_examples=60)


def _plain_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(out, "PNG")
    return out.getvalue()


_PICTURE = read_picture(_plain_picture())


@_many
@given(_OBJECTS, _WORDS)
def test_refining_any_object_keeps_all_its_keys(document: dict[str, Any], words: str) -> None:
    """No instruction, on no document, raises or drops a key."""
    assert set(document) <= set(refine(document, words))


@_many
@given(st.none() | _WORDS, st.none() | _OBJECTS, _OBJECTS, st.integers())
def test_any_base_and_schema_give_a_structured_prompt(
    prompt: str | None, base: dict[str, Any] | None, schema: dict[str, Any], seed: int
) -> None:
    """Wrong types count as missing; what a base has, it keeps."""
    made = structured_prompt(prompt, base=base, schema=schema, seed=seed)
    assert set(base or {}) <= set(made)


@_many
@given(_OBJECTS, _TEXT)
def test_any_schema_and_name_give_a_caption(schema: dict[str, Any], name: str) -> None:
    """A caption always has a description and a subject."""
    made = caption(_PICTURE, schema, name)
    assert made["short_description"]
    assert made["subject"]


@_some
@given(_OBJECTS, _OBJECTS, st.integers(), _TEXT, st.floats())
def test_any_prompt_and_schema_can_be_drawn(
    structured: dict[str, Any], schema: dict[str, Any], seed: int, ratio: str, influence: float
) -> None:
    """A picture comes out, of the size asked for."""
    drawn = draw(
        structured, schema=schema, seed=seed, aspect_ratio=ratio, influence=influence, size=64
    )
    assert Image.open(io.BytesIO(drawn)).size == (64, 64)
