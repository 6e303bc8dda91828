"""What was paid for is not lost: a schema survives the step that fails after it."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bria_tailored_ext import (
    AuthenticationError,
    InvalidInputError,
    ServerError,
    SubmitOutcomeUnknown,
    ValidationError,
    VisualIdentityError,
)
from bria_tailored_ext.workflows import VisualIdentity, define_visual_identity

if TYPE_CHECKING:
    from tests.conftest import Script
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio

GENERATE = "POST /v1/tailored-gen/generate_visual_schema"
REFINE = "POST /v1/tailored-gen/refine_structured_prompt"
APPLY = "PUT /v1/tailored-gen/datasets/7"


class Schemas:
    """A network with one draft, that generates, refines and writes as it is told."""

    def __init__(self, script: Script, **steps: Any) -> None:
        self.steps = steps
        self.refined = 0
        self.network = script.network(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        last = request.url.path.rsplit("/", 1)[-1]
        if request.method == "GET":
            return httpx.Response(200, json={"id": 7, "status": "draft", "visual_schema": "{}"})
        if request.method == "PUT":
            return self.told("apply", request, {"id": 7})
        if last == "generate_visual_schema":
            return self.told("generate", request, {"visual_schema": '{"style": "flat"}'})
        self.refined += 1
        schema = json.loads(json.loads(request.content)["structured_prompt"])
        schema[f"step{self.refined}"] = True
        answer = {"structured_prompt": json.dumps(schema)}
        return self.told(f"refine{self.refined}", request, answer)

    def told(self, step: str, request: httpx.Request, answer: object) -> httpx.Response:
        wanted = self.steps.get(step, answer)
        if isinstance(wanted, int):
            return httpx.Response(wanted, json={"message": "no"})
        if isinstance(wanted, type):
            raise wanted("it broke", request=request)
        return httpx.Response(200, json=wanted)


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        (400, ValidationError),
        (401, AuthenticationError),
        (500, SubmitOutcomeUnknown),
        (httpx.ReadTimeout, SubmitOutcomeUnknown),
    ],
)
async def test_a_refinement_that_fails_keeps_the_schema_before_it(
    script: Script, pictures: list[bytes], failure: Any, cause: type[Exception]
) -> None:
    """The error has it, with what is still to be done, and says how to go on."""
    schemas = Schemas(script, refine2=failure)

    async with script.client(schemas.network) as bria:
        with pytest.raises(VisualIdentityError, match=r"schema=error\.identity\.schema") as caught:
            await define_visual_identity(bria, 7, pictures[:5], instructions=["a", "b", "c"])
        error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
        assert isinstance(caught.value.__cause__, cause)
        assert error.identity.parsed() == {"style": "flat", "step1": True}
        assert (error.remaining, error.identity.applied) == (("b", "c"), False)
        del schemas.steps["refine2"]
        identity = await define_visual_identity(
            bria, 7, schema=error.identity.schema, instructions=error.remaining
        )

    assert identity.applied
    assert sorted(identity.parsed()) == ["step1", "step3", "step4", "style"]
    assert schemas.network.asked.count(GENERATE) == 1
    assert schemas.network.asked.count(REFINE) == 4


async def test_a_schema_that_could_not_be_written_is_kept(
    script: Script, pictures: list[bytes]
) -> None:
    """Writing it later costs nothing more."""
    schemas = Schemas(script, apply=500)

    async with script.client(schemas.network) as bria:
        with pytest.raises(VisualIdentityError, match="not written into the dataset") as caught:
            await define_visual_identity(bria, 7, pictures[:5], instructions=["a"])
        assert isinstance(caught.value.__cause__, ServerError)
        assert caught.value.remaining == ()
        del schemas.steps["apply"]
        identity = await define_visual_identity(bria, 7, schema=caught.value.identity.schema)

    assert identity.schema == caught.value.identity.schema
    assert json.loads(schemas.network.seen[-1].body) == {"visual_schema": identity.schema}
    assert (schemas.network.asked.count(GENERATE), schemas.network.asked.count(REFINE)) == (1, 1)


@pytest.mark.parametrize("step", ["generate", "refine1"])
async def test_an_answer_that_is_no_json_is_kept_and_nothing_more_is_paid(
    script: Script, pictures: list[bytes], step: str
) -> None:
    """A person may mend it."""
    answer = {"visual_schema": '{"style": ', "structured_prompt": '{"style": '}
    schemas = Schemas(script, **{step: answer})

    async with script.client(schemas.network) as bria:
        with pytest.raises(VisualIdentityError) as caught:
            await define_visual_identity(bria, 7, pictures[:5], instructions=["a", "b"])

    assert caught.value.answer == '{"style": '
    assert caught.value.remaining == ("a", "b")
    assert (caught.value.identity is None) == (step == "generate")
    assert schemas.network.asked.count(REFINE) == (0 if step == "generate" else 1)
    assert APPLY not in schemas.network.asked


async def test_a_generation_that_fails_is_bria_s_own_error(
    script: Script, pictures: list[bytes]
) -> None:
    """There is nothing to keep yet; and it is not repeated, for it may have been billed."""
    schemas = Schemas(script, generate=500)

    async with script.client(schemas.network) as bria:
        with pytest.raises(SubmitOutcomeUnknown):
            await define_visual_identity(bria, 7, pictures[:5])

    assert schemas.network.asked.count(GENERATE) == 1


async def test_each_step_that_was_paid_for_is_told_at_once(
    script: Script, pictures: list[bytes]
) -> None:
    """Whoever is killed after it has written it down."""
    told: list[VisualIdentity] = []
    schemas = Schemas(script)

    async with script.client(schemas.network) as bria:
        identity = await define_visual_identity(
            bria, 7, pictures[:5], instructions=["a", "b"], on_progress=told.append
        )

    assert [len(seen.history) for seen in told] == [0, 1, 2]
    assert [seen.instructions for seen in told] == [(), ("a",), ("a", "b")]
    assert told[-1].schema == identity.schema
    assert not any(seen.applied for seen in told)


async def test_what_each_refinement_changed_can_be_read(
    script: Script, pictures: list[bytes]
) -> None:
    """Every version is there, and the difference in words."""
    unchanged = {"structured_prompt": '{"style": "flat", "step1": true}'}
    schemas = Schemas(script, refine2=unchanged)

    async with script.client(schemas.network) as bria:
        identity = await define_visual_identity(bria, 7, pictures[:5], instructions=["a", "b"])

    first, second = identity.changes
    assert str(first) == "“a”\n  added step1: true"
    assert str(second) == "“b”\n  nothing changed"
    assert identity.history == ('{"style": "flat"}', '{"style": "flat", "step1": true}')
    assert identity.replaced == "{}"


@pytest.mark.parametrize("schema", ["", "{", "7", "null", '["a"]', '{"a": NaN}', {"a": 1}])
async def test_a_schema_that_is_no_json_object_is_not_sent(studio: Studio, schema: Any) -> None:
    """Valid JSON is checked before it is sent, and paid for."""
    dataset = await studio.draft()

    with pytest.raises(InvalidInputError, match=r"^schema (must be|has NaN)"):
        await define_visual_identity(studio.bria, dataset, schema=schema, instructions=["a"])

    assert studio.billed() == []


async def test_a_given_schema_is_refined_and_the_pictures_are_not_looked_at(
    studio: Studio,
) -> None:
    """The same call with `schema` added goes on where it broke off."""
    dataset = await studio.draft()
    first = await define_visual_identity(studio.bria, dataset, studio.pictures[:5], apply=False)

    identity = await define_visual_identity(
        studio.bria, dataset, [b"no picture"], schema=first.schema, instructions=["Name is Lucy"]
    )

    assert identity.history == (first.schema,)
    assert (identity.chosen, identity.choice.reason) == ((), "The schema was given.")
    assert studio.billed() == ["generate-visual-schema", "refine-structured-prompt"]
    assert (await studio.bria.datasets.get_dataset_by_id(dataset)).visual_schema == identity.schema


async def test_moderation_is_asked_for_only_if_wanted(
    script: Script, pictures: list[bytes]
) -> None:
    """Unset means Bria's own default."""
    schemas = Schemas(script)

    async with script.client(schemas.network) as bria:
        await define_visual_identity(bria, 7, pictures[:5], apply=False)
        await define_visual_identity(bria, 7, pictures[:5], apply=False, content_moderation=True)

    plain, asked = (json.loads(each.body) for each in schemas.network.seen if each.body)
    assert (sorted(plain), asked["content_moderation"]) == (["images"], True)
