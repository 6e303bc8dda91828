"""The files that the sandbox serves: found by path, made when they are first wanted."""

import hashlib
import io
import json
from typing import IO

import attrs

from bria_tailored_ext.sandbox import progress
from bria_tailored_ext.sandbox.jobs import drawn_from
from bria_tailored_ext.sandbox.pictures import animate, draw, draw_vector, restyle, thumbnail
from bria_tailored_ext.sandbox.records import FileEntry, Job
from bria_tailored_ext.sandbox.results import Results
from bria_tailored_ext.sandbox.state import State
from bria_tailored_ext.sandbox.stored import as_stored
from bria_tailored_ext.sandbox.weights import captions_file, file_name, safetensors, zipped


@attrs.frozen(kw_only=True)
class ServedFile:
    """A file as it goes out."""

    data: bytes
    content_type: str
    etag: str
    """Quoted, and strong: equal tags mean equal bytes."""


@attrs.frozen
class Files:
    """Everything under `/files/`. Reading may draw, which takes a while: use a thread."""

    state: State
    results: Results

    def find(self, path: str) -> FileEntry | None:
        """Find what is served under a path, if it is there yet, and still."""
        entry = self.state.files.get(path)
        there = entry is not None and not self.has_expired(path) and self._is_there(entry)
        return entry if there else None

    def has_expired(self, path: str) -> bool:
        """Tell whether something was served under a path and is no longer."""
        entry = self.state.files.get(path)
        return entry is not None and self.state.has_expired(entry)

    def serve(self, path: str) -> ServedFile | None:
        """Give the file under a path, or `None`."""
        entry = self.find(path)
        if entry is None:
            return None
        data = self.read(entry)
        etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        return ServedFile(data=data, content_type=entry.content_type, etag=etag)

    def read(self, entry: FileEntry) -> bytes:
        """Give the bytes of a file, drawing or packing them if need be."""
        subject = entry.subject
        key = f"{entry.kind} {subject}"
        match entry.kind:
            case "upload":
                return self.state.shelf.get(int(subject))
            case "image":
                small = int(subject)
                return self.results.get(key, lambda: as_stored(self.state.shelf.get(small)))
            case "thumbnail":
                whole = int(subject)
                return self.results.get(key, lambda: thumbnail(self.state.shelf.get(whole)))
            case "result":
                job = self.state.jobs[str(subject)]
                return self.results.get(key, lambda: self._made(job))
            case "weights":
                return self._weights(int(subject))
            case "dataset_zip":
                return self._dataset(int(subject))
            case "captions":
                return captions_file(self.state.images_of(int(subject)))

    def open(self, entry: FileEntry) -> IO[bytes]:
        """Give a file to read from; what was uploaded is not taken into memory for it."""
        if entry.kind == "upload":
            return self.state.shelf.open(int(entry.subject))
        return io.BytesIO(self.read(entry))

    def _is_there(self, entry: FileEntry) -> bool:
        match entry.kind:
            case "result":
                job = self.state.jobs[str(entry.subject)]
                word = progress.job_status(job, self.state.clock.now())
                return word == "COMPLETED" or (word != "IN_PROGRESS" and _is_placeholder(job))
            case "weights":
                return entry.subject in self.state.models
            case "dataset_zip" | "captions":
                return entry.subject in self.state.datasets
            case _:
                return True

    def _made(self, job: Job) -> bytes:
        if job.fate != "completed":
            return b""
        if job.kind == "legacy_restyled" and job.source is not None:
            return restyle(
                self.read(job.source),
                schema=job.visual_schema,
                influence=job.influence,
                keep=job.keep,
                seed=job.seed,
            )
        if job.source is not None:
            return animate(self.read(job.source), seed=job.seed)
        return (draw_vector if job.kind == "legacy_vector" else draw)(
            drawn_from(job),
            schema=job.visual_schema,
            seed=job.seed,
            aspect_ratio=job.aspect_ratio,
            influence=job.influence,
        )

    def _weights(self, model_id: int) -> bytes:
        model = self.state.models[model_id]
        facts = {"model_id": str(model_id), "visual_schema": json.dumps(model.visual_schema)}
        return safetensors(facts)

    def _dataset(self, dataset_id: int) -> bytes:
        images = self.state.images_of(dataset_id)
        files = self.state.files
        return zipped([(file_name(image), self.read(files[image.path])) for image in images])


def _is_placeholder(job: Job) -> bool:
    """A result of v1 that failed is there, and empty: v1 has no other way to say so."""
    return job.kind.startswith("legacy_")
