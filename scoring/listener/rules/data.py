"""Critical data in a text: amounts, dates, weekdays, clock times, counts with their unit, references."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scoring.listener.rules.words import Token

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
_SMALL = {word: value for value, word in enumerate(f"{_UNITS} seventeen eighteen nineteen".split())}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        start=1,
    )
}
_TIMES = {"once": 1, "twice": 2, "double": 2, "thrice": 3}
_MONTHS = {
    name: value
    for value, names in enumerate(
        [
            "january/jan",
            "february/feb",
            "march",
            "april/apr",
            "may",
            "june/jun",
            "july/jul",
            "august/aug",
            "september/sep/sept",
            "october/oct",
            "november/nov",
            "december/dec",
        ],
        start=1,
    )
    for name in names.split("/")
}
_DAYS = {
    name: value
    for value, names in enumerate(
        [
            "monday/mon/mondays",
            "tuesday/tue/tues/tuesdays",
            "wednesday/wed/wednesdays",
            "thursday/thu/thurs/thursdays",
            "friday/fri/fridays",
            "saturday/sat/saturdays",
            "sunday/sun/sundays",
        ]
    )
    for name in names.split("/")
}
NAMES_OF_TIME = frozenset((*_MONTHS, *_DAYS))
"""Months and weekdays: never taken for a slip of another word."""
_MONEY = {
    "pound": 1,
    "quid": 1,
    "dollar": 1,
    "buck": 1,
    "euro": 1,
    "gbp": 1,
    "usd": 1,
    "eur": 1,
    "penc": 0.01,
}
_CLOCK_BEFORE = frozenset(
    ["at", "by", "around", "until", "til", "till", "before", "after", "past", "about", "for"]
)
_UNIT_STOP = frozenset(
    [
        "of",
        "the",
        "a",
        "an",
        "and",
        "or",
        "to",
        "in",
        "on",
        "at",
        "for",
        "from",
        "with",
        "by",
        "is",
        "was",
        "are",
        "were",
        "that",
        "this",
        "you",
        "i",
        "it",
        "my",
        "your",
    ]
)
_ORDINAL_TAILS = frozenset(("st", "nd", "rd", "th"))


class Datum(NamedTuple):
    """A critical datum and where it stands."""

    kind: str
    """money, date, month, weekday, time, percent, reference or count."""
    value: str
    """Canonical: "84.2", "3-3" for the 3rd of March, "0" for Monday, "17:00"."""
    units: tuple[str, ...]
    """Stems of the words that follow a count ("call", "night"); any of them may be its unit."""
    first: int
    last: int
    """Token positions, inclusive."""


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _digits(word: str) -> float | None:
    try:
        return float(word.replace(",", "")) if word.count(".") <= 1 else None
    except ValueError:
        return None


def _number_at(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    """Read a number in digits or words at a position; returns the value and the position after it."""
    token = tokens[at]
    if token.kind == "number":
        value = _digits(token.word)
        return None if value is None else (value, at + 1)
    total, current, seen, position = 0.0, 0.0, False, at
    while position < len(tokens) and position < at + 12:
        word = tokens[position].word
        if word in _SMALL and (not seen or current % 10 == 0 or tokens[position - 1].word == "and"):
            current += _SMALL[word]
        elif word in _TENS and current % 100 == 0:
            current += _TENS[word]
        elif word in _SCALES and (seen or (position > 0 and tokens[position - 1].word == "a")):
            total, current = (
                (total + (current or 1) * _SCALES[word], 0.0)
                if _SCALES[word] > 100
                else (
                    total,
                    (current or 1) * 100,
                )
            )
        elif word == "and" and seen and tokens[position - 1].word in _SCALES and _more(tokens, position + 1):
            position += 1
            continue
        else:
            break
        seen = True
        position += 1
    return (total + current, position) if seen else None


def _more(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and (tokens[at].word in _SMALL or tokens[at].word in _TENS)


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def _clock(hour: float, minute: float, half: str) -> str:
    hour = hour % 12 if half in ("am", "pm") else hour
    return f"{int(hour) + (12 if half == 'pm' else 0)}:{int(minute):02d}"


def _date(tokens: Sequence[Token], at: int, value: float, after: int) -> Datum | None:
    """A day and a month in either order: "3rd of March", "March 3", "the third of march"."""
    if not 1 <= value <= 31 or value % 1:
        return None
    ahead = after + (_word(tokens, after) in _ORDINAL_TAILS)
    month_at = ahead + (_word(tokens, ahead) == "of")
    if _word(tokens, month_at) in _MONTHS:
        return Datum("date", f"{int(value)}-{_MONTHS[_word(tokens, month_at)]}", (), at, month_at)
    before = at - 1 - (_word(tokens, at - 1) == "the")
    if _word(tokens, before) in _MONTHS and before >= 0:
        return Datum("date", f"{int(value)}-{_MONTHS[_word(tokens, before)]}", (), before, ahead - 1)
    if ahead > after:
        return Datum("date", f"{int(value)}", (), at, ahead - 1)
    return None


def _money(tokens: Sequence[Token], at: int, value: float, after: int) -> Datum | None:
    first = at - 1 if _word(tokens, at - 1) in ("£", "$", "€") else at
    if first < at:
        return Datum("money", _plain(value), (), first, after - 1)
    if after < len(tokens) and tokens[after].stem in _MONEY:
        pence = _number_at(tokens, after + 1) if after + 1 < len(tokens) else None
        if pence is not None and pence[0] < 100 and tokens[after + 1].kind == "word" and pence[0] >= 1:
            return Datum("money", _plain(value + pence[0] / 100), (), at, pence[1] - 1)
        return Datum("money", _plain(value), (), at, after)
    return None


def _time(tokens: Sequence[Token], at: int, value: float, after: int) -> Datum | None:
    following = _word(tokens, after)
    if not 0 <= value <= 24:
        return None
    if following in ("am", "pm"):
        return Datum("time", _clock(value, value % 1 * 100, following), (), at, after)
    if following in ("clock", "oclock"):
        return Datum("time", _clock(value, 0, ""), (), at, after)
    if _word(tokens, at - 1) == "past" and _word(tokens, at - 2) in ("half", "quarter"):
        return Datum(
            "time", _clock(value, 30 if _word(tokens, at - 2) == "half" else 15, ""), (), at - 2, after - 1
        )
    ends = (
        after >= len(tokens) or tokens[after].kind == "break" or following in ("today", "tonight", "tomorrow")
    )
    if (
        _word(tokens, at - 1) in _CLOCK_BEFORE
        and (ends or following in _UNIT_STOP)
        and value >= 1
        and value % 1 == 0
    ):
        return Datum("time", _clock(value, 0, ""), (), at, after - 1)
    return None


def _count(tokens: Sequence[Token], at: int, value: float, after: int) -> Datum | None:
    units: list[str] = []
    for token in tokens[after : after + 3]:
        if token.kind != "word" or token.word in _UNIT_STOP or token.word in _SMALL:
            break
        units.append(token.stem)
    if value == 1 and (tokens[at].kind == "word"):
        return None
    return Datum("count", _plain(value), tuple(units), at, after - 1)


def _reference(tokens: Sequence[Token], at: int) -> Datum | None:
    """Five digits or more, or single digits read out one by one ("4-4-7-1-8", "four four seven")."""
    token = tokens[at]
    if token.kind == "number" and token.word.isdigit() and (len(token.word) >= 5 or token.word[0] == "0"):
        return Datum("reference", token.word, (), at, at)
    digits, position, last = "", at, at
    while position < len(tokens) and position < at + 40:
        word = tokens[position].word
        digit = (
            word
            if len(word) == 1 and word.isdecimal()
            else str(_SMALL[word])
            if _SMALL.get(word, 99) < 10
            else ""
        )
        if digit:
            digits, last = digits + digit, position
        elif tokens[position].kind != "break":
            break
        position += 1
    return Datum("reference", digits, (), at, last) if len(digits) >= 4 else None


def _numeric(tokens: Sequence[Token], at: int) -> Datum | None:
    token = tokens[at]
    if token.kind == "number" and ":" in token.word:
        hour, _, minute = token.word.partition(":")
        if hour.isdecimal() and minute.isdecimal() and int(hour) < 25 and int(minute) < 60:
            half = _word(tokens, at + 1)
            last = at + (half in ("am", "pm"))
            return Datum("time", _clock(int(hour), int(minute), half), (), at, last)
        return None
    reference = _reference(tokens, at)
    read = _number_at(tokens, at)
    if read is None or reference is not None:
        return reference
    value, after = read
    if _word(tokens, after) in ("%", "percent"):
        return Datum("percent", _plain(value), (), at, after)
    return (
        _money(tokens, at, value, after)
        or _date(tokens, at, value, after)
        or _time(tokens, at, value, after)
        or _count(tokens, at, value, after)
    )


def _wordy(tokens: Sequence[Token], at: int) -> Datum | None:
    """Data that are words of their own: weekdays, months, twice, the third call."""
    word = tokens[at].word
    if word in _DAYS:
        return Datum("weekday", str(_DAYS[word]), (), at, at)
    if word in _MONTHS and word not in ("may", "march", "mon", "sun", "sat", "wed", "jan", "mar"):
        return Datum("month", str(_MONTHS[word]), (), at, at)
    if word in ("may", "march") and _word(tokens, at - 1) in ("in", "since", "of", "last", "until", "by"):
        return Datum("month", str(_MONTHS[word]), (), at, at)
    if word in _TIMES:
        return Datum("count", str(_TIMES[word]), ("time",), at, at)
    if word in _ORDINALS:
        dated = _date(tokens, at, float(_ORDINALS[word]), at + 1)
        if dated is not None:
            return dated
        if (_ORDINALS[word] > 1 and word != "second") or _word(tokens, at + 1) in (
            "time",
            "call",
            "visit",
            "one",
        ):
            return _count(tokens, at, float(_ORDINALS[word]), at + 1)
    return None


def data_of(tokens: Sequence[Token]) -> tuple[Datum, ...]:
    """Find the critical data of a sentence, left to right, never overlapping."""
    found: list[Datum] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        numeric = (
            token.kind == "number" or token.word in _SMALL or token.word in _TENS or token.word in _SCALES
        )
        datum = _numeric(tokens, position) if numeric else None
        datum = datum or (_wordy(tokens, position) if token.kind == "word" else None)
        if datum is None:
            position += 1
            continue
        if found and datum.first <= found[-1].last:
            found.pop()
        found.append(datum)
        position = max(datum.last, position) + 1
    return tuple(found)


def same_value(left: Datum, right: Datum) -> bool:
    """Whether two data give the same value, in whatever form ("£84" and "eighty-four", 4 and 4 pm)."""
    if left.value == right.value and (
        left.kind == right.kind or {left.kind, right.kind} & {"count", "money"} != set()
    ):
        return left.kind not in ("weekday", "month") or left.kind == right.kind
    if left.kind == right.kind == "time":
        hours = [datum.value.split(":") for datum in (left, right)]
        return int(hours[0][0]) % 12 == int(hours[1][0]) % 12 and hours[0][1] == hours[1][1]
    if "time" in (left.kind, right.kind) and left.kind != right.kind:
        clock, other = (left, right) if left.kind == "time" else (right, left)
        hour, _, minute = clock.value.partition(":")
        return minute == "00" and other.kind == "count" and other.value in (hour, str(int(hour) % 12))
    if {left.kind, right.kind} == {"date", "month"}:
        dated, month = (left, right) if left.kind == "date" else (right, left)
        return dated.value.partition("-")[2] == month.value
    return False
