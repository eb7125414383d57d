from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.customer.voices import gguf_file
from sim.customer.voices.base import VoiceError
from tests.tiny_model import not_a_model, truncated_copy, write_tiny_model

PLENTY = 64 * gguf_file.GIB


def test_a_good_file_says_what_it_is(tiny_model: Path) -> None:
    summary = gguf_file.inspect(tiny_model, whole=True)
    assert summary.size == tiny_model.stat().st_size
    assert summary.values["general.architecture"] == "llama"
    assert summary.number("block_count") == 2
    assert summary.number("no.such.key") == 0
    assert summary.tensors == 3 + 2 * 9


def test_context_memory_is_two_half_precision_vectors_a_layer_and_position(tiny_model: Path) -> None:
    # width 64, 4 heads, 2 of them with keys and values: 32 numbers of 2 bytes, keys and values, 2 layers.
    assert gguf_file.inspect(tiny_model).context_bytes(1000) == 32 * 2 * 2 * 2 * 1000


def test_the_quick_look_reads_the_same_numbers(tiny_model: Path) -> None:
    quick, whole = gguf_file.inspect(tiny_model), gguf_file.inspect(tiny_model, whole=True)
    assert quick.values.items() <= whole.values.items()
    assert quick.context_bytes(4096) == whole.context_bytes(4096)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match=r"There is no model file at .*gone\.gguf; check the path"):
        gguf_file.check(tmp_path / "gone.gguf", 4096, lambda: PLENTY)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="is a folder, not a model"):
        gguf_file.check(tmp_path, 4096, lambda: PLENTY)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.gguf").touch()
    with pytest.raises(VoiceError, match="is empty; download it again"):
        gguf_file.check(tmp_path / "empty.gguf", 4096, lambda: PLENTY)


def test_another_kind_of_file(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="is not a GGUF model file"):
        gguf_file.check(not_a_model(tmp_path / "page.gguf"), 4096, lambda: PLENTY)


def test_another_version(tmp_path: Path, tiny_model: Path) -> None:
    data = bytearray(tiny_model.read_bytes())
    data[4:8] = (9).to_bytes(4, "little")
    (tmp_path / "new.gguf").write_bytes(data)
    with pytest.raises(VoiceError, match="is GGUF version 9, and versions 2 and 3 can be read"):
        gguf_file.check(tmp_path / "new.gguf", 4096, lambda: PLENTY)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path, tiny_model: Path) -> None:
    path = truncated_copy(tiny_model, tmp_path / "shut.gguf", share=1.0)
    path.chmod(0)
    with pytest.raises(VoiceError, match="may not be read"):
        gguf_file.check(path, 4096, lambda: PLENTY)


@pytest.mark.parametrize("size", range(4, 420, 13))
def test_a_header_cut_anywhere_is_an_error_and_nothing_else(
    tmp_path: Path, tiny_model: Path, size: int
) -> None:
    path = tmp_path / "cut.gguf"
    path.write_bytes(tiny_model.read_bytes()[:size])
    with pytest.raises(VoiceError, match="cut short inside its header"):
        gguf_file.inspect(path, whole=True)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9])
def test_a_download_that_broke_off(tmp_path: Path, tiny_model: Path, share: float) -> None:
    path = truncated_copy(tiny_model, tmp_path / "half.gguf", share=share)
    with pytest.raises(VoiceError, match=r"cut short.*download it again"):
        gguf_file.inspect(path, whole=True)


@pytest.mark.parametrize("place", [8, 16, 24])
def test_absurd_counts_are_an_error_and_no_memory_is_taken(
    tmp_path: Path, tiny_model: Path, place: int
) -> None:
    data = bytearray(tiny_model.read_bytes())
    data[place : place + 8] = b"\xff" * 8
    (tmp_path / "wild.gguf").write_bytes(data)
    with pytest.raises(VoiceError):
        gguf_file.inspect(tmp_path / "wild.gguf", whole=True)


def test_too_big_for_the_memory_names_both_figures(tiny_model: Path) -> None:
    with pytest.raises(
        VoiceError, match=r"needs about \d.* of memory and 0\.5 MiB are free; choose a smaller"
    ):
        gguf_file.check(tiny_model, 4096, lambda: 512 * 1024)


def test_unknown_memory_refuses_nothing(tiny_model: Path) -> None:
    assert gguf_file.check(tiny_model, 4096, lambda: None).tensors


def test_the_context_counts_too(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "wide.gguf", width=128, layers=4)
    free = int(model.stat().st_size * gguf_file.WEIGHT_OVERHEAD) + 1024
    assert gguf_file.check(model, 1, lambda: free).tensors
    with pytest.raises(VoiceError, match="of memory"):
        gguf_file.check(model, 100_000, lambda: free)


@pytest.mark.parametrize(("size", "text"), [(5 * gguf_file.GIB, "5.0 GiB"), (1024**2, "1.0 MiB")])
def test_sizes_as_text(size: int, text: str) -> None:
    assert gguf_file.gib(size) == text
