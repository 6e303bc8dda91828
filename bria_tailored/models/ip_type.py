# Generated, do not edit: make generate
from typing import Literal

IpType = Literal[
    "character_variants",
    "defined_character",
    "icons",
    "multi_object_set",
    "object_variants",
    "other",
    "stylized_scene",
]

IP_TYPE_VALUES: dict[str, IpType] = {
    "character_variants": "character_variants",
    "defined_character": "defined_character",
    "icons": "icons",
    "multi_object_set": "multi_object_set",
    "object_variants": "object_variants",
    "other": "other",
    "stylized_scene": "stylized_scene",
}


def check_ip_type(value: str) -> IpType:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = IP_TYPE_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(IP_TYPE_VALUES.values())!r}"
        )
    return known
