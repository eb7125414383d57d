"""Replies as customer writers put them: what each must be read as, and near misses that must be no."""

from __future__ import annotations

import pytest

from scoring.listener.base import ReadingContext
from scoring.listener.rules import RuleListener

_LISTENER = RuleListener()
_CHARGE = ("I was charged twice, and the reading on the bill is wrong.",)
_SISTER = (
    "My sister never got on the plane in Leeds. I have to ring her tonight and I've got nothing to say.",
)
_ENGINEER = ("The engineer said he would come back and he never did. It drops every evening.",)
_BACKUP = ("i promised them two backups and there was never a second one. i have to ring her today",)
_BANGLES = ("I sold my bangles to pay the bill.",)
_SELF_ANSWERED = ("Do you know what I pay you now? It was £96. Now it's £214 a month.",)
_SAID_WHAT_HAPPENED = (
    "I need a paper for my landlord. The pipe burst on Monday and the flood took the kitchen.",
)

# What the customer said, the reply, the checks that are yes, the checks that are no.
_ROWS: list[tuple[tuple[str, ...], str, str, str]] = [
    # acts that are promised or under way
    (_CHARGE, "I'm going to flag the account.", "commits", "overpromises"),
    (_CHARGE, "I'll leave a note on the account.", "commits", "overpromises"),
    (_CHARGE, "I'm correcting that reading now.", "commits", "dismisses"),
    (_CHARGE, "I'm fixing the reading today.", "commits", "overpromises"),
    (_CHARGE, "I will reopen your claim.", "commits", "overpromises"),
    (_CHARGE, "I'll have Kirsten ring you by noon.", "commits", "overpromises"),
    (_CHARGE, "A car is booked in your name from eight tomorrow.", "commits", "overpromises"),
    (_CHARGE, "We will cover the full cost.", "commits gives_solution", "overpromises"),
    (_CHARGE, "I'm stopping the purge now and you get it in writing.", "commits", "overpromises"),
    # options not yet taken
    (_CHARGE, "I can reverse the second payment for you.", "gives_solution", "commits"),
    (_CHARGE, "I can lend you a wagon from tomorrow at eight.", "gives_solution", "commits"),
    (_CHARGE, "I could flag the account.", "", "commits"),
    (_CHARGE, "Shall I leave a note on the account?", "asks_closed", "commits"),
    # acts of others, or of the past
    (_ENGINEER, "he would ask the manufacturer", "", "commits"),
    (_ENGINEER, "he'd ask", "", "commits"),
    (_ENGINEER, "So he told you the team would ring you.", "", "commits"),
    (_CHARGE, "So a car was booked in your name and somebody else drove off in it.", "", "commits"),
    (_CHARGE, "Nobody is correcting that reading.", "", "commits"),
    (_CHARGE, "So a car is booked in your name and you never asked for it.", "", "commits"),
    # no solution
    (_SISTER, "What do you want us to say to her?", "asks_open", "gives_solution"),
    (_SISTER, "And that took you all the way to Leeds.", "", "gives_solution"),
    (_SISTER, "Would you like us to ring her?", "gives_solution", "commits"),
    (_CHARGE, "The way to stop it is to ring your bank.", "gives_solution", "commits"),
    (_CHARGE, "I can cover that question later.", "", "gives_solution commits"),
    (_SELF_ANSWERED, "So it went from £96 to £214 a month.", "restates", "gives_solution contradicts"),
    (
        _SELF_ANSWERED,
        "The £214 was set on an estimate, £120 of it for the winter.",
        "gives_solution",
        "commits",
    ),
    (("I pay £96. Or is it £214 now?",), "It went to £214 in February.", "gives_solution", "commits"),
    # a check on what was just offered asks for nothing again
    (
        _SISTER,
        "I'll send you the letter today. Does that give you what you need to ring her?",
        "commits",
        "re_asks",
    ),
    (
        _SAID_WHAT_HAPPENED,
        "I'll send you the report by five. Does that say what happened?",
        "commits",
        "re_asks",
    ),
    (_ENGINEER, "I'll send somebody tomorrow. Does it drop every evening?", "commits re_asks", "asks_open"),
    # an accusing why about somebody of theirs; a why about the firm's people is open
    (_SISTER, "Why didn't she board?", "blames_or_leads", "asks_open"),
    (_SISTER, "Why did she not cancel the flight in time?", "blames_or_leads", "asks_open"),
    (_SISTER, "So that's why she didn't board.", "", "blames_or_leads"),
    (_SISTER, "Why did the bank send it back?", "asks_open", "blames_or_leads"),
    (_ENGINEER, "Why didn't he come back?", "asks_open", "blames_or_leads"),
    # what was never there
    (_BACKUP, "A backup that wasn't there.", "", "contradicts"),
    (_BACKUP, "You promised them a backup that wasn't there.", "restates", "contradicts"),
    (("I promised them a backup.",), "So you never promised them a backup.", "contradicts", ""),
    (_BANGLES, "What became of the bangles?", "asks_open", "asks_closed"),
]


@pytest.mark.parametrize(("customer", "reply", "yes", "no"), _ROWS, ids=[row[1][:50] for row in _ROWS])
def test_natural_replies_and_their_near_misses(
    customer: tuple[str, ...], reply: str, yes: str, no: str
) -> None:
    answers = _LISTENER.read(ReadingContext(customer), reply).answers
    found = {check for check, answer in answers.items() if (answer.probability or 0.0) >= 0.5}
    assert set(yes.split()) - found == set()
    assert set(no.split()) & found == set()
