"""A bare `llama_decode` loop, the yardstick of the local voice: `python -m tests.bench.bare_loop MODEL ...`.

Prints milliseconds per token: a prompt is read, then one token after the other is decoded, nothing else.
"""

from __future__ import annotations

import ctypes
import sys
import time

import llama_cpp as lib


def measure(model: str, context: int, threads: int, threads_batch: int, prompt: int, tokens: int) -> float:
    """Return milliseconds per token of generation.

    Args:
        model: the .gguf file.
        context: tokens.
        threads: for generation.
        threads_batch: for the prompt.
        prompt: tokens read before.
        tokens: tokens decoded.
    """
    llama = lib.Llama(
        model_path=model,
        n_ctx=context,
        n_threads=threads,
        n_threads_batch=threads_batch,
        seed=1,
        verbose=False,
    )
    start = (lib.llama_token * prompt)(*([5] * prompt))
    for first in range(0, prompt, 512):
        part = (lib.llama_token * min(512, prompt - first))(*start[first : first + 512])
        assert lib.llama_decode(llama.ctx, lib.llama_batch_get_one(part, len(part))) == 0
    one = (lib.llama_token * 1)(7)
    assert lib.llama_decode(llama.ctx, lib.llama_batch_get_one(one, 1)) == 0
    begun = time.perf_counter()
    for _ in range(tokens):
        assert lib.llama_decode(llama.ctx, lib.llama_batch_get_one(one, 1)) == 0
        # What was decoded is there only once it has been asked for.
        ctypes.addressof(lib.llama_get_logits_ith(llama.ctx, -1).contents)
    return (time.perf_counter() - begun) * 1000 / tokens


if __name__ == "__main__":
    print(measure(sys.argv[1], *(int(number) for number in sys.argv[2:])))
