"""Measure what a listing costs, against other ways to do it, and print the table of benchmarks/README.md.

A round runs each contestant once, in a process of its own, one after the other; the table shows the median over the
rounds of the ratio of two figures of the same round.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psutil
from pages import KINDS, write_library
from rows import MEASURES, PLAIN, Samples, longest, profiles, scales, table
from worker import LISTED

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
RESULTS: Final = HERE / "results"


def main() -> None:
    """Run the rounds, save the figures, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each figure is measured (default 7)")
    parser.add_argument("--only", default=",".join(MEASURES), help=f"some of these, with commas: {', '.join(MEASURES)}")
    parser.add_argument("--plain", action="store_true", help="only rich and lean pages, not the drifted ones")
    parser.add_argument("--save", action="store_true", help="write results/*.json and the README's table")
    options = parser.parse_args()
    measures = options.only.split(",")
    kinds = PLAIN if options.plain else KINDS
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), measures, kinds)
        with served(folder) as server:
            samples = measure(options.rounds, measures, kinds, folder, server)
    print(table(samples) + "\n" + scales(samples) + profiles(samples))
    if options.save:
        save(samples, measures, options.rounds)


def prepare(folder: Path, measures: Sequence[str], kinds: Sequence[str]) -> None:
    """What contestants need: the assets, the stock client, and ours with a spec of forty operations more."""
    for kind in kinds:
        write_library(folder, kind, longest(measures) if kind == "lean" else LISTED)
    spec = ROOT / "openapi" / "openapi-cloud.yaml"
    command = ["generate", "--path", str(spec), "--meta", "none", "--output-path", str(folder / "stock_client")]
    _run(["-m", "openapi_python_client", *command], folder)
    if "start" in measures:
        forty = folder / "forty" / "comfy_cloud_api"
        overlay = ["--overlay", str(ROOT / "openapi" / "overlay.yaml")]
        _run(["-m", "pipeline", "generate", "--spec", str(grown_spec(folder)), "--output", str(forty), *overlay], ROOT)


def _run(arguments: Sequence[str], folder: Path) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=folder)


def grown_spec(folder: Path) -> Path:
    """Our spec as it may become: its own operations, and forty of another document."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe")
    ours: Any = yaml.load(ROOT / "openapi" / "openapi-cloud.yaml")
    more: Any = yaml.load(ROOT / "tests" / "pipeline" / "specs" / "forty.yaml")
    ours["paths"] |= more["paths"]
    for section, members in more["components"].items():
        ours["components"][section] = {**members, **ours["components"].get(section, {})}
    target = folder / "grown.yaml"
    yaml.dump(ours, target)
    return target


@contextmanager
def served(folder: str) -> Iterator[str]:
    """The address of a server of the libraries, in a process of its own."""
    process = subprocess.Popen([sys.executable, str(HERE / "server.py"), folder], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def measure(rounds: int, measures: Sequence[str], kinds: Sequence[str], folder: str, server: str) -> Samples:
    """Every figure of every contestant, interleaved."""
    samples: Samples = {}
    path = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}
    for number in range(rounds):
        for what in measures:
            for kind in MEASURES[what][0]:
                for who in MEASURES[what][1] if kind in (*kinds, "-") else ():
                    command = [sys.executable, str(HERE / "worker.py"), what, who, kind, folder, server]
                    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
                    figures: dict[str, float] = json.loads(done.stdout)
                    for figure, value in figures.items():
                        samples.setdefault((what, figure, kind, who), []).append(value)
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return samples


def save(samples: Samples, measures: Sequence[str], rounds: int) -> None:
    """Keep the figures, and put the table into the README, with what was saved before of what was not measured now."""
    RESULTS.mkdir(exist_ok=True)
    machine = describe_machine()
    for what in measures:
        figures = [
            {"figure": figure, "page": kind, "contestant": who, "samples": values}
            for (measured, figure, kind, who), values in samples.items()
            if measured == what
        ]
        text = json.dumps({"machine": machine, "rounds": rounds, "figures": figures}, indent=1)
        (RESULTS / f"{what}.json").write_text(text + "\n", encoding="utf-8")
    samples = {**kept(MEASURES.keys() - set(measures)), **samples}
    readme = HERE / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition("<!-- table -->\n")
    after = rest.partition("<!-- end -->\n")[2]
    figures_text = f"{machine}; medians of {rounds} rounds.\n\n{table(samples)}\n{scales(samples)}{profiles(samples)}"
    text = f"<!-- table -->\n{figures_text}<!-- end -->\n"
    readme.write_text(before + text + after, encoding="utf-8")


def kept(measures: Collection[str]) -> Samples:
    """What was measured and saved before."""
    samples: Samples = {}
    for what in measures:
        path = RESULTS / f"{what}.json"
        for figure in json.loads(path.read_text(encoding="utf-8"))["figures"] if path.exists() else ():
            samples[what, figure["figure"], figure["page"], figure["contestant"]] = figure["samples"]
    return samples


def describe_machine() -> str:
    """What the figures were measured on."""
    memory = psutil.virtual_memory().total / 2**30
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, {python}"


if __name__ == "__main__":
    main()
