"""The report on differences: what a person reads on a terminal, and what a program reads."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from openapi.builder.differences import Change, Side
from openapi.builder.report import as_data, render

CREATE, DELETE = "POST /v1/models (create-model)", "DELETE /v1/models/{id} (delete-model)"
VERSION = Change(
    operation="document",
    side=Side.DOCUMENT,
    where="info.version",
    what='version of the API changed from "1" to "2"',
    breaking=False,
    why="",
)
WORD = Change(
    operation=CREATE,
    side=Side.RESPONSE,
    where="201 body.status",
    what='enum word "paused" added',
    breaking=False,
    why="",
)
FIELD = Change(
    operation=CREATE,
    side=Side.REQUEST,
    where="body.name",
    what="became required",
    breaking=True,
    why="Calls without it are refused.",
)
GONE = Change(
    operation=DELETE,
    side=Side.OPERATION,
    where="",
    what="operation removed",
    breaking=True,
    why="The generated function is gone.",
)
ALL = (VERSION, WORD, FIELD, GONE)

WHOLE_REPORT = """\
document
  fine      info.version: version of the API changed from "1" to "2"

POST /v1/models (create-model)
  BREAKING  body.name: became required
            Calls without it are refused.
  fine      201 body.status: enum word "paused" added

DELETE /v1/models/{id} (delete-model)
  BREAKING  operation removed
            The generated function is gone.

4 differences in 2 operations: 2 breaking, 2 not."""


def test_the_report_is_grouped_with_what_breaks_marked_and_first() -> None:
    """Per operation in the given order; a breaking change stands above a harmless one."""
    assert render(ALL) == WHOLE_REPORT


def test_no_differences_is_said_in_words() -> None:
    """An empty report could be mistaken for one that failed."""
    assert render(()) == "No differences."


def test_one_difference_is_counted_in_the_singular() -> None:
    """The summary is a sentence."""
    assert render((GONE,)).endswith("1 difference in 1 operation: 1 breaking, 0 not.")


def test_the_document_is_not_counted_as_an_operation() -> None:
    """The count of operations says how many calls have to be looked at."""
    assert render((VERSION,)).endswith("1 difference in 0 operations: 0 breaking, 1 not.")
    assert as_data((VERSION, GONE))["operations"] == 1


def test_data_holds_every_change_in_order_and_the_counts() -> None:
    """A program gets the same facts, in the order of the comparison."""
    data = json.loads(json.dumps(as_data(ALL)))
    assert (data["differences"], data["breaking"], data["operations"]) == (4, 2, 2)
    assert data["changes"][2] == {
        "operation": CREATE,
        "side": "request",
        "where": "body.name",
        "what": "became required",
        "breaking": True,
        "why": "Calls without it are refused.",
    }
    assert [change["what"] for change in data["changes"]] == [change.what for change in ALL]


def test_data_of_no_differences_is_all_zeros() -> None:
    """Nothing changed has the same shape as something changed."""
    nothing = {"differences": 0, "breaking": 0, "operations": 0, "changes": []}
    assert as_data(()) == nothing


sentences = st.text(max_size=300)
changes = st.builds(
    Change,
    operation=st.sampled_from(["document", CREATE, DELETE, "GET /" + "long-" * 40]),
    side=st.sampled_from(Side),
    where=sentences,
    what=sentences,
    breaking=st.booleans(),
    why=sentences,
)


@settings(deadline=None)
@given(st.lists(changes, max_size=5))
def test_every_report_fits_a_terminal_of_eighty_eight_columns(listed: list[Change]) -> None:
    """However long a path or a word is, no line runs past the edge."""
    assert all(len(line) <= 88 for line in render(listed).split("\n"))


@settings(deadline=None)
@given(st.lists(changes, max_size=5))
def test_every_list_of_changes_can_be_written_as_json(listed: list[Change]) -> None:
    """The data holds nothing but what JSON knows, and loses no change."""
    data = json.loads(json.dumps(as_data(listed)))
    assert len(data["changes"]) == data["differences"] == len(listed)
