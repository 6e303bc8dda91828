"""Time moved by hand from outside, for a sandbox that stands still in another process."""

from typing import Final, cast

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox.clock import zulu
from bria_tailored_ext.sandbox.fields import parsed_json
from bria_tailored_ext.sandbox.gate import Gate, JsonResponse
from bria_tailored_ext.sandbox.refusal import Refusal, message

_UNITS: Final = {"hours": 3600.0, "minutes": 60.0, "seconds": 1.0}


@attrs.frozen
class TimeRoutes:
    """The way to move time."""

    gate: Gate

    def routes(self) -> list[Route]:
        """List it."""
        return [self.gate.own("POST", "/advance", self.advance)]

    async def advance(self, request: Request) -> Response:
        """Move time forward, and tell what it is then."""
        state = self.gate.state
        try:
            state.advance(_seconds(request.state.raw))
        except ValueError as error:
            raise message(400, str(error)) from error
        return JsonResponse({"time": zulu(state.clock.now())})


def _seconds(raw: bytes | None) -> float:
    """Read a length of time.

    Raises:
        Refusal: 400 for anything but an object with some of hours, minutes and seconds.
    """
    try:
        asked = parsed_json(raw or b"")
    except ValueError as error:
        raise _wrong() from error
    if not isinstance(asked, dict) or not asked or asked.keys() - _UNITS.keys():
        raise _wrong()
    lengths = cast("dict[str, object]", asked)
    return sum((_number(lengths[unit]) * _UNITS[unit] for unit in lengths), start=0.0)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise _wrong()
    return float(value)


def _wrong() -> Refusal:
    return message(
        400, 'Say how far, in numbers of 0 or more: {"hours": 4}, with minutes and seconds or not'
    )
