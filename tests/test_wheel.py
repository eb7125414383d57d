"""A built wheel, alone in an empty environment outside the clone, plays and verifies a call.

The dependencies are lent by the environment that runs the tests, through a path file, so that nothing is
fetched and the native library is not compiled again; the four rooms must come out of the wheel.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parent.parent
ROOMS = ("personas", "scoring", "saves", "sim")
PICTURES = "sim/tui/pictures/"
"""For the README alone."""

SCRIPT = """\
listen
listen
say It sounds like this has been going on for a while, and it has cost you time. What happened first?
listen
say So the charge came twice and nobody called you back. Did I get that right?
listen
leave
"""

PLACES = """
import importlib, json, sys
rooms = {name: importlib.import_module(name).__file__ for name in sys.argv[1:]}
print(json.dumps({"rooms": rooms, "path": sys.path}))
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def call(
    command: Sequence[str | Path], cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end with nothing on its input; its output is text."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )


def clean() -> dict[str, str]:
    """Return the environment without what would point Python back at the clone."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def done(result: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """Return the result of a command that must have ended well."""
    assert result.returncode == 0, f"{result.args}\n{result.stdout}\n{result.stderr}"
    return result


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is not in the clone."""
    folder = tmp_path_factory.mktemp("outside")
    assert CLONE not in folder.resolve().parents
    return folder


@pytest.fixture(scope="module")
def wheel(outside: Path) -> Path:
    """The wheel, built from the clone with the build tools that are installed here."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-index", "--no-deps"]
    done(call([*pip, "--no-build-isolation", "--no-cache-dir", "--wheel-dir", outside, CLONE], cwd=outside))
    (built,) = outside.glob("hear_me_out-*.whl")
    return built


@pytest.fixture(scope="module")
def environment_python(outside: Path, wheel: Path) -> Path:
    """The interpreter of an environment that holds the wheel and borrows everything else."""
    folder = outside / "venv"
    done(call([sys.executable, "-m", "venv", "--without-pip", folder], cwd=outside))
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    python = scripts / Path(sys.executable).name
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    done(call([*pip, "install", "--no-index", "--no-deps", str(wheel)], cwd=outside))
    # A folder that a path file names is not searched for path files, so no editable install is seen.
    site = done(call([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], cwd=outside))
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site.stdout.strip(), "lent.pth").write_text("\n".join(sorted(lent)) + "\n", encoding="utf-8")
    return python


@pytest.fixture(scope="module")
def hearmeout(outside: Path, environment_python: Path) -> Run:
    """Run the installed command as a user who has never played."""
    home = outside / "home"
    home.mkdir(mode=0o700)
    kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if key in os.environ}
    environment = kept | {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }
    command = environment_python.with_name("hearmeout")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return call([command, *arguments], cwd=outside, environment=environment)

    return run


@pytest.fixture(scope="module")
def told(outside: Path, hearmeout: Run) -> dict[str, object]:
    """What a scripted call says of itself on its last line."""
    script = outside / "call.txt"
    script.write_text(SCRIPT, encoding="utf-8")
    play = ["play", "--plain", "--persona", "hearmeout/priya-nair", "--seed", "3", "--voice", "written"]
    result = done(hearmeout(*play, "--script", script, "--json"))
    last: dict[str, object] = json.loads(result.stdout.splitlines()[-1])
    return last


def test_the_wheel_holds_every_file_of_the_rooms_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        described = {name.split("/", 1)[1] for name in archive.namelist() if ".dist-info/" in name}

    listed = call(["git", "ls-files", "--cached", "--others", "--exclude-standard", *ROOMS], cwd=CLONE)
    if listed.returncode == 0:
        there = {name for name in listed.stdout.splitlines() if (CLONE / name).is_file()}
    else:
        files = (path for room in ROOMS for path in (CLONE / room).rglob("*") if path.is_file())
        there = {path.relative_to(CLONE).as_posix() for path in files if path.suffix != ".pyc"}
    assert packed == {name for name in there if not name.startswith(PICTURES)}
    assert {"METADATA", "entry_points.txt", "licenses/LICENSE"} <= described


def test_the_rooms_come_out_of_the_wheel(outside: Path, environment_python: Path) -> None:
    result = done(call([environment_python, "-P", "-c", PLACES, *ROOMS], cwd=outside, environment=clean()))

    found = json.loads(result.stdout)
    venv = environment_python.parent.parent
    assert {room: venv in Path(place).parents for room, place in found["rooms"].items()} == dict.fromkeys(
        ROOMS, True
    )
    assert CLONE not in [Path(entry).resolve() for entry in found["path"]]


def test_the_doctor_finds_nothing_broken(hearmeout: Run) -> None:
    result = done(hearmeout("doctor"))

    for area in ("terminal", "colours", "native library", "models", "data directory"):
        assert area in result.stdout


def test_a_scripted_call_leaves_a_run_that_verifies(
    outside: Path, hearmeout: Run, told: dict[str, object]
) -> None:
    run_file = outside / str(told["run_file"])

    assert run_file.suffix == ".hearmeout"
    header = json.loads(run_file.read_text(encoding="utf-8").splitlines()[0])
    assert "hearmeout/priya-nair" in json.dumps(header)
    result = done(hearmeout("verify", run_file))
    assert "intact" in result.stdout.lower()
    assert "recomputed" in result.stdout.lower()


def test_a_run_that_was_changed_does_not_verify(
    outside: Path, hearmeout: Run, told: dict[str, object]
) -> None:
    original = (outside / str(told["run_file"])).read_text(encoding="utf-8")
    changed = outside / "changed.hearmeout"
    assert "nobody called you back" in original
    changed.write_text(original.replace("nobody called you back", "nobody helped you back"), encoding="utf-8")

    result = hearmeout("verify", changed)

    assert result.returncode != 0
    assert "Traceback" not in result.stderr
