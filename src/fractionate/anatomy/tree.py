"""Tree: one anatomy in the terminal, colored by role.

rich.print(tree(analyze(trace)))
# 2 compute       ★ ✓ So 48 + 24 = 72 clips.   = 72   ← 1, P1
"""

from rich.text import Text
from rich.tree import Tree

from fractionate.records import Anatomy, Link, Role, Step

COLORS = {
    Role.DECOMPOSITION: "magenta",
    Role.STRUCTURE: "cyan",
    Role.ERROR_SIGNAL: "red",
    Role.LANGUAGE: "bright_black",
}
SIGNS = {"right": ("✓", "green"), "wrong": ("✗", "bold red"), "unchecked": (" ", "")}


def tree(anatomy: Anatomy) -> Tree:
    """The problem's parts (P1, P2 …) and the steps, with what each uses; ★ marks decision points."""
    trace = anatomy.trace
    root = Tree(Text(f"{trace.id}  answer {trace.answer}  coverage {anatomy.coverage:.0%}", style="bold"))
    for premise in anatomy.premises:
        root.add(Text(f"P{premise.index + 1} {_line(premise.span.of(trace.problem))}", style="dim"))
    uses: dict[int, list[Link]] = {}
    for link in anatomy.links:
        uses.setdefault(link.user, []).append(link)
    for step in anatomy.steps:
        root.add(_row(step, step.span.of(trace.text), uses.get(step.index, [])))
    for note in anatomy.notes:
        root.add(Text(f"note: {note}", style="yellow"))
    return root


def _row(step: Step, text: str, uses: list[Link]) -> Text:
    sign, color = SIGNS[step.check]
    row = Text(f"{step.index + 1:>3} {step.kind:<10} ", style=COLORS[step.role])
    row.append("★ " if step.decision else "· " if step.paths != "none" else "  ", style="bold yellow")
    row.append(f"{sign} ", style=color)
    row.append(_line(text), style="" if step.paths != "none" else "dim")
    if step.results:
        row.append(f"  = {', '.join(step.results)}", style="green")
    if uses:
        names = (("P" if u.source_is == "premise" else "") + str(u.source + 1) for u in uses)
        row.append(f"  ← {', '.join(names)}", style="blue")
    return row


def _line(text: str, size: int = 140) -> str:
    line = " ".join(text[: 4 * size].split())
    return line if len(line) <= size else line[: size - 1] + "…"
