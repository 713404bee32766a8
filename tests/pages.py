"""A page as a parser and as a real browser see it.

loaded(page).fetched                      # ["data:,"]: everything that the page would fetch
with_browser(tmp_path, {"wide": (page, 1100), "phone": (page, 380)})["phone"]["scrolls"]    # False
"""

import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

HOSTILE = "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>&amp;$name ${x}\"'"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

WATCH = "<script>window.wrong = []; addEventListener('error', e => wrong.push(e.message));</script>"
MEASURE = """<script>setTimeout(() => {
  const inside = (part, whole) =>
    !part.width || (part.right <= whole.right + 1 && part.left >= whole.left - 1);
  const box = element => element.getBoundingClientRect();
  const plots = [...document.querySelectorAll(".plot")].filter(p => p.offsetParent);
  const visible = () => [...document.querySelectorAll("figure[data-key]")]
    .filter(f => f.offsetParent).map(f => f.dataset.key);
  const told = {
    wrong, plots: plots.length, fetched: performance.getEntriesByType("resource").length,
    scrolls: document.documentElement.scrollWidth > innerWidth,
    drawn: plots.every(p => p.querySelector(".main-svg") && inside(box(p.querySelector(".main-svg")), box(p))),
    clipped: [...document.querySelectorAll(".plot text")].filter(t => t.textContent.trim() && t.closest(".plot")
      .offsetParent && !inside(box(t), box(t.closest(".plot")))).map(t => t.textContent),
    covered: [...document.querySelectorAll("td small, td, th")].filter(s => s.scrollWidth > s.clientWidth + 1
      && s.clientWidth > 0).map(s => s.textContent),
    svgs: [...document.querySelectorAll("svg.imitation-transfer")].filter(s => s.checkVisibility())
      .map(s => Math.round(box(s).width)),
    paper: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(document.body).color,
    axis: getComputedStyle(document.querySelector(".plot .xtick text")).fill, first: visible(),
  };
  const others = document.querySelectorAll(".switch input:not(:checked)");
  others.forEach(o => o.click());
  told.second = visible();
  parent.postMessage(JSON.stringify(told), "*");
}, 1500);</script>"""
FRAMES = """<body><pre></pre><script>
  const told = {}; onmessage = e => {
    for (const f of document.querySelectorAll("iframe"))
      if (f.contentWindow === e.source) told[f.name] = JSON.parse(e.data);
    document.querySelector("pre").textContent = JSON.stringify(told);
  };</script>"""


class Loaded(HTMLParser):
    """Everything that the page would fetch, its texts, and its scripts by id."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.scripts: dict[str, str] = {}
        self._script: str | None = None

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.tags.append(tag)
        self.fetched += [
            named[a] for a in ("src", "href", "srcset", "data", "action", "poster") if a in named
        ]
        self._script = named.get("id") or f"script{len(self.scripts)}" if tag == "script" else None

    def handle_endtag(self, tag):
        self._script = None

    def handle_data(self, data):
        if self._script is not None:
            self.scripts[self._script] = self.scripts.get(self._script, "") + data
        else:
            self.texts.append(data)


def loaded(page: str) -> Loaded:
    """The page, parsed."""
    parsed = Loaded()
    parsed.feed(page)
    return parsed


def fetches_nothing(page: str) -> bool:
    """Whether everything that the page needs is in it."""
    styles = "".join(re.findall(r"<style>.*?</style>", page, re.S))
    one_library = page.count("plotly.js v") == 1
    return (
        loaded(page).fetched == ["data:,"]
        and "@import" not in styles
        and "url(" not in styles
        and one_library
    )


def with_browser(
    folder: Path, pages: dict[str, tuple[str, int]], dark: bool = False
) -> dict[str, dict[str, Any]]:
    """What a browser makes of each page at its width in pixels."""
    frames = FRAMES
    for name, (page, width) in pages.items():
        probed = page.replace("<head>", "<head>" + WATCH).replace("</body>", MEASURE + "</body>")
        (folder / f"{name}.html").write_text(probed, encoding="utf-8")
        frames += f'<iframe name="{name}" src="{name}.html" style="width:{width}px;height:3000px;border:0"></iframe>'
    (folder / "frames.html").write_text(frames, encoding="utf-8")
    command = [
        str(CHROMIUM), "--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=6000",
        "--window-size=1300,900", f"--user-data-dir={folder / 'profile'}", "--dump-dom",
        *(["--blink-settings=preferredColorScheme=0"] if dark else []), f"file://{folder / 'frames.html'}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    told = re.search(r"<pre>(.*?)</pre>", done.stdout, re.S)
    assert told and told[1], f"the browser said nothing: {done.stdout[:500]}"
    found: dict[str, dict[str, Any]] = json.loads(html.unescape(told[1]))
    return found
