"""Tree: one anatomy in the terminal, colored by role.

rich.print(tree(analyze(trace)))
# 2 compute       ★ ✓ So 48 + 24 = 72 clips.   = 72   ← 1, P1

★ is a decision point, · a step that the answer depends on; ✗ is wrong, ↯ inherits the first mistake, ↻ puts a step
right. The parts of a step that mixes roles stand below it, each in its own color.
"""

from rich.text import Text
from rich.tree import Tree

from fractionate.anatomy.coverage import coverage
from fractionate.records import DEPENDS, Anatomy, Link, Role, Step

COLORS = {
    Role.DECOMPOSITION: "magenta",
    Role.STRUCTURE: "cyan",
    Role.ERROR_SIGNAL: "red",
    Role.LANGUAGE: "bright_black",
}
SIGNS = {"right": ("✓", "green"), "wrong": ("✗", "bold red"), "unchecked": (" ", "")}


def tree(anatomy: Anatomy) -> Tree:
    """How its reasoning is linked; the problem's parts (P1, P2 …) and the steps, with what each uses."""
    trace = anatomy.trace
    root = Tree(Text(f"{trace.id}  answer {trace.answer}  {coverage(anatomy).told()}", style="bold"))
    for premise in anatomy.premises:
        root.add(Text(f"P{premise.index + 1} {_line(premise.span.of(trace.problem))}", style="dim"))
    uses: dict[int, list[Link]] = {}
    for link in anatomy.links:
        if link.confidence >= DEPENDS:
            uses.setdefault(link.user, []).append(link)
    inherits = anatomy.collapse()
    for step in anatomy.steps:
        text = _line(step.span.of(trace.text))
        row = root.add(_row(step, text, uses.get(step.index, []), step.index in inherits))
        for piece in step.pieces:
            row.add(Text(_line(piece.span.of(trace.text)), style=COLORS[piece.role]))
    for note in anatomy.notes:
        root.add(Text(f"note: {note}", style="yellow"))
    return root


def _row(step: Step, text: str, uses: list[Link], inherits: bool) -> Text:
    sign, color = SIGNS[step.check]
    row = Text(f"{step.index + 1:>3} {step.kind:<10} ", style=COLORS[step.role])
    row.append("★ " if step.decision else "· " if step.paths != "none" else "  ", style="bold yellow")
    row.append(*("↯ ", "bold red") if inherits and sign != "✗" else (f"{sign} ", color))
    row.append(text, style="dim" if step.paths == "none" else "")
    if step.results:
        row.append(f"  = {', '.join(step.results)}", style="green")
    if uses:
        names = (("P" if u.source_is == "premise" else "") + str(u.source + 1) for u in uses)
        row.append(f"  ← {', '.join(dict.fromkeys(names))}", style="blue")
    if step.repairs is not None:
        row.append(f"  ↻ {step.repairs + 1}", style="bold green")
    return row


def _line(text: str, size: int = 140) -> str:
    line = " ".join(text[: 4 * size].split())
    return line if len(line) <= size else line[: size - 1] + "…"
