"""Faults on demand: what goes wrong, where, how often and when."""

import math
import threading
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from typing import Final, Literal, TypeAlias, get_args

import attrs

from bria_tailored_ext.sandbox.chance import Chance
from bria_tailored_ext.sandbox.clock import SimulatedClock
from bria_tailored_ext.sandbox.operations import GET_FILE, GET_STATUS, operation_named

FaultKind: TypeAlias = Literal[
    "status",
    "reset_before",
    "reset_after",
    "slow",
    "stall",
    "truncated",
    "garbage",
    "html",
    "stuck",
    "job_unknown",
    "job_failed",
    "training_failed",
    "lost_webhook",
    "duplicate_webhook",
]

OF_ANSWERS: Final = frozenset(
    {"status", "reset_before", "reset_after", "slow", "stall", "truncated", "garbage", "html"}
)
ENDINGS: Final = frozenset({"job_unknown", "job_failed"})
OF_JOBS: Final = ENDINGS | {"stuck"}
OF_TRAININGS: Final = frozenset({"stuck", "training_failed"})
OF_WEBHOOKS: Final = frozenset({"lost_webhook", "duplicate_webhook"})
START_TRAINING: Final = "start-training"
_V2_JOBS: Final = frozenset({"generate-image", "generate-structured-prompt", "generate-video"})
_OPEN_JOBS: Final = _V2_JOBS | {
    "text-to-image-tailored",
    "text-to-vector-tailored",
    "reimagine-tailored",
}
# A portrait is always answered with its picture, and so is never open.
_JOBS: Final = _OPEN_JOBS | {"restyle-portrait"}

# What a fault can meet: where no operation is named, and which ones can be named.
_MEETS: Final[Mapping[str, frozenset[str]]] = {
    "stuck": _OPEN_JOBS,
    "job_unknown": _JOBS,
    "job_failed": _JOBS,
    "training_failed": frozenset({START_TRAINING}),
    "lost_webhook": _V2_JOBS,
    "duplicate_webhook": _V2_JOBS,
}
_ALSO: Final[Mapping[str, frozenset[str]]] = {
    "stuck": frozenset({START_TRAINING, GET_STATUS}),
    "job_unknown": frozenset({GET_STATUS}),
    "job_failed": frozenset({GET_STATUS}),
}
_STATUSES: Final[Mapping[str, int]] = {"status": 503, "html": 520, "job_failed": 500}
_WITH_SECONDS: Final = ("slow", "stall")
_WITH_WORDS: Final = ("status", "job_failed")


@attrs.frozen
class Fault:
    """One thing that goes wrong. Without limits it happens every time, from now on.

    Of answers:
        status: The answer is this `status` (503), in the shape of Bria's errors; 52x is a page
            of HTML.
        html: A page of HTML with this `status` (520), whatever else the answer would have been.
        reset_before: The connection is reset, and nothing was done.
        reset_after: Everything was done and billed; the connection is reset without an answer.
        slow: Everything is done; the answer comes `seconds` later.
        stall: Half of the answer comes, the rest `seconds` later; never without `seconds`.
        truncated: The answer ends in the middle, and with it the connection.
        garbage: The answer has the right status, and a body that is not JSON.

    Of jobs, decided at the submit; with the operation "get-status", of one look at any job:
        stuck: It is IN_PROGRESS for ever.
        job_unknown: It ends as UNKNOWN.
        job_failed: It ends as ERROR, with `status` (500) as its code.

    A synchronous request is answered with the error of its job. It is never stuck, and what would
    be is not counted.

    Of trainings: "training_failed", and "stuck" with the operation "start-training".

    Of webhooks, by the operation that took the job on:
        lost_webhook: It is never sent.
        duplicate_webhook: It is sent once more after it has arrived.

    Attributes:
        kind: What goes wrong.
        operation: Where: an `operationId` of the document, or "get-file" for downloads of
            results; `None` is every operation of the document that the kind can meet.
        rate: How often, from 0 to 1, drawn from the sandbox's seed.
        count: How many times at most; `None` for no end.
        start: From when on, in simulated seconds since the fault was added.
        end: Until when, in the same seconds; `None` for no end.
        status: The status of "status" and "html", the error code of "job_failed".
        seconds: How long "slow" and "stall" take, in real seconds: it is the client's own
            timeouts that they meet.
        after_work: Whether "status" and "html" come after everything was done and billed.
        headers: Sent with "status" and "html", such as `{"Retry-After": "2"}`.
        words: What the answer of "status" or the error of "job_failed" says, in place of what the
            status is called: "Content moderation failed", for instance, with `status=422`.

    Raises:
        ValueError: The values do not fit together; the message says which.
    """

    kind: FaultKind
    operation: str | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(operation_named)
    )
    rate: float = attrs.field(default=1.0, kw_only=True)
    count: int | None = attrs.field(default=None, kw_only=True)
    start: float = attrs.field(default=0.0, kw_only=True)
    end: float | None = attrs.field(default=None, kw_only=True)
    status: int | None = attrs.field(default=None, kw_only=True)
    seconds: float | None = attrs.field(default=None, kw_only=True)
    after_work: bool = attrs.field(default=False, kw_only=True)
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str], kw_only=True, hash=False)
    words: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problem = next(_problems(self), None)
        if problem is not None:
            raise ValueError(f"{problem} It is {self!r}.")

    @property
    def shown_status(self) -> int:
        """The status, or the kind's own where none was given."""
        return self.status or _STATUSES.get(self.kind, 500)

    def concerns(self, operation: str) -> bool:
        """Tell whether the fault can meet an operation."""
        if self.operation is not None:
            return operation == self.operation
        meets = _MEETS.get(self.kind)
        return operation != GET_FILE if meets is None else operation in meets


def _problems(fault: Fault) -> Iterator[str]:
    if fault.kind not in get_args(FaultKind):
        yield f"kind must be one of {', '.join(get_args(FaultKind))}."
    meets = _MEETS.get(fault.kind, frozenset()) | _ALSO.get(fault.kind, frozenset())
    if meets and fault.operation not in (None, *meets):
        yield f"{fault.kind} only happens to {', '.join(sorted(meets))}."
    if not 0.0 <= fault.rate <= 1.0:
        yield "rate must be from 0 to 1."
    if fault.count is not None and fault.count < 1:
        yield "count must be 1 or more."
    if not (0.0 <= fault.start < math.inf) or (fault.end is not None and fault.end < fault.start):
        yield "start must be 0 or more, and end not before it."
    if fault.status is not None and (fault.kind not in _STATUSES or not 200 <= fault.status <= 599):
        yield f"status is from 200 to 599, and only for {', '.join(_STATUSES)}."
    yield from _problems_of_answers(fault)


def _problems_of_answers(fault: Fault) -> Iterator[str]:
    if fault.seconds is not None and (
        fault.kind not in _WITH_SECONDS or not 0.0 <= fault.seconds < math.inf
    ):
        yield f"seconds is 0 or more, and only for {' and '.join(_WITH_SECONDS)}."
    if fault.kind == "slow" and fault.seconds is None:
        yield "slow needs seconds."
    if (fault.after_work or fault.headers) and fault.kind not in ("status", "html"):
        yield "after_work and headers are only for status and html."
    if not all(text.isascii() and text.isprintable() for text in chain(*fault.headers.items())):
        yield "headers must be printable ASCII."
    if fault.words is not None and fault.kind not in _WITH_WORDS:
        yield f"words are only for {' and '.join(_WITH_WORDS)}."


@attrs.frozen(kw_only=True)
class FiredFault:
    """A fault that has happened."""

    fault: Fault
    operation: str
    time: float
    """Unix seconds of simulated time."""


@attrs.define
class _Armed:
    """A fault in the list, and how often it was asked and happened."""

    fault: Fault
    number: int
    since: float
    asked: int = 0
    fired: int = 0


class Faults:
    """The faults of one sandbox; they can be changed while it runs, from any thread.

    Those that come first in the list go first, and one answer meets one of them at most.
    Whether the n-th request that a fault could meet does meet it is decided by the
    sandbox's seed, so a run with the same requests in the same order goes wrong in the same
    places.
    """

    def __init__(self, *, clock: SimulatedClock, chance: Chance) -> None:
        self._clock = clock
        self._chance = chance
        self._lock = threading.Lock()
        self._armed: list[_Armed] = []
        self._fired: list[FiredFault] = []
        self._numbers = 0

    def add(self, *faults: Fault) -> None:
        """Let more go wrong from now on; `start` and `end` count from here."""
        with self._lock:
            for fault in faults:
                self._armed.append(_Armed(fault, self._numbers, self._clock.now()))
                self._numbers += 1

    def remove(self, fault: Fault) -> None:
        """Let a fault happen no more.

        Raises:
            ValueError: It is not in the list.
        """
        with self._lock:
            for armed in self._armed:
                if armed.fault == fault:
                    self._armed.remove(armed)
                    return
        raise ValueError(f"This fault was not added, or is gone: {fault!r}.")

    def clear(self) -> None:
        """Let nothing go wrong any more. What has already met a job stays with it."""
        with self._lock:
            self._armed.clear()

    @property
    def fired(self) -> tuple[FiredFault, ...]:
        """What has gone wrong so far, in order."""
        with self._lock:
            return tuple(self._fired)

    def met(self, operation: str, kinds: Collection[str]) -> Fault | None:
        """Decide whether something of these kinds goes wrong with an operation now."""
        if not self._armed:
            return None
        with self._lock:
            now = self._clock.now()
            for armed in self._armed:
                if armed.fault.kind in kinds and self._happens(armed, operation, now):
                    armed.fired += 1
                    self._fired.append(FiredFault(fault=armed.fault, operation=operation, time=now))
                    return armed.fault
        return None

    def _happens(self, armed: _Armed, operation: str, now: float) -> bool:
        fault, age = armed.fault, now - armed.since
        if not fault.concerns(operation) or age < fault.start:
            return False
        if fault.end is not None and age >= fault.end:
            return False
        if fault.count is not None and armed.fired >= fault.count:
            return False
        armed.asked += 1
        return self._chance.between(0.0, 1.0, "fault", armed.number, armed.asked) < fault.rate

    def __iter__(self) -> Iterator[Fault]:
        with self._lock:
            return iter([armed.fault for armed in self._armed])

    def __len__(self) -> int:
        return len(self._armed)

    def __repr__(self) -> str:
        return f"<Faults {list(self)!r}, {len(self._fired)} happened>"
