"""When a batch stops submitting, and what it says then."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import anyio

from bria_tailored_ext.batch import verdicts
from bria_tailored_ext.batch.costs import MILLIONTHS
from bria_tailored_ext.batch.outcomes import OutcomeState
from bria_tailored_ext.batch.progress import Counts
from bria_tailored_ext.batch.settings import Settings
from bria_tailored_ext.values.errors import BatchStopped, BriaError, ConfigurationError
from bria_tailored_ext.values.jobs import JobKind

_GO_ON = "What was paid for is finished and journaled; the same journal goes on from here."
_FAILURES = (OutcomeState.FAILED, OutcomeState.UNKNOWN, OutcomeState.OPEN, OutcomeState.UNSAVED)


class Stopping:
    """Decides whether the batch may go on, and keeps why it may not.

    Args:
        settings: The limits.
        counts: What has been done so far.
    """

    def __init__(self, settings: Settings, counts: Counts) -> None:
        self._settings = settings
        self._counts = counts
        self._error: Exception | None = None
        self._cause: BriaError | None = None
        self._asked = False
        # What is cancelled then: a source that may never give another request, long pauses.
        self._waits: set[anyio.CancelScope] = set()

    @property
    def now(self) -> bool:
        """Whether nothing more may be submitted."""
        return self._asked or self._error is not None

    def ask(self) -> None:
        """Stop because the user wants it."""
        self._asked = True
        self._wake()

    @contextmanager
    def waiting(self) -> Generator[None]:
        """A place where nothing happens but waiting; left when the batch stops."""
        with anyio.CancelScope() as scope:
            self._waits.add(scope)
            if self.now:
                scope.cancel()
            try:
                yield
            finally:
                self._waits.discard(scope)

    def _wake(self) -> None:
        for scope in self._waits:
            scope.cancel()

    def stop_for(self, error: Exception, cause: BriaError | None = None) -> None:
        """Stop for this reason, unless there is one already."""
        if self._error is None:
            self._error, self._cause = error, cause
            self._wake()

    def stop_for_account(self, error: BriaError) -> None:
        """Stop because the account takes no requests."""
        words = f"The account refuses requests: {error} {_GO_ON}"
        self.stop_for(BatchStopped(words, reason="account"), error)

    def stop_unreachable(self, error: BriaError) -> None:
        """Stop because nothing arrives."""
        words = f"Bria could not be reached, at several tries: {error} {_GO_ON}"
        self.stop_for(BatchStopped(words, reason="unreachable"), error)

    def may_spend(self, kind: JobKind) -> bool:
        """Whether another request of this kind may be submitted; if so, its price counts as spent.

        Raises:
            ConfigurationError: There is a ceiling, and no price to keep it by.
        """
        check_prices(self._settings, kind)
        price, ceiling = self._settings.prices.of(kind) or 0, self._settings.ceiling
        if ceiling is not None and self._counts.spent + price > ceiling:
            words = (
                f"One more request would cost more than max_cost, ${ceiling / MILLIONTHS:.2f}: "
                f"${self._counts.spent / MILLIONTHS:.2f} may be spent already. {_GO_ON}"
            )
            self.stop_for(BatchStopped(words, reason="cost"))
            return False
        self._counts.spent += price
        return True

    def note(self, state: OutcomeState, error: BriaError | None) -> None:
        """Take note of an outcome: too many failures in a row stop the batch."""
        if state is OutcomeState.COMPLETED:
            self._counts.failures_in_a_row = 0
        elif state in _FAILURES and verdicts.counts_as_failure(error):
            self._counts.failures_in_a_row += 1
        limit = self._settings.max_failures
        if limit is not None and self._counts.failures_in_a_row >= limit:
            words = f"{limit} requests in a row have failed, the last one so: {error} {_GO_ON}"
            self.stop_for(BatchStopped(words, reason="failures"), error)

    def raise_if_stopped(self) -> None:
        """Say why the batch stopped, if the user did not ask for it.

        Raises:
            Exception: Why.
        """
        if self._error is not None:
            raise self._error from self._cause

    @property
    def how(self) -> str:
        """How the run ended, in a few words for the journal."""
        if isinstance(self._error, BatchStopped):
            return f"stopped: {self._error.reason}"
        if self._error is not None:
            return f"stopped: {type(self._error).__name__}"
        return "stopped: asked to" if self._asked else "complete"


def check_prices(settings: Settings, kind: JobKind) -> None:
    """Check that a ceiling can be kept.

    Raises:
        ConfigurationError: Nobody knows what a request of this kind costs.
    """
    if settings.ceiling is not None and settings.prices.of(kind) is None:
        raise ConfigurationError(
            f"max_cost needs a price for requests of kind {kind.value}, and Bria documents none. "
            f"Pass prices=Prices({kind.value}=...)."
        )
