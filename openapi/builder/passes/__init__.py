"""The clean-up, pass by pass. The order is part of the meaning."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

import attrs

from openapi.builder.documents import BuildError, Document
from openapi.builder.passes import (
    answers,
    authentication,
    base64_files,
    components,
    defaults,
    enums,
    error_bodies,
    identifiers,
    json_schema,
    names,
    overlays,
    parameters,
    prose,
    required,
    servers,
    stray_paths,
    supplements,
)


@attrs.frozen
class Pass:
    """One step of the clean-up.

    `apply` changes the document in place and returns one note for each change. A pass without
    a note has lost its reason to exist, and the build stops.
    """

    name: str
    defect: str
    apply: Callable[[Document], Sequence[str]]


NORMALISE = (
    Pass("stray-paths", "Path items stand beside `paths`.", stray_paths.apply),
    Pass("servers", "Each operation names its own server, which generators ignore.", servers.apply),
    Pass("authentication", "The token is a parameter of every operation.", authentication.apply),
    Pass("json-schema", "OpenAPI 3.0 says `nullable`, 3.1 says `null`.", json_schema.apply),
)
"""These make two documents of Bria's comparable; they use no data of ours."""

CORRECT = (
    Pass(
        "moved-paths", "A path may have to be called elsewhere than documented.", servers.move_paths
    ),
    Pass("prose", "The prose names paths that do not exist.", prose.apply),
    Pass("names", "Operation ids and tags that make poor names.", names.apply),
    Pass("corrections", "Single mistakes, each listed with reason and evidence.", overlays.correct),
    Pass("required", "Required properties are only called so in prose.", required.apply),
    Pass("defaults", "A default that is declared is sent.", defaults.apply),
    Pass("base64", "A binary file stands inside JSON.", base64_files.apply),
    Pass("supplements", "Whole operations are missing.", supplements.apply),
    Pass("parameters", "The generator does not see a parameter's description.", parameters.apply),
    Pass("identifiers", "One id has several types.", identifiers.apply),
    Pass("error-bodies", "The bodies of errors are not declared.", error_bodies.apply),
    Pass("components", "Everything is inline.", components.apply),
    Pass("enums", "The words of answers are closed enums.", enums.apply),
    Pass(
        "answers",
        "Optional fields of answers may be null; identity fields are there.",
        answers.apply,
    ),
)

PASSES = NORMALISE + CORRECT


def comparable(document: Document) -> tuple[Document, list[str]]:
    """A copy of a document of Bria's, normalised as far as it lets itself be.

    A document that has lost a defect, or has a new one, stops the build; it can still be compared.

    Returns:
        The copy, and the names of the passes that could not be applied.
    """
    result = copy.deepcopy(document)
    skipped: list[str] = []
    for step in NORMALISE:
        attempt = copy.deepcopy(result)
        try:
            step.apply(attempt)
        except (AttributeError, BuildError, LookupError, TypeError):
            skipped.append(step.name)
            continue
        result = attempt
    return result, skipped


@attrs.frozen
class Built:
    """A document and what was done to it, as (pass, notes)."""

    document: Document
    notes: tuple[tuple[Pass, tuple[str, ...]], ...]


def run(document: Document, passes: Sequence[Pass] = PASSES) -> Built:
    """Apply passes in order to a copy of the document.

    Raises:
        BuildError: A pass met something that it does not know, or found nothing to do.
    """
    result = copy.deepcopy(document)
    notes: list[tuple[Pass, tuple[str, ...]]] = []
    for step in passes:
        try:
            done = tuple(step.apply(result))
        except BuildError as error:
            raise BuildError(f"Pass `{step.name}`: {error}") from error
        except (AttributeError, LookupError, TypeError) as error:
            raise BuildError(
                f"Pass `{step.name}` met something that it does not know: {error!r}. It handles "
                f"this defect: {step.defect} Look at what `make spec-diff` names, and adapt the "
                "pass in openapi/builder/passes/."
            ) from error
        if not done:
            raise BuildError(
                f"Pass `{step.name}` found nothing to do. It handles this defect: {step.defect} "
                "If Bria has mended it, take the pass out of openapi/builder/passes/__init__.py."
            )
        notes.append((step, done))
    return Built(result, tuple(notes))
