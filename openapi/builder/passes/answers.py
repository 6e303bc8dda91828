"""What may be missing from an answer, and what may not.

Bria's document promises no field of any answer and knows few nulls, while running code meets
both. So identity fields are required, by `corrections/names.yaml`, and any other may be null.
"""

from __future__ import annotations

from openapi.builder.documents import BuildError, Document
from openapi.builder.passes import names
from openapi.builder.passes.json_schema import admit_null, without_null
from openapi.builder.passes.reach import in_answers


def apply(document: Document) -> list[str]:
    """Require the identity fields; let every optional field of an answer be null."""
    schemas = document["components"]["schemas"]
    notes = []
    for entry in names.table()["answers"]:
        schema = schemas[entry["name"]]
        missing = [name for name in entry.get("required", ()) if name not in schema["properties"]]
        if missing:
            raise BuildError(
                f"corrections/names.yaml, {entry['name']}: `required` names {missing[0]!r}, which "
                "no copy of the object has any more. Remove it if Bria's answers have lost it."
            )
        if entry.get("required"):
            schema["required"] = list(entry["required"])
            notes.append(f"{entry['name']} always has {', '.join(entry['required'])}")
    for name in sorted(in_answers(document)):
        for key, child in schemas[name].get("properties", {}).items():
            optional = key not in schemas[name].get("required", ())
            if optional and not without_null(child)[1]:
                admit_null(child)
                notes.append(f"{name}.{key} may be null")
    return notes
