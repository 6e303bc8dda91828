"""Verify deliveries with Bria's own client: JSON lines in, one word for each out."""

import base64
import json
import os
import sys

from bria_client.toolkit import verify_webhook_signature  # type: ignore[import-not-found]

for line in sys.stdin:
    delivery = json.loads(line)
    headers = {name.lower(): value for name, value in delivery["headers"].items()}
    print(
        verify_webhook_signature(
            payload=base64.b64decode(delivery["body"]),
            webhook_id=headers["bria-webhook-id"],
            timestamp=headers["bria-webhook-timestamp"],
            signature_header=headers["bria-webhook-signature"],
            api_token=os.environ["BRIA_API_TOKEN"],
        )
    )
