"""One color and one symbol an arm, the same everywhere on the page and told apart by color-blind readers.

    colors = arm_colors(summary)             {"base": "#8a8f98", "answer_only": "#0072b2", ...}

The untouched base is gray; the other arms take Okabe and Ito's colors in their order.
"""

from collections.abc import Collection, Sequence

from fractionate.study.summary import ArmSummary, Summary

BASE = "#8a8f98"
ARMS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c6bb1", "#a6761d")
ROLES = {
    "decomposition": "#3f5589",
    "structure": "#5f7fa8",
    "error_signal": "#b59a57",
    "language": "#b9c0c8",
    "answer": "#7d7f86",
}
OTHER_ROLES = ("#6f6a83", "#93a58c", "#cdbfae")


def untouched(arm: ArmSummary) -> bool:
    """Whether the arm is the base as it came: nothing carried loss."""
    return arm.costs.supervised_tokens == 0


def arm_colors(summary: Summary) -> dict[str, str]:
    """Arm → color. Past eight trained arms the colors repeat; labels and order still tell them apart."""
    return student_colors([a.arm for a in summary.arms], {a.arm for a in summary.arms if untouched(a)})


def student_colors(names: Sequence[str], bases: Collection[str]) -> dict[str, str]:
    """Name → color; a single untouched student beside trained ones is gray."""
    colored = [name for name in names if name not in bases]
    colored = colored if colored and len(bases) == 1 else list(names)
    colors = {name: ARMS[i % len(ARMS)] for i, name in enumerate(colored)}
    return {name: colors.get(name, BASE) for name in names}


def role_colors(summary: Summary) -> dict[str, str]:
    """Role → color, for every role that carries loss in some arm, in the order in which they are drawn."""
    present = {role for arm in summary.arms for role in arm.loss_shares}
    others = sorted(present - ROLES.keys())
    colors = {role: color for role, color in ROLES.items() if role in present}
    return colors | {role: OTHER_ROLES[i % len(OTHER_ROLES)] for i, role in enumerate(others)}
