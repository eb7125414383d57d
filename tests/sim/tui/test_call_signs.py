from __future__ import annotations

from typing import cast

import pytest

from personas.acts import MediumKind
from scoring import events as ev
from sim.call_view import EntryKind, Holder
from sim.tui.widgets.key_bar import KeyLabel
from tests.sim.calling import table_for
from tests.sim.tui.calls import Sitting, as_medium
from tests.sim.tui.stage import text_of

SIZE = (80, 24)


def foot(sitting: Sitting) -> str:
    return text_of(sitting.app).rstrip().splitlines()[-1]


def shown(sitting: Sitting) -> str:
    return " ".join(text_of(sitting.app).split())


# signs ----------------------------------------------------------------------------------------------------


async def test_tab_says_mm_hm_and_never_changes_the_draft_or_the_focus() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.wait(pilot, 5)
        await sitting.type(pilot, "So")
        await sitting.press(pilot, "tab", "tab")
        assert sitting.said(EntryKind.TOKEN) == ["mm-hm", "mm-hm"]
        assert "· mm-hm   · mm-hm" in text_of(sitting.app)
        assert sitting.screen.composer.text == "So"
        assert sitting.screen.focused is sitting.screen.composer


async def test_the_tokens_of_the_moment_stand_beside_their_keys_and_change_with_it() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        assert "F2" not in shown(sitting)
        seen = set()
        for _ in range(40):
            await sitting.wait(pilot, 1)
            tokens = sitting.call.tokens().tokens
            if tokens:
                seen.add(tokens)
                bar = " ".join(f"F{number} {token}" for number, token in enumerate(tokens, start=2))
                assert bar in shown(sitting)
        assert len(seen) > 1
        await sitting.press(pilot, "f3")
        assert sitting.said(EntryKind.TOKEN) == [sitting.call.tokens().tokens[1]]


@pytest.mark.parametrize("place", ["composer", "desk", "notes"])
async def test_signs_work_whatever_has_the_focus(place: str) -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=(140, 40)) as pilot:
        await sitting.wait(pilot, 9)
        for _ in range(["composer", "desk", "notes"].index(place)):
            await sitting.press(pilot, "f6")
        focused = sitting.screen.focused
        await sitting.press(pilot, "tab", "f2")
        assert len(sitting.of(ev.Backchannelled)) == 2
        assert sitting.screen.focused is focused


async def test_a_sign_can_be_given_with_the_mouse() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.wait(pilot, 3)
        label = next(label for label in sitting.screen.query(KeyLabel) if label.shown_key == "tab")
        await pilot.click(label)
        assert len(sitting.of(ev.Backchannelled)) == 1


@pytest.mark.parametrize(("name", "channel"), [("ctrl+n", "nod"), ("ctrl+f", "face")])
@pytest.mark.parametrize("kind", [MediumKind.VIDEO, MediumKind.PHONE])
async def test_on_video_one_can_nod_and_show_it(kind: MediumKind, name: str, channel: str) -> None:
    sitting = Sitting(as_medium(table_for(), kind))
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.wait(pilot, 3)
        seen = kind is MediumKind.VIDEO
        assert (f"{name.capitalize()[:5]}{name[-1].upper()}" in foot(sitting)) is seen
        await sitting.press(pilot, name)
        given = [sign.channel for sign in cast(list[ev.Backchannelled], sitting.of(ev.Backchannelled))]
        assert given == ([channel] if seen else [])


# holding --------------------------------------------------------------------------------------------------


async def test_a_hold_is_announced_with_what_is_written() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.type(pilot, "One moment, I open the notes")
        await sitting.press(pilot, "f5")
        assert sitting.said(EntryKind.HOLD) == ["One moment, I open the notes"]
        assert sitting.screen.composer.text == ""
        assert "Priya is waiting for you" in shown(sitting)
        assert "F5 come back" in foot(sitting)
        await sitting.press(pilot, "f5")
        assert sitting.call.floor().holder is Holder.FREE


async def test_a_hold_asks_for_its_words_and_escape_forgets_it() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.press(pilot, "f5")
        assert "Say why they have to wait" in shown(sitting)
        assert "Enter put them on hold" in foot(sitting)
        await sitting.press(pilot, "escape")
        assert "Say why they have to wait" not in shown(sitting)
        await sitting.press(pilot, "f5")
        await sitting.type(pilot, "The notes are slow")
        await sitting.press(pilot, "enter")
        assert sitting.said(EntryKind.HOLD) == ["The notes are slow"]
        assert sitting.of(ev.Spoke) == []


async def test_nobody_is_put_on_hold_in_the_middle_of_a_sentence() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.wait(pilot, 3)
        await sitting.type(pilot, "One moment")
        await sitting.press(pilot, "f5")
        assert "Let them finish before you put them on hold." in foot(sitting)
        assert sitting.screen.composer.text == "One moment"
