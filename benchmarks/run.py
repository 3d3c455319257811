"""Measure decoding against orjson and the stock generated client, and print the table of benchmarks/README.md.

Every figure is a ratio to orjson on the same bytes in the same round. A round runs each contestant once, in a process
of its own; the table shows the median over the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import psutil
from pages import KINDS, PAGE, page

HERE: Final = Path(__file__).resolve().parent
CONTESTANTS: Final = ("orjson", "ours", "stock")
KEPT: Final = 100_000
FIGURES: Final = {"decode": ("decode", "read"), "keep": ("keep", "memory")}
TARGETS: Final = {
    "decode": {"rich": 1.6, "lean": 1.6},
    "read": {"rich": 3.5, "lean": 5.0},
    "keep": {"rich": 1.3, "lean": 1.3},
    "memory": {"rich": 0.95, "lean": 0.95},
}
WORDS: Final = {
    "decode": "page bytes → assets",
    "read": "the same, and every field of every asset read",
    "keep": "keep 100,000: time",
    "memory": "keep 100,000: memory",
}

Samples = dict[tuple[str, str, str], list[float]]  # (figure, kind, contestant) -> one value a round


def main() -> None:
    """Run the rounds, save the figures, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each figure is measured (default 7)")
    parser.add_argument("--save", action="store_true", help="write results/decode.json and the README's table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stock_client(Path(folder))
        for kind in KINDS:  # made once, as making them takes longer than reading them
            contents = (page(kind, number) for number in range(KEPT // PAGE))
            pages_file(folder, kind).write_bytes(b"\n".join(contents))
        samples = measure(options.rounds, folder)
    table = render(samples)
    print(table)
    if options.save:
        save(samples, table, options.rounds)


def pages_file(folder: str, kind: str) -> Path:
    """Where the pages of a kind are, a line each."""
    return Path(folder) / f"{kind.replace(', ', '-')}.ndjson"


def stock_client(folder: Path) -> None:
    """The client that the generator writes by itself, without our templates."""
    spec = HERE.parent / "openapi" / "openapi-cloud.yaml"
    command = ["generate", "--path", str(spec), "--meta", "none", "--output-path", str(folder / "stock_client")]
    subprocess.run(
        [sys.executable, "-m", "openapi_python_client", *command], check=True, capture_output=True, cwd=folder
    )


def measure(rounds: int, folder: str) -> Samples:
    """Every figure of every contestant, interleaved."""
    samples: Samples = {}
    environment = {**os.environ, "PYTHONPATH": folder}
    for number in range(rounds):
        for what, figures in FIGURES.items():
            for kind in KINDS:
                for contestant in CONTESTANTS:
                    command = [sys.executable, str(HERE / "worker.py"), what, contestant, str(pages_file(folder, kind))]
                    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
                    result: dict[str, float] = json.loads(done.stdout)
                    for figure in figures:
                        samples.setdefault((figure, kind, contestant), []).append(result[figure])
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return samples


def ratio(samples: Samples, figure: str, kind: str, contestant: str) -> float:
    """The median over the rounds of a contestant's figure divided by orjson's in the same round."""
    # Reading dicts is no conversion, so reading everything is compared with decoding alone.
    base = "decode" if figure == "read" else figure
    pairs = zip(samples[figure, kind, contestant], samples[base, kind, "orjson"], strict=True)
    return statistics.median(value / reference for value, reference in pairs)


def render(samples: Samples) -> str:
    """The table as Markdown."""
    shown = CONTESTANTS[1:]
    lines = [f"| what, ÷ orjson | page | target | {' | '.join(shown)} |", "|---|---|--:|" + "--:|" * len(shown)]
    for figure, words in WORDS.items():
        for kind in KINDS:
            target = TARGETS[figure][kind.partition(",")[0]]
            ratios = [ratio(samples, figure, kind, contestant) for contestant in shown]
            lines.append(f"| {words} | {kind} | ≤ {target} | {' | '.join(f'{value:.2f}' for value in ratios)} |")
    return "\n".join(lines)


def save(samples: Samples, table: str, rounds: int) -> None:
    """Keep the figures, and put the table into the README."""
    figures: list[dict[str, Any]] = [
        {"figure": figure, "page": kind, "contestant": contestant, "samples": values}
        for (figure, kind, contestant), values in samples.items()
    ]
    machine = describe_machine()
    text = json.dumps({"machine": machine, "rounds": rounds, "figures": figures}, indent=1)
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "decode.json").write_text(text + "\n", encoding="utf-8")
    readme = HERE / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition("<!-- table -->\n")
    after = rest.partition("<!-- end -->\n")[2]
    middle = f"<!-- table -->\n{machine}; medians of {rounds} rounds.\n\n{table}\n<!-- end -->\n"
    readme.write_text(before + middle + after, encoding="utf-8")


def describe_machine() -> str:
    """What the figures were measured on."""
    memory = psutil.virtual_memory().total / 2**30
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, {python}"


if __name__ == "__main__":
    main()
