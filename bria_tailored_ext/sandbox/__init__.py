"""The sandbox: a local stand-in for Bria."""

from bria_tailored_ext.sandbox.records import BilledCall
from bria_tailored_ext.sandbox.sandbox import Sandbox
from bria_tailored_ext.sandbox.server import SandboxError

__all__ = ["BilledCall", "Sandbox", "SandboxError"]
