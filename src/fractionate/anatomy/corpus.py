"""What a corpus of traces is made of, counted while its anatomies pass by.

    corpus = Corpus()
    write_records(path, Anatomy, corpus.watch(analyze_all(traces)))
    corpus.summary()["roles"]         # {"decomposition": 0.04, "structure": 0.61, …}, shares of the steps' characters

Shares are of the steps' text: white space and tags between steps belong to nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from statistics import median
from typing import Any

from fractionate.anatomy.coverage import UNDERSTOOD, Coverage, coverage
from fractionate.anatomy.lengths import Lengths, pieces
from fractionate.records import Anatomy, Role

UNSTATED = "(none stated)"
"""The domain of traces that state none."""


class Corpus:
    """Running counts; each anatomy is seen once and not kept."""

    def __init__(self, lengths: Lengths | None = None) -> None:
        self.lengths = lengths or Lengths("digits, words and signs", pieces)
        self.counts: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()
        self.characters: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        self.sizes: dict[str, list[int]] = {"characters": [], "tokens": [], "steps": []}
        self.understood: dict[str, Coverage] = {}
        self.domains: Counter[str] = Counter()

    def watch(self, anatomies: Iterable[Anatomy]) -> Iterator[Anatomy]:
        """Hand anatomies on and count them."""
        for anatomy in anatomies:
            self.add(anatomy)
            yield anatomy

    def add(self, anatomy: Anatomy) -> None:
        """Count one anatomy."""
        self.counts["traces"] += 1
        self.counts["with_wrong_step"] += anatomy.first_wrong is not None
        self.counts["with_repair"] += any(s.repairs is not None for s in anatomy.steps)
        self.counts["inheriting_steps"] += len(anatomy.collapse())
        self.notes.update(anatomy.notes)
        self._add_steps(anatomy)
        found, domain = coverage(anatomy), anatomy.trace.domain or UNSTATED
        before = self.understood.get(domain, Coverage(Counter(), Counter()))
        self.understood[domain] = Coverage(
            before.computing + found.computing, before.structural + found.structural
        )
        self.domains[domain] += 1

    def _add_steps(self, anatomy: Anatomy) -> None:
        texts = [s.span.of(anatomy.trace.text) for s in anatomy.steps]
        tokens = self.lengths.measure(texts)
        for step, text, size in zip(anatomy.steps, texts, tokens, strict=True):
            self.kinds[step.kind] += 1
            groups = {"all": True, step.role.value: True, "needed": step.paths != "none",
                      "decision_points": step.decision, "redundant": step.redundant}  # fmt: skip
            for group in (name for name, member in groups.items() if member):
                self.counts[f"steps:{group}"] += 1
                self.characters[group] += len(text)
                self.tokens[group] += size
        for name, value in (
            ("characters", len(anatomy.trace.text)),
            ("tokens", sum(tokens)),
            ("steps", len(texts)),
        ):
            self.sizes[name].append(value)

    def summary(self) -> dict[str, Any]:
        """Counts and shares, as JSON values."""
        roles = [role.value for role in Role]
        return {
            "traces": self.counts["traces"],
            "steps": self.counts["steps:all"],
            "token_unit": self.lengths.unit,
            "roles": _shares(self.characters, roles),
            "roles_by_tokens": _shares(self.tokens, roles),
            "kinds": dict(self.kinds.most_common()),
            "needed_share": _shares(self.characters, ["needed"])["needed"],
            "tokens": self.tokens["all"],
            "needed_tokens": self.tokens["needed"],
            "decision_points": self.counts["steps:decision_points"],
            "decision_tokens": self.tokens["decision_points"],
            "redundant_steps": self.counts["steps:redundant"],
            "with_wrong_step": self.counts["with_wrong_step"],
            "with_repair": self.counts["with_repair"],
            "inheriting_steps": self.counts["inheriting_steps"],
            "verbosity": {name: _range(values) for name, values in self.sizes.items()},
            "coverage": {d: {"traces": self.domains[d]} | _told(c) for d, c in sorted(self.understood.items())},
            "notes": dict(self.notes.most_common()),
        }  # fmt: skip


def _shares(counts: Mapping[str, int], names: Iterable[str]) -> dict[str, float]:
    total = max(counts.get("all", 0), 1)
    return {name: round(counts.get(name, 0) / total, 4) for name in names}


def _range(values: list[int]) -> dict[str, float]:
    return {"median": median(values), "least": min(values), "most": max(values)} if values else {}


def _told(found: Coverage) -> dict[str, Any]:
    """Both kinds of steps: how many, and their shares by best link."""
    told: dict[str, Any] = defaultdict(dict)
    for which, counts in (("computing", found.computing), ("structural", found.structural)):
        told[which] = {"steps": counts.total()} | {
            rank: round(counts[rank] / max(counts.total(), 1), 4) for rank in UNDERSTOOD
        }
    return dict(told)
