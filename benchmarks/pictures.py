"""What a picture of the sandbox costs: it is drawn for each request that a test or a demo makes."""

from __future__ import annotations

from benchmarks.drawing import CROWD
from benchmarks.figures import Spread, spread
from benchmarks.frame import Answer, Figures, Measure, Scope, Table, Target, gathered
from benchmarks.machine import OURS
from benchmarks.processes import in_a_process

NAME = "pictures"
TITLE = "Pictures of the sandbox"
METHOD = (
    "Pictures of 1024×1024 from the prompt to the bytes of the PNG, in one thread: each subject "
    "that the sandbox can draw by itself, scenes of several, and nine things, which is the most "
    "that a picture holds and which no bound counts. Every round is a fresh process that draws "
    "each prompt with five seeds; its figure is the median of these, in processor time. Beside it "
    "stands what Pillow alone takes, as it comes, to write the finished pixels as PNG."
)
PACKAGES = ("aggdraw", "bria-tailored", "isal", "numpy", "pillow")

_MEASURES = {
    "cpu": Measure(unit="ms", digits=1, better="less"),
    "pillow": Measure(unit="ms", digits=1, better="less"),
    "size": Measure(unit="kB", digits=0, better="less"),
}


def ask(scope: Scope) -> Answer:
    """Draw them all, again and again."""
    rounds = [
        in_a_process(OURS, "benchmarks.drawing", {}, timeout=300) for _ in range(scope.rounds)
    ]
    rows: dict[str, dict[str, Spread]] = {
        prompt: gathered([each[prompt] for each in rounds]) for prompt in rounds[0]
    }
    ordered = sorted(rows.items(), key=lambda row: -row[1]["cpu"].median)
    table = Table(
        case="1024×1024, the dearest first", measures=_MEASURES, rows=dict(ordered), plotted="cpu"
    )
    targets = [
        Target(
            key=key,
            what=f"A picture of 1024×1024, {what}: CPU ms",
            bound=30,
            at_least=False,
            found=found,
            digits=1,
        )
        for key, what, found in (
            ("median", "the median prompt", _over(rounds, 0.5)),
            ("dearest", "the dearest prompt but for nine things", _over(rounds, 1.0)),
        )
    ]
    return Answer(tables=[table], targets=targets)


def _over(rounds: list[dict[str, Figures]], part: float) -> Spread:
    """Per round the prompt at a part of the way from the cheapest to the dearest, but for nine."""
    costs = [
        sorted(figures["cpu"] for prompt, figures in each.items() if prompt != CROWD)
        for each in rounds
    ]
    return spread([each[round(part * (len(each) - 1))] for each in costs])
