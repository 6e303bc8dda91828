"""The turnstile: what every request passes, to be counted, or to meet a fault."""

from collections.abc import Awaitable, Callable

import attrs
from starlette.requests import Request
from starlette.responses import Response

from bria_tailored_ext.sandbox.breaking import damaged, instead, works_first
from bria_tailored_ext.sandbox.faults import OF_ANSWERS, Faults
from bria_tailored_ext.sandbox.operations import operation_at
from bria_tailored_ext.sandbox.plans import Limits
from bria_tailored_ext.sandbox.serving import Served, serving


@attrs.frozen(kw_only=True)
class Turnstile:
    """What stands in front of the operations, as a load balancer stands in front of Bria.

    Args:
        faults: What goes wrong with answers.
        limits: What the plan allows.
    """

    faults: Faults
    limits: Limits

    async def let_through(
        self,
        request: Request,
        answer: Callable[[Request], Awaitable[Response]],
        *,
        route: str,
        enveloped: bool,
        body: bytes = b"",
    ) -> Response:
        """Serve a request, or let a fault happen to it.

        Args:
            request: The request.
            answer: Carries it out. A fault may skip it, or damage what it gives.
            route: The method and path template.
            enveloped: Whether its errors come in the v2 envelope.
            body: As it came.
        """
        operation = operation_at(route)
        origin = f"{request.url.scheme}://{request.url.netloc}"
        with serving(Served(operation=operation, body=body, origin=origin)):
            fault = self.faults.met(operation, OF_ANSWERS)
            if fault is None:
                return await answer(request)
            if not works_first(fault):
                return instead(fault, operation=operation, enveloped=enveloped)
            done = await answer(request)
            return damaged(fault, done, operation=operation, enveloped=enveloped)
