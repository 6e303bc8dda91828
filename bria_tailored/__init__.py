# Generated, do not edit: make generate
"""A client library for accessing Tailored Generation API Reference

Every operation is a function of `bria_tailored.api` and a method of a facade there; every body
and answer is a class of `bria_tailored.models`.
"""

from .client import AuthenticatedClient
from .types import UNSET, Unset

__all__ = ["UNSET", "AuthenticatedClient", "Unset"]
