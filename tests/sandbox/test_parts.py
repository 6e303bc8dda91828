"""The small parts by themselves: clock, chance, cache, shelf, fields, layers."""

from __future__ import annotations

import ast
import functools
import gc
import io
import threading
import time
from pathlib import Path

import pytest

import bria_tailored_ext.sandbox
from bria_tailored_ext.sandbox.chance import Chance
from bria_tailored_ext.sandbox.clock import SimulatedClock, naive, zulu
from bria_tailored_ext.sandbox.fields import Fields, parsed_json, parsed_object
from bria_tailored_ext.sandbox.results import Results
from bria_tailored_ext.sandbox.shelf import Shelf

PACKAGE = Path(bria_tailored_ext.sandbox.__file__).parent


def test_clock_runs_at_its_speed_and_can_be_moved() -> None:
    """Real seconds times the speed, plus what was added by hand."""
    real = [100.0]
    clock = SimulatedClock(speed=60, start=1000.0, source=lambda: real[0])
    assert clock.now() == 1000.0
    real[0] += 2
    assert clock.now() == 1120.0
    clock.advance(30)
    assert clock.now() == 1150.0


@pytest.mark.parametrize("speed", [1.0, 60.0, 3600.0, 1e6])
def test_what_ages_does_so_by_a_minute_a_second_at_most(speed: float) -> None:
    """A link can be followed in a test in which days pass; moved by hand, it expires at once."""
    real = [100.0]
    clock = SimulatedClock(speed=speed, start=1000.0, source=lambda: real[0])
    made = clock.now()
    each = min(speed, 60.0)
    real[0] += 10
    assert clock.aged(made) == pytest.approx(10 * each)
    clock.advance(3600)
    assert clock.aged(made) == pytest.approx(10 * each + 3600)
    later = clock.now() - 1800
    assert clock.aged(later) == pytest.approx(1800)
    real[0] += 1
    assert clock.aged(made) == pytest.approx(11 * each + 3600)
    assert clock.aged(later) == pytest.approx(each + 1800)
    assert clock.aged(clock.now() + speed) == pytest.approx(-each)


def test_clock_with_no_speed_stands_still() -> None:
    """It only moves by hand."""
    clock = SimulatedClock(speed=0, source=iter(range(10)).__next__)
    assert clock.now() == clock.now()


def test_clock_begins_at_the_real_time() -> None:
    """So that the timestamps in answers look like today's."""
    assert abs(SimulatedClock().now() - time.time()) < 5


def test_the_two_kinds_of_timestamps() -> None:
    """Seconds with a zone here, microseconds without one there."""
    assert zulu(1716724800.9) == "2024-05-26T12:00:00Z"
    assert naive(1716724800.0) == "2024-05-26T12:00:00.000000"
    assert naive(1716724800.25) == "2024-05-26T12:00:00.250000"


def test_chance_answers_the_same_question_the_same_way() -> None:
    """By seed and key, whatever was asked before."""
    one, same, other = Chance(1), Chance(1), Chance(2)
    one.between(0, 1, "something else")
    assert one.between(0, 1, "a", 1) == same.between(0, 1, "a", 1)
    assert one.between(0, 1, "a", 1) != other.between(0, 1, "a", 1)
    assert one.between(0, 1, "a", 1) != one.between(0, 1, "a", "1")
    assert one.uuid("a") == same.uuid("a") != one.uuid("b")


def test_chance_uses_the_whole_range() -> None:
    """And never leaves it."""
    drawn = [Chance(0).between(8, 25, n) for n in range(500)]
    assert 8 <= min(drawn) < 8.5
    assert 24.5 < max(drawn) < 25
    assert {Chance(0).whole(3, n) for n in range(50)} == {0, 1, 2}


def test_results_are_made_once_and_kept() -> None:
    """The second asks for nothing."""
    results, made = Results(), []

    def make() -> bytes:
        made.append(1)
        return b"data"

    assert results.get("a", make) == results.get("a", make) == b"data"
    assert made == [1]


def test_results_drop_what_was_not_used_for_longest() -> None:
    """Within the limit; what was dropped is made again."""
    results = Results(max_bytes=10)
    made: list[str] = []

    def make(key: str) -> bytes:
        made.append(key)
        return b"xxxx"

    for key in ("a", "b", "a", "c", "a", "b"):
        results.get(key, functools.partial(make, key))
    assert made == ["a", "b", "c", "b"]


def test_result_larger_than_the_cache_is_given_but_not_kept() -> None:
    """And pushes nothing else out."""
    results, made = Results(max_bytes=10), []
    results.get("small", lambda: b"x")

    def make() -> bytes:
        made.append(1)
        return b"x" * 11

    for _ in range(2):
        assert len(results.get("large", make)) == 11
    assert made == [1, 1]
    results.get("small", lambda: pytest.fail("it was pushed out"))


def test_results_that_many_want_at_once_are_made_once() -> None:
    """The others wait for the first; an error reaches all of them and is forgotten."""
    results, gate, made = Results(), threading.Event(), []
    seen: list[object] = []

    def make() -> bytes:
        made.append(1)
        gate.wait(10)
        raise ZeroDivisionError

    def ask() -> None:
        try:
            seen.append(results.get("a", make))
        except ZeroDivisionError as error:
            seen.append(error)

    workers = [threading.Thread(target=ask) for _ in range(5)]
    for worker in workers:
        worker.start()
    gate.set()
    for worker in workers:
        worker.join()
    assert len(seen) == 5
    assert all(isinstance(each, ZeroDivisionError) for each in seen)
    assert results.get("a", lambda: b"now") == b"now"


def test_shelf_gives_back_what_it_was_given() -> None:
    """Empty bytes too, in any order, from any thread."""
    shelf = Shelf()
    items = [bytes([n]) * (n * 1000) for n in range(20)]
    keys = [shelf.put(item) for item in items]
    assert [shelf.get(key) for key in reversed(keys)] == items[::-1]
    shelf.close()
    with pytest.raises(IndexError):
        shelf.get(keys[0])


def test_closed_shelf_has_closed_its_file() -> None:
    """At once, and closing twice does no harm."""
    shelf = Shelf()
    shelf.put(b"data")
    file = shelf._file
    assert file is not None
    shelf.close()
    shelf.close()
    assert file.closed


def test_closed_shelf_gives_nothing_and_opens_nothing() -> None:
    """Who reads from it still, in another thread, gets to the end."""
    shelf = Shelf()
    window = shelf.open(shelf.put(b"data" * 100_000))
    assert window.read(4) == b"data"
    shelf.close()
    assert len(window.read()) < 100_000
    assert shelf._file is None


def test_shelf_takes_a_file_while_others_take_their_turns() -> None:
    """A large one is written piece by piece, to a place of its own."""
    shelf = Shelf()
    between: list[int] = []

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            between.append(shelf.put(b"between"))
            return super().read(size)

    data = bytes(range(256)) * 10_000
    key = shelf.put(Slow(data))
    assert shelf.get(key) == data
    assert {shelf.get(each) for each in between} == {b"between"}


@pytest.mark.parametrize("change", [3_000_000, -1_500_000])
def test_shelf_takes_of_a_file_that_changes_what_fits(change: int) -> None:
    """It was 2,000,000 bytes long when its place was taken; what lies behind is another's."""

    class Changing(io.BytesIO):
        def seek(self, offset: int, whence: int = 0, /) -> int:
            at = super().seek(offset, whence)
            if whence == 0:
                size = 2_000_000 + change
                self.getbuffer().release()
                data = self.getvalue()
                self.truncate(0)
                super().seek(0)
                self.write((data * 3)[:size])
                super().seek(0)
            return at

    shelf = Shelf()
    first = shelf.put(Changing(b"x" * 2_000_000))
    second = shelf.put(b"after")
    assert shelf.get(first) == b"x" * min(2_000_000, 2_000_000 + change)
    assert shelf.get(second) == b"after"


def test_forgotten_shelf_closes_its_file() -> None:
    """Without a warning about an open file, which the test run would turn into an error."""
    shelf = Shelf()
    shelf.put(b"data")
    file = shelf._file
    assert file is not None
    del shelf
    gc.collect()
    assert file.closed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "1",
        "null",
        '{"a": Infinity}',
        '{"a": -1e400}',
        '{"a":' * 100 + "1" + "}" * 100,
    ],
)
def test_only_sound_json_objects_are_parsed(text: str) -> None:
    """Anything else is `None`."""
    assert parsed_object(text) is None


def test_nesting_is_limited_but_not_meanly() -> None:
    """64 levels are fine."""
    assert parsed_json("[" * 64 + "]" * 64)
    with pytest.raises(ValueError, match="deeply"):
        parsed_json("[" * 66 + "]" * 66)


def test_long_input_is_told_in_part() -> None:
    """An error that repeats a picture in base64 would be of no use."""
    fields = Fields({"seed": "x" * 5000})
    fields.refuse("seed", "It is too long.")
    assert len(fields.problems[0].field_input) == 200


def test_whole_number_may_be_written_with_a_point() -> None:
    """To JSON Schema, and so to the gate, 5.0 is an integer."""
    read = Fields({"a": 5.0}).whole("a")
    assert read == 5
    assert isinstance(read, int)


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found |= {f"{module}.{alias.name}" for alias in node.names} | {module}
    return found


MODULES = sorted(PACKAGE.glob("*.py"))
HTTP = ("starlette", "uvicorn", "anyio")
EDGE = (
    "gate",
    "hosts",
    "watching",
    "application",
    "server",
    "sandbox",
    "workers",
    "__init__",
    "breaking",
    "holding",
    "overview",
    "posting",
    "traffic",
    "turnstile",
    "wire",
)
INSIDE = [p for p in MODULES if p.stem not in EDGE and not p.stem.startswith("routes_")]
LOW = ("byte_ranges", "chance", "clock", "fields", "prices", "progress", "records", "refusal")
RULES = [p for p in INSIDE if p.stem in LOW or p.stem.endswith("_rules")]
HIGH = {"answers", "bulk", "datasets", "files", "images", "intake", "jobs", "models", "projects"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_sandbox_stands_by_itself(path: Path) -> None:
    """It imports nothing of the rest of the project but values, and nothing generated."""
    own = [name for name in imports_of(path) if name.startswith("bria_tailored")]
    known = ("bria_tailored_ext.sandbox", "bria_tailored_ext.values")
    assert all(name.startswith(known) for name in own)


@pytest.mark.parametrize("path", INSIDE, ids=lambda path: path.stem)
def test_only_the_edge_knows_of_http(path: Path) -> None:
    """Values, rules and state are plain and synchronous."""
    assert not [name for name in imports_of(path) if name.startswith(HTTP)]
    assert "async def" not in path.read_text()


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_and_values_know_nothing_of_the_state(path: Path) -> None:
    """Imports go one way."""
    names = {name.split(".")[2] for name in imports_of(path) if name.count(".") >= 2}
    assert not names & (HIGH | {"state", "shelf", "results"})


@pytest.mark.parametrize("path", INSIDE, ids=lambda path: path.stem)
def test_everything_inside_is_below_the_edge(path: Path) -> None:
    """No module but the edge itself imports a module of the edge."""
    names = {name.split(".")[2] for name in imports_of(path) if name.count(".") >= 2}
    assert not [name for name in names if name in EDGE or name.startswith("routes_")]
