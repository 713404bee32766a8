"""One color and one symbol an arm, the same everywhere on the page and told apart by color-blind readers.

    colors = arm_colors(summary)             {"base": "#8a8f98", "answer_only": "#0072b2", ...}

The untouched base is gray; the other arms take Okabe and Ito's colors in their order.
"""

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
    trained = [a.arm for a in summary.arms if not untouched(a)]
    colors = {arm: ARMS[i % len(ARMS)] for i, arm in enumerate(trained)}
    return {a.arm: colors.get(a.arm, BASE) for a in summary.arms}


def role_colors(summary: Summary) -> dict[str, str]:
    """Role → color, for every role that carries loss in some arm, in the order in which they are drawn."""
    present = {role for arm in summary.arms for role in arm.loss_shares}
    others = sorted(present - ROLES.keys())
    colors = {role: color for role, color in ROLES.items() if role in present}
    return colors | {role: OTHER_ROLES[i % len(OTHER_ROLES)] for i, role in enumerate(others)}
