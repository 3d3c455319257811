"""How clients of this API behave, as data, and a check of any client against it.

    python -m comfy_cloud.conformance --runner ./my-runner

The vectors are JSON, in the folder that `--folder` prints, with a README on how to write a runner in any language. No
extra is needed.
"""

from comfy_cloud.conformance._checking import check, check_in_memory
from comfy_cloud.conformance._command import main
from comfy_cloud.conformance._judging import Result, Verdict
from comfy_cloud.conformance._vectors import Case, Rule, folder, load, rules

__all__ = ["Case", "Result", "Rule", "Verdict", "check", "check_in_memory", "folder", "load", "main", "rules"]
