"""The request that is being served: what the books and the faults need to know of it."""

import hashlib
import json
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import attrs

from bria_tailored_ext.sandbox.fields import parsed_object

# They say how the result is told, not what is bought.
_OF_THE_ANSWER: Final = ("webhook_url", "sync")


@attrs.frozen(kw_only=True)
class Served:
    """A request on its way through the sandbox."""

    operation: str = ""
    body: bytes = b""
    origin: str = ""
    """The address that the client knows the sandbox by."""

    def body_sha256(self) -> str:
        """Give the digest of the body, the same for every repetition byte for byte."""
        return hashlib.sha256(self.body).hexdigest()

    def purchase_sha256(self) -> str:
        """Give the digest of what the body asks for, the same however its JSON is written."""
        asked = parsed_object(self.body.decode("utf-8", "replace"))
        if asked is None:
            return self.body_sha256()
        bought = {name: value for name, value in asked.items() if name not in _OF_THE_ANSWER}
        return hashlib.sha256(json.dumps(bought, sort_keys=True).encode()).hexdigest()


_NOBODY: Final = Served()
_served: ContextVar[Served] = ContextVar("sandbox_served")


def being_served() -> Served:
    """Give the request that the running task, or its worker thread, is serving."""
    return _served.get(_NOBODY)


@contextmanager
def serving(request: Served) -> Generator[None]:
    """Serve a request, until the end of the block."""
    token = _served.set(request)
    try:
        yield
    finally:
        _served.reset(token)
