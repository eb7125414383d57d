"""The token loop over llama.cpp. Only the child process imports this module.

The loop calls llama.cpp's C functions itself: the prefix held in the key-value cache is known exactly, a
prompt can be abandoned in the middle, and a token costs no more than in a bare loop.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import jinja2
import llama_cpp as lib
import numpy as np
from llama_cpp._internals import LlamaSampler
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from sim.customer.voices import prompts
from sim.customer.voices.base import VoiceError
from sim.customer.voices.prompts import Prompt
from sim.customer.voices.wire import Load, PromptForm, Sampling

BATCH = 256
"""Prompt tokens a call evaluates; an abandoned call's work is lost, that of the calls before it is kept."""
PENALTY_WINDOW = 64
ABORTED = 2
"""llama_decode's answer when the abort callback stopped it."""


class Cancelled(Exception):
    """The abort flag was raised while the model worked."""


class AbortFlag:
    """A flag that any thread raises and that llama.cpp reads while it computes.

    llama.cpp asks its abort callback after every operation of the graph, some hundred times a token. A
    Python callback there takes the interpreter's lock each time and was seen to cost a small model
    10-30 % of its speed. So the callback is C's own strlen on a two-byte buffer: 0 for an empty text, 1 for
    one byte, which is the bool that is asked for.
    """

    def __init__(self) -> None:
        self._text = ctypes.create_string_buffer(2)
        self._strlen = ctypes.CDLL(None if os.name == "posix" else "msvcrt").strlen
        self._callback = ctypes.cast(self._strlen, lib.ggml_abort_callback)

    def install(self, context: lib.llama_context_p) -> None:
        """Have a context read this flag; the flag must live as long as the context."""
        lib.llama_set_abort_callback(context, self._callback, ctypes.cast(self._text, ctypes.c_void_p))

    def set(self) -> None:
        """Stop the running evaluation, and every later one until `clear`."""
        self._text[0] = b"\x01"

    def clear(self) -> None:
        """Allow evaluation again."""
        self._text[0] = b"\x00"

    def __bool__(self) -> bool:
        """Whether the flag is up."""
        return self._text[0] == b"\x01"


class Engine:
    """One loaded model with one context."""

    def __init__(self, load: Load, abort: AbortFlag) -> None:
        """Load the model.

        Args:
            load: What to load and with how many tokens and threads.
            abort: Flag that stops any evaluation.

        Raises:
            VoiceError: when llama.cpp cannot load the file.
        """
        name = Path(load.model).name
        try:
            self._llama = lib.Llama(
                model_path=load.model,
                n_ctx=load.n_ctx,
                n_batch=BATCH,
                n_ubatch=BATCH,
                n_threads=load.n_threads,
                n_threads_batch=load.n_threads_batch,
                seed=1,
                verbose=True,
            )
        except jinja2.TemplateError as error:
            raise VoiceError(
                f"The chat template in {name} cannot be read ({error}); choose another model."
            ) from None
        except (ValueError, RuntimeError) as error:
            raise VoiceError(
                f"llama.cpp cannot load {name} ({str(error).split(':')[0]}): it is cut short, damaged or of "
                f"a kind this version does not know; download it again or choose another model."
            ) from None
        self._abort = abort
        abort.install(self._llama.ctx)
        self._memory = lib.llama_get_memory(self._llama.ctx)
        if self._memory is None:
            raise VoiceError(f"{name} is no model that generates text; choose a chat model.")
        self._vocab = lib.llama_model_get_vocab(self._llama.model)
        self._vocab_size = int(lib.llama_vocab_n_tokens(self._vocab))
        self._cached: list[int] = []
        self._scratch = np.empty(self._vocab_size, dtype=np.float32)
        self._logits = self._scratch
        self._logits_at = 0
        self._piece = ctypes.create_string_buffer(64)
        trained = int(lib.llama_model_n_ctx_train(self._llama.model))
        self.n_ctx = min(load.n_ctx, trained) if trained > 0 else load.n_ctx
        self.prompt_form: PromptForm = load.prompt_form or self._form_of_file()
        self._bos = self._text_of(lib.llama_vocab_bos(self._vocab))
        self._template = self._formatter()
        self._control = self._control_texts()
        self._control_starts = {text[0] for text in self._control}

    @property
    def has_template(self) -> bool:
        """Whether the file brings a chat template."""
        return self._template is not None

    def _form_of_file(self) -> PromptForm:
        return "note-v1" if self._llama.metadata.get("hearmeout.prompt_form") == "note-v1" else "instruct-v1"

    def _text_of(self, token: int) -> str:
        if token < 0:
            return ""
        raw: bytes | None = lib.llama_vocab_get_text(self._vocab, token)
        return (raw or b"").decode("utf-8", "replace")

    def _formatter(self) -> Jinja2ChatFormatter | None:
        template = self._llama.metadata.get("tokenizer.chat_template")
        if not template:
            return None
        eos = self._text_of(lib.llama_vocab_eos(self._vocab))
        return Jinja2ChatFormatter(template=template, eos_token=eos, bos_token=self._bos)

    def _control_texts(self) -> tuple[str, ...]:
        """Return the texts of control tokens, which no one's words may contain; longest first."""
        wanted = lib.LLAMA_TOKEN_ATTR_CONTROL | lib.LLAMA_TOKEN_ATTR_USER_DEFINED
        texts = {
            self._text_of(token)
            for token in range(self._vocab_size)
            if lib.llama_vocab_get_attr(self._vocab, token) & wanted
        }
        return tuple(sorted((text for text in texts if len(text.strip()) > 2), key=len, reverse=True))

    def _harmless(self, text: str) -> str:
        """Return words without any control token's text, so that nobody can write a message of another."""
        if not any(start in text for start in self._control_starts):
            return text
        before = ""
        while before != text:
            before = text
            for control in self._control:
                if control in text:
                    text = text.replace(control, "")
        return text

    def tokens_of(self, prompt: Prompt) -> list[int]:
        """Return a prompt's tokens, through the file's chat template where the form uses it."""
        return self.tokenize(self.text_of(prompt))

    def text_of(self, prompt: Prompt) -> str:
        """Return a prompt as the text the model reads."""
        said = tuple(prompts.Said(one.by, self._harmless(one.text)) for one in prompt.said)
        head, note = self._harmless(prompt.head), self._harmless(prompt.note)
        prompt = replace(prompt, head=head, said=said, note=note)
        if self._template is None or prompt.form == "note-v1":
            return prompts.plain_text(prompt)
        try:
            return self._render(prompts.chat_messages(prompt))
        except (jinja2.TemplateError, ValueError, TypeError):
            # Some templates refuse a system message.
            return self._render(prompts.chat_messages(prompt, system_role=False))

    def _render(self, messages: list[dict[str, str]]) -> str:
        assert self._template is not None
        return str(self._template(messages=cast(Any, messages), enable_thinking=False).prompt)

    def tokenize(self, text: str) -> list[int]:
        """Return a rendered prompt's tokens, with one beginning-of-text token where the model wants it."""
        begun = bool(self._bos) and text.startswith(self._bos)
        return list(self._llama.tokenize(text.encode("utf-8"), add_bos=not begun, special=True))

    def fitted(self, prompt: Prompt, max_tokens: int) -> Prompt:
        """Return the prompt cut so that prompt and answer fit into the context.

        Raises:
            VoiceError: when not even the role and the note fit.
        """
        try:
            return prompts.fit(prompt, self.n_ctx - max_tokens - 1, lambda part: len(self.tokens_of(part)))
        except (ValueError, jinja2.TemplateError, TypeError) as error:
            raise VoiceError(f"The prompt cannot be made for this model: {error}.") from None

    def reusable(self, tokens: list[int]) -> int:
        """Return how many of the tokens the key-value cache holds; at least the last is always evaluated."""
        shared = 0
        for held, wanted in zip(self._cached, tokens[:-1], strict=False):
            if held != wanted:
                break
            shared += 1
        return shared

    @property
    def cached(self) -> int:
        """How many tokens the key-value cache holds."""
        return len(self._cached)

    def evaluate(self, tokens: list[int]) -> int:
        """Bring the cache to exactly these tokens and return how many had to be evaluated.

        Raises:
            Cancelled: when the abort flag went up; what was done so far stays in the cache.
            VoiceError: when llama.cpp failed.
        """
        shared = self.reusable(tokens)
        if not lib.llama_memory_seq_rm(self._memory, 0, shared, -1):
            # Models with a recurrent state cannot forget a part of it.
            lib.llama_memory_clear(self._memory, True)
            shared = 0
        self._cached = tokens[:shared]
        for start in range(shared, len(tokens), BATCH):
            part = tokens[start : start + BATCH]
            self._decode((lib.llama_token * len(part))(*part), len(part))
            self._cached += part
        return len(tokens) - shared

    def _decode(self, tokens: ctypes.Array[ctypes.c_int32], count: int) -> None:
        if self._abort:
            raise Cancelled
        code = lib.llama_decode(self._llama.ctx, lib.llama_batch_get_one(tokens, count))
        if code == ABORTED:
            raise Cancelled
        if code != 0:
            raise VoiceError(f"llama.cpp stopped with code {code} while it read the prompt; see its log.")

    def generate(self, sampling: Sampling, seed: int, limit: int) -> Iterator[tuple[bytes, float]]:
        """Draw tokens after the evaluated prompt until the model ends its turn.

        Args:
            sampling: How to draw.
            seed: At least 1.
            limit: Tokens at most.

        Yields:
            The token's bytes and the probability the model gave it.

        Raises:
            Cancelled: when the abort flag went up.
            VoiceError: when llama.cpp failed.
        """
        one = (lib.llama_token * 1)()
        with _sampler(sampling, seed, self._vocab_size) as sampler:
            for _ in range(limit):
                token = lib.llama_sampler_sample(sampler, self._llama.ctx, -1)
                if lib.llama_vocab_is_eog(self._vocab, token):
                    return
                yield self._bytes_of(token), self._probability(token)
                one[0] = token
                self._decode(one, 1)
                self._cached.append(token)

    def _probability(self, token: int) -> float:
        pointer = lib.llama_get_logits_ith(self._llama.ctx, -1)
        address = ctypes.addressof(pointer.contents)
        if address != self._logits_at:
            self._logits_at = address
            self._logits = np.ctypeslib.as_array(pointer, (self._vocab_size,))
        np.subtract(self._logits, self._logits[token], out=self._scratch)
        np.exp(self._scratch, out=self._scratch)
        return float(1.0 / self._scratch.sum())

    def _bytes_of(self, token: int) -> bytes:
        size = lib.llama_token_to_piece(self._vocab, token, self._piece, len(self._piece), 0, False)
        if size < 0:
            self._piece = ctypes.create_string_buffer(-size)
            size = lib.llama_token_to_piece(self._vocab, token, self._piece, len(self._piece), 0, False)
        return self._piece.raw[:size]


@contextmanager
def _sampler(sampling: Sampling, seed: int, vocab_size: int) -> Iterator[lib.llama_sampler_p]:
    """Make the chain of samplers for one turn and free it afterwards.

    Through the library's own wrapper: the C function of the penalties changed its arguments between releases.
    """
    chain = cast(Any, LlamaSampler)()
    greedy = sampling.temperature <= 0.0
    if not greedy:
        chain.add_top_k(sampling.top_k)
    if sampling.repeat_penalty != 1.0:
        chain.add_penalties(vocab_size, PENALTY_WINDOW, sampling.repeat_penalty, 0.0, 0.0)
    if greedy:
        chain.add_greedy()
    else:
        chain.add_top_p(sampling.top_p, 1)
        chain.add_min_p(sampling.min_p, 1)
        chain.add_temp(sampling.temperature)
        chain.add_dist(seed)
    try:
        yield chain.sampler
    finally:
        chain.close()
