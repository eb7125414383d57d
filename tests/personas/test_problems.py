from __future__ import annotations

from personas.problems import Problem, printable, quoted


def test_a_problem_is_one_line_with_place_key_reason_and_remedy() -> None:
    problem = Problem("a.toml", 7, "facts[2].gate.trust", "130 is too high", "The most is 100.")
    assert str(problem) == "a.toml:7: facts[2].gate.trust: 130 is too high. The most is 100."


def test_a_warning_says_so_and_what_is_left_out_leaves_no_gap() -> None:
    assert str(Problem("a.toml", 3, "", "odd", "Look.", "warning")) == "a.toml:3: warning: odd. Look."
    assert str(Problem("a.toml", 0, "", "gone", "Look.")) == "a.toml: gone. Look."


def test_nothing_hostile_reaches_the_terminal() -> None:
    problem = Problem("a\x1b[2J.toml", 1, "x\n", "\u202eevil\u200b", "Look\r\U000e0041.")
    assert str(problem) == "a\\x1b[2J.toml:1: x\\x0a: \\u202eevil\\u200b. Look\\x0d\\U000e0041."


def test_ordinary_text_stays_as_it_is() -> None:
    assert printable("Größe £5, 中文 🙂") == "Größe £5, 中文 🙂"
    assert quoted("x" * 80) == "'" + "x" * 57 + "...'"
