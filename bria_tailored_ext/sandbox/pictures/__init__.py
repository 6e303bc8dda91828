"""Pictures of the sandbox: what is read from uploads, and what is drawn from them.

Everything here is a pure function of its arguments: no files, no clock, no global state,
no randomness without a seed. The same input gives the same picture.
"""

from bria_tailored_ext.sandbox.pictures.captioning import caption
from bria_tailored_ext.sandbox.pictures.drawing import ASPECT_RATIOS, draw
from bria_tailored_ext.sandbox.pictures.features import Features, Swatch
from bria_tailored_ext.sandbox.pictures.prompting import structured_prompt
from bria_tailored_ext.sandbox.pictures.reading import (
    Picture,
    PictureError,
    TinyPictureError,
    read_picture,
    thumbnail,
)
from bria_tailored_ext.sandbox.pictures.refining import refine
from bria_tailored_ext.sandbox.pictures.restyling import restyle
from bria_tailored_ext.sandbox.pictures.schema import visual_schema, with_palette
from bria_tailored_ext.sandbox.pictures.vectors import draw_vector
from bria_tailored_ext.sandbox.pictures.video import animate

__all__ = [
    "ASPECT_RATIOS",
    "Features",
    "Picture",
    "PictureError",
    "Swatch",
    "TinyPictureError",
    "animate",
    "caption",
    "draw",
    "draw_vector",
    "read_picture",
    "refine",
    "restyle",
    "structured_prompt",
    "thumbnail",
    "visual_schema",
    "with_palette",
]
