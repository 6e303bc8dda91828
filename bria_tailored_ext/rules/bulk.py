"""Rules of the bulk upload, of which a dataset has one.

Source: "General" and "Image Requirements" of bulk-upload-images in Bria's document.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from bria_tailored_ext.rules.datasets import check_draft
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.media import media_type

ONE_ATTEMPT = (
    "A dataset has one bulk upload, ever: a second one is refused even if the first one failed."
)

MOST_ZIP_BYTES = 5 * 1024**3

SIGNATURE_BYTES = 4
"""By which a zip is known."""


def is_final(status: str) -> bool:
    """Whether a bulk upload of that status has ended."""
    return status.lower() in ("completed", "failed")


def check_bulk(
    dataset_id: int, *, status: object, upload_type: object, images: int, previous: str | None
) -> None:
    """Check that a bulk upload into a dataset could succeed.

    Args:
        dataset_id: The dataset.
        status: The dataset's, in the wire's word.
        upload_type: The same.
        images: How many it has.
        previous: The status of a bulk upload into it; `None` where there was none.

    Raises:
        InvalidInputError: It could not.
    """
    check_draft(dataset_id, status, "its images are")
    if str(upload_type).lower() == "basic":
        raise InvalidInputError(
            f"Dataset {dataset_id} is of the basic upload type, which takes single images: use "
            "upload_images, or create a dataset with upload_type='advanced'."
        )
    if previous is not None:
        rest = "" if is_final(previous) else " To wait for it: wait_for_bulk_upload."
        raise InvalidInputError(
            f"Dataset {dataset_id} had its bulk upload, which is {previous}. {ONE_ATTEMPT}{rest} "
            "For another zip, create another dataset."
        )
    if images:
        raise InvalidInputError(
            f"Dataset {dataset_id} has {images} images, and a bulk upload needs an empty one. "
            "Delete them, or create another dataset."
        )


def check_zip_url(zip_url: str) -> None:
    """Check that Bria could fetch a zip from there.

    Raises:
        InvalidInputError: It is no URL.
    """
    try:
        parts = urlsplit(zip_url)
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise InvalidInputError(
            "zip_url must be an https URL that Bria can fetch without a token; this one, "
            f"{without_query(zip_url)[:80]!r}, is none. Put the zip where it can be fetched."
        )


def check_zip_answer(zip_url: str, *, status: int, head: bytes, size: int | None) -> None:
    """Check what the URL of a zip answered to somebody without a token.

    Args:
        zip_url: The URL.
        status: The HTTP status.
        head: The first bytes of the body.
        size: Of the whole, in bytes, where that is known.

    Raises:
        InvalidInputError: Bria could not take that.
    """
    shown = without_query(zip_url)
    if status not in (200, 206):
        raise InvalidInputError(
            f"{shown} answers {status}, so that Bria could not fetch the zip either. Make it "
            "public, or pass check_url=False if only this machine may not fetch it."
        )
    if media_type(head[:SIGNATURE_BYTES]) != "application/zip":
        raise InvalidInputError(
            f"{shown} gives no zip: it begins with {head[:SIGNATURE_BYTES]!r}. Make sure that it "
            "leads to the file itself and not to a page about it."
        )
    if size is not None and size > MOST_ZIP_BYTES:
        raise InvalidInputError(
            f"{shown} gives {size / 1024**3:.2f} GB, and Bria takes 5 GB. Make the zip smaller."
        )


def without_query(url: str) -> str:
    """An URL as it may be shown: its query may be a signature, and it may hold a password."""
    plain = url.split("?", 1)[0].split("#", 1)[0]
    scheme, separator, rest = plain.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}" if separator else plain
