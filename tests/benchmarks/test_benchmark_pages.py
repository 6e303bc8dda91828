"""What is written from a run: the JSON, the plots, and the page of the documentation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import findings, frame, write_page
from benchmarks.__main__ import question
from benchmarks.figures import spread
from benchmarks.frame import Answer, Measure, Scope, Table, Target
from benchmarks.page import QUESTIONS, read_results, write_plots

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
        Target(key="kept", what="kept", bound=1, at_least=True, found=spread([2.0])),
        Target(key="never", what="never", bound=20, at_least=False, found=NEVER),
        Target(
            key="also", what="also kept", bound=1, at_least=True, found=spread([2.0]), beside="And."
        ),
        Target(key="unknown", what="unknown", bound=20, at_least=False, found=NEVER),
    ]
    return Answer(tables=tables, targets=targets)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the JSON of one run."""
    monkeypatch.setattr(frame, "versions", lambda _names: {"httpx": "1.2.3"})
    known = {"requests": {"never": "It is a | pipe.", "also": "Unsaid."}}
    monkeypatch.setattr(findings, "findings", lambda: known)
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
    """A finding is told only where the target falls short; its place is there without one."""
    page = write_page.written(read_results(results))
    assert "| bare <httpx> | 20 (10 to 30) |" in page
    assert re.search(r"Measured on \d+ cores of ", page)
    assert "How." in page
    assert "httpx 1.2.3" in page
    assert "| never | ≤ 20 | ∞ | **short** (1) |" in page
    assert "(1) never: It is a | pipe." in page
    assert "| also kept | ≥ 1 | 2.00 | met (2) |" in page
    assert "(2) also kept: And." in page
    assert f"(3) unknown: {findings.NONE_YET}" in page
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


def test_a_page_is_written_anew_with_the_findings_that_are_kept(
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No run writes over them, and what lacks one is named."""
    page = tmp_path / "benchmarks.md"
    monkeypatch.setattr("sys.argv", ["x", "--results", str(results), "--page", str(page)])
    for _ in range(2):
        assert write_page.main() == 0
        assert "It is a | pipe." in page.read_text()
    told = capsys.readouterr().out
    assert "findings.toml lacks requests.unknown." in told
    assert "requests.never" not in told
    assert "It is a | pipe." in (results / "index.html").read_text()


def test_a_finding_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A key that was taken for a question would be told nowhere."""
    path = tmp_path / "findings.toml"
    path.write_text('[jobs]\nrate = "Two\\n lines."\n')
    assert findings.findings(path) == {"jobs": {"rate": "Two lines."}}
    other = tmp_path / "other.toml"
    other.write_text('rate = "What?"\n')
    with pytest.raises(ValueError, match="rate"):
        findings.findings(other)


def test_findings_are_about_questions_that_are_asked() -> None:
    """One about a question that is gone would be told nowhere."""
    assert set(findings.findings()) <= set(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_says_what_it_asks_and_how(name: str) -> None:
    """The frame and the pages rely on these names."""
    asked = question(name)
    assert name == asked.NAME
    assert len(asked.METHOD) > 100
    assert "bria-tailored" in asked.PACKAGES
    assert callable(asked.ask)
