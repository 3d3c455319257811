"""A local Comfy Cloud, to try and test programs without an account.

    from comfy_cloud.sandbox import Sandbox

    with Sandbox.seeded(2000) as sandbox:
        print(sandbox.url, sandbox.key)

It speaks HTTP on loopback, so programs in any language can use it; from a shell it is
`python -m comfy_cloud.sandbox --assets 2000`. Serving needs Starlette and uvicorn, which come with
`pip install 'comfy-cloud[sandbox]'`; they are imported when something is first served.
"""

from ._api.dialects import CLOUD, COMFYUI, Dialect
from ._errors import AssetError, AssetNotFoundError, DatabaseError, DialectError, LoadError, SandboxError
from ._library.changes import Change
from ._library.model import AssetRow
from ._sandbox import DEFAULT_KEY, Sandbox

__all__ = [
    "CLOUD",
    "COMFYUI",
    "DEFAULT_KEY",
    "AssetError",
    "AssetNotFoundError",
    "AssetRow",
    "Change",
    "DatabaseError",
    "Dialect",
    "DialectError",
    "LoadError",
    "Sandbox",
    "SandboxError",
]
