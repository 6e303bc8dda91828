"""Several texts, each sent by itself and often billed: a single one is not taken apart."""

from __future__ import annotations

from collections.abc import Iterable

from bria_tailored_ext.values.errors import InvalidInputError


def several(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """Texts as a tuple.

    Args:
        name: What to call them in the message.
        values: The texts.

    Raises:
        InvalidInputError: It is one text, which would be taken for its characters.
    """
    if isinstance(values, str | bytes):
        raise InvalidInputError(f"{name} takes several: put a single one into a list.")
    return tuple(values)


def checked_instructions(values: Iterable[str]) -> tuple[str, ...]:
    """Instructions, each of which is a refinement that is billed.

    Raises:
        InvalidInputError: It is a single one, or one of them is empty.
    """
    instructions = several("instructions", values)
    if not all(instruction.strip() for instruction in instructions):
        raise InvalidInputError("One of the instructions is empty. Leave it out.")
    return instructions
