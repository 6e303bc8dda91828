"""What is wrong with a webhook delivery."""

from __future__ import annotations

from bria_tailored_ext.values.errors.roots import BriaError


class WebhookSignatureError(BriaError):
    """A webhook delivery is not to be believed. The message holds nothing of it.

    Attributes:
        check: Which check it failed: "headers" (one is missing or cannot be right), "signature"
            (no known token made it), or "freshness" (properly signed, but too long ago, or in
            the future).
    """

    def __init__(self, message: str, *, check: str) -> None:
        super().__init__(message)
        self.check = check
