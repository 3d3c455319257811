"""Ask the advisory service about what users install, and say which of three things came of it.

pip-audit alone says "No known vulnerabilities found" also where the service knew none of the packages, or only some:
a registry that mirrors packages need not mirror advisories. Not to have asked is not to have found nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOUND, UNASKED = 1, 3


@dataclass(frozen=True)
class Verdict:
    """What is known of the packages.

    Attributes:
        asked: How many the service answered about.
        found: Each known vulnerability, as a line.
        unasked: The packages that the service did not answer about.
    """

    asked: int
    found: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """The exit code: 0 none known, 1 some are, 3 not all could be asked about."""
        return FOUND if self.found else UNASKED if self.unasked or not self.asked else 0

    def __str__(self) -> str:
        lines = list(self.found)
        if self.unasked or not self.asked:
            names = ", ".join(self.unasked) or "anything"
            lines.append(f"NOT AUDITED: the advisory service did not answer about {names}.")
        if self.asked:
            lines.append(f"{self.asked} packages audited, {len(self.found)} known vulnerabilities.")
        return "\n".join(lines)


def judged(report: dict[str, Any]) -> Verdict:
    """What pip-audit's JSON says."""
    packages = report["dependencies"]
    known = [package for package in packages if "skip_reason" not in package]
    found = (
        f"{package['name']} {package['version']} has {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or '?'}."
        for package in known
        for flaw in package["vulns"]
    )
    return Verdict(len(known), tuple(found), tuple(package["name"] for package in packages if package not in known))


def audited(requirements: Path) -> Verdict:
    """Ask about the newest versions that fit these requirements, and what they bring along."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements), "--format", "json"]
    done = subprocess.run([*command, "--progress-spinner", "off"], capture_output=True, text=True, check=False)
    try:
        return judged(json.loads(done.stdout))
    except ValueError:  # it broke off before its report
        print(done.stderr.strip().rpartition("\n")[2], file=sys.stderr)
        return Verdict(0)


if __name__ == "__main__":
    verdict = audited(Path(sys.argv[1]))
    print(verdict)
    sys.exit(verdict.code)
