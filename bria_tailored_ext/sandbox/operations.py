"""The operations by name: the document's `operationId` for each method and path."""

import functools
from collections.abc import Mapping
from typing import Final

from bria_tailored_ext.sandbox.document import document, operations

GET_FILE: Final = "get-file"
"""The sandbox's own name for downloads from `/files/`, which the document does not have."""
GET_STATUS: Final = "get-status"


@functools.cache
def operation_ids() -> Mapping[str, str]:
    """Give every operation's name by its route, such as `GET /v1/tailored-gen/models`."""
    paths = document()["paths"]
    return {
        f"{method} {path}": str(paths[path][method.lower()]["operationId"])
        for method, path in operations()
    }


def operation_at(route: str) -> str:
    """Name the operation of a route; one that the document does not have is its own name."""
    return operation_ids().get(route, route)


def operation_named(name: str) -> str:
    """Find an operation by its name, written with dashes or as Python writes it.

    Raises:
        ValueError: There is none.
    """
    found = name.replace("_", "-")
    if found != GET_FILE and found not in operation_ids().values():
        raise ValueError(
            f"There is no operation {name!r}. It is the operationId of Bria's document, such as"
            f" 'generate-image', or {GET_FILE!r} for downloads of results."
        )
    return found
