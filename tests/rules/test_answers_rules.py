"""From an answer to its error: five shapes, many statuses, and things that are no answer."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.rules.answers import Answer, error_for
from bria_tailored_ext.values import errors
from bria_tailored_ext.values.errors import ApiError

SHAPES: dict[str, Any] = {
    "envelope": {
        "error": {"code": 7, "message": "It said", "details": "no"},
        "request_id": "7f3c",
    },
    "sentence": "It said: no",
    "message": {"message": "It said: no"},
    "fields": {"errors": [{"msg": "no", "field_name": "It said", "field_input": "x" * 99}]},
    "status": {"status": "It said: no"},
}

STATUSES = {
    400: errors.ValidationError,
    401: errors.AuthenticationError,
    402: errors.UnexpectedAnswerError,
    403: errors.AccessDeniedError,
    404: errors.NotFoundError,
    405: errors.UnexpectedAnswerError,
    409: errors.ConflictError,
    412: errors.PreconditionError,
    413: errors.TooLargeError,
    415: errors.UnsupportedMediaError,
    422: errors.ValidationError,
    429: errors.RateLimitedError,
    460: errors.ImageNotFetchedError,
    499: errors.UnexpectedAnswerError,
    500: errors.ServerError,
    502: errors.ServerError,
    503: errors.ServerError,
    504: errors.ServerError,
    506: errors.UnsupportedInputError,
    520: errors.ServerError,
    529: errors.ServerError,
    599: errors.ServerError,
    301: errors.UnexpectedAnswerError,
    304: errors.UnexpectedAnswerError,
    100: errors.UnexpectedAnswerError,
}


def error(status: int, body: object = b"", *, method: str = "GET", **facts: Any) -> ApiError:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return error_for(Answer(method=method, path="/v2/x", status=status, body=raw, **facts))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_its_error_in_every_shape(status: int, shape: str) -> None:
    """The status decides the class, and Bria's words are kept whatever shape they come in."""
    found = error(status, SHAPES[shape])

    assert type(found) is STATUSES[status]
    assert found.words == "It said: no"
    assert str(found).startswith(f"GET /v2/x answered {status}: It said: no. ")
    assert (found.method, found.path, found.status) == ("GET", "/v2/x", status)


@pytest.mark.parametrize("status", [*STATUSES, 200, 202, 204])
@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"7", b"true", b"{}", b'{"error": null}', b'{"errors": 7}', b'""'],
)
def test_an_answer_without_words_is_still_its_error(status: int, body: bytes) -> None:
    """Nothing, or JSON of the wrong type, changes nothing of what the status says."""
    found = error(status, body)

    assert type(found) is STATUSES.get(status, errors.UnexpectedAnswerError)
    assert found.words == ""
    assert found.fields == {}
    assert found.request_id is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Quota exceeded for this organization", errors.QuotaExceededError),
        ("quota EXCEEDED", errors.QuotaExceededError),
        ("Access denied. Your plan does not include this", errors.PlanError),
        ("Please upgrade your plan", errors.PlanError),
        ("Quota exceeded. Upgrade your plan", errors.QuotaExceededError),
        ("Dataset does not belong to organization", errors.AccessDeniedError),
        ("", errors.AccessDeniedError),
    ],
)
@pytest.mark.parametrize("shape", ["sentence", "message", "envelope"])
def test_a_403_is_told_apart_by_its_text(text: str, kind: type[ApiError], shape: str) -> None:
    """Quota and plan differ from a foreign thing only in words."""
    bodies = {
        "sentence": text,
        "message": {"message": text},
        "envelope": {"error": {"code": 403, "message": text}},
    }

    assert type(error(403, bodies[shape])) is kind


@pytest.mark.parametrize("status", [400, 422])
def test_moderation_is_told_apart_by_its_text(status: int) -> None:
    """A moderated prompt is changed, and not sent again as it is."""
    body = {"error": {"code": status, "message": "Prompt content moderation failed"}}

    assert type(error(status, body)) is errors.ModerationError


def test_quota_and_moderation_words_mean_nothing_elsewhere() -> None:
    """The words only tell answers of their own status apart."""
    assert type(error(404, "Quota exceeded")) is errors.NotFoundError
    assert type(error(409, "moderation")) is errors.ConflictError


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "m", "details": {"field": "seed"}}}, 'm: {"field": "seed"}'),
        ({"error": {"message": "m", "details": None}}, "m"),
        ({"error": {"details": "d"}}, "d"),
        ({"error": {"code": 5001}}, "5001"),
        ({"error": "a bare text"}, "a bare text"),
        ({"error": {}, "message": "m"}, "m"),
        ({"error": {"code": 0}}, "0"),
        ({"detail": "Not Found"}, "Not Found"),
        ({"message": {"a": 1}}, '{"a": 1}'),
        ({"status": "NOT_FOUND"}, "NOT_FOUND"),
        (
            {"errors": [{"msg": "m"}, "text", None, {"field_name": "f", "msg": None}]},
            "?: m; f:",
        ),
    ],
)
def test_words_are_found_where_bria_puts_them(body: object, words: str) -> None:
    """Incomplete and unusual bodies give what they hold."""
    assert error(400, body).words == words


def test_field_errors_are_facts_by_name() -> None:
    """A form shows each complaint beside its field; what was sent in is not repeated."""
    secret = "x" * 2000
    found = error(
        400,
        {
            "errors": [
                {"msg": "too long", "field_name": "name", "field_input": secret},
                {"msg": "required", "field_name": "dataset_id", "field_input": ""},
            ]
        },
    )

    assert found.fields == {"name": "too long", "dataset_id": "required"}
    assert "xxx" not in str(found)


def test_the_request_id_is_kept_if_it_is_a_text() -> None:
    """Bria's support asks for it."""
    assert error(500, {"request_id": "7f3c"}).request_id == "7f3c"
    assert error(500, {"request_id": 7}).request_id is None


@pytest.mark.parametrize("body", [b"<html><h1>502 Bad Gateway</h1></html>", b"\n  <!DOCTYPE html>"])
def test_a_page_of_a_load_balancer_is_not_quoted(body: bytes) -> None:
    """HTML says nothing to a person who reads an error."""
    found = error(502, body)

    assert type(found) is errors.ServerError
    assert "an HTML page" in str(found)
    assert "<" not in str(found)


def test_html_is_known_by_its_content_type_too() -> None:
    """Some pages begin with a comment or a byte order mark."""
    assert error(503, b"Sorry <b>", content_type="text/html; charset=utf-8").words == "an HTML page"


def test_plain_text_is_quoted() -> None:
    """A gateway's plain sentence is better than nothing."""
    assert error(504, b"upstream request timeout").words == "upstream request timeout"


@pytest.mark.parametrize(
    "body",
    [
        b"x" * 5_000_000,
        json.dumps("y" * 5_000_000).encode(),
        json.dumps({"message": "z" * 5_000_000}).encode(),
        json.dumps(
            {"errors": [{"msg": "m" * 1_000_000, "field_name": f"{n}" * 9999} for n in range(5)]}
        ).encode(),
    ],
    ids=["text", "sentence", "message", "fields"],
)
def test_a_huge_body_makes_a_short_error(body: bytes) -> None:
    """Never a whole body, neither in the message nor in an attribute."""
    found = error(400, body)

    assert len(str(found)) < 600
    assert len(found.words) <= 300
    assert all(len(name) <= 300 and len(said) <= 300 for name, said in found.fields.items())


def test_a_body_nested_beyond_measure_is_still_an_answer() -> None:
    """No body can turn the explanation of an error into another error."""
    assert type(error(400, b"[" * 200_000)) is errors.ValidationError


def test_words_are_one_line_without_control_characters() -> None:
    """What a server says is shown on terminals: it moves no cursor and forges no line."""
    found = error(400, {"message": "one\ntwo\x1b[2Jthree\u2028four\ud800"})

    assert found.words == "one two [2Jthree four"
    str(found).encode()


@pytest.mark.parametrize("status", [500, 502, 504, 520])
def test_a_broken_post_is_not_to_be_repeated_blindly(status: int) -> None:
    """A gateway that gave up on a POST does not know whether it was carried out."""
    assert "look before you repeat it" in str(error(status, method="POST"))
    assert "try again later" in str(error(status, method="GET"))


def test_a_malformed_success_says_why_and_what_it_may_mean() -> None:
    """A 200 that cannot be read may have been billed, if it was a POST."""
    answer = Answer(method="POST", path="/v2/x", status=200, body=b"<html>")
    found = error_for(answer, ValueError("Expecting value"))

    assert type(found) is errors.UnexpectedAnswerError
    assert "Expecting value" in str(found)
    assert "look before you repeat it" in str(found)
    reading = error_for(Answer(method="GET", path="/v2/x", status=200), ValueError("no"))
    assert "carried out" not in str(reading)


@pytest.mark.parametrize("status", [408, 429, 500, 503, 529])
def test_retry_after_is_a_fact_of_every_error(status: int) -> None:
    """A service that is down may say for how long, as one that is asked too often does."""
    assert error(status, retry_after=12.5).retry_after == 12.5
    assert error(status).retry_after is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["error", "errors", "message", "status", "request_id", "code", "msg"])
            | st.text(),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(
    status=st.integers(100, 599),
    body=st.binary(max_size=400) | JSON.map(lambda value: json.dumps(value).encode()),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    content_type=st.sampled_from(["", "text/html", "application/json", "nonsense"]),
)
def test_any_bytes_with_any_status_are_a_typed_error(
    status: int, body: bytes, method: str, content_type: str
) -> None:
    """No answer, however odd, raises anything else or makes an error that cannot be shown."""
    answer = Answer(
        method=method, path="/v1/x", status=status, body=body, content_type=content_type
    )

    found = error_for(answer)

    assert isinstance(found, ApiError)
    assert type(found) is not ApiError
    assert found.status == status
    assert len(str(found).encode()) < 3000
    assert "\n" not in str(found)
    assert pickle.loads(pickle.dumps(found)).words == found.words  # noqa: S301
