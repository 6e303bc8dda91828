# Generated, do not edit: make generate
from typing import Literal

IpMedium = Literal["illustration", "photography"]

IP_MEDIUM_VALUES: dict[str, IpMedium] = {
    "illustration": "illustration",
    "photography": "photography",
}


def check_ip_medium(value: str) -> IpMedium:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = IP_MEDIUM_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(IP_MEDIUM_VALUES.values())!r}"
        )
    return known
