"""`hearmeout report`: from the stored calls of this machine to text, CSV or pages."""

from __future__ import annotations

from pathlib import Path

from sim.career.played import played_calls
from sim.home import Home, PlayError
from sim.impact.pages import PAGE, as_pages
from sim.impact.telling import as_csv, as_text
from sim.impact.weeks import report_of
from sim.session import open_store, shelves
from sim.text import shown


def report_on(home: Home, mode: str, csv: Path | None, pages: Path | None) -> str:
    """Write what was asked for, and return what is to be said on the terminal.

    Args:
        home: where the calls are.
        mode: only calls of this mode; "all" for all.
        csv: file for the figures; "-" returns them.
        pages: folder for the page and its plots; made where it is not there.

    Raises:
        PlayError: when a file cannot be written.
        SavesError: when the calls cannot be read.
    """
    with open_store(home) as store:
        calls = played_calls(store.runs(whole=False))
    report = report_of(call for call in calls if mode in ("all", call.mode))
    library, _ = shelves(home, None)
    names = {key: one.persona.customer.name for key, one in library.loaded.items()}
    if csv is not None and str(csv) == "-":
        return as_csv(report).rstrip("\n")
    said = []
    if csv is not None:
        _write(csv, as_csv(report))
        said.append(f"The figures are in {csv}.")
    if pages is not None:
        try:
            pages.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PlayError(f"The folder {pages} cannot be made: {error.strerror}.") from error
        for name, text in as_pages(report, names).items():
            _write(pages / name, text)
        said.append(f"The page is {pages / PAGE}; its plots lie beside it.")
    return "\n".join(said) if said else shown(as_text(report, names))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PlayError(f"{path} cannot be written: {error.strerror}.") from error
