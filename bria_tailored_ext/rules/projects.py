"""What a project must say of the IP that it is for.

Source: create-project in Bria's document.
"""

from __future__ import annotations

from collections.abc import Collection

from bria_tailored_ext.values.errors import InvalidInputError

ILLUSTRATION_ONLY = ("object_variants", "multi_object_set", "icons", "character_variants")

_NAME_WORDS = (1, 3)
_DESCRIPTION_WORDS = 6
_NAMED = ("defined_character",)
_DESCRIBED = ("defined_character", "object_variants")


def check_project(
    *,
    name: str,
    ip_type: str,
    ip_medium: str,
    ip_name: str | None,
    ip_description: str | None,
    types: Collection[str],
    media: Collection[str],
) -> None:
    """Check what a project is created with.

    Args:
        name: Its name.
        ip_type: The type of the IP.
        ip_medium: Its medium.
        ip_name: The name of a character.
        ip_description: What sets it apart.
        types: The words that Bria's document knows for the type.
        media: The words that it knows for the medium.

    Raises:
        InvalidInputError: Says which field breaks which rule, and what would be right.
    """
    if not name.strip():
        raise InvalidInputError("The name of the project is empty. Give it one.")
    if ip_type not in types:
        raise InvalidInputError(f"ip_type must be one of {', '.join(types)}; it is {ip_type!r}.")
    if ip_medium not in media:
        raise InvalidInputError(
            f"ip_medium must be one of {', '.join(media)}; it is {ip_medium!r}."
        )
    if ip_type in ILLUSTRATION_ONLY and ip_medium != "illustration":
        raise InvalidInputError(
            f"ip_type {ip_type!r} is for ip_medium 'illustration' only; it is {ip_medium!r}. "
            "Choose defined_character, stylized_scene or other, or change the medium."
        )
    words = len((ip_name or "").split())
    if ip_type in _NAMED and not _NAME_WORDS[0] <= words <= _NAME_WORDS[1]:
        raise InvalidInputError(
            f"ip_type {ip_type!r} needs an ip_name of 1 to 3 words, such as 'Captain Smith'; it is "
            f"{ip_name!r}."
        )
    words = len((ip_description or "").split())
    if ip_type in _DESCRIBED and not 1 <= words <= _DESCRIPTION_WORDS:
        raise InvalidInputError(
            f"ip_type {ip_type!r} needs an ip_description of 1 to 6 words, such as 'a female "
            f"character with purple hair'; it is {ip_description!r}."
        )
