"""A search in the terminal, as a page and as Markdown: the decision first, then its evidence.

seen = searched(config, found)
print_search(seen, rich.console.Console())
write_search(seen, root)                   # report.md and report.html
"""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from fractionate.report.markdown import bullets
from fractionate.report.parts import Part, in_markdown, print_part
from fractionate.report.search_candidates import effects_parts, rung_parts, sizes_part
from fractionate.report.search_caveats import caveats, untested
from fractionate.report.search_page import search_page
from fractionate.report.search_parts import adapted_part, confirmed_parts, layers_part
from fractionate.report.search_tasks import tasks_of_rungs
from fractionate.report.search_told import Searched, facts
from fractionate.storage import write_text


def print_search(seen: Searched, console: Console) -> None:
    """Print the decision and what it rests on."""
    for part in [*confirmed_parts(seen), layers_part(seen)]:
        if part.rows:
            print_part(part, console)
    decision = seen.found.decision
    console.print(Text(decision.summary, style="bold"))
    console.print(Text(decision.explanation))
    for name, told in facts(seen):
        console.print(Text(f"{name}: {told}"))
    for caveat in caveats(seen):
        console.print(Text(caveat))
    console.print(Text(f"Not tested: {'; '.join(untested(seen))}"))


def search_markdown(seen: Searched) -> str:
    """The whole report as Markdown."""
    decision, against = seen.found.decision, list(caveats(seen))
    confirmed, *others = confirmed_parts(seen)
    tasks = [tasked.part for tasked in tasks_of_rungs(seen)]
    behind = [layers_part(seen), *effects_parts(seen), sizes_part(seen), *tasks, adapted_part(seen)]
    blocks = [
        f"# {seen.config.name}: the smallest supervision",
        seen.config.question,
        f"**{decision.summary}** {decision.explanation}",
        bullets(f"{name}: {told}" for name, told in facts(seen)),
        in_markdown(confirmed),
        f"## What to hold against it\n\n{bullets(against)}" if against else "",
        *map(in_markdown, others),
        *map(in_markdown, _told([*behind, *rung_parts(seen)])),
        f"## Not tested\n\n{bullets(untested(seen))}",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _told(parts: list[Part]) -> list[Part]:
    return [part for part in parts if part.rows]


def write_search(seen: Searched, folder: Path) -> None:
    """Write `report.md` and `report.html`."""
    write_text(folder / "report.md", search_markdown(seen))
    write_text(folder / "report.html", search_page(seen))
