"""What can be imported and named: doors that list all they open, documented objects, and equal twins."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType

import pytest

import comfy_cloud
import comfy_cloud.sandbox
import comfy_cloud_api
import pytest_comfy_cloud
from comfy_cloud.asset import Asset, AsyncAsset
from comfy_cloud.assets import AssetQuery, AsyncAssetQuery
from comfy_cloud.client import AsyncComfyCloud, ComfyCloud
from comfy_cloud.tags import AsyncTagListing, AsyncTags, TagListing, Tags
from comfy_cloud_api.api.asset import list_assets, list_tags

PACKAGES = (comfy_cloud, comfy_cloud_api, pytest_comfy_cloud)
DOORS = ("comfy_cloud", "comfy_cloud.sandbox", "comfy_cloud_api", "comfy_cloud_api.models")
"""Modules that users import from and that define little themselves: what they name, they offer."""

EXTRAS = {"polars", "starlette", "uvicorn", "rich", "typer", "cyclopts", "click", "pytest", "attrs", "attr"}
"""What no program imports by importing the library."""

LISTING = {"__aiter__": "__iter__"}
CLIENT = {"__aenter__": "__enter__", "__aexit__": "__exit__", "aclose": "close"}
TWINS: dict[tuple[type, type], dict[str, str]] = {
    (AsyncComfyCloud, ComfyCloud): CLIENT,
    (AsyncAssetQuery, AssetQuery): LISTING,
    (AsyncTagListing, TagListing): LISTING,
    (AsyncTags, Tags): {},
    (AsyncAsset, Asset): {},
}
"""Each async class with its sync one, and which of its names have another there."""


def public_modules() -> list[str]:
    """Every module of the wheel of which no part begins with an underscore."""
    found = [package.__name__ for package in PACKAGES]
    for package in PACKAGES:
        found += [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return [name for name in found if not re.search(r"(^|\.)_", name)]


def named(module: ModuleType) -> list[str]:
    """The public names that a module defines, or imports from one of ours."""
    names: list[str] = []
    for node in ast.parse(inspect.getsource(module)).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.append(node.name)
            case ast.Assign():
                names += [target.id for target in node.targets if isinstance(target, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
            case ast.ImportFrom(module=source) if node.level or (source or "").startswith("comfy_cloud"):
                names += [alias.asname or alias.name for alias in node.names]
    return [name for name in names if not name.startswith("_")]


def listed_order(name: str) -> tuple[int, str]:
    """Constants, classes, the rest; as ruff sorts `__all__`."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def public_objects(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Classes and functions that a module offers and one of our packages made, with the methods of the classes."""
    for name in getattr(module, "__all__", None) or named(module):
        offered = getattr(module, name)
        if not (inspect.isclass(offered) or inspect.isfunction(offered)) or not is_ours(offered):
            continue
        yield f"{module.__name__}.{name}", offered
        for member_name, member in vars(offered).items() if inspect.isclass(offered) else ():
            function = function_of(member)
            if function and not member_name.startswith("_"):
                yield f"{module.__name__}.{name}.{member_name}", function


def is_ours(offered: type | FunctionType) -> bool:
    """Not httpx's, which are handed on under a name of ours."""
    return offered.__module__.split(".")[0] in {package.__name__ for package in PACKAGES}


def function_of(member: object) -> FunctionType | None:
    """The function behind a method, a property or a class method."""
    inner = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
    return inner if isinstance(inner, FunctionType) else None


def members(kind: type) -> dict[str, FunctionType]:
    """A class's public methods and properties, and those special ones that twins rename, by name."""
    special = {name for renamed in TWINS.values() for pair in renamed.items() for name in pair}
    found = {
        name: function
        for base in reversed(kind.__mro__)
        if base.__module__.startswith("comfy_cloud.")
        for name, member in vars(base).items()
        if (function := function_of(member)) and (name in special or not name.startswith("_"))
    }
    return {name: found[name] for name in sorted(found)}


def as_sync(annotation: str) -> str:
    """An async member's type as its twin has it: what it hands out, awaited or not."""
    return re.sub(r"\bAsync(?=[A-Z])", "", annotation)


@pytest.mark.parametrize("name", public_modules())
def test_a_module_lists_names_that_exist_in_order_and_once(name: str) -> None:
    """Constants, then classes, then the rest, as ruff sorts them; the generated modules, which it does not see, too."""
    module = importlib.import_module(name)
    listed = list(getattr(module, "__all__", ()))
    assert sorted(set(listed), key=listed_order) == listed
    assert [missing for missing in listed if not hasattr(module, missing)] == []


@pytest.mark.parametrize("name", DOORS)
def test_a_door_lists_every_name_it_holds(name: str) -> None:
    """Nothing can be imported from there that is not meant to be, so nothing is public by accident."""
    module = importlib.import_module(name)
    listed = {offered for offered in module.__all__ if not offered.startswith("_")}
    assert sorted(set(named(module))) == sorted(listed)


@pytest.mark.parametrize("name", public_modules())
def test_every_public_object_is_documented(name: str) -> None:
    """Classes, functions, methods and properties; an inherited docstring counts where it says the same."""
    undocumented = [
        where for where, offered in public_objects(importlib.import_module(name)) if not inspect.getdoc(offered)
    ]
    assert undocumented == []


def test_the_rule_sees_what_is_public() -> None:
    """A class, a method, a property and a function are all among what is looked at."""
    found = {where for name in public_modules() for where, _ in public_objects(importlib.import_module(name))}
    assert {
        "comfy_cloud.ComfyCloud.request",
        "comfy_cloud.ComfyCloud.assets",
        "comfy_cloud.tag",
        "comfy_cloud_api.models.Asset",
        "comfy_cloud_api.api.asset.list_assets.sync",
    } <= found


def test_every_error_of_the_tree_is_public() -> None:
    """Whoever can be raised can be caught by name; the deadline of a single call is a walk's own business."""

    def below(kind: type) -> set[type]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    tree = {kind.__name__ for kind in below(comfy_cloud.ApiError) if kind.__module__ == "comfy_cloud.errors"}
    assert tree - {"CallDeadlineError"} <= set(comfy_cloud.__all__)


def test_the_twins_are_all_there_are() -> None:
    """Every public class whose name begins with Async is compared with its sync one."""
    found = {
        offered
        for name in public_modules()
        for _, offered in public_objects(importlib.import_module(name))
        if inspect.isclass(offered) and offered.__name__.startswith("Async") and "._" not in offered.__module__
    }
    assert {twin for twin, _ in TWINS} == found


@pytest.mark.parametrize("pair", TWINS, ids=lambda pair: pair[1].__name__)
def test_twins_have_the_same_names(pair: tuple[type, type]) -> None:
    """Knowing one client is knowing both."""
    twin, kind = map(members, pair)
    renamed = TWINS[pair]
    assert sorted(kind) == sorted(renamed.get(name, name) for name in twin)


@pytest.mark.parametrize("pair", TWINS, ids=lambda pair: pair[1].__name__)
def test_twins_have_the_same_signatures(pair: tuple[type, type]) -> None:
    """Arguments with their names, kinds, defaults and types; and results, but for how they are waited for."""
    twin, kind = map(members, pair)
    for name, function in twin.items():
        there, here = inspect.signature(kind[TWINS[pair].get(name, name)]), inspect.signature(function)
        assert list(there.parameters.values()) == list(here.parameters.values()), name
        assert as_sync(str(there.return_annotation)) == as_sync(str(here.return_annotation)), name


@pytest.mark.parametrize("pair", TWINS, ids=lambda pair: pair[1].__name__)
def test_an_async_member_s_docstring_points_to_the_sync_one(pair: tuple[type, type]) -> None:
    """One line, so that nothing is said twice and one of them grows old."""
    twin, kind = map(members, pair)
    for name, function in twin.items():
        there = kind.get(TWINS[pair].get(name, name))
        if function is there or name.startswith("__"):  # shared, or special
            continue
        assert re.fullmatch(r"See `\w+\.\w+`\.", inspect.getdoc(function) or ""), name


@pytest.mark.parametrize("operation", [list_assets, list_tags], ids=lambda module: module.__name__.split(".")[-1])
def test_an_operation_s_four_functions_are_twins(operation: ModuleType) -> None:
    """`sync` and `asyncio`, with and without the details, take the same."""
    for plain, awaiting in (("sync", "asyncio"), ("sync_detailed", "asyncio_detailed")):
        there, here = (inspect.signature(getattr(operation, name)) for name in (plain, awaiting))
        assert there == here
        assert f"`{plain}`, awaiting." == inspect.getdoc(getattr(operation, awaiting))
    assert inspect.signature(operation.sync).parameters == inspect.signature(operation.sync_detailed).parameters


def imported_by(program: str) -> set[str]:
    """The packages that a fresh interpreter has imported after a program."""
    shown = f"{program}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", f"import sys\n{shown}"], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_library_imports_no_extra() -> None:
    """What an extra brings is imported when it is used; httpx's own, which it takes where it finds them, aside."""
    modules = [name for name in public_modules() if not {"sandbox", "cli", "pytest_comfy_cloud"} & set(name.split("."))]
    ours = imported_by(f"import importlib\nfor name in {modules!r}: importlib.import_module(name)")
    theirs = imported_by("import httpx, msgspec")
    assert {"comfy_cloud", "comfy_cloud_api"} <= ours
    assert EXTRAS & (ours - theirs) == set()


def test_importing_the_sandbox_imports_no_server() -> None:
    """It answers in process without its extra, so importing it needs none."""
    assert {"starlette", "uvicorn", "pytest"} & imported_by("import comfy_cloud.sandbox.faults") == set()
