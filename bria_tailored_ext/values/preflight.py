"""What is found out about pictures before anything is sent."""

from __future__ import annotations

from enum import StrEnum

import attrs


class Severity(StrEnum):
    """How much a finding weighs."""

    REFUSE = "refuse"
    """Bria would refuse the picture, or the set."""
    WARN = "warn"
    """Bria takes it, and the result may be worse for it."""
    NOTE = "note"
    """Good to know."""


@attrs.frozen(kw_only=True)
class Finding:
    """One thing about a picture, or about the set.

    Attributes:
        code: One word for programs, such as `too_small`. It stays what it is.
        severity: How much it weighs.
        message: A sentence or two with the value, the rule and the remedy.
        mendable: Whether a corrected copy can be made by `mend_images`.
    """

    code: str
    severity: Severity
    message: str
    mendable: bool = False


@attrs.frozen(kw_only=True)
class PictureFacts:
    """What a picture is, read from its content.

    Attributes:
        kind: `jpeg`, `png`, `webp`, or another format's name; `None` where it is no picture.
        size: In bytes.
        width: In pixels, as it is stored; 0 where it is not known.
        height: In pixels, as it is stored; 0 where it is not known.
        mode: Pillow's word for its colours, such as `RGB` or `CMYK`.
        bits: Per channel.
        transparent: How much of it is, from 0 to 1; half transparent pixels count half.
        orientation: By its EXIF data, 1 to 8; 1 is upright.
        frames: How many there are.
        profile: The name of a colour profile other than sRGB, or an empty text.
        damage: Why it could not be decoded whole, or an empty text.
        too_large: Whether it has so many pixels that it was not decoded.
        unreadable: Why its file could not be read, or an empty text.
    """

    kind: str | None = None
    size: int = 0
    width: int = 0
    height: int = 0
    mode: str = ""
    bits: int = 8
    transparent: float = 0.0
    orientation: int = 1
    frames: int = 1
    profile: str = ""
    damage: str = ""
    too_large: bool = False
    unreadable: str = ""

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height as it is shown, with its rotation applied."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)
