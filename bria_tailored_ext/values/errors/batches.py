"""What stopped a batch, or keeps it from starting."""

from __future__ import annotations

from bria_tailored_ext.values.errors.roots import BriaError, InvalidInputError


class BatchInputError(InvalidInputError):
    """Rows of a batch cannot be requests. Nothing was sent.

    Attributes:
        problems: A sentence for each wrong row, with its line; the first hundred.
        count: How many rows are wrong.
    """

    def __init__(self, message: str, *, problems: tuple[str, ...] = (), count: int = 0) -> None:
        super().__init__(message)
        self.problems = problems
        self.count: int = count or len(problems)


class JournalError(BriaError):
    """A batch's journal cannot be used. It was left as it was.

    Attributes:
        path: The journal.
    """

    def __init__(self, message: str, *, path: str) -> None:
        super().__init__(message)
        self.path = path


class JournalInUse(JournalError):
    """Another process works with this journal.

    Attributes:
        pid: That process, where it could be read.
    """

    def __init__(self, message: str, *, path: str, pid: int | None = None) -> None:
        super().__init__(message, path=path)
        self.pid = pid


class BatchStopped(BriaError):
    """A batch stopped before its last request. What was paid for is finished and journaled.

    Start it again with the same journal to go on. The cause is chained where there is one.

    Attributes:
        reason: "account", "failures", "cost" or "unreachable".
    """

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason
