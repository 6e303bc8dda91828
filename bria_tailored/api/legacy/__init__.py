# Generated, do not edit: make generate
"""The operations tagged Legacy."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ...client import AuthenticatedClient
    from ...models.generate_prefix_request import GeneratePrefixRequest
    from ...models.generated_prefix import GeneratedPrefix
    from ...models.legacy_result import LegacyResult
    from ...models.reimagine_request import ReimagineRequest
    from ...models.restyle_portrait_request import RestylePortraitRequest
    from ...models.restyled_portrait import RestyledPortrait
    from ...models.text_to_image_request import TextToImageRequest
    from ...models.text_to_vector_request import TextToVectorRequest


class Legacy:
    """The operations tagged Legacy, as methods that return the documented answer or raise."""

    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    async def text_to_image_tailored(
        self,
        model_id: int,
        *,
        body: TextToImageRequest,
    ) -> LegacyResult:
        """Generate Image - Tailored Model (Legacy)

        Makes up to four images with a tailored model.

        Only models trained as `light`, `max`, `bria-2.3` or `bria-3.2`; Bria ends their support on
        2026-07-01. For anything newer, use the v2 generation operations.

        With `sync: false`, Bria's choice for this endpoint, the answer comes at once and its URLs
        are placeholders: see `LegacyResult`.

        For a model's other checkpoints Bria documents a variant of this path that ends in
        `/{model_id}/{checkpoint_step}`. It is not among these operations.

        `POST /v1/text-to-image/tailored/{model_id}`

        Args:
            model_id: The tailored model, by its `id`. The references say string; in a path the two are the
                same.
            body: A picture to make from a prompt with a tailored model of an older kind.
        """
        from . import text_to_image_tailored

        return cast(
            "LegacyResult",
            self._client.unwrap(
                await text_to_image_tailored.asyncio_detailed(
                    model_id=model_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def text_to_vector_tailored(
        self,
        model_id: int,
        *,
        body: TextToVectorRequest,
    ) -> LegacyResult:
        """Generate Vector Graphics - Tailored Model (Legacy, Beta)

        Makes up to four vector graphics with a tailored model of an illustration. The body is that
        of text-to-image; only Bria's choice for `sync` differs.

        Only models trained as `light`, `max`, `bria-2.3` or `bria-3.2`; Bria ends their support on
        2026-07-01. For anything newer, use the v2 generation operations.

        `POST /v1/text-to-vector/tailored/{model_id}`

        Args:
            model_id: The tailored model, by its `id`. The references say string; in a path the two are the
                same.
            body: A vector graphic to make from a prompt with a tailored model of an older kind.
        """
        from . import text_to_vector_tailored

        return cast(
            "LegacyResult",
            self._client.unwrap(
                await text_to_vector_tailored.asyncio_detailed(
                    model_id=model_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def reimagine_tailored(
        self,
        model_id: int,
        *,
        body: ReimagineRequest,
    ) -> LegacyResult:
        """Reimagine, Structure Reference - Tailored Model (Legacy)

        Makes images that keep the structure of a reference image and take everything else from a
        tailored model.

        Known from prose only, so the body is open: a property that is not listed is sent as it is.

        Only models trained as `light`, `max`, `bria-2.3` or `bria-3.2`; Bria ends their support on
        2026-07-01. For anything newer, use the v2 generation operations.

        `POST /v1/reimagine/tailored/{model_id}`

        Args:
            model_id: The tailored model, by its `id`. The references say string; in a path the two are the
                same.
            body: A picture to make from a prompt and a structure reference.

                Known from prose only, hence open. The aspect ratio is that of the structure image, and
                the
                overview names this endpoint among none that take guidance methods, so neither is
                listed.
                The other options, their limits and their defaults are those of text-to-image.
        """
        from . import reimagine_tailored

        return cast(
            "LegacyResult",
            self._client.unwrap(
                await reimagine_tailored.asyncio_detailed(
                    model_id=model_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def restyle_portrait(
        self,
        *,
        body: RestylePortraitRequest,
    ) -> RestyledPortrait:
        """Reimagine, Portrait Reference (Legacy)

        Gives a portrait the style of a tailored model and keeps the person's identity. Meant for
        pictures from the torso upward, the face at least 500 by 500 pixels.

        Only models trained as `light`, trained in expert mode on Bria 2.3, or uploaded after
        training on Bria 2.3. Bria ends the support of such models on 2026-07-01.

        `POST /v1/tailored-gen/restyle_portrait`

        Args:
            body: A portrait to restyle. Give `id_image_url` or `id_image_file`. No ranges are documented.
        """
        from . import restyle_portrait

        return cast(
            "RestyledPortrait",
            self._client.unwrap(
                await restyle_portrait.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def generate_prefix(
        self,
        *,
        body: GeneratePrefixRequest,
    ) -> GeneratedPrefix:
        """Generate Caption Prefix (Legacy)

        Proposes the prefix that all captions of a dataset begin with, from one to six of its images
        (six if there are as many). Set it on the dataset before uploading; after a later change the
        captions have to be regenerated.

        Datasets for current models have a visual schema instead: see `generate_visual_schema`.

        `POST /v1/tailored-gen/generate_prefix`

        Args:
            body: Sample images to propose a caption prefix for. Give `images` or `image_urls`, not both.
        """
        from . import generate_prefix

        return cast(
            "GeneratedPrefix",
            self._client.unwrap(
                await generate_prefix.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )


__all__ = ["Legacy"]
