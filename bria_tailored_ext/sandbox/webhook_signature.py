"""The signature of a webhook, as Bria makes it."""

import base64
import hmac

_LABEL = b"bria-webhook-signing-v1"


def signature_headers(
    body: bytes, *, api_token: str, webhook_id: str, timestamp: int
) -> dict[str, str]:
    """Give the three headers that sign a webhook.

    Written a second time on purpose: the sandbox is a judge of the client's own reading of
    these rules, and shares no code with it.

    Source: https://docs.bria.ai/webhooks: the key is HMAC-SHA256 of a label under the API
    token, the signature HMAC-SHA256 of id, timestamp and raw body under that key.

    Args:
        body: As it is sent.
        api_token: The token of the account that the job belongs to.
        webhook_id: The request id of the job.
        timestamp: Unix seconds.
    """
    key = hmac.digest(api_token.encode(), _LABEL, "sha256")
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return {
        "Bria-Webhook-Id": webhook_id,
        "Bria-Webhook-Timestamp": str(timestamp),
        "Bria-Webhook-Signature": f"v1={signature}",
    }
