"""Reading the books: what they come to, and what is in them twice."""

from collections.abc import Iterable

from bria_tailored_ext.sandbox.records import BilledCall


def paid_twice(calls: Iterable[BilledCall]) -> tuple[BilledCall, ...]:
    """Give the calls that bought what an earlier one had bought, in order.

    The same operation on the same model with the same body is the same purchase, however its
    JSON is written. Who wants one thing several times on purpose says so with a `seed` for each.
    """
    seen: set[tuple[str, int | None, str]] = set()
    again: list[BilledCall] = []
    for call in calls:
        bought = (call.operation, call.model_id, call.purchase_sha256)
        if bought in seen:
            again.append(call)
        seen.add(bought)
    return tuple(again)
