"""Webhooks: Bria tells what became of a job, so that nobody has to ask."""

from bria_tailored_ext.webhooks.receiver import WebhookReceiver
from bria_tailored_ext.webhooks.verifying import verify_signature

__all__ = ["WebhookReceiver", "verify_signature"]
