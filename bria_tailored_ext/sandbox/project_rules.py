"""The rules for projects, and the shape in which they are asked for."""

from collections.abc import Mapping
from typing import Final

import attrs

from bria_tailored_ext.sandbox.fields import Fields
from bria_tailored_ext.sandbox.refusal import field_errors

# Source: the description of `ip_type` in the body of `POST /tailored-gen/projects`.
ILLUSTRATION_ONLY: Final = ("object_variants", "multi_object_set", "icons", "character_variants")
_REQUIRED_BY_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    "defined_character": ("ip_name", "ip_description"),
    "object_variants": ("ip_description",),
}


@attrs.frozen(kw_only=True)
class NewProject:
    """A checked request for a project."""

    project_name: str
    ip_medium: str
    ip_type: str
    project_description: str
    ip_name: str
    ip_description: str


def new_project(body: Mapping[str, object]) -> NewProject:
    """Check the body of create-project.

    Raises:
        Refusal: 400 `{"errors": [...]}`.
    """
    fields = Fields(body)
    asked = NewProject(
        project_name=fields.filled("project_name"),
        ip_medium=fields.filled("ip_medium"),
        ip_type=fields.filled("ip_type"),
        project_description=fields.text("project_description") or "",
        ip_name=fields.text("ip_name") or "",
        ip_description=fields.text("ip_description") or "",
    )
    for name in _REQUIRED_BY_TYPE.get(asked.ip_type, ()):
        if not fields.has(name):
            fields.refuse(name, f"Field required for ip_type '{asked.ip_type}'")
    if asked.ip_medium == "photography" and asked.ip_type in ILLUSTRATION_ONLY:
        fields.refuse("ip_type", "Only available when ip_medium is 'illustration'")
    if fields.problems:
        raise field_errors(fields.problems)
    return asked


def project_changes(body: Mapping[str, object]) -> dict[str, str]:
    """Check the body of update-project and give what it changes.

    Raises:
        Refusal: 400 `{"errors": [...]}`.
    """
    fields = Fields(body)
    if fields.has("project_name"):
        fields.filled("project_name")
    names = ("project_name", "project_description", "ip_name", "ip_description")
    asked = {name: fields.text(name) for name in names}
    if fields.problems:
        raise field_errors(fields.problems)
    return {name: value for name, value in asked.items() if value is not None}
