"""What a call costs in the books.

Only two prices are documented, both as "about": $0.03 for an image and $0.02 for a
structured prompt. The others are the sandbox's own, so that the books show that a call
was billed; do not budget with them.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from bria_tailored_ext.sandbox.operations import operation_named

IMAGE: Final = "generate-image"
STRUCTURED_PROMPT: Final = "generate-structured-prompt"
VIDEO: Final = "generate-video"
START_TRAINING: Final = "start-training"
VISUAL_SCHEMA: Final = "generate-visual-schema"
REFINE: Final = "refine-structured-prompt"
LEGACY_IMAGE: Final = "text-to-image-tailored"
LEGACY_VECTOR: Final = "text-to-vector-tailored"
REIMAGINE: Final = "reimagine-tailored"
PORTRAIT: Final = "restyle-portrait"
PREFIX: Final = "generate-prefix"

PRICES: Final[Mapping[str, Decimal]] = {
    IMAGE: Decimal("0.03"),
    STRUCTURED_PROMPT: Decimal("0.02"),
    VIDEO: Decimal("0.30"),
    START_TRAINING: Decimal("20.00"),
    VISUAL_SCHEMA: Decimal("0.02"),
    REFINE: Decimal("0.02"),
    LEGACY_IMAGE: Decimal("0.04"),
    LEGACY_VECTOR: Decimal("0.06"),
    REIMAGINE: Decimal("0.04"),
    PORTRAIT: Decimal("0.04"),
    PREFIX: Decimal("0.01"),
}


def price_list(chosen: Mapping[str, Decimal | float | str]) -> Mapping[str, Decimal]:
    """Put chosen prices in the place of the usual ones.

    Args:
        chosen: US dollars by operation, written with dashes or underscores.

    Raises:
        ValueError: There is no such operation, or the price is no amount of money.
    """
    return {**PRICES, **{operation_named(name): _money(price) for name, price in chosen.items()}}


def _money(price: Decimal | float | str) -> Decimal:
    try:
        # By its digits: 0.1 is meant as a tenth, not as the nearest binary fraction.
        money = Decimal(str(price))
    except InvalidOperation:
        money = Decimal(-1)
    if not money.is_finite() or money < 0:
        raise ValueError(f"A price must be 0 or more US dollars; it is {price!r}.")
    return money
