"""What a call costs in the books.

Only two prices are documented, both as "about": $0.03 for an image and $0.02 for a
structured prompt. The others are the sandbox's own, so that the books show that a call
was billed; do not budget with them.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

IMAGE: Final = "image-generate-tailored"
STRUCTURED_PROMPT: Final = "structured-prompt-generate-tailored"
VIDEO: Final = "generate-video-from-tailored-image"
START_TRAINING: Final = "start-training"
VISUAL_SCHEMA: Final = "generate-visual-schema"
REFINE: Final = "refine-json"

PRICES: Final[Mapping[str, Decimal]] = {
    IMAGE: Decimal("0.03"),
    STRUCTURED_PROMPT: Decimal("0.02"),
    VIDEO: Decimal("0.30"),
    START_TRAINING: Decimal("20.00"),
    VISUAL_SCHEMA: Decimal("0.02"),
    REFINE: Decimal("0.02"),
}
