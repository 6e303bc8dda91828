"""What can be said of pictures before they are sent: each rule, its value, and what to do.

Source: "Image Requirements" and "Dataset Guidelines" of upload-image in Bria's reference, and its
general notes on images (12 MB), except where a rule says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from bria_tailored_ext.rules.datasets import FEWEST_IMAGES, MOST_IMAGES
from bria_tailored_ext.rules.pictures import (
    MAX_IMAGE_BYTES,
    RECOMMENDED_SIDE,
    SMALLEST_SIDE,
    TAKEN,
    kind_of_name,
)
from bria_tailored_ext.values.preflight import Finding, PictureFacts, Severity

RECOMMENDED_MOST = 50

NEAR_BITS = 8
"""Of the 64 bits of two perceptual hashes, how many may differ between near duplicates."""

NEAR_SHADES = 10.0
"""Of 255 shades, how far apart near duplicates may be on average, seen from afar."""

WIDEST = 2.0
"""Times as long as wide, beyond which an aspect is worth a word. Ours: Bria documents none."""

_TURNS = {
    2: "mirrored",
    3: "upside down",
    4: "mirrored, upside down",
    5: "mirrored, on its side",
    6: "on its side",
    7: "mirrored, on its side",
    8: "on its side",
}


def findings_of(
    facts: PictureFacts, *, name: str = "", increase_resolution: bool = True
) -> tuple[Finding, ...]:
    """Everything that is to be said of one picture, the gravest first.

    Args:
        facts: What it is.
        name: Its file name, to compare with what it is.
        increase_resolution: Whether Bria is going to be asked to upscale small ones.
    """
    fatal = _fatal(facts)
    if fatal is not None:
        return (fatal,)
    found = [finding for check in _CHECKS if (finding := check(facts)) is not None]
    found += _resolution(facts, increase_resolution=increase_resolution)
    found += _misnamed(facts, name)
    return by_severity(found)


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings, the gravest first."""
    order = list(Severity)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))


def duplicate(first: str) -> Finding:
    """The finding for a picture that is, byte by byte, another one."""
    return _warn(
        "duplicate", f"It is the same file as {first}, and would count twice. Take one of them out."
    )


def near_duplicate(first: str) -> Finding:
    """The finding for a picture that looks like another one."""
    return _warn(
        "near_duplicate",
        f"It looks nearly the same as {first}. Bria advises diverse content: keep the better one.",
    )


def count_findings(taken: int, refused: int = 0) -> tuple[Finding, ...]:
    """What is to be said of how many pictures there are.

    Args:
        taken: How many Bria would take.
        refused: How many it would not.

    Source: 5 to 50 recommended and 200 at most by upload-image; 5 at least by "Completion
    Requirements" of update-dataset.
    """
    total = taken + refused
    there = f"{taken} of {total} pictures can be sent" if refused else _pictures(total)
    if taken < FEWEST_IMAGES:
        return (
            _refuse(
                "too_few",
                f"{there}; a dataset needs {FEWEST_IMAGES} to be completed. "
                f"Add {FEWEST_IMAGES - taken}.",
            ),
        )
    if total > MOST_IMAGES:
        return (
            _refuse(
                "too_many",
                f"{_pictures(total)}; a dataset takes {MOST_IMAGES}. Leave "
                f"{total - MOST_IMAGES} out, or use an advanced dataset and a bulk upload.",
            ),
        )
    if total > RECOMMENDED_MOST:
        return (
            _warn(
                "many",
                f"{_pictures(total)}; Bria recommends {FEWEST_IMAGES} to {RECOMMENDED_MOST}. "
                "Choose the most consistent ones.",
            ),
        )
    return ()


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count or 'No'} pictures"


def _refuse(code: str, message: str, *, mendable: bool = False) -> Finding:
    return Finding(code=code, severity=Severity.REFUSE, message=message, mendable=mendable)


def _warn(code: str, message: str, *, mendable: bool = False) -> Finding:
    return Finding(code=code, severity=Severity.WARN, message=message, mendable=mendable)


def _note(code: str, message: str, *, mendable: bool = False) -> Finding:
    return Finding(code=code, severity=Severity.NOTE, message=message, mendable=mendable)


def _fatal(facts: PictureFacts) -> Finding | None:
    """What leaves nothing else to be said."""
    if facts.unreadable:
        return _refuse("unreadable", f"It cannot be read: {facts.unreadable}.")
    if not facts.size:
        return _refuse("empty", "It is empty. Replace it.")
    if facts.kind is None:
        return _refuse("no_picture", "It is no picture, whatever its name says. Take it out.")
    if facts.damage:
        return _refuse("damaged", f"It is damaged: {facts.damage}. Replace it by a sound copy.")
    return None


def _format(facts: PictureFacts) -> Finding | None:
    if facts.kind in TAKEN:
        return None
    return _refuse(
        "format",
        f"It is of the format {str(facts.kind).upper()}; Bria takes JPEG, PNG and WEBP. Convert "
        "it.",
        # What could not be decoded here cannot be converted here.
        mendable=bool(facts.mode),
    )


def _weight(facts: PictureFacts) -> Finding | None:
    if facts.size <= MAX_IMAGE_BYTES:
        return None
    return _refuse(
        "too_heavy",
        f"It has {facts.size / 1e6:.1f} MB; Bria takes {MAX_IMAGE_BYTES / 1e6:.0f} MB at most. "
        "Save it smaller.",
        mendable=bool(facts.mode) and not facts.too_large,
    )


def _too_large(facts: PictureFacts) -> Finding | None:
    if not facts.too_large:
        return None
    pixels = f"{facts.width:,}×{facts.height:,} pixels" if facts.width else "too many pixels"
    return _warn(
        "too_large",
        f"It has {pixels}, which would take gigabytes to decode, so that it was not looked into. "
        "Save it smaller.",
    )


def _resolution(facts: PictureFacts, *, increase_resolution: bool) -> Iterator[Finding]:
    width, height = facts.shown_size
    side, pixels = min(width, height), f"{width}×{height} pixels"
    least = f"{RECOMMENDED_SIDE}×{RECOMMENDED_SIDE}"
    if not side or side >= RECOMMENDED_SIDE:
        return
    if side < SMALLEST_SIDE:
        yield _refuse(
            "too_small",
            f"It has {pixels}; Bria takes {SMALLEST_SIDE}×{SMALLEST_SIDE} at least. Replace it by "
            "a larger original: enlarging adds nothing to learn from.",
        )
    elif increase_resolution:
        yield _warn(
            "small",
            f"It has {pixels}; Bria recommends {least} and enlarges it. Use a larger original if "
            "there is one.",
        )
    else:
        yield _refuse(
            "too_small",
            f"It has {pixels}; with increase_resolution off, Bria takes {least} at least. Replace "
            "it by a larger original, or leave increase_resolution on.",
        )


def _transparency(facts: PictureFacts) -> Finding | None:
    if not facts.transparent:
        return None
    share = f"{facts.transparent:.0%}" if facts.transparent >= 0.01 else "Less than 1%"
    return _warn(
        "transparent",
        f"{share} of it is transparent, which Bria makes black. Put it on a background of your "
        "choice.",
        mendable=True,
    )


def _colours(facts: PictureFacts) -> Finding | None:
    if facts.mode in ("CMYK", "LAB", "YCbCr"):
        return _warn(
            "cmyk" if facts.mode == "CMYK" else "colour_mode",
            f"Its colours are {facts.mode}, made for print; on the way they may shift. Convert it "
            "to RGB.",
            mendable=True,
        )
    if facts.bits > 8:
        return _note(
            "deep",
            f"It has {facts.bits} bits per channel, and no more than 8 are ever shown. Convert it "
            "to 8 bits to see what will be seen.",
            mendable=True,
        )
    if facts.mode == "P":
        return _note("palette", "It has a palette of at most 256 colours. Prefer the original.")
    if facts.mode in ("1", "L", "LA"):
        return _note("grey", "It has no colours. Leave it out if the brand has.")
    return None


def _profile(facts: PictureFacts) -> Finding | None:
    if not facts.profile or facts.mode == "CMYK":
        return None
    return _note(
        "profile",
        f"It has the colour profile {facts.profile!r}; where that is not heeded, its colours look "
        "dull. Convert it to sRGB.",
        mendable=True,
    )


def _rotation(facts: PictureFacts) -> Finding | None:
    if facts.orientation == 1:
        return None
    return _warn(
        "rotated",
        f"It is stored {_TURNS[facts.orientation]}, and its EXIF data say so; Bria does not "
        "promise to heed them. Turn the pixels themselves.",
        mendable=True,
    )


def _aspect(facts: PictureFacts) -> Finding | None:
    width, height = facts.shown_size
    if not width or not height or max(width, height) <= WIDEST * min(width, height):
        return None
    ratio = max(width, height) / min(width, height)
    how = "wide as it is high" if width > height else "high as it is wide"
    return _warn(
        "aspect",
        f"It is {ratio:.1f} times as {how}; Bria recommends {RECOMMENDED_SIDE}×{RECOMMENDED_SIDE} "
        "and little margin around the subject. Crop it.",
    )


def _animation(facts: PictureFacts) -> Finding | None:
    if facts.frames == 1:
        return None
    return _warn(
        "animated",
        f"It has {facts.frames} frames, and Bria does not say which it takes. Save the one that "
        "you mean.",
        mendable=True,
    )


def _misnamed(facts: PictureFacts, name: str) -> Iterator[Finding]:
    said, ending = kind_of_name(name), name.rpartition(".")[2]
    if said and facts.kind in TAKEN and said != facts.kind:
        yield _note(
            "misnamed",
            f"By its content it is {facts.kind.upper()}, although its name ends in .{ending}. Bria "
            "goes by the content: rename it only to avoid confusion.",
        )


_CHECKS: Sequence[Callable[[PictureFacts], Finding | None]] = (
    _format,
    _weight,
    _too_large,
    _transparency,
    _colours,
    _profile,
    _rotation,
    _aspect,
    _animation,
)
