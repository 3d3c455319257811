"""`api_diff [REF]`: what the public API of both packages no longer offers that the last release did.

griffe reads the sources, without importing them, and finds what broke. Public is what a name without an underscore
leads to; so what a public module re-exports from a private one counts, under its public name.
"""

from __future__ import annotations

import io
import re
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import griffe

from pipeline.errors import PipelineError
from pipeline.git import git
from pipeline.spec_diff.command import VERSION, current_version
from pipeline.spec_diff.model import Severity
from pipeline.spec_diff.versions import version_bump

PACKAGES: Final = {"comfy_cloud": "wrapper", "comfy_cloud_api": "generated"}

_RELEASE: Final = re.compile(r"v(\d+)\.(\d+)\.(\d+)")
_Object: TypeAlias = griffe.Object | griffe.Alias


def run(root: Path, ref: str | None) -> int:
    """Print what broke since a release, one line each, and say whether the version tells users.

    Args:
        root: The project's folder.
        ref: What git calls the release; None is the last one.

    Returns:
        0 where nothing broke or the version says so, 1 where it does not.

    Raises:
        PipelineError: git or griffe cannot read one of the two.
    """
    ref = ref or last_release(root)
    if ref is None:
        sys.stdout.write("No version is released yet (no git tag such as v0.1.0), so nothing can have broken.\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="comfy-cloud-api-diff-") as scratch:
        old = Path(scratch)
        _check_out(root, ref, old)
        broken = broken_since(old, root)
        released = current_version(old)
    fine, words = _verdict(ref, len(broken), released, current_version(root))
    sys.stdout.writelines(f"{line}\n" for line in [*broken, words])
    return 0 if fine else 1


def _verdict(ref: str, broken: int, released: str, current: str) -> tuple[bool, str]:
    """Whether the version may stay, and in words."""
    if not broken:
        return True, f"Nothing of the public API broke since {ref}."
    count = "1 thing" if broken == 1 else f"{broken} things"
    needed = version_bump(released, Severity.BREAKING)
    if _numbers(current) >= _numbers(needed.next):
        return True, f"{count} broke since {ref}, and version {current} says so; tell users in CHANGELOG.md what to do."
    return False, f"{count} broke since {ref}, so {VERSION} has to say {needed.next} ({needed.part}), not {current}."


def _numbers(version: str) -> tuple[int, ...]:
    if not (found := _RELEASE.fullmatch(f"v{version}")):
        raise PipelineError(f"{VERSION} says {version}, which is not of the form 1.2.3.")
    return tuple(map(int, found.groups()))


def last_release(root: Path) -> str | None:
    """The highest tag such as v1.2.3 among the ancestors of what is checked out; None where there is none."""
    tags = git(root, "tag", "--list", "v*", "--merged", "HEAD").decode().split()
    releases = [(_numbers(tag[1:]), tag) for tag in tags if _RELEASE.fullmatch(tag)]
    return max(releases)[1] if releases else None


def _check_out(root: Path, ref: str, folder: Path) -> None:
    """Copy both packages as they were at a commit, without touching the repository."""
    if ref.startswith("-"):
        raise PipelineError(f"{ref} is no git tag or commit; give one, such as v0.1.0.")
    archive = git(root, "archive", "--format=tar", ref, *sorted(PACKAGES.values()))
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")


def broken_since(old: Path, new: Path) -> list[str]:
    """What broke between two source trees, one line each, sorted.

    Raises:
        PipelineError: one of them lacks a package or has a file that is no Python.
    """
    before, after = _load(old), _load(new)
    names = _public_names(before) | _public_names(after)
    lines = set()
    for package in PACKAGES:
        for breakage in griffe.find_breaking_changes(before[package], after[package]):
            if not _is_internal(breakage.obj):
                lines.add(f"{_public_name(breakage.obj, names)}: {_words(breakage)}")
    return sorted(lines | _unexported(before, after))


def _unexported(before: griffe.ModulesCollection, after: griffe.ModulesCollection) -> set[str]:
    """What modules still have and no longer offer; griffe only misses what is not there at all."""
    public = {name for package in PACKAGES for name, _ in _walk_public(after[package], package)}
    gone = [name for package in PACKAGES for name, _ in _walk_public(before[package], package) if name not in public]
    return {f"{name}: is no longer exported" for name in gone if _is_in_module(name, after)}


def _is_in_module(name: str, packages: griffe.ModulesCollection) -> bool:
    try:
        return bool(packages[name].parent.is_module)
    except KeyError:
        return False


def _is_internal(thing: _Object) -> bool:
    """Whether it is an attribute such as `__slots__`, which says how a class is made."""
    return thing.is_attribute and thing.name.startswith("__") and thing.name.endswith("__")


def _load(root: Path) -> griffe.ModulesCollection:
    loader = griffe.GriffeLoader(search_paths=[root / folder for folder in PACKAGES.values()], allow_inspection=False)
    for package in PACKAGES:
        try:
            loader.load(package, try_relative_path=False)
        except (ImportError, griffe.LoadingError) as error:
            raise PipelineError(f"{package} cannot be read in {root}: {error}.") from error
    for package in PACKAGES:
        _follow_assignments(loader.modules_collection[package])
    loader.resolve_aliases(implicit=True, external=False)
    return loader.modules_collection


def _follow_assignments(module: _Object) -> None:
    """Make `Client = _runtime.Client`, which is an attribute to griffe, the re-export that it is."""
    for name, member in list(module.members.items()):
        if member.is_alias:
            continue
        if member.is_module:
            _follow_assignments(member)
        elif member.is_attribute and isinstance(member, griffe.Attribute):
            value = member.value
            path = value.canonical_path if isinstance(value, griffe.ExprName | griffe.ExprAttribute) else ""
            if path.partition(".")[0] in PACKAGES:
                module.set_member(name, griffe.Alias(name, path, lineno=member.lineno, parent=member.module))


def _public_names(packages: griffe.ModulesCollection) -> dict[str, str]:
    """The shortest public name of everything public, by the name of where it is defined."""
    names: dict[str, str] = {}
    for package in PACKAGES:
        for public, defined in _walk_public(packages[package], package):
            names[defined] = min(names.get(defined, public), public, key=_by_length)
    return names


def _by_length(name: str) -> tuple[int, int, str]:
    return name.count("."), len(name), name


def _walk_public(thing: _Object, name: str) -> Iterator[tuple[str, str]]:
    for key, member in thing.all_members.items():
        if not member.is_public:
            continue
        try:
            target = member.final_target if isinstance(member, griffe.Alias) else member
        except (griffe.AliasResolutionError, griffe.CyclicAliasError):
            continue  # it comes from another distribution
        yield f"{name}.{key}", target.path
        if target.is_module or target.is_class:
            yield from _walk_public(target, f"{name}.{key}")


def _public_name(thing: _Object, names: Mapping[str, str]) -> str:
    """The public name of what a breakage is about; a member that came later has that of its class."""
    for path in (thing.path, thing.canonical_path):
        if path in names:
            return names[path]
    owner, _, name = thing.path.rpartition(".")
    return f"{names.get(owner, owner)}.{name}"


def _words(breakage: griffe.Breakage) -> str:
    return _WORDS[breakage.kind](breakage.old_value, breakage.new_value)


def _kind(parameter: griffe.Parameter) -> str:
    return str(parameter.kind.value) if parameter.kind else "unknown"


_WORDS: Final[Mapping[griffe.BreakageKind, Callable[..., str]]] = {
    griffe.BreakageKind.OBJECT_REMOVED: lambda _, __: "is gone",
    griffe.BreakageKind.OBJECT_CHANGED_KIND: lambda old, new: f"was a {old.value}, is a {new.value}",
    griffe.BreakageKind.CLASS_REMOVED_BASE: lambda old, new: (
        f"is no longer derived from {', '.join(str(base) for base in old if base not in new)}"
    ),
    griffe.BreakageKind.PARAMETER_REMOVED: lambda old, _: f"no longer takes {old.name}",
    griffe.BreakageKind.PARAMETER_ADDED_REQUIRED: lambda _, new: f"now requires {new.name}",
    griffe.BreakageKind.PARAMETER_CHANGED_REQUIRED: lambda old, _: f"now requires {old.name}, which had a default",
    griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT: lambda old, new: (
        f"{old.name} is {new.default} unless given, was {old.default}"
    ),
    griffe.BreakageKind.PARAMETER_CHANGED_KIND: lambda old, new: f"{old.name} was {_kind(old)}, is {_kind(new)}",
    griffe.BreakageKind.PARAMETER_MOVED: lambda old, _: f"takes {old.name} at another position",
    griffe.BreakageKind.RETURN_CHANGED_TYPE: lambda old, new: f"no longer says that it returns {old}, but {new}",
    griffe.BreakageKind.ATTRIBUTE_CHANGED_TYPE: lambda old, new: f"was of type {old}, is of type {new}",
    griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE: lambda old, new: f"was {old}, is {new}",
}
