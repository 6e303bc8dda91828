"""Bodies and answers as values: what is unset, what survives, what is read tolerantly."""

from __future__ import annotations

import copy
import datetime
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from bria_tailored import UNSET, Unset, models
from bria_tailored.errors import UnexpectedAnswer
from bria_tailored.models import (
    AcceptedJob,
    CreateProject,
    Dataset,
    ImageRequest,
    JobStatus,
    Model,
    Project,
    StartTraining,
)
from bria_tailored.models.model_status import check_model_status
from bria_tailored.types import expect, parse_timestamp

CLASSES = {name: each for name in models.__all__ if attrs.has(each := getattr(models, name))}

THERE_AND_BACK: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    *(
        lambda value, protocol=protocol: pickle.loads(pickle.dumps(value, protocol))  # noqa: S301
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ),
]

CHILD = """
import json, pickle, sys
from bria_tailored.types import UNSET
values = pickle.load(sys.stdin.buffer)
assert values.pop("unset") is UNSET
print(json.dumps({name: each.to_dict() for name, each in values.items()}))
"""


def with_required_fields(cls: Any) -> tuple[Any, set[str]]:
    """An instance with nothing but what has no default, and the names of that."""
    fields = [each for each in attrs.fields(cls) if each.init and each.default is attrs.NOTHING]
    # An empty list is what every kind of field takes, one of nested objects included.
    return cls(**{each.name: [] for each in fields}), {each.name for each in fields}


@pytest.mark.parametrize("name", CLASSES)
def test_what_is_not_set_is_not_sent(name: str) -> None:
    """An instance with its required fields alone serialises to these alone."""
    instance, required = with_required_fields(CLASSES[name])
    assert instance.to_dict().keys() == required
    assert "UNSET" not in json.dumps(instance.to_dict())


@pytest.mark.parametrize("name", CLASSES)
def test_every_optional_field_is_unset_by_default(name: str) -> None:
    """None of them has a value that Bria would take for the user's."""
    for each in attrs.fields(CLASSES[name]):
        if each.init and each.default is not attrs.NOTHING:
            assert each.default is UNSET


def test_training_starts_without_a_parameter() -> None:
    """Outside of expert mode, a single one of them is an error 400."""
    assert StartTraining().to_dict() == {}
    assert StartTraining(rank=64).to_dict() == {"rank": 64}


def test_none_is_sent_where_unset_is_not() -> None:
    """`null` and absent are two things on the wire."""
    assert Project(id=1, ip_name=None).to_dict() == {"id": 1, "ip_name": None}
    assert Project(id=1).to_dict() == {"id": 1}


def test_fields_that_nobody_documented_are_kept_and_sent() -> None:
    """Bria adds fields before its document does."""
    answer = Project.from_dict({"id": 1, "brand_new": [1]})
    assert answer["brand_new"] == [1]
    assert "brand_new" in answer
    assert answer.additional_keys == ["brand_new"]
    assert answer.to_dict() == {"id": 1, "brand_new": [1]}
    request = ImageRequest("7")
    request["brand_new"] = 2
    assert request.to_dict() == {"tailored_model_id": "7", "brand_new": 2}
    del request["brand_new"]
    assert request.to_dict() == {"tailored_model_id": "7"}


@pytest.mark.parametrize("there_and_back", THERE_AND_BACK)
def test_unset_stays_the_one_it_is(there_and_back: Callable[[Any], Any]) -> None:
    """A model that was copied or sent to another process still knows what was never set."""
    assert there_and_back(UNSET) is UNSET
    assert there_and_back([UNSET])[0] is UNSET
    assert Unset() is UNSET
    assert not UNSET
    assert repr(UNSET) == "UNSET"


@pytest.mark.parametrize("there_and_back", THERE_AND_BACK)
def test_models_survive_and_serialise_the_same(there_and_back: Callable[[Any], Any]) -> None:
    """Every class, with undocumented fields and nested objects."""
    for cls in CLASSES.values():
        value, _ = with_required_fields(cls)
        value.additional_properties = {"x": [1]}
        again = there_and_back(value)
        assert again == value
        assert again is not value
        assert again.to_dict() == value.to_dict()
    nested = Dataset.from_dict(
        {"id": 1, "created_at": "2024-05-26T12:00:00Z", "models": [{"id": 2}], "images": None}
    )
    again = there_and_back(nested)
    assert again == nested
    assert again.to_dict() == nested.to_dict()


def test_models_survive_the_way_to_another_process() -> None:
    """Where `UNSET` is another object in other memory."""
    values: dict[str, Any] = {name: with_required_fields(cls)[0] for name, cls in CLASSES.items()}
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=pickle.dumps({**values, "unset": UNSET}),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == {name: each.to_dict() for name, each in values.items()}


def test_an_error_survives_the_way_to_another_process() -> None:
    """With its facts."""
    error = UnexpectedAnswer("GET /a answered 404", 404, {"status": "NOT_FOUND"})
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert str(again) == str(error) == "GET /a answered 404"
    assert (again.status_code, again.body) == (404, {"status": "NOT_FOUND"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-26T12:00:00Z", datetime.datetime(2024, 5, 26, 12, tzinfo=datetime.UTC)),
        ("2024-05-26T12:00:00", datetime.datetime(2024, 5, 26, 12, tzinfo=datetime.UTC)),
        ("2024-05-26T14:00:00+02:00", datetime.datetime(2024, 5, 26, 12, tzinfo=datetime.UTC)),
        (
            "2025-08-20T10:04:13.827379",
            datetime.datetime(2025, 8, 20, 10, 4, 13, 827379, tzinfo=datetime.UTC),
        ),
    ],
)
def test_every_timestamp_is_aware(text: str, expected: datetime.datetime) -> None:
    """Some end in Z and some are naive; compared with each other, both are an instant."""
    assert parse_timestamp(text) == expected
    read = Project.from_dict({"id": 1, "created_at": text}).created_at
    assert read == expected
    assert isinstance(read, datetime.datetime)
    assert read.tzinfo is not None


def test_a_date_may_be_null_absent_or_not_a_date() -> None:
    """None of these loses the rest of the answer."""
    assert Project.from_dict({"id": 1, "created_at": None}).created_at is None
    assert Project.from_dict({"id": 1}).created_at is UNSET
    odd = Project.from_dict({"id": 1, "created_at": "soon"})
    assert str(odd.created_at) == "soon"


@pytest.mark.parametrize("word", ["InProgress", "inprogress", "INPROGRESS"])
def test_a_known_word_is_read_in_any_case(word: str) -> None:
    """Bria writes the same word in more than one case; code compares with one."""
    assert check_model_status(word) == "InProgress"
    assert Model.from_dict({"id": 1, "status": word}).status == "InProgress"


def test_an_unknown_word_is_kept_as_it_came() -> None:
    """A new word is not a broken answer."""
    assert Model.from_dict({"id": 1, "status": "Paused"}).status == "Paused"
    assert JobStatus.from_dict({"status": "QUEUED"}).status == "QUEUED"
    assert JobStatus.from_dict({"status": "completed"}).status == "COMPLETED"


def test_a_word_that_a_request_does_not_take_is_refused() -> None:
    """Requests are closed: a typo is not worth a paid call."""
    body = {"project_name": "p", "ip_medium": "sculpture", "ip_type": "other"}
    with pytest.raises(TypeError, match=r"Unexpected value 'sculpture'\. Expected one of"):
        CreateProject.from_dict(body)


@pytest.mark.parametrize(
    "status",
    [
        {"status": "IN_PROGRESS", "request_id": "r"},
        {"status": "COMPLETED", "result": {"image_url": "u", "seed": "5"}, "request_id": "r"},
        {"status": "COMPLETED", "result": {"structured_prompt": "{}", "seed": 5}},
        {"status": "ERROR", "error": {"code": 422, "message": "m"}},
        {"status": "UNKNOWN", "error": {"code": "word", "message": "m", "details": [1]}},
        {"status": "NOT_FOUND"},
    ],
)
def test_every_documented_status_answer_is_read(status: dict[str, Any]) -> None:
    """In all its shapes, and nothing of it is lost."""
    assert JobStatus.from_dict(status).to_dict() == status


def test_an_answer_without_its_identity_is_malformed() -> None:
    """Nothing could be done with it; the edge tells it as a problem."""
    for cls in (AcceptedJob, Dataset, Model, Project):
        with pytest.raises(KeyError):
            cls.from_dict({})


def test_expecting_another_kind_of_json_names_both() -> None:
    """What was wanted and what came."""
    assert expect(dict, {}) == {}
    with pytest.raises(TypeError, match="expected a JSON list, got dict"):
        expect(list, {})
