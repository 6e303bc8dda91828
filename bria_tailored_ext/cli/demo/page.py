"""The demo's page: training pictures, visual schema, generated pictures, what was billed."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bria_tailored_ext.batch.pages import rendered
from bria_tailored_ext.cli.demo.pictures import DemoPicture
from bria_tailored_ext.cli.demo.steps import INSTRUCTION, Demonstration
from bria_tailored_ext.sandbox import BilledCall
from bria_tailored_ext.values import wire
from bria_tailored_ext.version import __version__

MARK = '<meta name="generator" content="bria-tailored demo">'
"""What tells a page of ours from a file that the demo must not replace."""


def write_page(
    folder: Path,
    pictures: Sequence[DemoPicture],
    demonstration: Demonstration,
    books: Sequence[BilledCall],
) -> None:
    """Copy the training pictures beside the generated ones and write `index.html`."""
    training = folder / "training"
    training.mkdir()
    captions = {
        str(image.image_name): json.loads(str(image.caption)) for image in demonstration.images
    }
    shown: list[dict[str, Any]] = []
    for picture in pictures:
        shutil.copyfile(picture.path, training / picture.path.name)
        shown.append({"picture": picture, "caption": captions.get(picture.path.name, {})})
    schema = demonstration.identity.parsed()
    page = rendered(
        "bria_tailored_ext.cli.demo",
        "page.html.jinja",
        mark=MARK,
        version=__version__,
        demo=demonstration,
        training=shown,
        schema=_readable(schema),
        palette=palette(schema),
        schema_json=json.dumps(schema, indent=2, ensure_ascii=False),
        structured_json=_indented(demonstration.structured_prompt.structured_prompt),
        instruction=INSTRUCTION,
        changes=[
            (change.path, _text(change.before), _text(change.after))
            for refinement in demonstration.identity.changes
            for change in refinement.changes
        ],
        books=_bill(books),
        total=sum(call.price for call in books),
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def palette(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schema's colours that can be shown: each has a `hex`."""
    colours = map(wire.mapping, wire.array(schema.get("palette")))
    return [each for each in colours if each is not None and "hex" in each]


def _readable(schema: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (key.replace("_", " "), _text(value)) for key, value in schema.items() if key != "palette"
    ]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if rows := wire.array(value):
        return ", ".join(_text(each).rstrip(".") for each in rows)
    known = wire.mapping(value)
    if known is None:
        return "" if value is None else json.dumps(value)
    if "name" in known and "hex" in known:
        return f"{known['name']} {known['hex']}"
    return ", ".join(f"{key}: {_text(each)}" for key, each in known.items())


def _indented(text: str) -> str:
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False)


def _bill(books: Sequence[BilledCall]) -> list[tuple[str, int, Any]]:
    counts = Counter(call.operation for call in books)
    prices = {call.operation: call.price for call in books}
    return [(name, count, prices[name] * count) for name, count in counts.items()]
