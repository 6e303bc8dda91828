"""What a test does with a sandbox elsewhere: move time, offer files, let things go wrong."""

from typing import Any, Final, cast

import attrs
import jsonschema_rs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox.clock import zulu
from bria_tailored_ext.sandbox.faults import Fault
from bria_tailored_ext.sandbox.fields import parsed_json
from bria_tailored_ext.sandbox.gate import Gate, JsonResponse, origin
from bria_tailored_ext.sandbox.refusal import Refusal, message

_UNITS: Final = {"hours": 3600.0, "minutes": 60.0, "seconds": 1.0}
FAULT_FIELDS: Final[dict[str, Any]] = {
    **{name: {"type": "string"} for name in ("kind", "operation", "words")},
    **{name: {"type": "number"} for name in ("rate", "start", "end", "seconds")},
    **{name: {"type": "integer"} for name in ("count", "status")},
    "after_work": {"type": "boolean"},
    "headers": {"type": "object", "additionalProperties": {"type": "string"}},
}
"""What JSON has for each field of `Fault`, whose own checks come after."""
_FAULT: Final = jsonschema_rs.validator_for(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind"],
        "properties": FAULT_FIELDS,
    }
)


@attrs.frozen
class SteeringRoutes:
    """Paths of the sandbox's own, for what `Sandbox` offers in Python."""

    gate: Gate

    def routes(self) -> list[Route]:
        """List them."""
        own = self.gate.own
        return [
            own("POST", "/advance", self.advance),
            own("POST", "/publish/{name}", self.publish),
            own("POST", "/faults", self.add_fault),
            own("DELETE", "/faults", self.clear_faults),
        ]

    async def advance(self, request: Request) -> Response:
        """Move time forward, and tell what it is then."""
        state = self.gate.state
        try:
            state.advance(_seconds(request.state.raw))
        except ValueError as error:
            raise message(400, str(error)) from error
        return JsonResponse({"time": zulu(state.clock.now())})

    async def publish(self, request: Request) -> Response:
        """Serve the body as if it lay on a public server, and tell where."""
        path = self.gate.state.publish(request.state.raw or b"", request.path_params["name"])
        return JsonResponse({"url": f"{origin(request)}{path}"}, 201)

    async def add_fault(self, request: Request) -> Response:
        """Let something go wrong from now on."""
        fault = _fault(request.state.raw)
        self.gate.state.faults.add(fault)
        told = attrs.asdict(fault, filter=lambda _, value: value is not None)
        return JsonResponse(told, 201)

    async def clear_faults(self, _request: Request) -> Response:
        """Let nothing go wrong any more."""
        self.gate.state.faults.clear()
        return Response(status_code=204)


def _fault(raw: bytes | None) -> Fault:
    """Read a fault.

    Raises:
        Refusal: 400 for what `Fault` does not take.
    """
    try:
        asked = parsed_json(raw or b"")
        _FAULT.validate(asked)
        return Fault(**cast("dict[str, Any]", asked))
    except ValueError as error:
        text = error.message if isinstance(error, jsonschema_rs.ValidationError) else str(error)
        raise message(400, f"This is not a fault: {text}") from error


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
