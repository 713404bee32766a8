"""References: the labels that steps bear ("#5.", "Step 2:") and those that they cite ("(by #2 #4)", "from step 2").

The pass writes both into the drafts; `links` looks up what was cited.

    "#5. (by #2 #4) Step 2: Add them."      # labels "#5" and "step 2", cites "#2" and "#4"
"""

import re

from fractionate.anatomy.draft import Draft

_NAMED = r"(?:steps?|equations?|eqs?\.?|statements?|cases?)"
_LABEL = re.compile(r"^[\s*(>-]*(?:#(\d{1,3})\b|\(?(\d{1,3})[.)]\)?\s)?")
_OWN_NAME = re.compile(
    rf"^[\s*#(>-]*(?:#?\d{{1,3}}[.)]\)?\s*)?(?:\(by[^)]*\)\s*)?\**({_NAMED})\s*\(?(\d{{1,3}})\)?\s*[:.)*-]",
    re.IGNORECASE,
)
_CITES_BY = re.compile(r"\(by ([^)]{1,100})\)", re.IGNORECASE)
_CITES_NAME = re.compile(
    rf"\b({_NAMED})\s*\(?(\d{{1,3}})\)?(?:(?:\s*(?:,|and|&)\s*)\(?(\d{{1,3}})\)?)?", re.IGNORECASE
)
_NUMERAL = re.compile(r"\d{1,3}")


def read_references(draft: Draft) -> None:
    """The labels that steps bear and cite."""
    for step in draft.steps:
        head = step.text[:120]
        if not any(c in head for c in "#123456789"):
            continue
        step.labels, own = _labels(head)
        cited = [f"#{n}" for found in _CITES_BY.findall(head) for n in _NUMERAL.findall(found)]
        for match in _CITES_NAME.finditer(step.text[:500]):
            cited.extend(f"{_name(match[1])} {n}" for n in match.groups()[1:] if n)
        step.cites = tuple(c for c in dict.fromkeys(cited) if c != own)


def _labels(head: str) -> tuple[tuple[str, ...], str | None]:
    """The labels at the beginning of a step, and its own name ("step 2") among them."""
    labels, own = [], None
    match = _LABEL.match(head)
    if match and (match[1] or match[2]):
        labels.append(f"#{match[1]}" if match[1] else f"step {match[2]}")
    named = _OWN_NAME.match(head)
    if named:
        own = f"{_name(named[1])} {named[2]}"
        labels.append(own)
    return tuple(labels), own


def _name(word: str) -> str:
    """ "Steps" → "step", "eq." → "equation"."""
    word = word.lower().rstrip(".").removesuffix("s")
    return "equation" if word == "eq" else "#" if word == "statement" else word
