"""What the Status Service's answers mean."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.rules import jobs
from bria_tailored_ext.values.errors import (
    InvalidInputError,
    SubmitOutcomeUnknown,
    UnexpectedAnswerError,
)
from bria_tailored_ext.values.jobs import (
    ImageResult,
    JobKind,
    JobState,
    StructuredPromptResult,
    VideoResult,
)

WORDS = {
    "IN_PROGRESS": JobState.IN_PROGRESS,
    "COMPLETED": JobState.COMPLETED,
    "ERROR": JobState.FAILED,
    "FAILED": JobState.FAILED,
    "UNKNOWN": JobState.UNKNOWN,
}


def completed(**result: Any) -> jobs.Look:
    return jobs.read_status({"status": "COMPLETED", "result": result})


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_every_word_has_its_state_in_any_case(word: str, change: Any) -> None:
    """Known drift: some of Bria's services write words in lower case."""
    look = jobs.read_status({"status": change(word)})

    assert look.state is WORDS[word]
    assert look.status == change(word)


@pytest.mark.parametrize("word", ["QUEUED", "CANCELLED", "created", ""])
def test_a_word_that_nobody_knows_is_still_open(word: str) -> None:
    """A new word must not turn a paid job into a failure."""
    look = jobs.read_status({"status": word})

    assert (look.state, look.status) == (JobState.IN_PROGRESS, word)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "COMPLETED"},
        {"status": "COMPLETED", "result": None},
        {"status": "ERROR"},
        {"status": "ERROR", "error": None},
        {"status": "UNKNOWN", "error": "text"},
        {"status": "ERROR", "error": []},
        {"status": "COMPLETED", "result": [1], "warning": 7},
    ],
)
def test_a_status_with_missing_or_wrong_fields_can_be_read(body: dict[str, Any]) -> None:
    """`details` and `request_id` may be missing, and more might be."""
    look = jobs.read_status(body)

    assert look.state is WORDS.get(body.get("status", ""), JobState.IN_PROGRESS)
    assert look.warning is None


@pytest.mark.parametrize(
    ("kind", "field", "made"),
    [
        (JobKind.IMAGE, "image_url", ImageResult),
        (JobKind.VIDEO, "video_url", VideoResult),
        (JobKind.STRUCTURED_PROMPT, "structured_prompt", StructuredPromptResult),
    ],
)
@pytest.mark.parametrize("told", [True, False])
def test_each_kind_has_its_result_told_or_not(
    kind: JobKind, field: str, made: type[Any], *, told: bool
) -> None:
    """A job taken up by its id alone is known by the fields of its result."""
    look = completed(**{field: "what came"})

    result = jobs.read_result(kind if told else None, "7f3c", look)

    assert type(result) is made
    assert getattr(result, field) == "what came"
    assert result.request_id == "7f3c"
    assert jobs.kind_of(look) is kind


def test_a_picture_with_its_structured_prompt_is_a_picture() -> None:
    """Both fields come with an image; the structured prompt comes alone otherwise."""
    look = completed(image_url="u", structured_prompt="{}")

    result = jobs.read_result(None, "7f3c", look)

    assert isinstance(result, ImageResult)
    assert result.structured_prompt == "{}"


@pytest.mark.parametrize(
    ("seed", "read"),
    [
        (7, 7),
        ("7", 7),
        (" 7 ", 7),
        (0, 0),
        ("0", 0),
        (2**63, 2**63),
        (None, None),
        ("seven", None),
        ([7], None),
        (float("inf"), None),
        (float("nan"), None),
        ("9" * 9999, None),
    ],
)
def test_a_seed_is_an_integer_whatever_the_wire_sent(seed: Any, read: int | None) -> None:
    """The document types it as an integer, and its examples are strings."""
    assert jobs.read_result(JobKind.IMAGE, "1", completed(image_url="u", seed=seed)).seed == read


def test_everything_else_of_a_result_is_kept() -> None:
    """A field that comes tomorrow is there today, by its name."""
    result = jobs.read_result(
        None,
        "1",
        completed(
            image_url="u", prompt="p", refined_prompt="r", warning="w", tomorrow={"a": 1}, seed=1
        ),
    )

    assert (result.prompt, result.refined_prompt, result.warning) == ("p", "r", "w")
    assert result.extra == {"tomorrow": {"a": 1}}


def test_the_answer_s_warning_wins_over_the_result_s() -> None:
    """Both places are seen in the wild."""
    body = {
        "status": "COMPLETED",
        "warning": "outer",
        "result": {"image_url": "u", "warning": "inner"},
    }

    assert jobs.read_result(None, "1", jobs.read_status(body)).warning == "outer"


def test_a_structured_prompt_as_an_object_is_not_lost() -> None:
    """Documented as a JSON string; an object says the same."""
    result = jobs.read_result(None, "1", completed(structured_prompt={"light": "soft"}))

    assert isinstance(result, StructuredPromptResult)
    assert json.loads(result.structured_prompt) == {"light": "soft"}


@pytest.mark.parametrize(
    ("kind", "result"),
    [
        (JobKind.IMAGE, {}),
        (JobKind.IMAGE, {"video_url": "u"}),
        (JobKind.IMAGE, {"image_url": None}),
        (JobKind.IMAGE, {"image_url": ""}),
        (JobKind.IMAGE, {"image_url": ["u"]}),
        (JobKind.VIDEO, {"image_url": "u"}),
        (JobKind.STRUCTURED_PROMPT, {"image_url": "u"}),
        (JobKind.STRUCTURED_PROMPT, {"structured_prompt": 7}),
        (None, {}),
        (None, {"seed": 7}),
    ],
)
def test_a_result_without_its_field_is_said_to_be_paid_for(
    kind: JobKind | None, result: dict[str, Any]
) -> None:
    """Completed, but without a result: the id is what is left, so the error carries it."""
    with pytest.raises(UnexpectedAnswerError, match="It is paid for") as caught:
        jobs.read_result(kind, "7f3c", completed(**result))

    assert caught.value.request_id == "7f3c"
    assert "7f3c" in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        {"image_url": "u", "structured_prompt": "{}", "seed": "7", "request_id": "7f3c"},
        {
            "result": {"image_url": "u", "structured_prompt": "{}", "seed": 7},
            "request_id": "7f3c",
            "warning": None,
        },
    ],
    ids=["flat", "enveloped"],
)
def test_a_synchronous_answer_may_be_flat_or_enveloped(body: dict[str, Any]) -> None:
    """The document says flat; all running code has the envelope."""
    look = jobs.read_sync(body)
    result = jobs.read_result(JobKind.IMAGE, "7f3c", look)

    assert look.state is JobState.COMPLETED
    assert isinstance(result, ImageResult)
    assert (result.image_url, result.structured_prompt, result.seed) == ("u", "{}", 7)
    assert result.extra == {}


@pytest.mark.parametrize("result", [None, [], "text"])
def test_a_synchronous_answer_with_an_odd_envelope_is_read_flat(result: Any) -> None:
    """`result: null` beside the flat fields loses nothing."""
    look = jobs.read_sync({"image_url": "u", "result": result, "warning": "w"})

    assert look.result == {"image_url": "u"}
    assert look.warning == "w"


@pytest.mark.parametrize(
    ("error", "ending", "code", "words"),
    [
        (
            {"code": 422, "message": "Bad", "details": "very"},
            "ERROR 422: Bad: very.",
            422,
            "Bad: very",
        ),
        ({"code": "E1", "message": "Bad."}, "ERROR E1: Bad.", "E1", "Bad."),
        ({"message": "Bad", "details": {"a": 1}}, 'ERROR: Bad: {"a": 1}.', None, 'Bad: {"a": 1}'),
        ({"code": 0}, "ERROR 0, without saying why.", 0, ""),
        ({}, "ERROR, without saying why.", None, ""),
        ("Bad", "ERROR: Bad.", None, "Bad"),
    ],
)
def test_a_failed_job_says_why(error: Any, ending: str, code: int | str | None, words: str) -> None:
    """Code and words are attributes as well as text, whatever of them is there."""
    look = jobs.read_status({"status": "ERROR", "error": error})

    failed = jobs.failure(JobKind.IMAGE, "7f3c", look)

    assert str(failed).startswith(f"Job 7f3c (image) ended as {ending} It will have no result")
    assert (failed.request_id, failed.code, failed.words) == ("7f3c", code, words)


def test_a_failure_s_words_are_short() -> None:
    """Never a whole body."""
    look = jobs.read_status({"status": "ERROR", "error": {"message": "x" * 100_000}})

    assert len(str(jobs.failure(None, "7f3c", look))) < 500


@pytest.mark.parametrize("value", ["7f3c", 7])
def test_an_accepted_job_has_its_id_as_a_text(value: object) -> None:
    """Ids are compared and stored as texts."""
    assert jobs.read_request_id(JobKind.IMAGE, value) == str(value)


@pytest.mark.parametrize("value", [None, "", {}, [], True])
@pytest.mark.parametrize("kind", JobKind)
def test_an_accepted_job_without_an_id_is_an_unexpected_answer(
    kind: JobKind, value: object
) -> None:
    """A made-up id would poll for ever; the job may have been billed, and the error says so."""
    with pytest.raises(SubmitOutcomeUnknown, match="look at Bria before you send it again"):
        jobs.read_request_id(kind, value)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["status", "result", "error", "warning", "image_url", "video_url", "structured_prompt", "seed"]
)
BODIES = st.dictionaries(
    FIELDS, VALUES | st.sampled_from(list(WORDS)) | st.dictionaries(FIELDS, VALUES), max_size=6
)


@given(body=BODIES, kind=st.none() | st.sampled_from(JobKind), sync=st.booleans())
def test_any_answer_is_read_or_refused_as_ours(
    body: dict[str, Any], kind: JobKind | None, *, sync: bool
) -> None:
    """Whatever JSON comes, the reader never fails with anything but an error of ours."""
    look = jobs.read_sync(body) if sync else jobs.read_status(body)
    str(jobs.failure(kind, "1", look))

    try:
        result = jobs.read_result(kind, "1", look)
    except UnexpectedAnswerError:
        return
    assert result.seed is None or isinstance(result.seed, int)


def test_a_kind_may_be_named_by_its_word() -> None:
    """Both are the same; a word for nothing is refused with those that there are."""
    assert jobs.kind_named("image") is jobs.kind_named(JobKind.IMAGE) is JobKind.IMAGE
    assert jobs.kind_named(None) is None
    with pytest.raises(InvalidInputError, match=r"'picture'.*'image', 'structured_prompt'"):
        jobs.kind_named("picture")
