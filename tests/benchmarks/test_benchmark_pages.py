"""What is written from a run: the JSON, the plots, and the page of the documentation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import frame, write_page
from benchmarks.__main__ import QUESTIONS, question
from benchmarks.figures import spread
from benchmarks.frame import Answer, Measure, Scope, Table, Target
from benchmarks.page import ORDER, read_results, write_plots

NEVER = spread([float("inf")] * 3)


def _answer(_scope: Scope) -> Answer:
    tables = [
        Table(
            case=f"{size:,} in flight",
            measures={"rate": Measure(unit="requests/s", digits=0)},
            rows={
                "bare <httpx>": {"rate": spread([10.0, 20.0, 30.0])},
                "this client": {"rate": spread([100.0 * size])},
            },
            note="A note.",
            plotted="rate",
            size=size,
        )
        for size in (1, 10, 100)
    ]
    targets = [
        Target(what="kept", bound=1, at_least=True, found=spread([2.0])),
        Target(what="never", bound=20, at_least=False, found=NEVER, finding="It is a | pipe."),
        Target(what="also kept", bound=1, at_least=True, found=spread([2.0]), finding="Unsaid."),
    ]
    return Answer(tables=tables, targets=targets)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the JSON of one run."""
    monkeypatch.setattr(frame, "versions", lambda _names: {"httpx": "1.2.3"})
    made: Any = SimpleNamespace(
        NAME="requests", TITLE="Requests", METHOD="How.", PACKAGES=("httpx",), ask=_answer
    )
    frame.run(made, Scope(is_full=False), into=tmp_path)
    return tmp_path


def test_a_run_leaves_strict_json_with_every_round(results: Path) -> None:
    """Infinity, which JSON does not know, is null."""
    text = (results / "requests.json").read_text()
    result = json.loads(text, parse_constant=lambda name: pytest.fail(name))
    rows = result["tables"][0]["rows"]
    assert rows["bare <httpx>"]["rate"]["rounds"] == [10.0, 20.0, 30.0]
    assert result["targets"][1]["found"]["median"] is None
    assert result["versions"] == {"httpx": "1.2.3"}
    assert (result["scope"], result["question"]) == ("quick", "requests")


def test_the_plots_are_one_file_with_a_plot_for_each_case(results: Path) -> None:
    """Nothing is fetched, names are escaped, and sizes have lines of their own."""
    page = write_plots(results).read_text()
    plots = [ElementTree.fromstring(plot) for plot in re.findall(r"<svg.*?</svg>", page)]  # noqa: S314
    assert len(plots) == 4
    assert len(plots[0].findall("polyline")) == 2
    assert "bare &lt;httpx&gt;" in page
    assert not re.search(r"""(src|href)=|url\(|<script""", page)


def test_the_page_says_machine_method_spread_and_why_a_target_was_missed(results: Path) -> None:
    """A finding is told only where the target falls short."""
    page = write_page.written(read_results(results))
    assert "| bare <httpx> | 20 (10 to 30) |" in page
    assert re.search(r"Measured on \d+ cores of ", page)
    assert "How." in page
    assert "httpx 1.2.3" in page
    assert "| never | ≤ 20 | ∞ | **short** (1) |" in page
    assert "(1) never. It is a | pipe." in page
    assert "Unsaid." not in page


def test_writing_the_page_without_results_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No page is written from nothing."""
    page = tmp_path / "benchmarks.md"
    monkeypatch.setattr("sys.argv", ["x", "--results", str(tmp_path), "--page", str(page)])
    assert write_page.main() == 1
    assert "make bench" in capsys.readouterr().err
    assert not page.exists()


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_says_what_it_asks_and_how(name: str) -> None:
    """The frame and the pages rely on these names."""
    asked = question(name)
    assert name == asked.NAME
    assert name in ORDER
    assert len(asked.METHOD) > 100
    assert "bria-tailored" in asked.PACKAGES
    assert callable(asked.ask)
