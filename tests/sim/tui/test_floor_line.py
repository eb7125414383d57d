from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from sim.call_view import FloorView, Holder, SilenceTone
from sim.tui.widgets.floor_line import FloorShown, floor_parts
from sim.tui.widgets.plain_text import plain
from tests.sim.tui.stage import HOSTILE

SPEAKS = FloorShown(FloorView(Holder.CUSTOMER), "Priya", said=3, words=8)


def free(share: float, tone: SilenceTone = SilenceTone.PLAIN, *, typing: bool = False) -> FloorShown:
    return FloorShown(FloorView(Holder.FREE, round(share * 10_000), share, tone, typing), "Priya")


def text(shown: FloorShown, width: int = 78) -> str:
    return plain(floor_parts(shown, width)).plain


def line(shown: FloorShown, width: int = 78) -> str:
    return "".join(character for character in text(shown, width) if character in "─╴━╸")


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (SPEAKS, "Priya is speaking   ▮▮▮▯▯▯▯▯"),
        (replace(SPEAKS, typed=True, words=0), "Priya is typing"),
        (replace(SPEAKS, thinking=True, words=0), "Priya is thinking"),
        (replace(SPEAKS, timed=False, words=0), "Priya has more to say"),
        (replace(SPEAKS, floor=FloorView(Holder.COMING)), "Priya takes it in"),
        (replace(SPEAKS, floor=FloorView(Holder.COMING), thinking=True), "Priya is thinking"),
        (replace(SPEAKS, floor=FloorView(Holder.COMING), begun=False), "Priya is on the line"),
        (replace(SPEAKS, floor=FloorView(Holder.HOLD)), "Priya is waiting for you"),
        (replace(SPEAKS, floor=FloorView(Holder.OVER)), "The call is over"),
        (replace(SPEAKS, floor=FloorView(Holder.COMING), cut_in=True), "You cut in   Priya has stopped"),
        (free(0), "The floor is yours"),
        (free(0.3, typing=True), "The floor is yours   you are writing"),
    ],
)
def test_who_has_the_floor_is_said_in_words(shown: FloorShown, says: str) -> None:
    assert text(shown)[1:].strip() == says


def test_silence_lengthens_a_line_and_never_counts() -> None:
    lengths = [len(line(free(share / 20))) for share in range(21)]
    assert lengths == sorted(lengths)
    assert lengths[0] == 0
    assert lengths[-1] > 50
    assert not any(character.isdigit() for share in range(21) for character in text(free(share / 20)))


def test_the_line_changes_its_tone_without_needing_colour() -> None:
    plain_line, meant, dead = (text(free(0.95, tone)) for tone in SilenceTone)
    assert "─" in plain_line
    assert "━" in meant
    assert "Dead air" in dead
    assert len({plain_line, meant, dead}) == 3


def test_alarm_is_for_a_lost_floor_and_dead_air_alone() -> None:
    def alarmed(shown: FloorShown) -> bool:
        return any("$alarm" in part[1] for part in floor_parts(shown, 78) if isinstance(part, tuple))

    assert alarmed(free(0.95, SilenceTone.DEAD))
    assert alarmed(replace(SPEAKS, cut_in=True))
    quiet = [SPEAKS, free(0.5), free(0.5, SilenceTone.MEANT), free(0.95, SilenceTone.DEAD, typing=True)]
    assert not any(map(alarmed, quiet))


@pytest.mark.parametrize("width", [0, 5, 20, 40, 60, 78, 198])
@pytest.mark.parametrize("tone", list(SilenceTone))
def test_the_line_stays_within_its_width(width: int, tone: SilenceTone) -> None:
    for share in (0.0, 0.01, 0.5, 1.0):
        shown = text(free(share, tone), width)
        assert cell_len(shown) <= max(width, cell_len(text(free(0, tone))))


def test_a_long_message_is_metered_to_scale() -> None:
    shown = replace(SPEAKS, said=50, words=100)
    assert text(shown).count("▮") == text(shown).count("▯") == 12


def test_a_name_is_shown_never_obeyed_and_never_crowds_out_the_rest() -> None:
    shown = text(replace(SPEAKS, name=HOSTILE * 3))
    assert "\x1b" not in shown
    assert "\n" not in shown
    assert "is speaking" in shown
    assert cell_len(shown) <= 78
