"""The skill of showing that one is there: backchannels by rate, place and fit (listening-science 2.4)."""

from __future__ import annotations

from itertools import pairwise
from math import fsum

from personas.acts import MediumKind
from scoring.events import Backchannelled
from scoring.rubric import BackchannelRules
from scoring.silence import gaps
from scoring.skills.occasion import Evidence, Occasion, SkillScore, said_clauses
from scoring.turns import SpokenClause

MINUTE_MS = 60_000


def engagement(o: Occasion) -> SkillScore:
    """Score the signs of listening; phone and video by rate and fit, chat by short messages and waits."""
    if not o.timed or not o.turn.spoken or o.medium is MediumKind.EMAIL:
        return SkillScore("engagement", None)
    return _in_chat(o) if o.medium is MediumKind.CHAT else _spoken(o)


def talk_ms(o: Occasion) -> float:
    """Return how long the customer talked in the turn, as at their own pace, ms."""
    said = (_said_ms(clause) for clause in o.turn.clauses)
    return o.scaled(fsum(said))


def _said_ms(clause: SpokenClause) -> float:
    if clause.said_words is None:
        return clause.duration_ms
    return clause.duration_ms * min(clause.said_words, clause.words) / max(1, clause.words)


def _spoken(o: Occasion) -> SkillScore:
    rules = o.rules.backchannel
    peak = _peak_points(o)
    long_enough = talk_ms(o) >= rules.min_turn_ms
    if not long_enough and peak is None:
        return SkillScore("engagement", None)
    if not long_enough:
        assert peak is not None
        value, evidence = peak[0], [peak[1]]
    else:
        rate, seen = _rate_points(o)
        share = o.rules.skills.engagement.rate_share
        value = rate if peak is None else share * rate + (1 - share) * peak[0]
        evidence = [seen] if peak is None else [peak[1], seen]
    misfit = next((token for token in o.turn.backchannels if not token.fits), None)
    if misfit is not None:
        value = min(value, o.rules.skills.engagement.misfit_cap)
        evidence.insert(0, Evidence("that did not fit what was just told", misfit.token, misfit.t))
    return o.score("engagement", value, *evidence)


def _peak_clause(o: Occasion) -> SpokenClause | None:
    peaks = {fact for fact in o.turn.facts_told if fact in o.by_id and o.by_id[fact].peak}
    found = [c for c in o.turn.clauses if c.end is not None and peaks & set(c.facts)]
    return found[-1] if found else None


def _near(token: Backchannelled, clause: SpokenClause, rules: BackchannelRules) -> bool:
    return clause.end is not None and (
        clause.end - rules.window_before_ms <= token.t <= clause.end + rules.window_after_ms
    )


def _peak_points(o: Occasion) -> tuple[float, Evidence] | None:
    clause, rules = _peak_clause(o), o.rules.backchannel
    if clause is None:
        return None
    near = [token for token in o.turn.backchannels if _near(token, clause, rules)]
    fitting = next((token for token in near if token.specific and token.fits), None)
    if fitting is not None:
        return rules.specific, Evidence("a word that fitted the hardest moment", fitting.token, fitting.t)
    if any(not token.fits for token in near):
        wrong = next(token for token in near if not token.fits)
        return o.rules.skills.engagement.misfit, Evidence(
            "the wrong word at the hardest moment", wrong.token, wrong.t
        )
    if near:
        return rules.generic, Evidence("only a plain sign at the hardest moment", near[0].token, near[0].t)
    return rules.none, Evidence("no sign from you at the hardest moment", at_ms=clause.end)


def _rate_points(o: Occasion) -> tuple[float, Evidence]:
    rules, turn = o.rules.backchannel, o.turn
    said = said_clauses(turn)
    valid = [token for token in turn.backchannels if any(_near(token, clause, rules) for clause in said)]
    rate = len(valid) * MINUTE_MS / max(1.0, talk_ms(o))
    value = _by_rate(rate, rules, o.rules.skills.engagement.over_slope)
    at = valid[0].t if valid else turn.replied_at
    if _monotone(valid, rules, o.rules.skills.engagement.monotone_from):
        value = min(value, rules.monotone_cap)
        return value, Evidence("the same sign over and over, like a clock", valid[0].token, at)
    if not valid:
        return value, Evidence("no sign of listening through a long turn", at_ms=at)
    low, high = rules.full_per_min
    if rate > high:
        return value, Evidence("so many signs that they became noise", at_ms=at)
    says = "a sign of listening now and then" if rate < low else "steady signs that you were with it"
    return value, Evidence(says, valid[0].token, at)


def _by_rate(rate: float, rules: BackchannelRules, slope: float) -> float:
    low, high = rules.full_per_min
    if rate < low:
        return rules.zero_score + (100 - rules.zero_score) * rate / low
    return 100.0 if rate <= high else max(float(rules.floor_score), 100 - slope * (rate - high))


def _monotone(valid: list[Backchannelled], rules: BackchannelRules, least: int) -> bool:
    if len(valid) < least or len({token.token for token in valid}) > 1:
        return False
    times = sorted(token.t for token in valid)
    steps = [right - left for left, right in pairwise(times)]
    return max(steps) - min(steps) < rules.monotone_variation * fsum(steps) / len(steps)


def _in_chat(o: Occasion) -> SkillScore:
    rules = o.rules.skills.engagement
    wait = max((gap.silent_ms for gap in gaps(o.turn)), default=0)
    if wait >= o.rules.silence.chat_still_there_ms:
        says = f"{o.says.they} got no sign of life for {round(wait / 1000)} seconds"
        return o.score("engagement", rules.chat_left_waiting, Evidence(says, at_ms=o.turn.replied_at))
    if o.turn.holds:
        hold = o.turn.holds[0]
        says = f"you told {o.says.them} that it would take a moment"
        return o.score("engagement", rules.chat_announced, Evidence(says, hold.text, hold.start))
    wrong = next((token for token in o.turn.backchannels if not token.fits), None)
    if wrong is not None:
        evidence = Evidence("that did not fit what was just told", wrong.token, wrong.t)
        return o.score("engagement", rules.misfit, evidence)
    if len(said_clauses(o.turn)) < rules.chat_messages and _peak_clause(o) is None:
        return SkillScore("engagement", None)
    fitting = next((token for token in o.turn.backchannels if token.specific), None)
    if fitting is not None:
        evidence = Evidence("a short sign that fitted", fitting.token, fitting.t)
        return o.score("engagement", 100, evidence)
    if o.turn.backchannels:
        token = o.turn.backchannels[0]
        return o.score(
            "engagement",
            rules.chat_sign,
            Evidence("a short sign that you were reading", token.token, token.t),
        )
    says = f"no sign from you while {o.says.they} wrote several messages"
    return o.score("engagement", rules.chat_no_sign, Evidence(says, at_ms=o.turn.replied_at))
