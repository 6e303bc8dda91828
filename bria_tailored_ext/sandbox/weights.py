"""Files that stand for what Bria would let one download, and say so."""

import io
import json
import zipfile
from collections.abc import Sequence

from bria_tailored_ext.sandbox.records import DatasetImage

_NOTE = "Made by the bria-tailored sandbox. This file holds no weights: nothing was trained."
# Zip files carry a time; a fixed one keeps the bytes the same from run to run.
_ZIP_TIME = (2024, 5, 26, 12, 0, 0)


def safetensors(facts: dict[str, str]) -> bytes:
    """Make a valid .safetensors file with no tensors, and a note of what it is.

    Args:
        facts: Strings for the file's own metadata.
    """
    header = json.dumps({"__metadata__": {"note": _NOTE, **facts}}).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header


def zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Make a zip of named files, uncompressed, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), data)
    return out.getvalue()


def file_name(image: DatasetImage) -> str:
    """Name an image inside a zip by its id, never by what a user called it."""
    ending = image.path.rsplit(".", 1)[-1]
    return f"{image.id}.{ending}"


def captions_file(images: Sequence[DatasetImage]) -> bytes:
    """List the captions of a dataset as a JSON object, by file name."""
    told = {file_name(image): image.caption.text for image in images if image.caption is not None}
    return json.dumps(told, indent=2).encode()
