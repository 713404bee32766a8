"""Language models: load, chat template, generate, log-probabilities of given text."""

from fractionate.models.chat import Chat
from fractionate.models.engines import Engine, choose_engine, open_engine
from fractionate.models.generate import Decoding, Prompt, generate
from fractionate.models.identity import identity
from fractionate.models.load import MODELS, Model, load_model, resolve_model
from fractionate.models.memory import keep_memory, release_memory
from fractionate.models.score import Passage, score

__all__ = [
    "MODELS",
    "Chat",
    "Decoding",
    "Engine",
    "Model",
    "Passage",
    "Prompt",
    "choose_engine",
    "generate",
    "identity",
    "keep_memory",
    "load_model",
    "open_engine",
    "release_memory",
    "resolve_model",
    "score",
]
