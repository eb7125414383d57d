from __future__ import annotations

from typing import cast

from textual.app import ComposeResult
from textual.screen import Screen

from personas.schema import Desk, Grant, RecordItem
from scoring import events as ev
from sim.tui.widgets.composer import Composer
from sim.tui.widgets.desk_card import DeskCard, DeskItem
from tests.sim.stage import persona_of
from tests.sim.tui.calls import Sitting
from tests.sim.tui.stage import HOSTILE, ShowApp, key, text_of


class Office(Screen[None]):
    """A screen with nothing but a desk."""

    CSS = "DeskCard { width: 26; height: 100%; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.chosen: list[tuple[str, float]] = []
        self.typed: list[tuple[str, float]] = []

    def compose(self) -> ComposeResult:
        yield DeskCard(self._desk)

    @property
    def card(self) -> DeskCard:
        return self.query_one(DeskCard)

    def on_desk_item_chosen(self, message: DeskItem.Chosen) -> None:
        self.chosen.append((message.item_id, message.time))

    def on_desk_card_typed(self, message: DeskCard.Typed) -> None:
        self.typed.append((message.key.key, message.key.time))


def desk(text: str = "Some text") -> Desk:
    items = tuple(
        RecordItem(id=f"item{n}", title=f"Item {n}", text=f"{text} {n}", loading_s=seconds)
        for n, seconds in enumerate((0, 2, 12))
    )
    return Desk(
        company="Tern",
        role="You answer.",
        card=("Customer since 2015",),
        authority=(Grant(id="refund", text="refund up to £100"),),
        forbidden=("promise a date",),
        policy=("Banks take days.",),
        items=items,
    )


def app_of(office: Office) -> ShowApp:
    return ShowApp(cast(Screen[object], office))


def one_line(app: ShowApp) -> str:
    return " ".join(text_of(app).split())


async def test_record_authority_policy_and_file_are_all_there() -> None:
    office = Office(desk())
    app = app_of(office)
    async with app.run_test(size=(80, 30)):
        office.card.draw({})
        shown = one_line(app)
        for text in (
            "Item 0",
            "Item 1",
            "Item 2 (slow)",
            "You may refund",
            "You may not promise",
            "since 2015",
            "Banks",
        ):
            assert text in shown


async def test_an_item_opens_in_its_own_time_without_digits() -> None:
    office = Office(desk())
    app = app_of(office)
    async with app.run_test(size=(80, 30)) as pilot:
        bars = []
        for left in (12_000, 6_000, 1):
            office.card.draw({"item2": left})
            await pilot.pause()
            assert "opening" in one_line(app)
            assert "Some text" not in one_line(app)
            bars.append(text_of(app).count("━"))
        assert bars == [0, 4, 7]
        office.card.draw({"item2": 0})
        await pilot.pause()
        assert "Some text 2" in one_line(app)


async def test_an_open_item_can_be_folded_away() -> None:
    office = Office(desk())
    app = app_of(office)
    async with app.run_test(size=(80, 30)) as pilot:
        office.card.draw({"item0": 0})
        office.card.fold("item0")
        await pilot.pause()
        assert "Some text" not in one_line(app)
        office.card.fold("item0")
        await pilot.pause()
        assert "Some text 0" in one_line(app)


async def test_items_are_chosen_with_the_keyboard_at_the_keys_own_time() -> None:
    office = Office(desk())
    app = app_of(office)
    async with app.run_test(size=(80, 30)) as pilot:
        office.card.focus()
        await pilot.pause()
        for number, name in enumerate(("enter", "down", "enter", "down", "down", "enter", "up", "space")):
            app.post_message(key(name, float(number)))
        await pilot.pause()
        assert office.chosen == [("item0", 0.0), ("item1", 2.0), ("item2", 5.0), ("item1", 7.0)]


async def test_items_are_chosen_with_the_mouse() -> None:
    office = Office(desk())
    async with app_of(office).run_test(size=(80, 30)) as pilot:
        await pilot.click(list(office.query(DeskItem))[2])
        assert [item for item, _ in office.chosen] == ["item2"]


async def test_a_letter_typed_at_the_desk_is_passed_on() -> None:
    office = Office(desk())
    app = app_of(office)
    async with app.run_test(size=(80, 30)) as pilot:
        office.card.focus()
        await pilot.pause()
        app.post_message(key("a", 7.5))
        await pilot.pause()
        assert office.typed == [("a", 7.5)]


async def test_on_a_low_screen_everything_can_be_reached_with_the_arrows() -> None:
    office = Office(persona_of().desk.model_copy(update={"policy": ("The very last line.",)}))
    app = app_of(office)
    async with app.run_test(size=(80, 8)) as pilot:
        office.card.focus()
        await pilot.pause()
        for _ in range(40):
            app.post_message(key("down", 0.0))
        await pilot.pause()
        assert "last line." in one_line(app)
        for _ in range(40):
            app.post_message(key("up", 0.0))
        await pilot.pause()
        assert "DESK" in one_line(app)


async def test_the_text_of_a_file_is_shown_never_obeyed() -> None:
    hostile = HOSTILE.replace("\x1b", "").replace("\x07", "")
    base = desk()
    nasty = base.model_copy(
        update={
            "card": (hostile,),
            "policy": (hostile,),
            "forbidden": (hostile,),
            "authority": (Grant(id="refund", text=hostile),),
            "items": (base.items[0].model_copy(update={"title": hostile, "text": hostile}),),
        }
    )
    office = Office(nasty)
    app = app_of(office)
    async with app.run_test(size=(120, 60)) as pilot:
        office.card.styles.width = 100
        office.card.draw({"item0": 0})
        await pilot.pause()
        shown = text_of(app)
        assert shown.count("a[b] [/foo] [/ [red]x[/]") == 6
        assert "\u202e" not in shown


async def test_words_typed_at_the_desk_reach_the_draft_whole() -> None:
    sitting = Sitting(mode="rated", reduced=True)
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.wait(pilot, 2.0)
        await sitting.press(pilot, "f6")
        for letter in "I see it":
            sitting.app.post_message(key("space" if letter == " " else letter, sitting.hands.at, letter))
        await pilot.pause()

        assert sitting.screen.query_one(Composer).text == "I see it"
        assert sitting.of(ev.DeskOpened) == []
