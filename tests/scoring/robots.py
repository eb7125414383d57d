"""Five ways of answering the same customer, as readings: from a good listener to one who interrupts."""

from __future__ import annotations

from personas.acts import Act
from tests.scoring.builders import Call

STORY = (
    ("It died for the second time and a week of food went in the bin.", ("died_twice", "lost_food")),
    ("I stood behind empty shelves and told people to go elsewhere.", ("empty_shelves",)),
    ("If I close one more day the lease goes to somebody else.", ("the_lease",)),
    ("And the man had said it would last ten years.", ("last_visit",)),
)
FEELING = ("worn_out", "ashamed", "", "")


def good_listener() -> Call:
    """Waits, gives back with feeling, asks on, offers what is needed."""
    call = Call()
    for place, (text, facts) in enumerate(STORY):
        feeling = (FEELING[place],) if FEELING[place] else ()
        call.says(text, facts).token("Empty shelves.", specific=True).waits(2500).types(3000)
        if place < 2:
            call.speaks("So that came on top, you must be worn out. What has it meant for the shop?")
            checks = ("restates", "reflects_feeling", "specific_empathy", "warmth", "asks_open")
            call.read(*checks, facts=facts, topics=("shop",), feelings=feeling)
            call.moved(-9, 7, 15, "reflected", "specific_empathy")
        else:
            call.speaks("One more day and the place is gone. I will have a new one there on Friday.")
            call.read("restates", "commits", "checks_understanding", facts=facts, resolutions=("new_fridge",))
            call.moved(-6, 6, 8, "restated", "committed")
        call.waits(300)
    call.note(resolution="new_fridge", act=Act.ACCEPT).begins().clause("Yes, that is what I need.").ends()
    return call.ended("solved", "won")


def mechanical() -> Call:
    """Gives every turn back and checks it, and does nothing else."""
    call = Call()
    for text, facts in STORY:
        call.says(text, facts).waits(700).types(3000)
        call.speaks("So that is what happened, have I got that right?")
        call.read("restates", "checks_understanding", facts=facts).moved(-2, 2, 6, "restated").waits(300)
    return call.says("So what now.").ended("closed", "unsolved")


def stock_phrases() -> Call:
    """Answers with phrases that fit any customer."""
    call = Call()
    for text, facts in STORY:
        call.says(text, facts).waits(700).types(3000).speaks(
            "I completely understand, thank you for your patience."
        )
        call.read("acknowledges", "warmth", "reflects_feeling").moved(2, -2, -1, "stock_phrase").waits(300)
    return call.says("Goodbye then.").ended("closed", "unsolved")


def parrot() -> Call:
    """Says the customer's own words again."""
    call = Call()
    for text, facts in STORY:
        call.says(text, facts).waits(700).types(3000).speaks(text)
        call.read("restates", "parrots", facts=facts).moved(4, -4, -3, "parroted").waits(300)
    return call.says("Are you mocking me.").ended("closed", "unsolved")


def interrupter() -> Call:
    """Comes in half way with questions of their own."""
    call = Call()
    for text, facts in STORY:
        call.note().begins().clause(text, said=False, facts=facts).waits(1200)
        call.speaks("What's your postcode?").cut(9, facts).read("asks_closed")
        call.moved(10, -5, -6, "interrupted_power").waits(300)
    return call.says("That is it.").ended("walked_out", "walked_out")


IN_ORDER = (good_listener, mechanical, stock_phrases, parrot, interrupter)
