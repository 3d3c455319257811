"""The runner of this library: what `comfy_cloud` and `comfy_cloud_api` do with a task, blocking or awaiting.

It goes through public names, as any user's program. `python -m comfy_cloud.conformance.runner` speaks the protocol.
"""

from comfy_cloud.conformance.runner._answering import answer
from comfy_cloud.conformance.runner._memory import transports
from comfy_cloud.conformance.runner._setup import Setup

__all__ = ["Setup", "answer", "transports"]
