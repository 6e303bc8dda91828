"""What `make generate`, `check-generated`, `spec-diff` and `spec-update` do."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

from openapi.builder import generation
from openapi.builder.differences import compare
from openapi.builder.documents import BuildError, Document, as_yaml, checked_upstream, read
from openapi.builder.passes import Built, comparable, run
from openapi.builder.report import render

BUILT = Path("openapi/tailored-generation.yaml")
SHIPPED = Path("bria_tailored_ext/sandbox/document.json")
"""The same document for the sandbox, which validates requests with it and starts quickly."""
PACKAGE = Path("bria_tailored")

_UPSTREAM = "tailored-generation.*"
_BANNER = "# Generated, do not edit: make generate\n"


def generate(root: Path, *, notes: bool = False) -> int:
    """Rebuild the document, say what changed against the last one, and regenerate the client."""
    built = build(checked_upstream(root / "openapi"))
    if notes:
        _print_notes(built)
    return _regenerate(root, built)


def _regenerate(root: Path, built: Built) -> int:
    target = root / BUILT
    if target.exists():
        print(render(compare(read(target), built.document)))
    with _written(built.document) as document, generation.generated(root, document) as package:
        shutil.copyfile(document, target)
        (root / SHIPPED).parent.mkdir(parents=True, exist_ok=True)
        (root / SHIPPED).write_text(_as_json(built.document), encoding="utf-8")
        generation.replace(package, root / PACKAGE)
    print(f"{BUILT} and {PACKAGE}/ are up to date.")
    return 0


def check(root: Path) -> int:
    """Fail on any difference between the tree and a fresh build."""
    built = build(checked_upstream(root / "openapi"))
    found = []
    with _written(built.document) as document, generation.generated(root, document) as package:
        if not (root / BUILT).exists() or document.read_bytes() != (root / BUILT).read_bytes():
            found.append(f"{BUILT} differs")
        if _text(root / SHIPPED) != _as_json(built.document):
            found.append(f"{SHIPPED} differs")
        found += [f"{PACKAGE}/{each}" for each in generation.drift(package, root / PACKAGE)]
    for line in found:
        print(line)
    if found:
        print("Never edit these by hand: change openapi/ and run `make generate`.")
        return 1
    print(f"{BUILT} and {PACKAGE}/ are what a fresh build gives.")
    return 0


def diff(root: Path, new: Path) -> int:
    """Say what a new upstream document changes, at Bria and in our client; replace nothing."""
    old_upstream, new_upstream = checked_upstream(root / "openapi"), read(new)
    print("What Bria changed\n")
    (old, _), (fresh, skipped) = comparable(old_upstream), comparable(new_upstream)
    if skipped:
        # Said first: without them, a difference of form may show as one of substance.
        print(f"Compared without these passes, which it does not fit: {', '.join(skipped)}.\n")
    print(render(compare(old, fresh)))
    print("\nWhat that changes in the client\n")
    try:
        built = build(new_upstream)
    except BuildError:
        print("Nothing yet: the build stops. Once it goes through, this lists what users notice.")
        raise
    print(render(compare(read(root / BUILT), built.document)))
    return 0


def update(root: Path, new: Path) -> int:
    """Take over a new upstream document, byte for byte, and regenerate; or change nothing."""
    built = build(read(new))
    folder = root / "openapi"
    data = new.read_bytes()
    name = f"upstream/tailored-generation{new.suffix}"
    sources = folder / "sources.toml"
    former = list((folder / "upstream").glob(_UPSTREAM))
    ours = (*former, sources, root / BUILT, root / SHIPPED)
    kept = {path: path.read_bytes() for path in ours if path.is_file()}
    try:
        for path in former:
            path.unlink()
        (folder / name).write_bytes(data)
        checksum = hashlib.sha256(data).hexdigest()
        sources.write_text(_recorded(sources.read_text(), name, checksum))
        return _regenerate(root, built)
    except BaseException:
        (folder / name).unlink(missing_ok=True)
        for path, content in kept.items():
            path.write_bytes(content)
        raise


def build(upstream: Document) -> Built:
    """Apply every pass, and validate what comes out.

    Raises:
        BuildError: A pass stopped, or the result is not a valid OpenAPI document.
    """
    built = run(upstream)
    errors = [
        f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:300]}"
        for error in OpenAPIV31SpecValidator(built.document).iter_errors()
    ]
    if errors:
        raise BuildError("the built document is not valid OpenAPI:\n" + "\n".join(errors[:10]))
    return built


def _recorded(sources: str, name: str, checksum: str) -> str:
    fields = {"file": name, "sha256": checksum}
    lines = []
    for line in sources.splitlines():
        key = line.partition(" = ")[0]
        lines.append(f'{key} = "{fields[key]}"' if key in fields else line)
    return "\n".join(lines) + "\n"


def _as_json(document: Document) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@contextmanager
def _written(document: Document) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / BUILT.name
        path.write_text(_BANNER + as_yaml(document), encoding="utf-8")
        yield path


def _print_notes(built: Built) -> None:
    for step, notes in built.notes:
        print(f"{step.name}: {step.defect}")
        for note in notes:
            print(f"  {note}")
