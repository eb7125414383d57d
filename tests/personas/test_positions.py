from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from personas.positions import KeyPath, dotted, line_map


def test_a_document_with_every_construct() -> None:
    text = "\n".join(
        [
            "a = 1  # b = 2",  # 1
            "b.c.\"d e\".'f' = { x = [1,",  # 2
            '  2, {y = """q',  # 3
            '""\\""""" }], z = 1979-05-27 07:32:00 }',  # 4
            "[t.u]",  # 5
            'k = "a]#\\"" # [x]',  # 6
            "[[v.w]]",  # 7
            "[[v.w.n]]",  # 8
            " [[ v . w ]] ",  # 9
            "[v.w.o]",  # 10
            " \"\\u0041\" = '''x'''''",  # 11
            "z = [ # ]",  # 12
            " [1], # ]",  # 13
            ' "x",',  # 14
            "]",  # 15
        ]
    )
    tomli.loads(text)
    lines = line_map(text)
    expected = {
        "a": 1,
        "b": 2,
        "b.c": 2,
        'b.c."d e"': 2,
        'b.c."d e".f': 2,
        'b.c."d e".f.x': 2,
        'b.c."d e".f.x[0]': 2,
        'b.c."d e".f.x[1]': 3,
        'b.c."d e".f.x[2]': 3,
        'b.c."d e".f.x[2].y': 3,
        'b.c."d e".f.z': 4,
        "t": 5,
        "t.u": 5,
        "t.u.k": 6,
        "v": 7,
        "v.w": 7,
        "v.w[0]": 7,
        "v.w[0].n": 8,
        "v.w[0].n[0]": 8,
        "v.w[1]": 9,
        "v.w[1].o": 10,
        "v.w[1].o.A": 11,
        "v.w[1].o.z": 12,
        "v.w[1].o.z[0]": 13,
        "v.w[1].o.z[0][0]": 13,
        "v.w[1].o.z[1]": 14,
    }
    assert {dotted(path): lines[path] for path in every_path(tomli.loads(text))} == expected


def test_a_path_that_is_not_there_has_the_line_of_its_section() -> None:
    lines = line_map('x = 1\n\n[[facts]]\nid = "a"\n')
    assert lines.of(("facts", 0, "gate", "trust")) == 3
    assert lines.of(("nothing",)) == 1
    assert ("facts", 0, "gate") not in lines


def test_windows_line_ends_count_once() -> None:
    assert line_map('a = 1\r\nb = """x\r\ny"""\r\nc = 2\r\n')[("c",)] == 4


def test_an_escaped_quote_does_not_end_a_long_string() -> None:
    assert line_map('a = """x\\"""y\n"""\nb = 1\n')[("b",)] == 3


@pytest.mark.parametrize("text", ["a", "[a", 'a = """x', "a = [1", "a = {b = 1", "= 1", "a = 'x\n"])
def test_text_that_is_no_toml_ends_with_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        line_map(text)


def every_path(value: object, path: KeyPath = ()) -> list[KeyPath]:
    """Return the path of every key and list element of parsed data."""
    found: list[KeyPath] = [path] if path else []
    if isinstance(value, dict):
        inner: list[tuple[str | int, object]] = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    else:
        inner = []
    return found + [deeper for name, item in inner for deeper in every_path(item, (*path, name))]


@dataclass
class Writer:
    """A tiny TOML writer that knows on which line it put what, and draws a way to write each value."""

    draw: Any
    lines: list[str]
    where: dict[KeyPath, int]

    def put(self, text: str) -> None:
        """Append text that may hold line breaks."""
        first, *rest = text.split("\n")
        self.lines[-1] += first
        self.lines.extend(rest)

    def note(self, path: KeyPath) -> None:
        self.where.setdefault(path, len(self.lines))

    def choose(self, *ways: str) -> str:
        return str(self.draw(st.sampled_from(ways)))

    def blank(self) -> None:
        """Put what may stand between the elements of a list."""
        self.put(self.choose("", " ", "\n", ' # "not, [a] = {key}\n', "\n\n\t"))

    def name(self, key: str) -> str:
        if (
            key
            and all(c.isascii() and (c.isalnum() or c in "_-") for c in key)
            and self.choose("bare", "quoted") == "bare"
        ):
            return key
        if "'" not in key and self.choose("literal", "basic") == "literal":
            return f"'{key}'"
        return '"' + escaped(key) + '"'

    def pair(self, path: KeyPath, value: object) -> None:
        """Put `key = value`, with one-key tables now and then as dotted keys."""
        names = [self.name(str(path[-1]))]
        self.note(path)
        while isinstance(value, dict) and len(value) == 1 and self.choose("dots", "braces") == "dots":
            ((key, value),) = value.items()
            path = (*path, key)
            self.note(path)
            names.append(self.name(key))
        self.put(self.choose(".", " . ").join(names) + self.choose("=", " = "))
        self.value(path, value)

    def value(self, path: KeyPath, value: object) -> None:
        if isinstance(value, dict):
            self.put("{")
            for place, (key, item) in enumerate(value.items()):
                self.put(", " if place else " ")
                self.pair((*path, key), item)
            self.put(" }")
        elif isinstance(value, list):
            self.put("[")
            for place, item in enumerate(value):
                self.blank()
                self.note((*path, place))
                self.value((*path, place), item)
                self.blank()
                self.put("," if place + 1 < len(value) else self.choose("", ","))
            self.blank()
            self.put("]")
        else:
            self.put(self.scalar(value))

    def scalar(self, value: object) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str):
            return str(value)
        way = self.choose("basic", "long", "literal", "long literal")
        if way == "long":
            raw = value.replace("\\", "\\\\").replace('"""', '""\\"')
            starts = ["\n"] if raw[:1] == "\n" else ["\n", ""]
            starts += ["\\\n"] if raw[:1].strip() else []
            return f'"""{self.choose(*starts)}{raw}"""'
        if way == "literal" and "'" not in value and "\n" not in value:
            return f"'{value}'"
        if way == "long literal" and "'''" not in value and not value.startswith("\n"):
            return f"'''{value}'''"
        return '"' + escaped(value) + '"'

    def section(self, path: KeyPath, header: list[str], table: dict[str, Any]) -> None:
        """Put the keys of a section, then the sections inside it under headers of their own."""
        inner = []
        for key, item in table.items():
            is_tables = isinstance(item, list) and item and all(isinstance(x, dict) for x in item)
            if (isinstance(item, dict) or is_tables) and self.choose("header", "inline") == "header":
                inner.append((key, item))
                continue
            self.put(self.choose("", "  "))
            self.pair((*path, key), item)
            self.put(self.choose("\n", " # [x] = 1\n", "\n\n"))
        for key, item in inner:
            names = [*header, self.name(key)]
            for place, one in enumerate(item if isinstance(item, list) else [item]):
                deeper: KeyPath = (*path, key, place) if isinstance(item, list) else (*path, key)
                self.note((*path, key))
                self.note(deeper)
                opened, closed = ("[[", "]]") if isinstance(item, list) else ("[", "]")
                self.put(f"{opened}{self.choose('.', ' .').join(names)}{closed}\n")
                self.section(deeper, names, one)


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


TEXTS = st.text(alphabet="ab \"'\\#[]{}=,.\n\té中", max_size=12)
KEYS = st.one_of(st.sampled_from(["id", "a-b", "_x", "1"]), st.text(alphabet="ab \"'\\#[]=.é", max_size=5))
QUOTES = st.sampled_from(['"""', "'''", '""""""', '\\"""', 'x"""y', '""', "''"])
SCALARS = st.one_of(
    TEXTS, QUOTES, st.integers(-999, 999), st.booleans(), st.floats(0, 9).map(lambda x: round(x, 2))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=10,
)

TABLES = st.recursive(
    st.dictionaries(KEYS, SCALARS, max_size=2),
    lambda inner: st.dictionaries(
        KEYS, st.one_of(inner, st.lists(inner, min_size=1, max_size=3)), min_size=1, max_size=2
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), document=st.one_of(TABLES, st.dictionaries(KEYS, VALUES, max_size=4)))
def test_every_key_has_the_line_it_was_written_on(data: st.DataObject, document: dict[str, Any]) -> None:
    writer = Writer(data.draw, [""], {})
    writer.section((), [], document)
    text = "\n".join(writer.lines)
    assert tomli.loads(text) == document
    lines = line_map(text)
    assert {path: lines[path] for path in every_path(document)} == writer.where
    assert len(lines) == len(writer.where)
