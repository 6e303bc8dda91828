"""What a long workflow has done so far, on the disk before its next step relies on it."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from bria_tailored_ext.edge.on_disk import FileLock, Held, keep_names
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import InvalidInputError, SubmitOutcomeUnknown
from bria_tailored_ext.workflows.broken_off import look_for

_VERSION = 1


class StateFile:
    """The steps of one workflow, each begun or done, in a JSON file.

    Every change is written to another name, flushed to the disk, and renamed, so that the file is
    whole at every moment.

    Attributes:
        mark: A word that nothing else has, to know again at Bria what this workflow has created.
    """

    def __init__(self, path: Path, workflow: str, settings: Mapping[str, Any]) -> None:
        self._path = path
        self._content: dict[str, Any] = {
            "bria_tailored": workflow,
            "version": _VERSION,
            "mark": secrets.token_hex(6),
            "settings": dict(settings),
            "steps": {},
        }
        self.mark: str = self._content["mark"]

    @classmethod
    @contextmanager
    def opened(cls, path: Path, workflow: str, settings: Mapping[str, Any]) -> Generator[StateFile]:
        """Open a state file, or begin one, and keep other processes out of it.

        Args:
            path: The file; its folder is made if need be.
            workflow: Which workflow it is for.
            settings: What the steps depend on, as JSON has it. Some may be new, none changed.

        Raises:
            InvalidInputError: It is in use, is no state file, belongs to another workflow or to
                other settings, or cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path)
            lock.acquire()
        except Held as held:
            raise InvalidInputError(
                f"{path} is in use by {held.holder}. Wait for it to end, or stop it."
            ) from None
        except OSError as error:
            raise _not_writable(path, error) from error
        try:
            state = cls(path, workflow, settings)
            if path.exists():
                state._take_up(workflow, dict(settings))
            yield state
        finally:
            lock.release()

    def get(self, step: str) -> Any:
        """What a step made; `None` where it is not done."""
        return self._steps.get(step, {}).get("made")

    def put(self, step: str, made: Any) -> None:
        """Write down what a step has made."""
        self._steps[step] = {"made": made}
        self._write()

    def forget(self, step: str) -> None:
        """Take it that a step was never begun."""
        self._steps.pop(step, None)
        self._write()

    async def once(
        self,
        step: str,
        make: Callable[[], Awaitable[Any]],
        *,
        find: Callable[[], Awaitable[Any]],
        clock: Clock,
    ) -> Any:
        """What a step makes, made once, however often the process dies.

        That it is begun is on the disk before `make` is called. Where it was begun and nobody knows
        what came of it, `find` looks at Bria first, for some seconds: a list that lags for longer
        than that hides what is there.

        Args:
            step: Its name.
            make: Makes it, and gives what is to be remembered, as JSON has it.
            find: Gives the same if it is there already, else `None`.
            clock: Passes the time between two looks.
        """
        if (made := self.get(step)) is not None:
            return made
        if step in self._steps:
            made = await look_for(find, clock)
        if made is None:
            self._steps[step] = {}
            self._write()
            try:
                made = await make()
            except SubmitOutcomeUnknown as error:
                if (made := await look_for(find, clock, error)) is None:
                    raise
        self.put(step, made)
        return made

    @property
    def _steps(self) -> dict[str, dict[str, Any]]:
        return cast("dict[str, dict[str, Any]]", self._content["steps"])

    def _take_up(self, workflow: str, settings: dict[str, Any]) -> None:
        content = _read(self._path)
        if content.get("bria_tailored") != workflow or content.get("version") != _VERSION:
            raise InvalidInputError(
                f"{self._path} is no state file of this version of {workflow}. Name another file."
            )
        # Through JSON, so that a tuple is what it will be when it is read.
        wanted: dict[str, Any] = json.loads(json.dumps(settings))
        former: dict[str, Any] = content["settings"]
        changed = sorted(name for name in {*wanted} & {*former} if wanted[name] != former[name])
        if changed:
            raise InvalidInputError(
                f"{self._path} was begun with another {', '.join(changed)}. Go on with the same, "
                "or name another file to begin anew."
            )
        self._content = {**content, "settings": {**former, **wanted}}
        self.mark = content["mark"]

    def _write(self) -> None:
        fresh = self._path.with_name(f".{self._path.name}.new")
        try:
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(self._content, file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
            keep_names(self._path.parent)
        except OSError as error:
            raise _not_writable(self._path, error) from error


def the_oldest(ids: Iterable[int]) -> int | None:
    """What a step has made, of all that a list shows to have its mark; `None` for none."""
    return min(ids, default=None)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInputError(
            f"{path} cannot be read as a state file: {error}. Name another file."
        ) from error
    return cast("dict[str, Any]", content) if isinstance(content, dict) else {}


def _not_writable(path: Path, error: OSError) -> InvalidInputError:
    return InvalidInputError(
        f"{path} cannot be written: {error.strerror}. Name another file for the state."
    )
