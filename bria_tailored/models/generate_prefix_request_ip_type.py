# Generated, do not edit: make generate
from typing import Literal

GeneratePrefixRequestIpType = Literal["defined_character", "object_variants", "stylized_scene"]

GENERATE_PREFIX_REQUEST_IP_TYPE_VALUES: dict[str, GeneratePrefixRequestIpType] = {
    "defined_character": "defined_character",
    "object_variants": "object_variants",
    "stylized_scene": "stylized_scene",
}


def check_generate_prefix_request_ip_type(value: str) -> GeneratePrefixRequestIpType:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = GENERATE_PREFIX_REQUEST_IP_TYPE_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(GENERATE_PREFIX_REQUEST_IP_TYPE_VALUES.values())!r}"
        )
    return known
