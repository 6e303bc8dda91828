"""Seeded chance: the same seed and the same question always give the same answer."""

import uuid
from hashlib import blake2b

import attrs


@attrs.frozen
class Chance:
    """Random-looking values that depend on nothing but the seed and a key.

    No state is kept, so the answers do not depend on the order of the questions.
    """

    seed: int

    def between(self, low: float, high: float, *key: str | int) -> float:
        """Draw a number from `low` to `high`."""
        fraction = int.from_bytes(self._digest(key)[:8]) / 2**64
        return low + (high - low) * fraction

    def whole(self, below: int, *key: str | int) -> int:
        """Draw a whole number from 0 up to, but not including, `below`."""
        return int.from_bytes(self._digest(key)[:8]) % below

    def uuid(self, *key: str | int) -> str:
        """Draw an id in the form of a random UUID, in hex without dashes."""
        return uuid.UUID(bytes=self._digest(key)[:16], version=4).hex

    def _digest(self, key: tuple[str | int, ...]) -> bytes:
        return blake2b(repr((self.seed, *key)).encode(), digest_size=16).digest()
