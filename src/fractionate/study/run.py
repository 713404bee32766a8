"""Run a study: gather, compile, train, ask, score, decide, report; each stage does nothing if its output is there.

    decision = Study.from_toml("study.toml", out="runs/mine").run()

The order of work and every random choice depend on the study file alone, so a study killed at any moment and
started again ends with the same scores.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from fractionate.config import StudyConfig, default_study, load_config, parse_config, to_toml
from fractionate.errors import InputError
from fractionate.models import identity, keep_memory, load_model, release_memory
from fractionate.records import Anatomy, Item, Score
from fractionate.report import write_page
from fractionate.storage import read_records, write_json, write_records
from fractionate.study.arms import examine_arm, sampling_of, train_arm, write_arm
from fractionate.study.asked import looks_behind_answers, suite_of
from fractionate.study.budget import cost_table
from fractionate.study.compile import Arm, compile_arms
from fractionate.study.data import ask, gather, part_of
from fractionate.study.decide import Decision
from fractionate.study.folder import ITEMS, StudyFolder
from fractionate.study.fresh import asked_seed
from fractionate.study.homes import HELD_OUT, keep_home, kept_home
from fractionate.study.importances import with_importances
from fractionate.study.inside import READ_OUT, Probe, probe_arm, probe_of
from fractionate.study.progress import Stopwatch, StudyProgress
from fractionate.study.reuse import answered, reuse, take_over
from fractionate.study.rows import WITH, arm_names
from fractionate.study.stages import stages_of
from fractionate.study.summarize import Outcome, summarize
from fractionate.supervision.options import files
from fractionate.traces import write_rejected
from fractionate.transfer import plan_of, power_line
from fractionate.transfer.evaluate import RESPONSES, Questions
from fractionate.transfer.findings import first_round
from fractionate.transfer.home import Home
from fractionate.transfer.suite import fingerprint


class Given(NamedTuple):
    """Material that was prepared elsewhere: traces to learn from, questions, solutions of them, sentences on them.

    Where the traces were chosen for what they are, `pool` is what they were chosen from: all of it was bought.
    """

    learned: Sequence[Anatomy]
    items: Sequence[Item]
    solved: Sequence[Anatomy]
    facts: Sequence[str]
    pool: Sequence[Anatomy] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """A study and its folder. `untouched` is the folder of another study's untouched student, whose answers serve here
    too where they are to the same questions; `given` is what is learned and asked, where that was prepared elsewhere;
    `known` are folders of finished work: students that are the same there are not trained again.
    """

    config: StudyConfig
    folder: StudyFolder
    untouched: Path | None = None
    given: Given | None = None
    known: tuple[Path, ...] = ()

    @classmethod
    def from_toml(cls, path: str | Path, out: str | Path | None = None) -> "Study":
        """The study that a file describes.

        Raises:
            InputError: the file, a name in it, or the folder is not usable.
        """
        config = load_config(Path(path))
        return cls._open(config, Path(path).read_text(encoding="utf-8"), out)

    @classmethod
    def default(cls, out: str | Path | None = None) -> "Study":
        """The embedded default study."""
        text = default_study()
        return cls._open(parse_config(text, "the default study"), text, out)

    @classmethod
    def of(cls, config: StudyConfig, out: Path) -> "Study":
        """The study that these settings describe."""
        return cls._open(config, to_toml(config), out)

    @classmethod
    def reopen(cls, folder: Path) -> "Study":
        """A study by its folder."""
        if not (folder / "study.toml").is_file():
            raise InputError(f"{folder}: no study.toml here; give the folder of a study")
        return cls(load_config(folder / "study.toml", names=False), StudyFolder(folder))

    @classmethod
    def _open(cls, config: StudyConfig, text: str, out: str | Path | None) -> "Study":
        missing = [f for f in config.data.files if not Path(f).exists()]
        if missing:
            raise InputError(f"{missing[0]}: no such file; check data.files (paths count from where you are)")
        named = [
            *config.data.files,
            config.student.model,
            *([config.transfer.suite] if config.transfer.suite else []),
            *suite_of(config).outside(),
            *(str(file) for name in arm_names(config) for file in files(name.removesuffix(WITH))),
        ]
        inputs = [Path(name) for name in named if Path(name).exists()]
        root = Path(out) if out is not None else Path("runs") / config.name
        return cls(config, StudyFolder.open(root, text, inputs, config.seeds))

    def run(self, console: Console | None = None) -> Decision:
        """Do what is left of the study; progress goes to `console` (default: standard error)."""
        console = console or Console(stderr=True)
        if self.finished:
            console.print("this study is finished; its page and table are drawn again")
            return self.conclude().decision
        keep_memory()
        watch = Stopwatch(self.folder.root / "seconds.json")
        anatomies, items = self._material(console)
        model = load_model(self.config.student.model, weights=False)
        compiled = compile_arms(self.config, model, anatomies, self.given.pool if self.given else ())
        probe = probe_of(self.config, model, self.folder, compiled.arms)
        plan = plan_of(items, len(self.config.seeds), len(arm_names(self.config)))
        facts = [*compiled.facts, *probe.facts, f"Plan: {power_line(plan, self.config.decision.margin)}"]
        for fact in facts:
            console.print(fact, highlight=False)
        costs = {f"{a.recipe} s{a.seed}": (a.teacher_tokens, a.cost) for a in compiled.arms if a.examples}
        console.print(cost_table(costs))
        write_json(self.folder.root / "compiled.json", {"facts": facts, "arms": _ledger(compiled.arms)})
        del model
        release_memory()
        home = kept_home(self.config, self.folder, anatomies)
        beside = part_of(
            first_round(suite_of(self.config), home, asked_seed(self.config)), self.config.transfer.share
        )
        questions = Questions(items, beside, asked_seed(self.config))
        with StudyProgress(
            console, stages_of(self.config, compiled.arms, [*items, *beside], probe)
        ) as progress:
            scores: list[Score] = []
            for arm in compiled.arms:
                scores += self._arm(arm, questions, home, progress, compiled.flops)
                self._probe(arm, probe, progress)
                watch.lap()
                release_memory()
            write_records(self.folder.root / "scores.parquet", Score, scores)
        return self.conclude().decision

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return (self.folder.root / "decision.json").is_file()

    def conclude(self) -> Outcome:
        """What the finished study says; writes `decision.json` and `report.html`."""
        outcome = summarize(self.config, self.folder)
        write_json(self.folder.root / "decision.json", outcome.decision.as_dict())
        write_page(self.folder.root / "report.html", outcome.summary)
        return outcome

    def _material(self, console: Console) -> tuple[list[Anatomy], list[Item]]:
        """The training traces taken apart and the items, gathered once; `held_out.parquet` holds solutions."""
        root = self.folder.root
        kept, asked = root / "anatomy.parquet", root / ITEMS
        if not asked.is_file() and self.given is not None:
            write_json(root / "facts.json", list(self.given.facts))
            write_records(kept, Anatomy, self.given.learned)
            if self.given.solved:
                write_records(root / HELD_OUT, Anatomy, self.given.solved)
            write_records(asked, Item, self.given.items)
        elif not asked.is_file():
            console.print("gathering problems and taking traces apart …")
            material = gather(self.config, looks_behind_answers(self.config))
            items = ask(self.config, material)
            write_rejected(root / "rejected.jsonl", material.rejected)
            named = (
                suite_of(self.config).title if self.config.transfer.suite else "the cells of the study file"
            )
            worth = with_importances(self.config, arm_names(self.config), material.anatomies, console)
            asks = f"asked: {named}, items {fingerprint(items)}"
            write_json(root / "facts.json", [*material.facts, *worth.facts, asks])
            write_records(kept, Anatomy, worth.anatomies)
            keep_home(self.folder, material, items)
            write_records(asked, Item, items)
        return read_records(kept, Anatomy), read_records(asked, Item)

    def _arm(
        self, arm: Arm, questions: Questions, home: Home, progress: StudyProgress, flops: float
    ) -> Sequence[Score]:
        folder = self.folder.arm(arm.id)
        train_name, ask_name = f"train {arm.recipe} s{arm.seed}", f"ask {arm.recipe} s{arm.seed}"
        if arm.examples:
            reuse(self.known, arm.id, folder)
        if arm.examples and (folder / "trained.json").is_file():
            progress.skip(train_name)
        elif arm.examples:
            train_arm(
                self.config, arm, folder, lambda share, note: progress.at(train_name, share, note), flops
            )
            release_memory()
        else:
            write_arm(self.config, arm, folder)
        self._take_over(arm, folder, questions)
        if (folder / "scores.parquet").is_file():
            progress.skip(ask_name)
        found = examine_arm(
            self.config, arm, folder, questions, home, lambda share, note: progress.at(ask_name, share, note)
        )
        progress.at(ask_name, 1.0)
        return found.scores

    def _take_over(self, arm: Arm, folder: Path, questions: Questions) -> None:
        """Take the answers that this student has given to the same questions elsewhere, all from one place."""
        if (folder / RESPONSES).is_file():
            return
        before = answered(self.known, arm.id)
        if self.untouched is not None and not arm.examples:
            before.insert(0, self.untouched)
        if not before:
            return
        model = str(folder / "checkpoint") if arm.examples else self.config.student.model
        asked, how = [*questions.cells, *questions.beside], sampling_of(self.config.transfer, arm.seed)
        who = identity(model, seed=arm.seed)
        any(take_over(place, folder, suite_of(self.config), asked, how, who) for place in before)

    def _probe(self, arm: Arm, probe: Probe, progress: StudyProgress) -> None:
        """What the arm's hidden states give away, where the study asks for that."""
        if not probe.held_out:
            return
        name = f"probe {arm.recipe} s{arm.seed}"
        if (self.folder.arm(arm.id) / READ_OUT).is_file():
            progress.skip(name)
        else:
            right = probe_arm(self.config, arm, self.folder.arm(arm.id), probe).right
            progress.at(name, 1.0, f"right {right:.0%}")


def _ledger(arms: Sequence[Arm]) -> list[dict[str, object]]:
    """What the summary needs of each arm without compiling it again."""
    return [
        {
            "id": arm.id,
            "recipe": arm.recipe,
            "seed": arm.seed,
            "examples": len(arm.examples),
            "left_out": arm.left_out,
            "teacher_tokens": arm.teacher_tokens,
            "cost": arm.cost._asdict(),
        }
        for arm in arms
    ]
