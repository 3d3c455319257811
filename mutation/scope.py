"""Which modules are broken, and by which vectors each is tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Layer = Literal["comfy_cloud", "comfy_cloud_api"]


class Scope(NamedTuple):
    """What tries the changes to a module.

    Attributes:
        families: The families of vectors.
        layers: The layers that are put to them.
        whole: Whether all of the module is in scope, or no more than the vectors reach: the generated layer's runtime
            serves many specs, and the vectors are about this one.
    """

    families: tuple[str, ...]
    layers: tuple[Layer, ...] = ("comfy_cloud",)
    whole: bool = True


def _runtime(*families: str) -> Scope:
    return Scope(families, ("comfy_cloud", "comfy_cloud_api"), whole=False)


MODULES: Final[Mapping[str, Scope]] = {
    "comfy_cloud.retries": Scope(("retries",)),
    "comfy_cloud._http.redirects": Scope(("redirects", "keys")),
    "comfy_cloud._http.error_bodies": Scope(("responses",)),
    "comfy_cloud._http.secrets": Scope(("keys",)),
    "comfy_cloud._filtering.server_filter": Scope(("filters",)),
    "comfy_cloud._filtering.expressions": Scope(("filters",)),
    "comfy_cloud._filtering.folding": Scope(("filters", "pagination")),
    "comfy_cloud._filtering.metadata": Scope(("filters",), whole=False),
    "comfy_cloud._filtering.values": Scope(("filters",), whole=False),
    "comfy_cloud._filtering.verify": Scope(("pagination",)),
    "comfy_cloud._paging.walker": Scope(("pagination",)),
    "comfy_cloud._paging.evidence": Scope(("pagination",)),
    "comfy_cloud._paging.pace": Scope(("pagination",)),
    "comfy_cloud._paging.ordering": Scope(("pagination",)),
    "comfy_cloud._paging.page": Scope(("pagination",)),
    "comfy_cloud.query": Scope(("filters", "pagination"), whole=False),
    "comfy_cloud_api._runtime.parameters": _runtime("requests"),
    "comfy_cloud_api._runtime.codec": _runtime("responses"),
    "comfy_cloud_api._runtime.kinds": _runtime("responses", "requests"),
    "comfy_cloud_api._runtime.formats": _runtime("responses"),
}
"""By name. `filters` compares queries, so that conditions evaluated here are no concern of it."""
