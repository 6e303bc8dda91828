"""Names, prices, verdicts, grids and charts: the rules of a batch, without I/O."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import islice
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.batch import Prices, expand, recreate
from bria_tailored_ext.batch.costs import ceiling, estimate
from bria_tailored_ext.batch.gallery.charts import Bars, buckets, figure, histogram, nice_top, svg
from bria_tailored_ext.batch.grids import read_grid
from bria_tailored_ext.batch.names import Facts, candidates, check_template, ending
from bria_tailored_ext.batch.settings import Settings
from bria_tailored_ext.batch.verdicts import Verdict, counts_as_failure, of_submit
from bria_tailored_ext.values import errors
from bria_tailored_ext.values.errors import BatchInputError, ConfigurationError, InvalidInputError
from bria_tailored_ext.values.jobs import JobKind

ANSWER: dict[str, Any] = {"method": "POST", "path": "/v2/x", "status": 400}


@given(st.text(), st.one_of(st.none(), st.integers()), st.text(), st.text())
def test_no_name_leaves_the_folder(name: str, seed: int | None, model: str, ext: str) -> None:
    """Whatever the user's ids and Bria's answers hold."""
    facts = Facts(id=name, seed=seed, model=model, kind="image", ext=ext)
    for file in islice(candidates("{id}{model}-{seed}.{ext}", facts), 3):
        assert PurePosixPath(file).name == file
        assert PureWindowsPath(file).name == file
        assert PureWindowsPath(file).drive == ""
        assert not file.startswith(".")
        assert not file.endswith((".", " "))
        assert len(file.encode()) <= 230
        file.encode()


def test_candidates_are_different_names() -> None:
    """There is always another one."""
    facts = Facts(id="a", seed=None, model="7", kind="image", ext="png")
    found = list(islice(candidates("{id}-{seed}.{ext}", facts), 3))
    assert found == ["a-noseed.png", "a-noseed-2.png", "a-noseed-3.png"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("../../etc/passwd", "_.._etc_passwd.png"),
        ("CON", "_CON.png"),
        ("index.html", "_index.html.png"),
        ("manifest", "manifest.png"),
        ("gallery", "_gallery.png"),
        ("a b é 茶", "a b é 茶.png"),
        ("x" * 300, "x" * 180 + ".png"),
        ("...", "_.png"),
    ],
)
def test_names_that_mean_something_elsewhere_are_made_harmless(name: str, file: str) -> None:
    """Paths, devices, our own files, hidden files."""
    facts = Facts(id=name, seed=1, model="7", kind="image", ext="png")
    assert next(candidates("{id}.{ext}", facts)) == file


@pytest.mark.parametrize(
    "template",
    ["{id}", "../{id}.{ext}", "{id}/{seed}.{ext}", "{nope}.{ext}", "{id!r}.{ext}", "{id:>9}.{ext}",
     "{id.__class__}.{ext}", "{0}.{ext}", "{id.{ext}", ""],
)  # fmt: skip
def test_a_template_that_could_name_anything_else_is_refused(template: str) -> None:
    """Before the first request."""
    with pytest.raises(ConfigurationError, match="name template"):
        check_template(template)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://x.test/a.JPEG?sig=1.exe", "jpeg"),
        ("https://x.test/a", "png"),
        ("https://x.test/a.exe", "png"),
        ("https://x.test/a.webp#b.mp4", "webp"),
    ],
)
def test_the_ending_is_the_urls_if_it_is_one_of_a_picture(url: str, found: str) -> None:
    """Not whatever a server calls it."""
    assert ending(url, "png") == found


def test_an_estimate_adds_up_without_rounding() -> None:
    """A million images at three cents."""
    count = {JobKind.IMAGE: 1_000_000, JobKind.STRUCTURED_PROMPT: 3}
    found = estimate(count, done=5, prices=Prices(), rate=60)
    assert found.cost == Decimal("30000.06")
    assert found.seconds == 1_000_003
    assert (found.total, found.done) == (1_000_003, 5)


def test_what_has_no_price_has_no_estimate() -> None:
    """Bria documents no price for a video: none is made up."""
    assert estimate({JobKind.VIDEO: 1}, done=0, prices=Prices(), rate=None).cost is None
    priced = estimate({JobKind.VIDEO: 2}, done=0, prices=Prices(video=0.1), rate=None)
    assert priced.cost == Decimal("0.2")


@pytest.mark.parametrize("wrong", ["much", "-1", "nan", "inf"])
def test_amounts_that_are_none_are_refused(wrong: str) -> None:
    """As a price and as a ceiling."""
    with pytest.raises(ConfigurationError):
        Prices(image=wrong)
    with pytest.raises(ConfigurationError):
        ceiling(wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"in_flight": 0}, {"submits_at_once": True}, {"on_unknown": "ask"}, {"timeout": 0},
     {"timeout": True}, {"max_failures": 0}, {"max_cost": -1}, {"name": "x"}],
)  # fmt: skip
def test_settings_check_themselves(wrong: dict[str, Any], tmp_path: Path) -> None:
    """Before anything is opened."""
    with pytest.raises(ConfigurationError):
        Settings(journal=tmp_path / "j", output_dir=tmp_path, **wrong)


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (errors.QuotaExceededError("x", **ANSWER), Verdict.ACCOUNT),
        (errors.PlanError("x", **ANSWER), Verdict.ACCOUNT),
        (errors.AuthenticationError("x", **ANSWER), Verdict.ACCOUNT),
        (errors.AccessDeniedError("x", **ANSWER), Verdict.FAILED),
        (errors.ModerationError("x", **ANSWER), Verdict.FAILED),
        (errors.ValidationError("x", **ANSWER), Verdict.FAILED),
        (errors.InvalidInputError("x"), Verdict.FAILED),
        (errors.UnexpectedAnswerError("x", **ANSWER), Verdict.UNKNOWN),
        (errors.SubmitOutcomeUnknown("x", method="POST", path="/"), Verdict.UNKNOWN),
        (errors.BriaConnectionError("x"), Verdict.UNREACHABLE),
        (errors.RateLimitedError("x", **ANSWER), Verdict.TOO_MANY),
    ],
)
def test_what_an_error_of_a_submit_means(error: errors.BriaError, verdict: Verdict) -> None:
    """Only what certainly did not arrive may be sent again."""
    assert of_submit(error) is verdict


def test_what_a_prompt_brings_upon_itself_does_not_stop_the_batch() -> None:
    """Moderation says nothing about the next prompt."""
    assert not counts_as_failure(errors.ModerationError("x", **ANSWER))
    assert not counts_as_failure(errors.JobFailed("x", request_id="1", code=422))
    assert counts_as_failure(errors.JobFailed("x", request_id="1", code=500))
    assert counts_as_failure(errors.SubmitOutcomeUnknown("x", method="POST", path="/"))


def test_a_grid_is_every_prompt_with_every_model_influence_and_seed() -> None:
    """Ids tell which; other columns are the same everywhere."""
    rows = list(
        expand(
            {
                "prompts": ["a teapot", {"id": "cup", "prompt": "a cup", "aspect_ratio": "1:1"}],
                "models": [7, "8"],
                "influences": [0.8, 1],
                "seeds": {"from": 5, "count": 2},
                "steps_num": 30,
            }
        )
    )
    assert len(rows) == len({row["id"] for row in rows}) == 16
    assert rows[0] == {
        "id": "p1-m7-i0.8-s5",
        "prompt": "a teapot",
        "tailored_model_id": 7,
        "tailored_model_influence": 0.8,
        "seed": 5,
        "steps_num": 30,
    }
    assert rows[-1]["id"] == "cup-m8-i1-s6"
    assert rows[-1]["aspect_ratio"] == "1:1"


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        ([], "must be a mapping"),
        ({"prompts": ["x"]}, "has no models"),
        ({"prompts": [], "models": [7]}, "prompts must be a list"),
        ({"prompts": "x", "models": [7]}, "prompts must be a list"),
        ({"prompts": ["x"], "models": [7], "sedes": [1]}, "has 'sedes' in it"),
        ({"prompts": ["x"], "models": [7], "seeds": {"count": "4"}}, "seeds must be a list"),
    ],
)
def test_what_is_no_grid_says_why(grid: Any, words: str) -> None:
    """A typing error is not left out in silence."""
    with pytest.raises(BatchInputError, match=words):
        list(expand(grid))


def test_a_grid_is_read_as_yaml_1_2(tmp_path: Path) -> None:
    """A prompt `no` is a word, not a truth value."""
    path = tmp_path / "grid.yaml"
    path.write_text("prompts: [no, a teapot]\nmodels: [7]\n")
    assert [row["prompt"] for row in read_grid(path)] == ["no", "a teapot"]


LINE = {
    "id": "r1",
    "kind": "image",
    "seed": 5,
    "structured_prompt": '{"a": 1}',
    "request": {"tailored_model_id": "7", "prompt": "x", "tailored_model_influence": 0.8},
}


def test_a_picture_is_drawn_again_from_its_line_of_the_manifest() -> None:
    """Structured prompt and seed, and everything that was asked for but the prompt."""
    assert recreate(LINE).to_dict() == {
        "tailored_model_id": "7",
        "tailored_model_influence": 0.8,
        "structured_prompt": '{"a": 1}',
        "seed": 5,
    }


@pytest.mark.parametrize("lacking", ["seed", "structured_prompt", "kind"])
def test_what_cannot_be_drawn_again_says_so(lacking: str) -> None:
    """Without its seed it would be another picture."""
    with pytest.raises(InvalidInputError, match="cannot be drawn again"):
        recreate({**LINE, lacking: None})


@given(st.lists(st.floats(0, 1e9, allow_nan=False), max_size=60))
def test_every_value_is_in_the_histogram(values: list[float]) -> None:
    """Stragglers in its last bar."""
    bars, labels = histogram(values)
    assert sum(bars) == len(values)
    assert len(bars) == len(labels) <= 48


@given(st.lists(st.floats(1.7e9, 1.8e9), min_size=1, max_size=60))
def test_every_instant_is_in_a_bucket(instants: list[float]) -> None:
    """However long the batch was."""
    width, counts = buckets(instants)
    assert sum(counts) == len(instants)
    assert len(counts) <= 50
    assert width > 0


def test_a_chart_is_xml_and_its_words_are_escaped() -> None:
    """Nothing that is measured or named can become markup."""
    chart = Bars(title="<b>", unit="&", values=[1.0, 3.0], labels=["<i>", '"'])
    root = ElementTree.fromstring(svg(chart))  # noqa: S314 - it is our own
    assert len(root.findall("rect")) == 2
    assert "<b>" not in figure(chart)
    assert figure(Bars(title="x", unit="x", values=[], labels=[])) == ""


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (1.2, 2), (34, 50), (0.03, 0.05)])
def test_a_scale_ends_at_a_round_number(value: float, top: float) -> None:
    """1, 2, 5 and their tens."""
    assert nice_top(value) == pytest.approx(top)


def test_a_grid_makes_rows_that_can_be_sent() -> None:
    """Each one is a request."""
    from bria_tailored_ext.batch.rows import read_row

    [raw] = expand({"prompts": ["x"], "models": [7]})
    assert json.loads(read_row(1, raw).body) == {"prompt": "x", "tailored_model_id": "7"}
