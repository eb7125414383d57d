"""Who may load what: proved by loading it, in a process of its own, and by the import contracts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parent.parent
ROOMS = ("personas", "scoring", "saves", "sim")
SCREENS = "sim.tui"
STEPS = "saves.migrations"
"""Migration steps, which Alembic runs by path and nobody imports."""
NATIVE_PLACES = ("sim.customer.voices", "scoring.listener")

# Says for every module in turn which of the libraries came in with it: the first to bring one is to blame.
LOADER = """
import importlib, json, sys
names, libraries = json.loads(sys.argv[1]), set(json.loads(sys.argv[2]))
blame = {}
for name in names:
    before = set(sys.modules)
    importlib.import_module(name)
    new = sorted({module.partition(".")[0] for module in set(sys.modules) - before} & libraries)
    if new:
        blame[name] = new
print(json.dumps(blame))
"""


def module_name(path: Path) -> str:
    parts = list(path.relative_to(CLONE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(rooms: Iterable[str] = ROOMS) -> list[str]:
    """Every importable module of the rooms outside the screens; a __main__ is started, not imported."""
    names = (module_name(path) for room in rooms for path in sorted((CLONE / room).rglob("*.py")))
    return [name for name in names if not name.endswith(".__main__") and not is_inside(name, SCREENS, STEPS)]


def is_inside(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def loaded_by(names: Sequence[str], libraries: Sequence[str]) -> dict[str, list[str]]:
    """Import the modules in order; return which of the libraries came in, by the module that brought them."""
    child = subprocess.run(
        [sys.executable, "-c", LOADER, json.dumps(names), json.dumps(libraries)],
        cwd=CLONE,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    blame: dict[str, list[str]] = json.loads(child.stdout.splitlines()[-1])
    return blame


def test_the_loader_sees_what_it_looks_for() -> None:
    assert loaded_by(["json", "textual.geometry"], ["textual", "rich"])["textual.geometry"][-1] == "textual"


def test_every_room_has_modules_to_look_at() -> None:
    found = {name.partition(".")[0] for name in modules()}

    assert found == set(ROOMS)


def test_nothing_outside_the_screens_loads_textual_or_rich() -> None:
    assert loaded_by(modules(), ["textual", "rich"]) == {}


def test_only_voices_and_listeners_load_the_native_library() -> None:
    elsewhere = [name for name in modules() if not is_inside(name, *NATIVE_PLACES)]

    assert loaded_by([*elsewhere, *NATIVE_PLACES], ["llama_cpp"]) == {}


@pytest.mark.parametrize(("room", "above"), [("personas", 1), ("scoring", 2), ("saves", 3)])
def test_a_room_loads_none_above_it(room: str, above: int) -> None:
    assert loaded_by(modules([room]), ROOMS[above:]) == {}


def test_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    child = subprocess.run(
        [str(linter), "--no-logo", "--no-cache"],
        cwd=CLONE,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert child.returncode == 0, child.stdout + child.stderr
    assert "0 broken" in child.stdout


def test_frames_do_not_keep_a_key_waiting() -> None:
    # As the command line loads it: something of the screens first, the app after it.
    program = "import sim.tui.opening, textual.screen; print(textual.screen.UPDATE_PERIOD)"
    child = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CLONE,
        env={name: value for name, value in os.environ.items() if name != "TEXTUAL_FPS"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert float(child.stdout) <= 0.005
