"""The tables: everything the sandbox knows, under one lock."""

import functools
import mimetypes
import re
import threading
from collections.abc import Callable, Mapping
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bria_tailored_ext.sandbox.chance import Chance
from bria_tailored_ext.sandbox.clock import SimulatedClock
from bria_tailored_ext.sandbox.durations import Lengths
from bria_tailored_ext.sandbox.faults import Faults
from bria_tailored_ext.sandbox.records import (
    BilledCall,
    Dataset,
    DatasetImage,
    FileEntry,
    Job,
    Model,
    Project,
)
from bria_tailored_ext.sandbox.refusal import not_found
from bria_tailored_ext.sandbox.serving import being_served
from bria_tailored_ext.sandbox.shelf import Shelf
from bria_tailored_ext.sandbox.webhooks import Webhooks, WebhookTargets

_P = ParamSpec("_P")
_R = TypeVar("_R")

_UNUSUAL = re.compile(r"[^A-Za-z0-9._-]")

DOWNLOAD_SECONDS = 3600.0
"""How long a pre-signed URL works; Bria does not document its own."""

# Far apart, so that the id of one kind is never by chance the id of another.
_FIRST_IDS = {"project": 101, "dataset": 2001, "image": 30001, "model": 12001, "training": 8001}


class State:
    """The tables and what they are filled with.

    Whoever reads or writes more than one entry holds `lock`; the records themselves are
    frozen and may be read by anyone afterwards.
    """

    def __init__(
        self,
        *,
        clock: SimulatedClock,
        chance: Chance,
        shelf: Shelf,
        durations: Lengths,
        prices: Mapping[str, Decimal],
        webhook_targets: WebhookTargets,
    ) -> None:
        self.lock: threading.RLock = threading.RLock()
        self.clock = clock
        self.chance = chance
        self.shelf = shelf
        self.durations = durations
        self.prices = prices
        self.faults: Faults = Faults(clock=clock, chance=chance)
        self.webhooks: Webhooks = Webhooks(clock=clock, faults=self.faults, targets=webhook_targets)
        self.projects: dict[int, Project] = {}
        self.datasets: dict[int, Dataset] = {}
        self.images: dict[int, dict[int, DatasetImage]] = {}
        self.models: dict[int, Model] = {}
        self.jobs: dict[str, Job] = {}
        self.files: dict[str, FileEntry] = {}
        self.books: list[BilledCall] = []
        self._counts: dict[str, int] = {}

    def advance(self, seconds: float) -> None:
        """Move time forward, and look at what is due by then; refused as the clock says."""
        self.clock.advance(seconds)
        self.webhooks.wake()

    def next_number(self, kind: str) -> int:
        """Count on and give the next id of a kind."""
        with self.lock:
            number = self._counts.get(kind, _FIRST_IDS.get(kind, 1))
            self._counts[kind] = number + 1
            return number

    def next_request_id(self, kind: str = "request") -> str:
        """Give the id of a new request.

        Requests that are not billed have a `kind`, and so a count, of their own: how often
        somebody polls must not decide the ids of later jobs.
        """
        return self.chance.uuid(kind, self.next_number(kind))

    def project(self, project_id: int) -> Project:
        """Find a project.

        Raises:
            Refusal: 404 `"Project not found"`.
        """
        return _found(self.projects, project_id, "Project")

    def dataset(self, dataset_id: int) -> Dataset:
        """Find a dataset.

        Raises:
            Refusal: 404 `"Dataset not found"`.
        """
        return _found(self.datasets, dataset_id, "Dataset")

    def model(self, model_id: int) -> Model:
        """Find a model.

        Raises:
            Refusal: 404 `"Model not found"`.
        """
        return _found(self.models, model_id, "Model")

    def images_of(self, dataset_id: int) -> tuple[DatasetImage, ...]:
        """List the images of a dataset that have arrived by now, in order."""
        now = self.clock.now()
        with self.lock:
            images = self.images.get(dataset_id, {}).values()
            return tuple(image for image in images if image.created_at <= now)

    def serve(self, folder: str, name: str, entry: FileEntry) -> str:
        """Serve something under a path that cannot be guessed, and give the path."""
        number = self.next_number("file")
        path = f"/files/{folder}/{self.chance.uuid('file', number)[:16]}-{name}"
        self.files[path] = entry
        return path

    def has_expired(self, entry: FileEntry) -> bool:
        """Tell whether something is no longer served."""
        return entry.lasts is not None and self.clock.aged(entry.since) >= entry.lasts

    def publish(self, data: bytes | PathLike[str], name: str) -> str:
        """Serve bytes as if they lay on a public server, and give the path.

        Args:
            data: What is served, or a file with it, as it is now.
            name: The last part of the path; unusual characters become underscores.
        """
        plain = _UNUSUAL.sub("_", name)[-100:] or "file"
        content_type = mimetypes.guess_type(plain)[0] or "application/octet-stream"
        if isinstance(data, bytes):
            key = self.shelf.put(data)
        else:
            with Path(data).open("rb") as file:
                key = self.shelf.put(file)
        entry = FileEntry(kind="upload", subject=key, content_type=content_type)
        return self.serve("published", plain, entry)

    def bill(self, operation: str, *, request_id: str, model_id: int | None) -> None:
        """Write the call that is being served into the books."""
        call = BilledCall(
            request_id=request_id,
            operation=operation,
            model_id=model_id,
            price=self.prices[operation],
            time=self.clock.now(),
            body_sha256=being_served().body_sha256(),
            purchase_sha256=being_served().purchase_sha256(),
        )
        with self.lock:
            self.books.append(call)


class _Keeper(Protocol):
    @property
    def state(self) -> State: ...


_K = TypeVar("_K", bound=_Keeper)


def locked(method: Callable[Concatenate[_K, _P], _R]) -> Callable[Concatenate[_K, _P], _R]:
    """Run a method of an object with a `state` as one step that nothing can come between."""

    def under_lock(self: _K, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with self.state.lock:
            return method(self, *args, **kwargs)

    functools.update_wrapper(under_lock, method)
    return under_lock


_Record = TypeVar("_Record")


def _found(table: dict[int, _Record], key: int, what: str) -> _Record:
    record = table.get(key)
    if record is None:
        raise not_found(what)
    return record
