"""Per-operation servers become versioned paths: generators ignore the former."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from openapi.builder.documents import METHODS, BuildError, Document, read_data

MOVED_PATHS = Path(__file__).parents[2] / "corrections" / "paths.yaml"


def apply(document: Document) -> list[str]:
    """Put the version of each operation's server in front of its path; one server remains."""
    default = _single(document.get("servers"), "The document")
    origin, _ = default
    paths: dict[str, Any] = {}
    notes = []
    for path, item in document["paths"].items():
        shared = {key: value for key, value in item.items() if key not in (*METHODS, "servers")}
        for method in (each for each in METHODS if each in item):
            operation = item[method]
            declared = operation.pop("servers", None) or item.get("servers")
            host, version = _single(declared, f"{method} {path}") if declared else default
            if host != origin:
                raise BuildError(
                    f"{method} {path} is on {host}, the document on {origin}. "
                    "One host was expected."
                )
            paths.setdefault(version + path, dict(shared))[method] = operation
            if version:
                notes.append(f"{method} {path} is {version}{path}")
    document["paths"] = paths
    document["servers"] = [{"url": origin}]
    return notes


def move_paths(document: Document) -> list[str]:
    """Rename the paths that `corrections/paths.yaml` lists; each must be in the document."""
    notes = []
    for entry in read_data(MOVED_PATHS)["paths"]:
        documented, used = entry["documented"], entry["used"]
        if documented not in document["paths"]:
            raise BuildError(
                f"corrections/paths.yaml speaks of {documented}, which the document no longer has. "
                "If Bria has renamed it, remove the entry."
            )
        if used != documented and used in document["paths"]:
            raise BuildError(
                f"corrections/paths.yaml calls {documented} at {used}, which is a path of the "
                "document itself. Remove the entry if Bria has added it."
            )
        document["paths"] = {
            used if path == documented else path: item for path, item in document["paths"].items()
        }
        notes.append(f"{documented} is called at {used}: {entry['reason']}")
    return notes


def _single(servers: list[dict[str, Any]] | None, whose: str) -> tuple[str, str]:
    if not servers or len(servers) != 1 or "url" not in servers[0]:
        raise BuildError(f"{whose} declares {len(servers or ())} servers where one was expected.")
    url = urlsplit(servers[0]["url"])
    return f"{url.scheme}://{url.netloc}", url.path.rstrip("/")
