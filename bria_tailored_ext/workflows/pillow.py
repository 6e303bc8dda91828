"""What Pillow does besides reading pictures: it warns, and raises far more than OSError."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager

from PIL import Image

UNREADABLE = (
    OSError,
    ValueError,
    # Of some broken PNGs.
    SyntaxError,
    # Its warning of large pictures, where a program makes errors of warnings.
    RuntimeWarning,
    Image.DecompressionBombError,
)
"""What says that a picture cannot be opened, or not be reduced."""

# The filters of warnings belong to the whole process.
_WARNINGS = threading.Lock()


@contextmanager
def quietly() -> Generator[None]:
    """Without Pillow's warnings, of large pictures and broken EXIF data, for a moment only."""
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
