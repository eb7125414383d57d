from __future__ import annotations

from scoring import events as ev
from sim.debriefing import DebriefView
from sim.tui.widgets.timeline import label_cells, timeline_rows
from tests.scoring.builders import Call
from tests.sim.debriefs import PRIYA, built_view, robot_view, script_view


def glyphs(view: DebriefView, width: int, turn: int = 0, zoom: int = 1) -> list[str]:
    rows = timeline_rows(view.timeline, "Mara", view.timeline.turns[turn], {}, width, zoom=zoom)
    return ["".join(part if isinstance(part, str) else part[0] for part in row) for row in rows]


def test_the_rows_are_to_scale() -> None:
    call = Call().note().begins().clause("one two three four five six seven eight nine ten").ends()
    call.waits(2000).types(2000).speaks("Yes.").read().waits(2000)
    label = label_cells("Mara")
    customer, trainee, pause, *_ = glyphs(built_view(call.ended("left")), label + 20)
    assert customer[label:] == "█" * 8 + " " * 12
    assert trainee[label:] == " " * 12 + "░" * 4 + "█" + " " * 3
    assert pause[label:] == " " * 8 + "····" + " " * 8


def test_every_row_has_the_width_it_was_given() -> None:
    for view in (robot_view("good"), robot_view("interrupter"), script_view()):
        for width in (30, 60, 78, 136, 196):
            for zoom in (1, 2, 8):
                assert {len(row) for row in glyphs(view, width, zoom=zoom)} == {width}


def test_a_short_sign_a_cut_and_a_held_silence_never_vanish() -> None:
    call = Call().says("I stood behind empty shelves.", ["empty_shelves"]).token(ago=200).waits(2400)
    call.speaks("That is hard.").read().waits(300).note().begins()
    call.clause("And the man", said=False).waits(900)
    call.speaks("Postcode?").cut(5).read("asks_closed").waits(600_000)
    customer, trainee, pause, *_ = glyphs(built_view(call.ended("left")), label_cells("Mara") + 40)
    assert "╱" in customer
    assert "╳" in trainee
    assert "━" in pause


def test_what_a_mark_means_is_said_only_where_it_is_drawn() -> None:
    call = Call().says("It died.").token(fits=False, specific=True).waits(500)
    call.add(ev.DeskOpened(t=call.t, item="visits", loading_ms=8000)).speaks("Hm.").read()
    legend = glyphs(built_view(call.ended("left")), 120)[-1]
    assert "◇ one that does not" in legend
    assert "□ desk" in legend
    assert "cut in" not in legend
    assert "dead air" not in legend


def test_priyas_long_call_zoomed_in_follows_the_turn() -> None:
    view = robot_view("good", PRIYA)
    for turn in view.timeline.turns:
        axis = glyphs(view, 78, turn.turn, zoom=8)[-2]
        assert "━" in axis or "▲" in axis
