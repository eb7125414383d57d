from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("sqlalchemy", "alembic", "textual", "rich", "llama_cpp", "typer")


@pytest.mark.parametrize(
    ("modules", "allowed"),
    [
        ("saves, saves.errors, saves.folders, saves.runfile, saves.verify, saves.run, saves.migrate", ()),
        ("saves.store", ("sqlalchemy",)),
    ],
)
def test_heavy_libraries_wait_for_the_modules_that_use_them(modules: str, allowed: tuple[str, ...]) -> None:
    unwanted = [name for name in HEAVY if name not in allowed]
    code = f"import {modules}\nimport sys\nprint([name for name in {unwanted} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_an_existing_store_opens_without_alembic(tmp_path: object) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom saves.store import Store\n"
        f"folder = Path({str(tmp_path)!r})\nStore.open(folder, stamp='').close()\n"
        "print('alembic' in sys.modules)"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert said == ["True", "False"]
