"""Two skills of the clock: not interrupting, and the use of pauses (listening-science 1.2, 2.3, 9)."""

from __future__ import annotations

from math import fsum

from personas.acts import MediumKind
from scoring.floor import FloorKind
from scoring.mails import received, unread_at_reply
from scoring.rubric_scores import PauseSkill
from scoring.silence import Gap, gaps, is_weighty
from scoring.skills.hearing import left_unanswered
from scoring.skills.occasion import Evidence, Occasion, SkillScore, on_curve, said_clauses
from scoring.skills.wording import seconds
from scoring.turns import Hold

Part = tuple[float, Evidence]
"""One thing a skill saw in a turn: points and what they rest on."""


def interruptions(o: Occasion) -> SkillScore:
    """Score how the trainee came in; e-mail: whether every mail was opened before the reply.

    None where the turn was too short to be interrupted, where a message sent while they typed cut nothing off
    (chat), and where the customer had to ask whether anybody is there: that silence is judged under pauses.
    """
    if o.medium is MediumKind.EMAIL:
        return _mails_opened(o)
    floor = o.floor
    if floor is None or floor.kind is FloorKind.PROMPTED:
        return SkillScore("interruptions", None)
    if o.medium is MediumKind.CHAT and floor.kind is FloorKind.TERMINAL:
        return SkillScore("interruptions", None)
    said = sum(clause.words for clause in said_clauses(o.turn))
    if floor.kind is FloorKind.CLEAN and said < o.rules.skills.interruptions.least_words:
        return SkillScore("interruptions", None)
    return o.score("interruptions", floor.score, Evidence(_came_in(floor.why), at_ms=o.turn.replied_at))


def _came_in(why: str) -> str:
    return why if why.startswith(("you ", "the ")) else f"you {why}"


def _mails_opened(o: Occasion) -> SkillScore:
    rules, at = o.rules.skills.interruptions, o.turn.replied_at
    if at is None:
        return SkillScore("interruptions", None)
    unread = unread_at_reply([*o.before, o.turn])
    if unread:
        says = f"you sent it with {len(unread)} of {o.says.their} mails unopened"
        return o.score("interruptions", rules.email_unopened, Evidence(says, at_ms=at))
    if len(received([o.turn])) < 2:
        return SkillScore("interruptions", None)
    says = f"you opened all {o.says.their} mails before you answered"
    return o.score("interruptions", rules.email_all_opened, Evidence(says, at_ms=at))


def pauses(o: Occasion) -> SkillScore:
    """Score what the trainee did with silence; phone and video, timed play.

    Occasions: a disclosure or a beat, one's own open question, the customer's question, a long wait.
    """
    if not (o.timed and o.medium.is_spoken and o.turn.spoken):
        return SkillScore("pauses", None)
    parts = [part for gap in gaps(o.turn) if not _handed_back(o, gap) for part in _gap_parts(o, gap)]
    own = _own_question(o)
    if own is not None:
        parts.append(own)
    if not parts:
        return SkillScore("pauses", None)
    value = fsum(points for points, _ in parts) / len(parts)
    ranked = sorted(parts, key=lambda part: abs(part[0] - value), reverse=True)
    return o.score("pauses", value, *(evidence for _, evidence in ranked))


def _handed_back(o: Occasion, gap: Gap) -> bool:
    return any(gap.start <= t <= gap.end for _, t in o.turn.withdrawn)


def _gap_parts(o: Occasion, gap: Gap) -> list[Part]:
    rules = o.rules.skills.pauses
    held, silent = o.scaled(gap.held_ms), o.scaled(gap.silent_ms)
    holds = [hold for hold in o.turn.holds if gap.start <= hold.start < gap.end]
    unexplained = on_curve(rules.dead_air, silent)
    if gap.ended_by == "customer" and silent < o.rules.silence.held_from_ms:
        return []
    if holds:
        parts = [_hold_part(o, gap, holds[0])]
        if silent >= o.rules.silence.still_there_ms:
            parts.append((unexplained, _waited(gap, silent)))
        return parts
    if gap.after_question:
        if silent <= o.rules.silence.after_question_free_ms and left_unanswered(o):
            return []
        says = f"you answered {o.says.their} question at once"
        if silent > o.rules.silence.after_question_free_ms:
            says = f"{o.says.they} had asked you something and waited {seconds(silent)}"
        return [(on_curve(rules.question, silent), Evidence(says, at_ms=gap.start))]
    if _disclosure(o, gap):
        elapsed = min(o.scaled(gap.end - gap.start), o.rules.silence.held_to_ms)
        typed = min(rules.typed_cap, on_curve(rules.held, elapsed))
        value = min(max(on_curve(rules.held, held), typed), unexplained)
        return [(value, _after_disclosure(o, gap, held, silent))]
    if silent >= o.rules.silence.still_there_ms:
        return [(unexplained, _waited(gap, silent))]
    if _answer_to_open_question(o) and held >= rules.answer_credit_from_ms:
        says = f"you left {seconds(held)} after {o.says.their} answer"
        return [(on_curve(rules.held, held), Evidence(says, at_ms=gap.start))]
    return []


def _waited(gap: Gap, silent: float) -> Evidence:
    return Evidence(f"{seconds(silent)} of silence that nobody explained", at_ms=gap.start)


def _hold_part(o: Occasion, gap: Gap, hold: Hold) -> Part:
    rules: PauseSkill = o.rules.skills.pauses
    until = min(gap.end, hold.end or gap.end)
    if hold.start - gap.start > rules.announce_within_ms:
        typed = sum(
            burst.end - burst.start for burst in o.turn.bursts if gap.start <= burst.start < hold.start
        )
        if hold.start - gap.start - typed > rules.announce_within_ms:
            return rules.announced_late, Evidence("you explained the wait late", hold.text, hold.start)
    if until - hold.start > o.rules.silence.hold_grace_ms:
        return rules.announced_late, Evidence(
            "you announced the wait, and it went on too long", hold.text, hold.start
        )
    return rules.announced, Evidence("you announced the wait before it began", hold.text, hold.start)


def _disclosure(o: Occasion, gap: Gap) -> bool:
    fact = o.by_id.get(gap.after_fact or "")
    if fact is None or fact.id not in o.turn.facts_told:
        return False
    start = max((low for low, high in o.turn.floor_spans if high == gap.start), default=0)
    fresh = any(clause.start >= start for clause in o.turn.clauses if fact.id in clause.facts)
    return fresh and is_weighty(fact, o.persona)


def _after_disclosure(o: Occasion, gap: Gap, held: float, silent: float) -> Evidence:
    silence = o.rules.silence
    if gap.ended_by == "customer" and held >= silence.held_from_ms and silent < silence.still_there_ms:
        says = f"you held {seconds(held)} of silence, and {o.says.they} went on"
    elif silent >= silence.still_there_ms:
        says = f"after something hard to say, {o.says.they} got {seconds(silent)} of silence"
    elif held >= silence.held_from_ms:
        says = f"you left {seconds(held)} after something hard to say"
    elif o.scaled(gap.end - gap.start) >= silence.held_from_ms:
        says = f"{o.says.they} told you something hard, and you wrote at once"
    else:
        says = f"{o.says.they} told you something hard, and you were on it within {seconds(held)}"
    return Evidence(says, at_ms=gap.start)


def _answer_to_open_question(o: Occasion) -> bool:
    if not o.before or not o.turn.facts_told:
        return False
    reading = o.before[-1].reading
    asked = reading.answers.get("asks_open") if reading else None
    return asked is not None and asked >= o.rules.checks.threshold


def _own_question(o: Occasion) -> Part | None:
    spoken = o.turn.spoken
    asked = next((i for i, spoke in enumerate(spoken[:-1]) if spoke.text.rstrip().endswith("?")), None)
    if asked is None or not o.yes("asks_open"):
        return None
    sent, later = spoken[asked].t, spoken[asked + 1].t
    first_key = min([burst.start for burst in o.turn.bursts if sent <= burst.start <= later] + [later])
    left = o.scaled(first_key - sent)
    says = f"you asked, and filled the silence yourself after {seconds(left)}"
    return on_curve(o.rules.skills.pauses.own_question, left), Evidence(says, spoken[asked].text, sent)
