"""The whole road: each step once, whatever happens on the way."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext import (
    InvalidInputError,
    StartTraining,
    SubmitOutcomeUnknown,
    TailoredClient,
    VisualIdentityError,
)
from bria_tailored_ext.edge.on_disk import FileLock
from bria_tailored_ext.sandbox import Sandbox
from bria_tailored_ext.workflows import (
    Tailored,
    Tailoring,
    TailoringProgress,
    plan_tailoring,
    tailor,
)

if TYPE_CHECKING:
    from tests.conftest import VirtualClock
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio

BRAND = Tailoring(
    name="Teapots",
    ip_type="stylized_scene",
    ip_medium="photography",
    instructions=("Make the light warmer", "Name the mood: calm"),
)


class Death(BaseException):
    """As good as SIGKILL for what is on the disk."""


class Dying(httpx.AsyncBaseTransport):
    """The real network, until the second change of Bria's state: then death."""

    def __init__(self, when: str) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._when = when
        self._changes = 0
        self._one = anyio.Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self._inner.handle_async_request(request)
        # One by one: else the death of one upload would take the others with it.
        async with self._one:
            self._changes += 1
            if self._changes == 2 and self._when == "before":
                raise Death
            response = await self._inner.handle_async_request(request)
            await response.aread()
            if self._changes == 2:
                raise Death
            return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class Losing(Dying):
    """The real network, which loses the first answer to each kind of POST."""

    lost: set[str]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        last = request.url.path.rsplit("/", 1)[-1]
        if request.method != "POST" or last in self.lost:
            return response
        self.lost.add(last)
        await response.aread()
        raise httpx.ReadError("the answer was lost", request=request)


async def lives(road: Awaitable[Tailored]) -> bool:
    """Whether it reaches its end."""
    try:
        await road
    except (Death, SubmitOutcomeUnknown, VisualIdentityError):
        return False
    except BaseExceptionGroup as group:
        # An upload dies among others.
        if group.split(Death)[1]:
            raise
        return False
    return True


async def one_of_everything(sandbox: Sandbox, pictures: int) -> None:
    """Ask the sandbox itself what there is."""
    async with TailoredClient(
        api_token=sandbox.api_token, base_url=sandbox.base_url, plan=None
    ) as bria:
        projects = await bria.projects.get_projects()
        datasets = await bria.datasets.get_datasets()
        models = await bria.models.get_models()
        images = await bria.datasets.get_images(datasets[0].id)
    assert [len(projects), len(datasets), len(models), len(images)] == [1, 1, 1, pictures]


async def go(
    sandbox: Sandbox,
    clock: VirtualClock,
    pictures: list[bytes],
    state: Path,
    network: httpx.AsyncBaseTransport,
    **more: Any,
) -> Tailored:
    async with TailoredClient(
        api_token=sandbox.api_token,
        base_url=sandbox.base_url,
        clock=clock,
        transport=network,
        plan=None,
    ) as bria:
        return await tailor(bria, pictures, BRAND, state=state, **more)


async def test_the_whole_road(studio: Studio, tmp_path: Path) -> None:
    """One call, each step told, and a second call does nothing more."""
    told: list[TailoringProgress] = []
    state = tmp_path / "new" / "state.json"

    made = await tailor(studio.bria, studio.pictures, BRAND, state=state, on_progress=told.append)
    again = await tailor(studio.bria, studio.pictures, BRAND, state=state)

    assert (str(made.model.status), again) == ("Completed", made)
    assert json.loads(made.schema)
    assert [each.step for each in told if each.is_done] == [
        *("project", "dataset", "identity", "upload", "captions", "completion", "model"),
        "training",
    ]
    assert studio.billed().count("start-training") == 1
    assert studio.billed().count("generate-visual-schema") == 1
    assert studio.billed().count("refine-structured-prompt") == 2
    await one_of_everything(studio.sandbox, len(studio.pictures))


@pytest.mark.parametrize("when", ["before", "after", "lost"])
async def test_every_change_may_be_the_last_one_of_a_process(
    clock: VirtualClock, pictures: list[bytes], tmp_path: Path, when: str
) -> None:
    """Dead before it or after it, or its answer lost: one of everything in the end."""
    lost: set[str] = set()
    ends = 0
    async with Sandbox(speed=0, seed=1) as sandbox:
        clock.on_sleep.append(sandbox.advance)
        while True:
            network = Losing(when) if when == "lost" else Dying(when)
            if isinstance(network, Losing):
                network.lost = lost
            if await lives(go(sandbox, clock, pictures[:6], tmp_path / "state.json", network)):
                break
            ends += 1
            assert ends < 30
        await one_of_everything(sandbox, 6)
        assert [call.operation for call in sandbox.books].count("start-training") == 1
    # An answer is lost for good where Bria bills and gives no id: the schema, the refinement.
    assert (ends == 2) if when == "lost" else (ends >= 6), ends


async def test_a_plan_says_what_would_be_billed_and_sends_nothing(
    studio: Studio, tmp_path: Path
) -> None:
    """Before and after: what a former run has done is not billed again."""
    state = tmp_path / "state.json"

    before = await plan_tailoring(studio.pictures, BRAND, state=state)
    assert studio.network.answers == {}
    assert not state.exists()
    assert (before.billed, before.pictures) == (4, 12)

    await tailor(studio.bria, studio.pictures, BRAND, state=state)
    after = await plan_tailoring(studio.pictures, BRAND, state=state)
    assert after.billed == 0
    assert all(each.is_done for each in after.steps)


async def test_a_folder_is_as_good_as_its_pictures(studio: Studio, tmp_path: Path) -> None:
    """Files are taken in the order of their names."""
    folder = tmp_path / "brand"
    folder.mkdir()
    for number, picture in enumerate(studio.pictures[:5]):
        (folder / f"{number}.png").write_bytes(picture)

    made = await tailor(studio.bria, folder, BRAND, state=tmp_path / "state.json")

    assert str(made.model.status) == "Completed"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ip_type": "defined_character"}, "needs an ip_name of 1 to 3 words"),
        (
            {"ip_type": "defined_character", "ip_name": "Her Majesty the Queen"},
            "needs an ip_name of 1 to 3 words",
        ),
        ({"ip_type": "defined_character", "ip_name": "Lora"}, "ip_description of 1 to 6 words"),
        ({"ip_type": "icons"}, "for ip_medium 'illustration' only"),
        ({"ip_type": "statue"}, "ip_type must be one of"),
        ({"ip_medium": "oil"}, "ip_medium must be one of"),
        ({"name": " "}, "name of the project is empty"),
        ({"instructions": ("",)}, "One of the instructions is empty"),
        ({"instructions": "redder"}, "instructions takes several: put a single one"),
        ({"parameters": StartTraining(rank=0)}, "rank must be a whole number"),
    ],
)
def test_the_rules_of_the_ip_are_checked_first(change: dict[str, Any], words: str) -> None:
    """A project of the wrong type cannot be changed into another."""
    given = {"name": "x", "ip_type": "other", "ip_medium": "photography", **change}

    with pytest.raises(InvalidInputError, match=words):
        Tailoring(**given)


@pytest.mark.parametrize("parameters", [StartTraining(), StartTraining(rank=64)])
def test_parameters_make_an_experts_training(parameters: StartTraining) -> None:
    """Bria takes them in that mode only."""
    asked = Tailoring(name="x", ip_type="other", ip_medium="photography", parameters=parameters)

    assert asked.training_mode == ("expert" if parameters.to_dict() else "fully_automated")


async def test_too_few_pictures_are_told_before_anything_is_sent(
    studio: Studio, tmp_path: Path
) -> None:
    """Copies do not count."""
    few = [*studio.pictures[:4], studio.pictures[0]]

    with pytest.raises(InvalidInputError, match="only 4 of them differ"):
        await tailor(studio.bria, few, BRAND, state=tmp_path / "state.json")

    assert studio.network.answers == {}
    assert not (tmp_path / "state.json").exists()


async def test_other_settings_need_another_state_file(studio: Studio, tmp_path: Path) -> None:
    """Going on with another name would make half of one thing and half of another."""
    state = tmp_path / "state.json"
    await tailor(studio.bria, studio.pictures, BRAND, state=state)
    other = Tailoring(name="Cups", ip_type="stylized_scene", ip_medium="photography")

    with pytest.raises(InvalidInputError, match="begun with another instructions, name"):
        await tailor(studio.bria, studio.pictures, other, state=state)
    with pytest.raises(InvalidInputError, match="begun with other pictures"):
        await tailor(studio.bria, studio.pictures[:7], BRAND, state=state)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"bria_tailored": "sweep", "version": 1}'])
async def test_a_file_of_something_else_is_left_alone(
    studio: Studio, tmp_path: Path, content: str
) -> None:
    """It is refused before anything is sent, and stays as it was."""
    state = tmp_path / "state.json"
    state.write_text(content)

    with pytest.raises(InvalidInputError, match="state file"):
        await tailor(studio.bria, studio.pictures, BRAND, state=state)

    assert state.read_text() == content
    assert studio.network.answers == {}


async def test_two_processes_do_not_share_a_state_file(studio: Studio, tmp_path: Path) -> None:
    """Both would create everything."""
    state = tmp_path / "state.json"
    lock = FileLock(state)
    lock.acquire()
    try:
        with pytest.raises(InvalidInputError, match="in use by this very process"):
            await tailor(studio.bria, studio.pictures, BRAND, state=state)
    finally:
        lock.release()

    assert studio.network.answers == {}


async def test_a_damaged_picture_is_told_before_anything_is_sent(
    studio: Studio, tmp_path: Path
) -> None:
    """It begins like a picture; only decoding shows that its end is missing."""
    pictures = [*studio.pictures[:5], studio.pictures[5][:-200]]

    with pytest.raises(InvalidInputError, match=r"picture-6.*Bria would refuse 1 of"):
        await tailor(studio.bria, pictures, BRAND, state=tmp_path / "state.json")

    assert studio.network.answers == {}
