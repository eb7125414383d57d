"""A tiny language model with random weights, and broken model files, for tests that run the real engine.

The model is a two-layer llama of about 0.6 MB. Its words mean nothing, but they are words: one embedding
column is the same for every token, so the matching output column acts as a bias towards a short word list and
sentence ends. Loading, tokenising, prompt evaluation, sampling and the chat template are the real ones.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import numpy.typing as npt

CHAT_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

_WORD_LIST = (
    "I you it we they my your the a this that call bill order money week day phone router again never still "
    "wait waited paid told said want need asked charged twice now and but so because not no yes was is have "
    "had been for with about since nobody somebody anyone help answer refund"
)
WORDS = _WORD_LIST.split()
SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
SENTENCE_ENDS = ".!?"


def _byte_letters() -> list[str]:
    """Return the printable stand-in for each of the 256 bytes, as byte-level BPE vocabularies write them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in plain}
    spare = 256
    for byte in range(256):
        if byte not in letters:
            letters[byte] = chr(spare)
            spare += 1
    return [letters[byte] for byte in range(256)]


def vocabulary() -> list[str]:
    """Return the tokens in order: 256 bytes, words with a space before them, three control tokens."""
    letters = _byte_letters()
    return [*letters, *(letters[32] + word for word in WORDS), *SPECIALS]


def _bias() -> npt.NDArray[np.float32]:
    """Return the wanted logit offset of every token."""
    bias = np.full(len(vocabulary()), -12.0, dtype=np.float32)
    bias[256 : 256 + len(WORDS)] = 0.0
    for mark in SENTENCE_ENDS:
        bias[ord(mark)] = 1.0
    bias[ord(",")] = -1.0
    bias[len(vocabulary()) - 1] = -3.0
    return bias


def write_tiny_model(
    path: Path,
    *,
    seed: int = 1,
    chat_template: str | None = CHAT_TEMPLATE,
    context: int = 4096,
    prompt_form: str | None = None,
    width: int = 64,
    layers: int = 2,
    hidden: int | None = None,
    spare_tokens: int = 0,
    four_bit: bool = False,
    ends: bool = True,
) -> Path:
    """Write the model and return its path.

    Args:
        path: Where the .gguf file goes.
        seed: Seed of the weights; another seed is another model.
        chat_template: Jinja text for the file, or None for a file without one.
        context: Context length the file says it was trained for, in tokens.
        prompt_form: Value of the key hearmeout.prompt_form, or None to leave it out.
        width: Embedding length; a multiple of 16.
        layers: Number of blocks.
        hidden: Width inside a block; twice the embedding's when left out.
        spare_tokens: Tokens of the vocabulary that are never said, as a real one has by the thousand.
        four_bit: Whether the blocks' weights are Q4_0, drawn bit by bit; the width must be a multiple of 32.
        ends: Whether it may say the end-of-turn token; without it, it talks to the token limit.
    """
    random = np.random.default_rng(seed)
    tokens = vocabulary()
    words = len(tokens)
    heads, kv_heads = (16, 8) if four_bit else (4, 2)
    hidden = hidden or width * 2

    def weights(rows: int, columns: int, scale: float) -> npt.NDArray[np.float32]:
        return random.standard_normal((rows, columns), dtype=np.float32) * np.float32(scale)

    embedding, output = _tables(weights, len(tokens), width, ends=ends)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("tiny random customer")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // heads)
    if spare_tokens:
        # The last of the words end a turn, so what is never said stands behind them.
        tokens += [f"<spare{number}>" for number in range(spare_tokens)]
        embedding = np.vstack([embedding, np.zeros((spare_tokens, width), dtype=np.float32)])
        # What many blocks add makes the bias count for less.
        output[:, 1:] *= 0.3
        unsaid = np.zeros((spare_tokens, width), dtype=np.float32)
        unsaid[:, 0] = -40.0
        output = np.vstack([output, unsaid])
    if prompt_form is not None:
        writer.add_string("hearmeout.prompt_form", prompt_form)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    normal, control = int(gguf.TokenType.NORMAL), int(gguf.TokenType.CONTROL)
    kinds = [normal] * (words - len(SPECIALS)) + [control] * len(SPECIALS)
    writer.add_token_types(kinds + [normal] * spare_tokens)
    writer.add_token_merges([f"{_byte_letters()[32]} t"])
    writer.add_bos_token_id(words - 3)
    writer.add_eos_token_id(words - 1)
    writer.add_add_bos_token(False)
    if chat_template is not None:
        writer.add_chat_template(chat_template)

    tables = np.float16 if four_bit else np.float32
    writer.add_tensor("token_embd.weight", embedding.astype(tables))
    writer.add_tensor("output_norm.weight", np.ones(width, dtype=np.float32))
    writer.add_tensor("output.weight", output.astype(tables))
    key_width = width // heads * kv_heads
    shapes = {
        "attn_q": (width, width),
        "attn_k": (key_width, width),
        "attn_v": (key_width, width),
        "attn_output": (width, width),
        "ffn_gate": (hidden, width),
        "ffn_up": (hidden, width),
        "ffn_down": (width, hidden),
    }
    for layer in range(layers):
        writer.add_tensor(f"blk.{layer}.attn_norm.weight", np.ones(width, dtype=np.float32))
        writer.add_tensor(f"blk.{layer}.ffn_norm.weight", np.ones(width, dtype=np.float32))
        for name, (rows, columns) in shapes.items():
            called = f"blk.{layer}.{name}.weight"
            if four_bit:
                blocks = _four_bit(random, rows, columns)
                writer.add_tensor(called, blocks, raw_dtype=gguf.GGMLQuantizationType.Q4_0)
            else:
                writer.add_tensor(called, weights(rows, columns, 0.6 / np.sqrt(columns)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


Weights = Callable[[int, int, float], npt.NDArray[np.float32]]


def _tables(
    weights: Weights, words: int, width: int, *, ends: bool
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return embedding and output: their first columns together are the bias towards words."""
    embedding = weights(words, width, 0.4)
    embedding[:, 0] = 3.0
    embedding[256 + len(WORDS) :, 0] = 2.5
    # The sum over a wider embedding would drown the bias.
    output = weights(words, width, 2.0 / np.sqrt(width))
    norm = float(np.sqrt((9.0 + (width - 1) * 0.16) / width))
    output[:, 0] = _bias() * norm / 3.0
    if not ends:
        output[-1, 0] = -40.0
    return embedding, output


def _four_bit(random: np.random.Generator, rows: int, columns: int) -> npt.NDArray[np.uint8]:
    """Return random weights as Q4_0 blocks: a 16-bit scale and 32 numbers of 4 bits each."""
    blocks = np.empty((rows, columns // 32, 18), dtype=np.uint8)
    # Small, so that through many blocks the bias towards words still shows.
    scale = np.float16(0.2 / np.sqrt(columns) / 4.6)
    blocks[:, :, :2] = np.frombuffer(scale.tobytes(), dtype=np.uint8)
    # The first column of the embedding carries the bias: no block may add to it.
    blocks[0, :, :2] = 0
    blocks[:, :, 2:] = random.integers(0, 256, (rows, columns // 32, 16), dtype=np.uint8)
    return blocks.reshape(rows, columns // 32 * 18)


def truncated_copy(model: Path, path: Path, *, share: float = 0.5) -> Path:
    """Write the first part of a model file, as a download that broke off leaves it."""
    data = model.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def not_a_model(path: Path) -> Path:
    """Write a file that is no GGUF at all."""
    path.write_bytes(b"<html>404: no such model</html>\n" * 40)
    return path
