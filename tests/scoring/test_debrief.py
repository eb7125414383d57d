from __future__ import annotations

import pytest

from personas.acts import Act
from scoring import events as ev
from scoring.debrief import Debrief, debrief_of
from scoring.debrief_text import head_line, one_line, render_plain
from tests.scoring import robots
from tests.scoring.builders import Call, mara, rules

LEASE = "one more closed day costs her the lease"


def debrief(call: Call, *, timed: bool = True) -> Debrief:
    thoughts = {cause: texts for cause, texts in mara().thoughts.items()}
    table: dict[str, tuple[str, ...]] = {str(cause): texts for cause, texts in thoughts.items()}
    return debrief_of(call.persona, rules(), call.score(timed=timed), lambda cause: table.get(cause, ()))


def mixed() -> Call:
    """A good reply, then one that cuts in."""
    call = (
        Call()
        .opens()
        .waits(800)
        .types(2000)
        .speaks("Twice, and the food on top: you must be worn out. And the shop?")
    )
    call.read(
        "restates", "reflects_feeling", "specific_empathy", "asks_open",
        facts=("died_twice", "lost_food"), feelings=("worn_out",), topics=("shop",),
    )  # fmt: skip
    call.moved(-10, 6, 18, "reflected", "specific_empathy", "time").waits(300)
    call.note().begins().clause("And the man on the third of May", said=False, facts=("last_visit",)).waits(
        1000
    )
    call.speaks("What's your postcode?").cut(20, ("last_visit",)).read("asks_closed")
    call.moved(10, -5, -9, "interrupted_power").waits(300)
    return call.says("That is enough.", act=Act.LEAVE).ended("walked_out", "walked_out")


def test_the_head_line_says_what_how_and_how_it_ended() -> None:
    call = mixed()
    seconds = call.t // 1000
    assert head_line(debrief(call)) == (
        f"The fridge, Mara Lindt, phone, 0:{seconds:02d}, walked out, not solved at first contact"
    )


def test_wins_and_losses_are_apart_and_ranked() -> None:
    found = debrief(mixed())
    assert [moment.turn for moment in found.wins] == [0]
    assert [moment.turn for moment in found.losses] == [1]
    call = Call()
    for loss in (3, 12, 7):
        call.says("It died twice.", ["died_twice"]).speaks("Hm.").read().moved(
            loss, 0, 0, "passed_over"
        ).waits(300)
    assert [moment.turn for moment in debrief(call).losses] == [1, 2, 0]


def test_decay_by_time_is_nobodys_gain() -> None:
    call = Call().opens().speaks("Hm.").read("acknowledges").moved(-5, 0, 0, "time")
    (moment,) = debrief(call).losses
    assert moment.gain < 0


def test_a_loss_shows_what_it_cost_and_what_was_never_heard() -> None:
    (loss,) = debrief(mixed()).losses
    assert loss.floor == "cut in and took the topic, 20 words early"
    assert loss.replied == "What's your postcode?"
    assert loss.said.endswith("-")
    assert loss.never_heard == ("the engineer promised ten years",)
    assert "What you never heard: the engineer promised ten years." in loss.showed[-1]
    assert loss.better == "Sorry, I cut across you. Please go on."
    assert loss.thought == "I was not done."
    assert loss.skills[:2] == ("record", "interruptions")


def test_what_was_cut_off_and_told_later_was_heard() -> None:
    call = mixed()
    call.events = call.events[:-1]
    call.says("He said ten years.", ["last_visit"])
    assert debrief(call).losses[0].never_heard == ()


def test_a_win_shows_what_it_proves_and_needs_nothing_better() -> None:
    (win,) = debrief(mixed()).wins
    assert win.better == ""
    assert win.thought == "Somebody is listening."
    assert win.skills[0] != "interruptions"
    assert any("what had happened to her" in text for text in win.showed)


@pytest.mark.parametrize(
    ("call", "better"),
    [
        (
            Call().opens().speaks("Hm.").read(),
            "And a whole week of stock had to be thrown away. Twice in one spring, you must be worn "
            "out by now. What has it meant for the shop?",
        ),
        (
            Call().says("I sent people away.", ["empty_shelves"]).speaks("Hm.").read(),
            "(Three seconds of nothing. Then:) You had to stand there and send your own customers off. "
            "Standing before your customers with empty shelves must have been hard. Have I got that right?",
        ),
        (
            Call().opens().speaks("Your number?").read("asks_closed", "re_asks", facts=("died_twice",)),
            "So the fridge has let you down two times now. Twice in one spring, you must be worn out by now. "
            "What has it meant for the shop?",
        ),
    ],
)
def test_a_better_line_is_joined_from_this_very_turn(call: Call, better: str) -> None:
    call.moved(9, -4, -4, "passed_over")
    (loss,) = debrief(call).losses
    assert loss.better == better


def test_once_the_need_is_known_the_better_line_offers() -> None:
    call = Call().opens().speaks("Twice.").read("restates").moved(0, 0, 60, "reflected")
    call.says("One more day and the lease goes.", ["the_lease"])
    call.waits(500).speaks("Hm.").read().moved(99, -99, -40, "passed_over")
    loss = debrief(call).losses[0]
    assert loss.better.endswith("and I will ring you on Thursday to confirm it.")


@pytest.mark.parametrize(("text", "answers"), [("Hm.", ()), ("I understand your frustration.", ("warmth",))])
def test_a_weak_reply_is_no_win_however_the_mood_moved(text: str, answers: tuple[str, ...]) -> None:
    call = Call().opens().speaks(text).read(*answers).moved(-5, 5, 5, "stock_empathy")
    found = debrief(call)
    assert (len(found.wins), len(found.losses)) == (0, 1)


def test_a_slow_item_wants_an_announced_wait() -> None:
    call = Call().opens()
    call.add(ev.DeskOpened(t=call.t, item="visits", loading_ms=12_000)).waits(16_000).speaks("Hm.").read()
    (loss,) = debrief(call.moved(9, -4, -4, "left_on_hold")).losses
    assert loss.better == 'I\'m opening "Service visits" for you now. It takes about 12 seconds.'


def test_a_better_line_keeps_to_what_was_told() -> None:
    for moment in debrief(mixed()).losses:
        assert "the lease" not in moment.better and "place itself" not in moment.better


def test_what_stayed_shut_is_counted_and_not_told() -> None:
    found = debrief(mixed())
    assert [(closed.opens, closed.gist) for closed in found.unopened] == [
        ("an open question in the right place", None),
        ("a silence held after something she had found hard to say", None),
    ]
    text = render_plain(found)
    assert "There were 2 more things to tell." in text
    assert "the lease" not in text


def test_after_a_win_it_may_be_told() -> None:
    call = robots.mechanical()
    call.events = [event for event in call.events if "the_lease" not in str(event)]
    call.events[-1] = ev.Ended(t=call.t, reason="solved", ending="won")
    (closed,) = debrief(call).unopened
    assert closed.gist == LEASE
    assert "One more closed day costs her the lease." in " ".join(render_plain(debrief(call)).split())


def test_conditions_of_the_timing_are_told_as_such() -> None:
    call = Call().note().begins().clause("one two three").types(500).clause("four five six").ends()
    call.add(ev.FocusLost(t=call.t)).add(ev.Spoke(t=call.t, text="I see.", pasted_chars=4)).read()
    notes = debrief(call).notes
    assert len(notes) == 3
    assert notes[0].startswith("Once you began to write while she was still talking")
    assert debrief(call, timed=False).notes == (
        "Played without a clock: skills that need one were not scored.",
    )


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_plain_text_keeps_its_width_and_draws_nothing(width: int) -> None:
    text = render_plain(debrief(mixed()), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert not set(text) & set("│─┌┐└┘█▇▒★☆")
    assert text.startswith("DEBRIEF\n")


def test_plain_text_reads_in_order() -> None:
    text = render_plain(debrief(mixed()), 400)
    for before, after in (
        ("DEBRIEF", "1 of 5 stars."),
        ("SKILLS", "WHAT WON MOST"),
        ("WON", "WHAT COST MOST"),
    ):
        assert text.index(before) < text.index(after)
    assert "She complains and leaves." in text
    assert "Pauses (headline): no occasion" in text
    assert 'You said (cut in and took the topic, 20 words early): "What\'s your postcode?"' in text


def test_more_moments_come_on_demand() -> None:
    call = Call()
    for _ in range(5):
        call.says("It died twice.", ["died_twice"]).speaks("Hm.").read().moved(9, 0, 0, "passed_over").waits(
            300
        )
    found = debrief(call)
    assert len(found.losses) == 5 and found.shown == 3
    assert "2 more on demand." in render_plain(found)
    assert "5. At" in render_plain(found, more=True)


def test_a_short_call_says_so() -> None:
    assert "too short to judge" in render_plain(debrief(Call().opens().speaks("Hm.").read()))


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (Call().opens().waits(500).speaks("Hm.").read(), "Nothing of what Mara had told you came back."),
        (
            Call().opens().waits(500).speaks("Worn out, and what of the shop?").read(
                "restates", "reflects_feeling", "specific_empathy", "warmth", "asks_open",
                facts=("died_twice", "lost_food"), topics=("shop",), feelings=("worn_out",),
            ),
            "You asked where there was more to tell.",
        ),
        (Call().opens(), ""),
    ],
)  # fmt: skip
def test_one_line_says_the_most_useful_thing(call: Call, line: str) -> None:
    assert one_line(call.last(), mara()) == line


def test_one_line_is_short_for_every_reply() -> None:
    for robot in robots.IN_ORDER:
        lines = [one_line(turn, mara()) for turn in robot().score().turns if turn.replied_at is not None]
        assert lines and all(0 < len(line) <= 100 for line in lines)


def test_a_better_line_is_offered_once() -> None:
    call = Call().opens()
    for _ in range(3):
        call.speaks("Your number?").read("asks_closed").moved(9, -4, -4, "passed_over").says("Well.")
    better = [loss.better for loss in debrief(call).losses]
    assert len(better) == 3 and better[0]
    assert len({line for line in better if line}) == len([line for line in better if line])
