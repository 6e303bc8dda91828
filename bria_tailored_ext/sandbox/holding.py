"""Synchronous answers: held until the work is done, and its error where it went wrong."""

from typing import Final

from starlette.requests import Request

from bria_tailored_ext.sandbox import answers
from bria_tailored_ext.sandbox.clock import SimulatedClock
from bria_tailored_ext.sandbox.records import Job
from bria_tailored_ext.sandbox.refusal import Refusal, failure
from bria_tailored_ext.sandbox.wire import wire_of

# Time can be moved by hand in between.
_BETWEEN_LOOKS: Final = 0.1


async def finished(request: Request, clock: SimulatedClock, *jobs: Job, enveloped: bool) -> None:
    """Wait for the jobs of a synchronous request, as long as client and sandbox are there.

    Raises:
        Refusal: The error of the first that failed, in the shape of the version.
    """
    wire, ends = wire_of(request.scope), max(job.ready_at for job in jobs)
    while (left := ends - clock.now()) > 0:
        if not await wire.pause(min(left / clock.speed, _BETWEEN_LOOKS), request.receive):
            # Nobody is told that it is done: it is not.
            await wire.close(request.receive)
            return
    for job in jobs:
        if job.fate != "completed":
            raise _error(job, enveloped=enveloped)


def _error(job: Job, *, enveloped: bool) -> Refusal:
    told = answers.job_error(job)
    # A job may fail with any code; an answer that says so is an error.
    status = told["code"] if told["code"] >= 400 else 500
    refusal = failure(status, told["message"], told["details"], enveloped=enveloped)
    if enveloped and isinstance(refusal.body, dict):
        refusal.body["request_id"] = job.request_id
    return refusal
