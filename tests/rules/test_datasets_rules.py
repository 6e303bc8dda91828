"""Rules of datasets, and the pace of waiting."""

from __future__ import annotations

import pytest

from bria_tailored_ext.rules import pace
from bria_tailored_ext.rules.captions import is_caption
from bria_tailored_ext.rules.datasets import (
    check_draft,
    check_schema_images,
    check_takes_images,
    missing_for_completion,
)
from bria_tailored_ext.rules.pictures import MAX_IMAGE_BYTES, check_image, image_format
from bria_tailored_ext.values.errors import InvalidInputError

HEADS = {
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\r",
    "webp": b"RIFF\x00\x00\x00\x00WEBP",
}


@pytest.mark.parametrize("name", HEADS)
def test_a_picture_is_known_by_its_first_bytes(name: str) -> None:
    """A file name proves nothing."""
    assert image_format(HEADS[name]) == name
    check_image("a.txt", HEADS[name])


@pytest.mark.parametrize(
    "data",
    [b"GIF89a", b"BM", b"<svg/>", b"%PDF-1.7", b"RIFF\x00\x00\x00\x00WAVE", b"\x89PNG", b"x"],
)
def test_what_bria_does_not_read_is_refused(data: bytes) -> None:
    """The sentence names the file and what to do."""
    with pytest.raises(InvalidInputError, match=r"^a\.jpg is not a JPEG, PNG or WEBP.*Convert it"):
        check_image("a.jpg", data)


def test_an_empty_file_is_said_to_be_empty() -> None:
    """Not "not a JPEG": an empty file has another cause."""
    with pytest.raises(InvalidInputError, match=r"^a\.jpg is empty"):
        check_image("a.jpg", b"")


def test_twelve_megabytes_pass_and_one_byte_more_does_not() -> None:
    """Source: Bria's general notes on images."""
    check_image("a.jpg", HEADS["jpeg"].ljust(MAX_IMAGE_BYTES, b"\0"))
    with pytest.raises(InvalidInputError, match=r"has 12\.0 MB; Bria takes 12 MB at most"):
        check_image("a.jpg", HEADS["jpeg"].ljust(MAX_IMAGE_BYTES + 1, b"\0"))


@pytest.mark.parametrize("count", range(5))
def test_fewer_than_five_pictures_define_no_identity(count: int) -> None:
    """The sentence says how many there are."""
    verb = "is" if count == 1 else "are"
    with pytest.raises(InvalidInputError, match=rf"at least 5 pictures .*there {verb} {count}\."):
        check_schema_images(count)


@pytest.mark.parametrize("count", [5, 10, 5000])
def test_five_pictures_and_more_define_one(count: int) -> None:
    """Of more than ten, ten are chosen."""
    check_schema_images(count)


def test_copies_do_not_count_as_different_pictures() -> None:
    """Five of which only three differ show no more than three."""
    with pytest.raises(InvalidInputError, match=r"5 were given, but only 3 of them differ\."):
        check_schema_images(3, given=5)


@pytest.mark.parametrize("status", ["completed", "COMPLETED"])
def test_a_completed_dataset_is_frozen(status: str) -> None:
    """The sentence says what is frozen and how to go on."""
    with pytest.raises(InvalidInputError, match=r"7 is completed.*its captions are.*clone_dataset"):
        check_draft(7, status, "its captions are")


@pytest.mark.parametrize("status", ["draft", "created", "something new", None])
def test_a_dataset_of_another_status_is_left_to_bria(status: str | None) -> None:
    """Older documents say `created`; a word that nobody knows is not guessed at."""
    check_draft(7, status, "its captions are")
    check_takes_images(7, status=status, upload_type="basic")


@pytest.mark.parametrize("upload_type", ["advanced", "Advanced"])
def test_single_images_do_not_go_into_an_advanced_dataset(upload_type: str) -> None:
    """It takes one zip."""
    with pytest.raises(InvalidInputError, match=r"advanced upload type.*Use bulk_upload"):
        check_takes_images(7, status="draft", upload_type=upload_type)


COMPLETE = ['{"a": 1}'] * 5


@pytest.mark.parametrize(
    ("images", "schema", "captions", "updating", "expected"),
    [
        (5, "{}", COMPLETE, False, []),
        (200, "{}", COMPLETE, False, []),
        (4, "{}", COMPLETE[:4], False, ["It has 4 images of at least 5"]),
        (5, None, COMPLETE, False, ["It has no visual schema"]),
        (5, "no json", COMPLETE, False, ["Its visual schema is no JSON object"]),
        (5, "", COMPLETE, False, ["It has no visual schema"]),
        (5, "{}", COMPLETE, True, ["still being made"]),
        (5, "{}", [None, *COMPLETE[1:]], True, ["still being made"]),
        (5, "{}", [None, "no json", *COMPLETE[2:]], False, ["2 of its images have no valid"]),
        (
            0,
            None,
            [],
            True,
            ["It has 0 images", "It has no visual schema", "still being made"],
        ),
        (
            1,
            None,
            [None],
            False,
            ["It has 1 images", "It has no visual schema", "1 of its images have no valid"],
        ),
    ],
)
def test_everything_that_is_missing_is_listed_at_once(
    images: int,
    schema: str | None,
    captions: list[str | None],
    *,
    updating: bool,
    expected: list[str],
) -> None:
    """One look tells all there is to do."""
    missing = missing_for_completion(
        images=images, visual_schema=schema, captions=captions, updating=updating
    )

    assert len(missing) == len(expected)
    assert all(part in sentence for part, sentence in zip(expected, missing, strict=True))


def test_a_bulk_upload_under_way_is_waited_for() -> None:
    """What comes after the completion does not get in."""
    missing = missing_for_completion(
        images=9, visual_schema="{}", captions=COMPLETE, updating=False, uploading=True
    )

    assert missing == ("Its bulk upload is still under way: wait_for_bulk_upload waits for it.",)


@pytest.mark.parametrize(
    ("caption", "valid"),
    [
        ('{"short_description": "a cup"}', True),
        ("{}", True),
        (None, False),
        ("", False),
        ("a cup", False),
        ('"a cup"', False),
        ("[1]", False),
        ("null", False),
        ("[" * 200_000, False),
    ],
)
def test_a_caption_is_a_json_object(caption: str | None, *, valid: bool) -> None:
    """Anything else confuses the training."""
    assert is_caption(caption) is valid


@pytest.mark.parametrize("each", [pace.JOB, pace.BULK, pace.CAPTIONS, pace.TRAINING])
def test_looks_become_rarer_and_never_stop(each: pace.Pace) -> None:
    """The delay grows to its bound and stays there, after a hundred thousand looks too."""
    delays = [each.delay(looks) for looks in [*range(1, 60), 100_000]]

    assert delays[0] == each.first
    assert delays == sorted(delays)
    assert delays[-1] == each.most


def test_a_job_is_looked_at_soon_and_a_training_rarely() -> None:
    """Status calls count against the account: a two-minute job costs at most 20 of them."""
    waited, looks = 0.0, 0
    while waited < 120:
        looks += 1
        waited += pace.JOB.delay(looks)

    assert looks <= 20
    assert pace.TRAINING.most >= 60
