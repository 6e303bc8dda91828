"""`projects`, `datasets` and `models`: lists, facts, downloads, deletions, trainings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import pytest

from bria_tailored_ext import CreateModel, TailoredClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from bria_tailored_ext.sandbox import Sandbox
    from tests.cli.conftest import Interrupted, Run


def another_model(sandbox: Sandbox, of: int, *, train: bool) -> int:
    """A further model on the dataset of one that is there."""

    async def making() -> int:
        async with TailoredClient(
            api_token=sandbox.api_token, base_url=sandbox.base_url, plan=None
        ) as bria:
            there = await bria.models.get_model(of)
            assert isinstance(there.dataset_id, int)
            body = CreateModel(name="Another", dataset_id=there.dataset_id)
            made = await bria.models.create_model(body=body)
            if train:
                from bria_tailored_ext.workflows import train as start

                await start(bria, made.id)
            return made.id

    return anyio.run(making)


@pytest.mark.parametrize("group", ["projects", "datasets", "models"])
def test_a_list_is_lines_without_tabs_or_the_wires_fields(
    account: Sandbox, run: Run, group: str
) -> None:
    """The id comes first on each line, the same ids are in the JSON."""
    account.add_trained_model("Teapots")

    lines = run(group, "list")
    listed = run(group, "list", "--json")

    assert lines.exit_code == listed.exit_code == 0
    assert "\t" not in lines.stdout
    data = json.loads(listed.stdout)
    assert [line.split()[0] for line in lines.stdout.splitlines()] == [
        str(each["id"]) for each in data
    ]
    assert "Teapots" in lines.stdout
    assert {"id", "status"} <= set(data[0])


def test_a_list_can_be_narrowed(account: Sandbox, run: Run) -> None:
    """By project, and by status in either case; a status that nothing has is said to be none."""
    model = account.add_trained_model("Narrowed")
    project = json.loads(run("models", "show", model, "--json").stdout)["project_id"]

    of_project = json.loads(run("models", "list", "--project", project, "--json").stdout)
    completed = json.loads(run("models", "list", "--status", "completed", "--json").stdout)
    none = run("models", "list", "--status", "complet")

    assert [each["id"] for each in of_project] == [model]
    assert model in [each["id"] for each in completed]
    assert none.stdout == ""
    assert "No model is complet. There are:" in none.stderr
    assert "completed" in none.stderr


@pytest.mark.parametrize(("group", "columns"), [("models", 80), ("models", 60), ("datasets", 60)])
def test_on_a_terminal_a_list_is_a_table_that_fits(
    account: Sandbox, on_a_terminal: Callable[..., list[str]], group: str, columns: int
) -> None:
    """No line is longer than the terminal is wide; what is least needed gives way."""
    account.add_trained_model("A model with quite a long name, longer than a column is wide")

    lines = on_a_terminal(group, "list", columns=columns)

    assert lines[0].split()[:2] == ["id", "name"]
    assert ("changed" in lines[0]) is (columns == 80)
    assert max(map(len, lines)) <= columns


def test_one_is_shown_with_what_belongs_to_it(account: Sandbox, run: Run) -> None:
    """A project names its datasets and models, a dataset has its visual schema, indented."""
    model = account.add_trained_model("Shown", visual_schema={"style": "oil"})
    found = json.loads(run("models", "show", model, "--json").stdout)

    project = run("projects", "show", found["project_id"]).stdout
    dataset = run("datasets", "show", found["dataset_id"]).stdout

    assert f"datasets   {found['dataset_id']}\n" in project
    assert f"models     {model}\n" in project
    assert '  "style": "oil"' in dataset
    assert "Completed" in run("models", "show", model).stdout


@pytest.mark.usefixtures("account")
def test_what_is_not_there_is_one_sentence(run: Run) -> None:
    """No traceback, and exit code 1."""
    result = run("models", "show", 99)

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_model_is_downloaded_under_a_name_of_its_own(
    account: Sandbox, run: Run, tmp_path: Path
) -> None:
    """Into the folder that is named; a file that is there is replaced only if that is said."""
    model = account.add_trained_model("Weights")

    first = run("models", "download", model, "--out", tmp_path, "--json")
    again = run("models", "download", model, "--out", tmp_path)
    replaced = run("models", "download", model, "--out", tmp_path, "--replace")

    path = tmp_path / f"model-{model}.safetensors"
    assert json.loads(first.stdout) == {"file": str(path), "bytes": path.stat().st_size}
    assert again.exit_code == 2
    assert "pass --replace" in again.stderr
    assert replaced.exit_code == 0
    assert f"Saved {path}." in replaced.stdout


def test_a_basic_dataset_cannot_be_downloaded(account: Sandbox, run: Run) -> None:
    """Bria's own words say so."""
    model = account.add_trained_model()
    dataset = json.loads(run("models", "show", model, "--json").stdout)["dataset_id"]

    result = run("datasets", "download", dataset)

    assert result.exit_code == 1
    assert "advanced" in result.stderr


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [("n\n", 1, "Not confirmed: nothing was sent."), ("", 2, "Pass --yes")],
)
def test_nothing_is_deleted_unless_somebody_says_yes(
    account: Sandbox, run: Run, answer: str, code: int, words: str
) -> None:
    """A no is exit code 1; nobody to ask is wrong use."""
    model = account.add_trained_model("Kept")

    result = run("models", "delete", model, input=answer)

    assert result.exit_code == code
    assert words in result.stderr
    assert f"Delete model {model} (Kept) for good?" in result.stderr
    assert run("models", "show", model).exit_code == 0


def test_deleting_a_project_says_what_goes_with_it(account: Sandbox, run: Run) -> None:
    """Its datasets and models are counted before anybody is asked; then it is gone."""
    model = account.add_trained_model("Gone")
    project = json.loads(run("models", "show", model, "--json").stdout)["project_id"]

    result = run("projects", "delete", project, input="y\n")

    assert result.exit_code == 0, result.output
    assert "1 dataset with their pictures, and 1 model" in result.stderr
    assert f"Deleted project {project} (Gone)." in result.stdout
    assert run("projects", "show", project).exit_code == 1


def test_with_json_a_deletion_is_one_document(account: Sandbox, run: Run) -> None:
    """And with --yes nobody is asked."""
    model = account.add_trained_model()

    result = run("models", "delete", model, "--yes", "--json")

    assert json.loads(result.stdout) == {"deleted": True}
    assert result.stderr == ""


def test_deleting_a_dataset_names_the_models_of_it(account: Sandbox, run: Run) -> None:
    """They remain; who deletes it should know of them."""
    model = account.add_trained_model()
    dataset = json.loads(run("models", "show", model, "--json").stdout)["dataset_id"]

    result = run("datasets", "delete", dataset, input="y\n")

    assert result.exit_code == 0, result.output
    assert f"1 model of it remain: {model}." in result.stderr


@pytest.mark.parametrize("group", ["models", "projects"])
def test_what_is_in_training_is_not_deleted(still: Sandbox, run: Run, group: str) -> None:
    """The refusal says how the training can be waited for or stopped."""
    model = another_model(still, still.add_trained_model(), train=True)
    project = json.loads(run("models", "show", model, "--json").stdout)["project_id"]

    result = run(group, "delete", model if group == "models" else project, "--yes")

    assert result.exit_code == 1
    assert "training" in result.stderr
    assert "bria-tailored models stop" in result.stderr
    assert result.stderr.count("\n") == 1


def test_stopping_asks_with_what_it_means_and_stops_once(still: Sandbox, run: Run) -> None:
    """Refused, it goes on; agreed to, it is Stopping; what is not in training is left alone."""
    model = another_model(still, still.add_trained_model(), train=True)

    refused = run("models", "stop", model, input="n\n")
    between = json.loads(run("models", "show", model, "--json").stdout)["status"]
    stopped = run("models", "stop", model, input="y\n")
    again = run("models", "stop", model)

    assert refused.exit_code == 1
    assert "cannot be resumed" in refused.stderr
    assert between == "InProgress"
    assert stopped.exit_code == 0
    assert f"Model {model} (Another) is Stopp" in stopped.stdout
    assert again.exit_code == 0
    assert "nothing was stopped" in again.stderr


def test_watching_never_starts_a_training(account: Sandbox, run: Run) -> None:
    """A model that was never trained is left as it is, and not billed."""
    model = another_model(account, account.add_trained_model(), train=False)
    before = len(account.books)

    result = run("models", "watch", model)

    assert result.exit_code == 2
    assert "never started" in result.stderr
    assert len(account.books) == before


def test_watching_ends_when_the_training_does(account: Sandbox, run: Run) -> None:
    """Exit code 0, and the model with --json."""
    model = another_model(account, account.add_trained_model(), train=True)

    assert f"Model {model} is trained." in run("models", "watch", model).stdout
    assert json.loads(run("models", "watch", model, "--json").stdout)["status"] == "Completed"


def test_watching_for_some_seconds_says_how_to_go_on(still: Sandbox, run: Run) -> None:
    """The training goes on: exit code 1 and the command."""
    model = another_model(still, still.add_trained_model(), train=True)

    result = run("models", "watch", model, "--timeout", "0.1")

    assert result.exit_code == 1
    assert f"To go on: `bria-tailored models watch {model}`" in result.stderr


def test_an_interrupted_watch_says_that_the_training_goes_on(
    still: Sandbox, interrupted: Interrupted
) -> None:
    """Exit code 130, a sentence, no traceback."""
    model = another_model(still, still.add_trained_model(), train=True)

    ended = interrupted("models", "watch", model, at="InProgress")

    assert ended.code == 130
    assert "Interrupted. The training goes on at Bria." in ended.stderr
    assert "Traceback" not in ended.stderr
