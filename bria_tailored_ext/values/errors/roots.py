"""The roots: what every error has, and what is refused before anything is sent."""

from __future__ import annotations

from typing import Any


class BriaError(Exception):
    """The root of every error that this package raises on purpose.

    The message says what happened and what to do; the same facts are attributes. Errors pickle.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, dict(self.__dict__))


def _rebuild(kind: type[BriaError], args: tuple[Any, ...], facts: dict[str, Any]) -> BriaError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class ConfigurationError(BriaError, ValueError):
    """The client was set up wrongly. Nothing was sent."""


class MissingTokenError(ConfigurationError):
    """No token was given, as an argument or in the environment."""


class InvalidInputError(BriaError, ValueError):
    """The input breaks a rule of Bria's that can be known beforehand. Nothing was sent."""


class FileChangedError(InvalidInputError):
    """A file changed, or went, between its check and its sending.

    The request broke off before its end, so that Bria has not carried it out.
    """
