"""The sandbox: a local stand-in for Bria."""

try:
    from bria_tailored_ext.sandbox.durations import Length
    from bria_tailored_ext.sandbox.faults import Fault, Faults, FiredFault
    from bria_tailored_ext.sandbox.plans import SandboxPlan
    from bria_tailored_ext.sandbox.records import BilledCall
    from bria_tailored_ext.sandbox.sandbox import Sandbox
    from bria_tailored_ext.sandbox.server import SandboxError
    from bria_tailored_ext.sandbox.webhooks import WebhookAttempt
except ModuleNotFoundError as _missing:
    if (_missing.name or "").startswith("bria_tailored"):
        raise
    raise ModuleNotFoundError(
        f"The sandbox needs {_missing.name}, which is not installed. "
        "Run: pip install 'bria-tailored[sandbox]'",
        name=_missing.name,
    ) from _missing

__all__ = [
    "BilledCall",
    "Fault",
    "Faults",
    "FiredFault",
    "Length",
    "Sandbox",
    "SandboxError",
    "SandboxPlan",
    "WebhookAttempt",
]
