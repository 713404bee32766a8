"""What an evaluation says in a sentence or two, and what to hold against it: all of it computed from its numbers.

verdict(examined)     # "Against full (T 13.6%): base and random_drop are worse; compact is not told apart."
list(caveats(examined))      # ["24.4% of full's answers were cut off at the limit of tokens …", …]
"""

from collections.abc import Iterator, Mapping, Sequence

from fractionate.formats import decimal, difference_spread, exists, percent, points, spread
from fractionate.study.examine import Examined
from fractionate.transfer.effort import Effort
from fractionate.transfer.statistics import ArmEstimate, Interval

LEVEL = 0.05
MANY_CUT = 0.05
"""A share of answers at the limit of tokens, or without a verdict, that can move T."""
FEW_ANSWERS = 30
FEW_NAMES = 5
"""So many students are named one by one."""
FLOOR, CEILING = 0.10, 0.95
"""A cell in which everyone lies beyond one of these does not tell students apart."""


def verdict(examined: Examined) -> str:
    """Who transfers more or less than the reference, or how much where there is nobody to compare."""
    reference = examined.found[examined.reference]
    others = [arm for arm in examined.found.arms if arm.difference is not None]
    if not others:
        return f"{reference.arm}: transfer T is {percent(reference.transfer.value)} ({spread(reference.transfer)})."
    better = [a.arm for a in others if told_apart(a) and a.difference and a.difference.value > 0]
    worse = [a.arm for a in others if told_apart(a) and a.difference and a.difference.value < 0]
    alike = [a.arm for a in others if not told_apart(a)]
    said = [
        f"{listed(names)} {'is' if len(names) == 1 else 'are'} {what}"
        for names, what in ((better, "better"), (worse, "worse"), (alike, "not told apart from it"))
        if names
    ]
    return f"Against {reference.arm} (T {percent(reference.transfer.value)}): {'; '.join(said)}."


def explanation(examined: Examined) -> str:
    """What the verdict rests on."""
    others = sum(arm.difference is not None for arm in examined.found.arms)
    families = listed([name.replace("_", " ") for name in examined.suite.metric])
    told = f"T is the mean over the families {families} of the mean over their cells."
    if not others:
        return told
    correction = f", with Holm's correction for {others} comparisons" if others > 1 else ""
    return f"{told} Students are compared question by question, at a level of 5%{correction}."


def told_apart(arm: ArmEstimate) -> bool:
    """Whether the arm's T is shown to differ from the reference's, all comparisons counted."""
    return arm.p_adjusted is not None and arm.p_adjusted <= LEVEL


def remarks(examined: Examined) -> Iterator[str]:
    """What reasoning does for each student's answers."""
    for arm in examined.found.arms:
        if (gain := arm.reasoning_gain) is not None:
            tokens = f"{decimal(examined.efforts[arm.arm].tokens, 1)} tokens an answer"
            yield f"{arm.arm}: {_better(gain)} ({points(gain.value)} points, {difference_spread(gain)}; {tokens})."


def _better(gain: Interval) -> str:
    """Answering freely, with however many words, against answering at once."""
    if gain.low > 0:
        return "reasoning makes the answers better"
    return (
        "reasoning makes the answers worse"
        if gain.high < 0
        else "what it writes before its answer is not shown to make the answer better"
    )


def caveats(examined: Examined) -> Iterator[str]:
    """What to hold against it, gravest first."""
    if examined.skipped:
        why = next(iter(examined.skipped.values()))
        yield f"Not asked: {', '.join(sorted(examined.skipped))} ({why})."
    for student, notes in examined.notes.items():
        yield f"{student}: {'; '.join(notes)}."
    yield from _seeds(examined)
    yield from unlike_answers(examined.efforts)
    yield from _cells(examined.found.arms)
    yield from _layers(examined)


def _seeds(examined: Examined) -> Iterator[str]:
    single = [a.arm for a in examined.found.arms if not a.over_seeds and a.arm not in examined.untouched]
    if single:
        yield (
            f"One training seed of {listed(single) if len(single) <= FEW_NAMES else 'each student'}: "
            "the intervals are about "
            f"{'this student' if len(single) == 1 else 'these students'}, not about what another seed would give."
        )


def unlike_answers(efforts: Mapping[str, Effort]) -> Iterator[str]:
    """Of which students many answers were cut off, or could not be checked."""
    cut = {arm: effort.truncated for arm, effort in efforts.items() if effort.truncated > MANY_CUT}
    if cut:
        yield (
            f"{_shares(cut)} were cut off at the limit of tokens and are judged by what is there: "
            "that favors students that write less."
        )
    unchecked = {arm: effort.unchecked for arm, effort in efforts.items() if effort.unchecked > MANY_CUT}
    if unchecked:
        yield f"{_shares(unchecked)} could not be checked and are left out, as if they had not been asked."


def _shares(of: Mapping[str, float]) -> str:
    """The answers of these students; of many only how many they are."""
    if len(of) <= FEW_NAMES:
        return f"{listed([f'{percent(share)} of {arm}’s' for arm, share in of.items()])} answers"
    low, high = min(of.values()), max(of.values())
    return f"{percent(low)} to {percent(high)} of the answers of each of {len(of)} students"


def _cells(arms: Sequence[ArmEstimate]) -> Iterator[str]:
    cells = [[arm.cells[cell] for arm in arms if cell in arm.cells] for cell in arms[0].cells]
    counts = [found.n for row in cells for found in row]
    all_widths = (found.accuracy.high - found.accuracy.low for row in cells for found in row)
    widths = [width for width in all_widths if exists(width)]
    if widths:
        yield (
            f"A cell has {_range(counts)} checked answers of a student: alone, its accuracy is known to no better "
            f"than ±{50 * max(widths):.0f} points where the interval is widest."
        )
    flat = [row for row in cells if _flat([found.accuracy.value for found in row])]
    if flat and len(arms) > 1:
        yield (
            f"In {len(flat)} of {len(cells)} cells all students are below {FLOOR:.0%} or above {CEILING:.0%}: "
            "they hardly tell students apart."
        )


def _flat(values: Sequence[float]) -> bool:
    return all(v < FLOOR for v in values) or all(v > CEILING for v in values)


def _layers(examined: Examined) -> Iterator[str]:
    scores = [score for found in examined.findings.values() for score in found.layers.values() if score.n]
    for name in dict.fromkeys(score.name for score in scores):
        own = [score for score in scores if score.name == name]
        trivial = max((score.trivial for score in own if score.trivial is not None), default=0.0)
        best = max(score.value.value for score in own)
        if trivial > 0 and trivial >= best:
            yield (
                f"The layer {name}: {trivial:.2f} is what a student without it scores, and none here scores more."
            )
        if min(score.n for score in own) < FEW_ANSWERS:
            yield f"The layer {name} rests on {_range([score.n for score in own])} answers of a student."


def _range(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
