# Generated, do not edit: make generate
"""The operations tagged Images."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ...client import AuthenticatedClient
    from ...models.accepted_job import AcceptedJob
    from ...models.image_answer import ImageAnswer
    from ...models.image_request import ImageRequest
    from ...models.structured_prompt_answer import StructuredPromptAnswer
    from ...models.structured_prompt_request import StructuredPromptRequest


class Images:
    """The operations tagged Images, as methods that return the documented answer or raise."""

    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    async def generate_image(
        self,
        *,
        body: ImageRequest,
    ) -> ImageAnswer | AcceptedJob:
        """Generate Image - Tailored Model

        **Description**

        Generates a new image using a tailored model.

        This endpoint translates your input (`prompt` and/or `structured_prompt`) into a structured
        JSON prompt using the state-of-the-art **Gemini 2.5 Flash** VLM bridge. It internally uses
        the model's visual schema (backbone) to ensure the generated image matches your trained
        visual identity.

        The response includes both the final `image_url` and the `structured_prompt` (JSON).

        **Input Combination Rules**
        The request body must include **one** of the following mutually exclusive combinations:
        * `prompt`: Generates a new image from text.
        * `structured_prompt`: Recreates a previous image exactly (requires seed).
        * `structured_prompt` + `prompt`: Refines a previous image using new text instructions.

        `POST /v2/image/generate/tailored`

        Args:
            body: A `ImageRequest`.
        """
        from . import generate_image

        return cast(
            "ImageAnswer | AcceptedJob",
            self._client.unwrap(
                await generate_image.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def generate_structured_prompt(
        self,
        *,
        body: StructuredPromptRequest,
    ) -> StructuredPromptAnswer | AcceptedJob:
        """Generate Structured Prompt - Tailored Model

        **Description**

        Creates a new detailed, machine-readable structured prompt in JSON format or refines an
        existing one using text inputs and a tailored model's visual schema (backbone).

        This endpoint uses the state-of-the-art **Gemini 2.5 Flash** VLM bridge. The tailored
        model's visual schema is provided as input to Gemini along with the user prompt to generate
        the structured prompt.

        **It returns ONLY the JSON string and does not generate an image.**

        **Use Cases:**
        * **Control & Auditability:** Inspect or programmatically edit the JSON *before* generating
        an image.
        * **Consistency:** Generate one `structured_prompt` and pass it to
        `/image/generate/tailored` multiple times.
        * **Hybrid Deployment:** Use Bria's VLM bridge via API while hosting the FIBO image model on
        a private cloud.

        **Input Combination Rules**
        The request body must use exactly one of the following combinations:
        * **Text Only**: `prompt`
        * **Structured Prompt and Text**: `structured_prompt` and `prompt` (Refinement)

        `POST /v2/structured_prompt/generate/tailored`

        Args:
            body: A `StructuredPromptRequest`.
        """
        from . import generate_structured_prompt

        return cast(
            "StructuredPromptAnswer | AcceptedJob",
            self._client.unwrap(
                await generate_structured_prompt.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )


__all__ = ["Images"]
