"""Things by their instant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.rules.agenda import Agenda


class Thing:
    def __init__(self, name: int) -> None:
        self.name = name
        self.entry = 0


STEPS = st.lists(st.tuples(st.integers(0, 9), st.floats(0, 100), st.booleans()), max_size=300)


@given(steps=STEPS)
def test_the_soonest_is_first_whatever_was_taken_out(
    steps: list[tuple[int, float, bool]],
) -> None:
    """Beside a dict that is searched from end to end."""
    things = [Thing(name) for name in range(10)]
    agendas: tuple[Agenda[Thing], Agenda[Thing]] = (Agenda(), Agenda())
    model: dict[int, tuple[int, float]] = {}

    for name, at, second in steps:
        thing = things[name]
        if name in model:
            agendas[model.pop(name)[0]].discard(thing)
        else:
            agendas[second].put(thing, at)
            model[name] = (second, at)
        for which, agenda in enumerate(agendas):
            here = [at for place, at in model.values() if place == which]
            first = agenda.first()
            assert len(agenda) == len(here)
            assert (first[0] if first else None) == (min(here) if here else None)
            assert first is None or model[first[1].name] == (which, first[0])


def test_what_was_taken_out_does_not_pile_up() -> None:
    """Somebody may begin to wait, and give up, for months."""
    agenda: Agenda[Thing] = Agenda()
    agenda.put(Thing(0), 0.0)

    for name in range(10_000):
        thing = Thing(name)
        agenda.put(thing, 1e9)
        agenda.discard(thing)
        agenda.discard(thing)

    assert len(agenda) == 1
    assert len(agenda._heap) < 200


def test_the_latest_instant_is_remembered() -> None:
    """However the others come and go."""
    agenda: Agenda[Thing] = Agenda()
    for name, at in enumerate((3.0, 8.0, 5.0)):
        agenda.put(Thing(name), at)

    assert agenda.latest == 8.0
