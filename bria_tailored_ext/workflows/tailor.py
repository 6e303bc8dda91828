"""The whole road in one call: from a folder of pictures to a trained model, resumable."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import anyio

from bria_tailored.models import CreateDataset, CreateModel, CreateProject, Model
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.training import look_in_words
from bria_tailored_ext.values.errors import ApiError, DatasetIncomplete, InvalidInputError
from bria_tailored_ext.workflows.captions import regenerate_captions, wait_for_captions
from bria_tailored_ext.workflows.complete_dataset import complete_dataset
from bria_tailored_ext.workflows.kept_identity import keep_identity
from bria_tailored_ext.workflows.pictures import ImageSource
from bria_tailored_ext.workflows.state_file import StateFile, the_oldest
from bria_tailored_ext.workflows.tailoring import (
    STEPS,
    Step,
    Tailored,
    Tailoring,
    TailoringPlan,
    TailoringProgress,
    plan_steps,
)
from bria_tailored_ext.workflows.tailoring_pictures import (
    Images,
    check_same_pictures,
    checked_pictures,
)
from bria_tailored_ext.workflows.train import status_of
from bria_tailored_ext.workflows.train_and_wait import TrainingProgress, train_and_wait
from bria_tailored_ext.workflows.upload_images import UploadProgress, upload_images

Tell: TypeAlias = Callable[[TailoringProgress], None]

_WORKFLOW = "tailor"


async def plan_tailoring(
    images: Images,
    tailoring: Tailoring,
    *,
    state: str | os.PathLike[str],
    retrain: bool = False,
) -> TailoringPlan:
    """What `tailor` would do, and what of it Bria would bill. Nothing is sent.

    Every picture is read and checked. A state file that is there is read, and none is made. What a
    former run has paid for without living to write it down is counted again.

    Args:
        images: A folder, or pictures.
        tailoring: What the model is to be made of.
        state: The state file that `tailor` would be given.
        retrain: Whether `tailor` would be told to train another model, if the former is lost.

    Raises:
        InvalidInputError: The pictures will not do, or the state file is of something else.
    """
    sources, digests = await checked_pictures(images)
    done: frozenset[str] = frozenset()
    refined = 0
    is_training = False
    if await anyio.Path(state).exists():
        with StateFile.opened(Path(state), _WORKFLOW, tailoring.settings()) as former:
            check_same_pictures(Path(state), former, digests)
            done = frozenset(step for step in STEPS if _is_done(former, step))
            refined = _paid(former)
            is_training = former.get("started") == former.get("model") is not None
    return TailoringPlan(
        tailoring=tailoring,
        pictures=len(sources),
        steps=plan_steps(
            tailoring, len(sources), done, refined, is_training=is_training and not retrain
        ),
    )


async def tailor(
    bria: TailoredClient,
    images: Images,
    tailoring: Tailoring,
    *,
    state: str | os.PathLike[str],
    on_progress: Tell | None = None,
    timeout: float | None = None,
    retrain: bool = False,
) -> Tailored:
    """Go the whole road, from pictures to a trained model.

    Each step is written into a file before the next relies on it. Called again with the same
    pictures and settings after a crash, at any step, it goes on where it stopped: nothing is
    created, uploaded or trained twice. What Bria bills and gives no id for, the visual schema and
    its refinements, is paid again if the process dies between the call and its answer.

    Show `plan_tailoring` to whoever pays first.

    Args:
        bria: The client.
        images: A folder, or pictures, 5 to 200.
        tailoring: What the model is to be made of.
        state: The file to remember the steps in. Beside it, a record of the uploads is kept.
        on_progress: Called as things happen.
        timeout: Seconds to wait for the training; `None` waits for ever.
        retrain: Where a former training failed or was stopped, create another model on the same
            dataset and train that; it is billed again.

    Raises:
        InvalidInputError: The pictures will not do, or the state file is of something else.
            Nothing was sent.
        VisualIdentityError: A refinement failed; what came before it is in the state file.
        DatasetIncomplete: Captions stayed faulty, or pictures could not be uploaded.
        TrainingError: The training failed, was stopped, or cannot be waited for.
        ApiError, SubmitOutcomeUnknown: A step was refused, or broke off. Call it again.
    """
    sources, digests = await checked_pictures(images)
    with StateFile.opened(Path(state), _WORKFLOW, tailoring.settings()) as steps:
        check_same_pictures(Path(state), steps, digests)
        steps.put("pictures", digests)
        road = _Road(bria, tailoring, sources, steps, on_progress)
        return await road.go(Path(f"{os.fspath(state)}.uploads"), timeout, retrain)


class _Road:
    """The steps, each of which may have been taken before."""

    def __init__(
        self,
        bria: TailoredClient,
        tailoring: Tailoring,
        sources: list[ImageSource],
        state: StateFile,
        tell: Tell | None,
    ) -> None:
        self._bria = bria
        self._asked = tailoring
        self._sources = sources
        self._state = state
        self._listener = tell
        self._last: TailoringProgress | None = None

    async def go(self, record: Path, timeout: float | None, retrain: bool) -> Tailored:
        project = await self._project()
        dataset = await self._dataset(project)
        if not self._state.get("completion"):
            await self._fill(dataset, record)
        if retrain:
            await self._forget_lost_training()
        model = await self._model(project, dataset)
        return Tailored(
            project_id=project,
            dataset_id=dataset,
            schema=self._state.get("identity")["schema"],
            model=await self._train(model, timeout),
        )

    async def _project(self) -> int:
        asked, mark = self._asked, f"[bria-tailored {self._state.mark}]"
        body = CreateProject(
            project_name=asked.name,
            # By the mark the project is known again, should its id be lost with the process.
            project_description=mark,
            ip_type=asked.ip_type,
            ip_medium=asked.ip_medium,
        )
        if asked.ip_name is not None:
            body.ip_name = asked.ip_name
        if asked.ip_description is not None:
            body.ip_description = asked.ip_description

        async def make() -> int:
            return (await self._bria.projects.create_project(body=body)).id

        async def find() -> int | None:
            projects = await self._bria.projects.get_projects()
            return the_oldest(
                each.id for each in projects if mark in (each.project_description or "")
            )

        return await self._created("project", make, find)

    async def _dataset(self, project: int) -> int:
        body = CreateDataset(project_id=project, name=self._asked.name)

        async def make() -> int:
            return (await self._bria.datasets.create_dataset(body=body)).id

        async def find() -> int | None:
            # The project is ours alone, and so is every dataset in it.
            listed = await self._bria.datasets.get_datasets_by_project(project)
            return the_oldest(each.id for each in listed)

        return await self._created("dataset", make, find)

    async def _fill(self, dataset: int, record: Path) -> None:
        if not self._state.get("captions"):
            await self._identity(dataset)
            await self._upload(dataset, record)
            await self._captions(dataset)
        await complete_dataset(self._bria, dataset)
        self._done("completion", dataset, "The dataset is complete, and frozen.")

    async def _identity(self, dataset: int) -> None:
        wishes = self._asked.instructions

        def tell(refined: int) -> None:
            total = 1 + len(wishes)
            self._tell("identity", "The schema was paid for.", done=1 + refined, total=total)

        await keep_identity(
            self._bria,
            dataset,
            state=self._state,
            step="identity",
            instructions=wishes,
            images=self._sources,
            on_paid=tell,
        )
        self._tell("identity", "The visual identity is defined.", is_done=True)

    async def _upload(self, dataset: int, record: Path) -> None:
        def tell(seen: UploadProgress) -> None:
            self._tell("upload", f"{seen.name}: {seen.outcome}.", done=seen.done, total=seen.total)

        report = await upload_images(
            self._bria, dataset, self._sources, record=record, on_progress=tell
        )
        if report.failed:
            refused = [
                each.digest
                for each in report.failed
                if isinstance(each.error, ApiError | InvalidInputError)
            ]
            self._state.put("refused", refused)
            raise DatasetIncomplete(
                f"{len(report.failed)} of {len(self._sources)} pictures could not be uploaded; the "
                f"first, {report.failed[0].name}: {report.failed[0].error} Leave out or replace "
                "those that Bria refuses, and run it again: only what is missing is uploaded then.",
                dataset_id=dataset,
                missing=tuple(f"{each.name}: {each.error}" for each in report.failed),
            ) from report.failed[0].error
        self._done("upload", len(self._sources), "Every picture is there.")

    async def _captions(self, dataset: int) -> None:
        report = await wait_for_captions(self._bria, dataset)
        if report.faulty:
            self._tell("captions", f"{len(report.faulty)} captions are faulty: made anew.")
            again = [image.id for image in report.faulty]
            report = await regenerate_captions(self._bria, dataset, where=again)
        if report.faulty:
            names = tuple(str(image.image_name or image.id) for image in report.faulty)
            raise DatasetIncomplete(
                f"{len(names)} captions of dataset {dataset} are still faulty, although they were "
                f"made anew; the first is that of {names[0]}. Run it again, or set them with "
                "set_caption.",
                dataset_id=dataset,
                missing=tuple(f"{name} has no valid caption." for name in names),
            )
        self._done("captions", len(report.captioned), f"{len(report.captioned)} captions.")

    async def _model(self, project: int, dataset: int) -> int:
        body = CreateModel(
            name=self._asked.name, dataset_id=dataset, training_mode=self._asked.training_mode
        )

        async def make() -> int:
            return (await self._bria.models.create_model(body=body)).id

        async def find() -> int | None:
            listed = await self._bria.models.get_models_by_project(project)
            retired = self._state.get("retired") or ()
            return the_oldest(each.id for each in listed if each.id not in retired)

        return await self._created("model", make, find)

    async def _forget_lost_training(self) -> None:
        former = self._state.get("model")
        if former is None:
            return
        status = status_of(await self._bria.models.get_model(former))
        if status in ("failed", "stopped"):
            self._tell("model", f"Model {former} is {status}: another is created.")
            # Lest it be taken for the new one, should the id of that be lost with the process.
            self._state.put("retired", [*(self._state.get("retired") or ()), former])
            self._state.forget("model")

    async def _train(self, model: int, timeout: float | None) -> Model:
        def tell(seen: TrainingProgress) -> None:
            if self._state.get("started") != model:
                self._state.put("started", model)
            self._tell("training", look_in_words(seen.status, seen.elapsed, seen.remaining))

        trained = await train_and_wait(
            self._bria, model, self._asked.parameters, on_progress=tell, timeout=timeout
        )
        self._done("training", model, f"Model {model} is trained.")
        return trained

    async def _created(self, step: Step, make: Any, find: Any) -> int:
        made: int = await self._state.once(step, make, find=find, clock=self._bria.clock)
        self._tell(step, f"The {step} is {made}.", is_done=True)
        return made

    def _done(self, step: Step, made: Any, told: str) -> None:
        self._state.put(step, made)
        self._tell(step, told, is_done=True)

    def _tell(self, step: Step, told: str, **more: Any) -> None:
        progress = TailoringProgress(step=step, told=told, **more)
        if self._listener and progress != self._last:
            self._listener(progress)
        self._last = progress


def _is_done(state: StateFile, step: Step) -> bool:
    made = state.get(step)
    return bool(made.get("applied")) if step == "identity" and made else made is not None


def _paid(state: StateFile) -> int:
    """Paid calls of the identity that are done: one to generate, and the refinements."""
    former = state.get("identity")
    return 1 + int(former["refined"]) if former else 0
