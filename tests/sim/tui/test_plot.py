"""The plot's cells against its data: where dots stand, what is joined, what is shaded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from sim.tui.widgets.plot import AXIS_CELLS, Cell, Plot, dot_row, plot_cells

_BITS = {(0, 0): 1, (0, 1): 2, (0, 2): 4, (1, 0): 8, (1, 1): 16, (1, 2): 32, (0, 3): 64, (1, 3): 128}


def dots(rows: list[list[Cell]]) -> set[tuple[int, int]]:
    """Return every dot that is drawn, as (column, row) of dots from the top left of the plot's area."""
    return {
        (2 * column + across, 4 * row + down)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells[AXIS_CELLS:])
        if cell.paint == "line"
        for (across, down), bit in _BITS.items()
        if (ord(cell.character) - 0x2800) & bit
    }


def text(rows: list[list[Cell]]) -> list[str]:
    return ["".join(cell.character for cell in row) for row in rows]


def shade(rows: list[list[Cell]]) -> list[str]:
    """Return the characters of an empty column of the plot, top to bottom, S for a whole shaded cell."""
    cells = [row[-1] for row in rows]
    return ["S" if cell.shaded and cell.character == " " else cell.character for cell in cells]


def test_the_axis_says_0_50_and_100() -> None:
    assert text(plot_cells((), None, 8, 5)) == ["100┤    ", "   │    ", " 50┤    ", "   │    ", "  0┤    "]


def test_an_even_height_has_no_middle_row() -> None:
    assert [line[:4] for line in text(plot_cells((), None, 8, 4))] == ["100┤", "   │", "   │", "  0┤"]


@pytest.mark.parametrize(
    ("value", "row"), [(100.0, 0), (0.0, 19), (50.0, 10), (-5.0, 19), (250.0, 0), (95.0, 1)]
)
def test_a_value_has_its_row_of_dots(value: float, row: int) -> None:
    assert dot_row(value, 20) == row


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (100.0, {(0, 0), (1, 0), (0, 1), (1, 1)}),
        (0.0, {(0, 18), (1, 18), (0, 19), (1, 19)}),
        (50.0, {(0, 10), (1, 10), (0, 11), (1, 11)}),
    ],
)
def test_a_single_value_is_a_spot(value: float, expected: set[tuple[int, int]]) -> None:
    assert dots(plot_cells([value], None, 24, 5)) == expected


def test_two_values_are_joined() -> None:
    found = dots(plot_cells([100.0, 0.0], None, 24, 5))

    assert {row for _, row in found} == set(range(20))
    assert (0, 0) in found and (2, 19) in found
    assert all(column <= 2 for column, _ in found)


def test_equal_values_are_a_level_line() -> None:
    found = dots(plot_cells([60.0] * 20, None, 24, 5))

    assert found == {(column, dot_row(60.0, 20)) for column in range(40)}


def test_twenty_values_reach_from_edge_to_edge() -> None:
    values = [float(5 * place) for place in range(20)]
    found = dots(plot_cells(values, None, 24, 5))

    assert min(found) == (0, 19) and max(found) == (39, 1)
    assert {column for column, _ in found} == set(range(40))
    for place, value in enumerate(values):
        assert (round(place * 39 / 19), dot_row(value, 20)) in found


def test_few_values_leave_room_on_the_right() -> None:
    found = dots(plot_cells([10.0, 20.0, 30.0], None, 44, 5))

    assert max(column for column, _ in found) == round(2 * 79 / 19)


def test_only_the_last_twenty_are_drawn() -> None:
    many = [0.0] * 7 + [80.0] * 20

    assert plot_cells(many, None, 24, 5) == plot_cells([80.0] * 20, None, 24, 5)


def test_a_gap_stays_a_gap() -> None:
    """Calls 0-1 are joined, 2 is missing, 3 stands alone, 4 is missing, 5-6 are joined."""
    found = dots(plot_cells([40.0, 40.0, None, 40.0, None, 40.0, 40.0], None, 42, 5))
    columns = sorted({column for column, _ in found})

    assert columns == [0, 1, 2, 3, 4, 12, 13, 20, 21, 22, 23, 24]


def test_all_gaps_draw_nothing() -> None:
    assert dots(plot_cells([None] * 20, None, 24, 5)) == set()


def test_the_newest_value_alone_after_gaps_is_seen_at_the_right_edge() -> None:
    assert dots(plot_cells([None] * 19 + [0.0], None, 24, 5)) == {(38, 18), (39, 18), (38, 19), (39, 19)}


@pytest.mark.parametrize(
    ("own_range", "column"),
    [
        (None, [" ", " ", " ", " ", " "]),
        ((0.0, 100.0), ["S", "S", "S", "S", "S"]),
        ((50.0, 100.0), ["S", "S", "▂", " ", " "]),
        ((0.0, 50.0), [" ", " ", "▄", "S", "S"]),
        ((40.0, 60.0), [" ", " ", "S", " ", " "]),
        ((48.0, 52.0), [" ", " ", "S", " ", " "]),
        ((30.0, 70.0), [" ", "▄", "S", "▄", " "]),
        ((70.0, 30.0), [" ", "▄", "S", "▄", " "]),
    ],
)
def test_the_range_is_shaded_to_the_dot(own_range: tuple[float, float] | None, column: list[str]) -> None:
    rows = plot_cells([], own_range, 24, 5)

    assert shade(rows) == column
    assert all(row[AXIS_CELLS:] == [row[-1]] * 20 for row in rows)


def test_the_lower_edge_is_drawn_the_other_way_round() -> None:
    """A cell can fill its lower part only, so its upper part is shaded by drawing the page over the shade."""
    rows = plot_cells([], (30.0, 70.0), 24, 5)

    assert [row[-1].paint for row in rows] == ["empty", "edge", "empty", "edge-below", "empty"]


@pytest.mark.parametrize(("value", "inside"), [(66.0, True), (79.0, False), (50.0, True), (95.0, False)])
def test_dots_stand_on_the_shade_only_inside_the_range(value: float, inside: bool) -> None:
    rows = plot_cells([value] * 20, (30.0, 70.0), 24, 5)
    drawn = [cell for row in rows for cell in row if cell.paint == "line"]

    assert drawn and all(cell.shaded is inside for cell in drawn)


@pytest.mark.parametrize(("width", "height"), [(0, 0), (4, 5), (24, 0), (3, 1)])
def test_without_room_nothing_is_drawn(width: int, height: int) -> None:
    assert plot_cells([50.0], (40.0, 60.0), width, height) == []


@given(
    st.lists(st.none() | st.floats(0, 100), max_size=25),
    st.none() | st.tuples(st.floats(0, 100), st.floats(0, 100)),
    st.integers(5, 60),
    st.integers(1, 13),
)
def test_every_value_is_drawn_and_every_row_is_full(
    values: list[float | None], own_range: tuple[float, float] | None, width: int, height: int
) -> None:
    rows = plot_cells(values, own_range, width, height)
    found = dots(rows)

    assert [len(row) for row in rows] == [width] * height
    across = 2 * (width - AXIS_CELLS)
    for place, value in enumerate(values[-20:]):
        if value is not None:
            column, row = round(place * (across - 1) / 19), dot_row(value, 4 * height)
            assert any(abs(column - x) <= 1 and abs(row - y) <= 1 for x, y in found)
    assert bool(found) is any(value is not None for value in values[-20:])


class PlotApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Plot([10.0, 90.0, None, 50.0], (20.0, 60.0))


async def test_the_widget_draws_at_its_own_size() -> None:
    app = PlotApp()
    async with app.run_test(size=(24, 8)):
        plot = app.query_one(Plot)

        assert plot.size.width == 24
        drawn = plot.render().plain.split("\n")
        assert drawn == text(plot_cells([10.0, 90.0, None, 50.0], (20.0, 60.0), 24, plot.size.height))
