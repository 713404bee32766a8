"""Chat templates that a dataset has written out, read back into turns.

    spoken("<|im_start|>user\\n6*7?<|im_end|>\\n<|im_start|>assistant\\n42<|im_end|>")
    # [Spoken(role="user", start=17, end=21), Spoken(role="assistant", start=53, end=55)]

Known are the marks of ChatML (Qwen, SmolLM), Llama 3, Gemma, Zephyr and Phi, and Mistral.
"""

import re
from typing import NamedTuple

from fractionate.traces.turns import ROLES

_HEADER = re.compile(
    r"<\|im_start\|>(\w+)\n|<\|start_header_id\|>(\w+)<\|end_header_id\|>\n\n|<start_of_turn>(\w+)\n"
    r"|<\|(system|user|assistant)\|>\n|(\[INST\])|(\[/INST\])"
)
_INST = {"[inst]": "user", "[/inst]": "assistant"}
BEGIN = re.compile(r"(?:<s>|<bos>|<\|begin_of_text\|>|\s)*")
"""What may stand before all turns."""
END = re.compile(
    r"<\|im_end\|>|<\|eot_id\|>|<end_of_turn>|<\|end\|>|<\|endoftext\|>|<\|end_of_text\|>|</s>|<eos>"
)
"""What ends a turn."""


class Spoken(NamedTuple):
    """A turn: who speaks, and which characters of the text are the words."""

    role: str
    start: int
    end: int


def spoken(text: str) -> list[Spoken]:
    """The turns of a conversation as a template writes it; none where no mark of a known template is found."""
    headers = list(_HEADER.finditer(text))
    limits = [*(header.start() for header in headers), len(text)][1:]
    return [_turn(text, header, limit) for header, limit in zip(headers, limits, strict=True)]


def _turn(text: str, header: re.Match[str], limit: int) -> Spoken:
    name = header[header.lastindex or 0].lower()
    ended = END.search(text, header.end(), limit)
    return Spoken(_INST.get(name) or ROLES.get(name, name), header.end(), ended.start() if ended else limit)
