# ruff: noqa: PLR2004 - how likely something is stands where it is drawn.
"""A made-up library that looks like a used account: pure, and the same everywhere for the same arguments.

Nothing depends on the clock, the locale, hash order or floating-point functions of the platform: every choice comes
from `random.Random.random` and `getrandbits`, whose results Python keeps from version to version, and from integers.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import TypeVar

from .model import ACCOUNT, PUBLIC, AssetRow, Json
from .words import (
    BASE_MODELS,
    EXTRA_TAGS,
    KINDS,
    LOOKALIKES,
    MODELS,
    NOTES,
    ODD_NAMES,
    SAMPLERS,
    SHAPES,
    SUBJECTS,
    Kind,
)

T = TypeVar("T")

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
"""The instant at which the library is looked at. Nothing in it is later."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOW = (NOW - _EPOCH) // timedelta(microseconds=1)
_SECOND = 1_000_000  # microseconds
_DAY = 86_400 * _SECOND
_LIFE = 540 * _DAY  # how long the account has existed
_KIND_LIMITS = tuple(accumulate(kind.weight for kind in KINDS))
_ODD_EVERY = 37  # one asset in so many has a name that is hard to handle


def seeded_assets(n: int, seed: int = 0) -> Iterator[AssetRow]:
    """`n` varied assets, made as they are asked for, in no particular order.

    Raises ValueError when `n` is negative, at once.
    """
    if n < 0:
        raise ValueError(f"The number of assets must be 0 or more, not {n}.")
    # From text, because Random takes the absolute value of an integer: -1 would be the same library as 1.
    maker = _Maker(_Dice(Random(f"comfy-cloud sandbox {seed}")))  # noqa: S311 - reproducible, not secret
    return (maker.asset(number) for number in range(n))


class _Dice:
    """The few kinds of choice that are needed."""

    def __init__(self, random: Random) -> None:
        self.bits = random.getrandbits
        # Also for the chances: some thirty are drawn for each asset, and a method of our own takes three times as long.
        self.random = random.random

    def below(self, limit: int) -> int:
        return int(self.random() * limit)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.random() * len(choices))]

    def kind(self) -> Kind:
        return KINDS[bisect(_KIND_LIMITS, int(self.random() * _KIND_LIMITS[-1]))]

    def uuid(self) -> str:
        bits = self.bits(128)
        digits = bits.to_bytes(16, "big").hex()
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[bits & 3]}{digits[17:20]}-{digits[20:]}"


@dataclass(slots=True)
class _Job:
    """A run of a workflow: its assets share an id, an instant and most of their metadata."""

    prompt_id: str
    left: int
    ago: int
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])


class _Maker:
    """Makes assets one after the other, remembering only what later ones share with earlier ones."""

    def __init__(self, dice: _Dice) -> None:
        self._dice = dice
        self._job = _Job("", 0, 0)
        self._last_image: str | None = None
        self._contents: dict[str, tuple[str, int]] = {}  # by MIME type, the hash and the size of the last one
        # Folders were imported in a large and a small go, each of which gave all its assets the same instant.
        self._imports = (_LIFE - dice.below(_DAY), 200 * _DAY + dice.below(_DAY))

    def asset(self, number: int) -> AssetRow:
        dice, kind = self._dice, self._dice.kind()
        ending, mime = dice.pick(kind.endings)
        public = dice.random() < (0.35 if kind.group == "model" else 0.03 if kind.group == "input" else 0)
        job = self._next_job() if kind.group == "output" else None
        created_at, updated_at, accessed_at = self._times(kind, job)
        asset_hash, size = self._content(kind, mime)
        name = self._name(number, kind, ending)
        row = AssetRow(  # by position, which takes half as long
            dice.uuid(),
            name,
            size,
            created_at,
            updated_at,
            accessed_at,
            asset_hash,
            None if dice.random() < 0.02 else mime,
            self._tags(kind),
            self._metadata(kind, job),
            self._preview(mime, asset_hash),
            self._last_image if mime.startswith(("video/", "model/")) else None,
            job.prompt_id if job else None,
            PUBLIC if public else ACCOUNT,
            public or dice.random() < 0.01,
            self._own_metadata(kind, name, size, mime),
            name.removesuffix(ending) if kind.group == "model" and dice.random() < 0.5 else None,
        )
        if mime.startswith("image/"):
            self._last_image = row.id
        return row

    def _next_job(self) -> _Job:
        dice = self._dice
        if not self._job.left:
            shared = _generation(dice)
            self._job = _Job(dice.uuid(), 1 + dice.below(8), dice.below(_LIFE), shared)
        self._job.left -= 1
        return self._job

    def _times(self, kind: Kind, job: _Job | None) -> tuple[str, str, str]:
        """Created, updated and last accessed."""
        dice = self._dice
        if job:
            created = job.ago
        elif kind.group == "model" and dice.random() < 0.9:
            created = self._imports[dice.random() < 0.25]
        else:
            # People upload by the second, programs by the microsecond.
            created = dice.below(_LIFE)
            created -= created % _SECOND if dice.random() < 0.5 else 0
        updated = created if dice.random() < 0.6 else dice.below(created + 1)
        accessed = updated if dice.random() < 0.4 else dice.below(updated + 1)
        created_at = _text(created)
        updated_at = created_at if updated == created else _text(updated)
        return created_at, updated_at, updated_at if accessed == updated else _text(accessed)

    def _name(self, number: int, kind: Kind, ending: str) -> str:
        dice = self._dice
        if number % _ODD_EVERY == 0:
            return ODD_NAMES[number // _ODD_EVERY % len(ODD_NAMES)]
        if kind.group == "model":
            return f"{dice.pick(MODELS)}_{dice.pick(('v1', 'v2', 'fp16', 'LoRA', 'final'))}{ending}"
        if kind.group == "input" and dice.random() < 0.4:
            return f"IMG_{dice.below(10_000):04}{ending.upper()}"
        if kind.group == "output" and dice.random() < 0.5:
            return f"ComfyUI_{dice.below(1_000):05}_{ending}"
        return f"{dice.pick(SUBJECTS)} {1 + dice.below(40)}{ending}"

    def _size(self, kind: Kind) -> int:
        bits = kind.smallest_bits + self._dice.below(kind.largest_bits - kind.smallest_bits + 1)
        return self._dice.bits(bits + 1) if bits else 0

    def _content(self, kind: Kind, mime: str) -> tuple[str | None, int]:
        """A hash, if it is known already, and a size; now and then those of the last one of its type."""
        dice = self._dice
        size = self._size(kind)
        if dice.random() < (0.25 if kind.group == "model" else 0.03):
            return None, size
        if mime not in self._contents or dice.random() >= 0.04:
            self._contents[mime] = f"blake3:{dice.bits(256).to_bytes(32, 'big').hex()}", size
        return self._contents[mime]

    def _preview(self, mime: str, asset_hash: str | None) -> str | None:
        if asset_hash is None or not mime.startswith("image/") or self._dice.random() < 0.3:
            return None
        ending = mime.removeprefix("image/")
        return f"/api/view?type=output&filename={asset_hash.removeprefix('blake3:')}.{ending}"

    def _tags(self, kind: Kind) -> tuple[str, ...]:
        dice = self._dice
        if dice.random() < 0.03:
            return ()
        random = dice.random
        # The first one a third of the time, then the second a third of the rest, and so on.
        return _sorted(kind.tags, *[EXTRA_TAGS[bisect(_SKEWED, random())] for _ in range(dice.below(4))])

    def _metadata(self, kind: Kind, job: _Job | None) -> Mapping[str, Json] | None:
        dice = self._dice
        if job:
            own: dict[str, Json] = {"index": job.left, "favourite": dice.random() < 0.1}
            if dice.random() < 0.3:
                own["rating"] = dice.pick((None, 1, 2, 3, 4, 4.5, 5))
            return {**job.metadata, **own}
        if kind.group == "model":
            return _model_card(dice)
        if dice.random() < 0.5:
            return None if dice.random() < 0.3 else {}
        return {"n": dice.pick(LOOKALIKES), "notes": dice.pick(NOTES), "camera.iso": 100 << dice.below(7)}

    def _own_metadata(self, kind: Kind, name: str, size: int, mime: str) -> Mapping[str, Json] | None:
        """What the server finds out by itself: the keys are those that were observed on ComfyUI 0.27."""
        dice = self._dice
        if mime.startswith("image/"):
            width, height = dice.pick(SHAPES)
            return {"kind": "image", "width": width, "height": height}
        if kind.group != "model":
            return None
        found: dict[str, Json] = {"filename": name, "content_length": size, "format": "safetensors"}
        if dice.random() < 0.7:
            found["base_model"] = dice.pick(BASE_MODELS)
        return found


def _generation(dice: _Dice) -> dict[str, Json]:
    """The metadata of a run: one seed in five is 42, the others use all 64 bits."""
    width, height = dice.pick(SHAPES)
    metadata: dict[str, Json] = {
        "seed": 42 if dice.random() < 0.2 else dice.bits(64),
        "steps": dice.pick((4, 20, 20, 30)),
        "cfg": dice.pick((1, 1.0, 3.5, 7, 7.5)),
        "sampler": dice.pick(SAMPLERS),
        "canvas": {"width": width, "height": height},
        "loras": [dice.pick(MODELS) for _ in range(dice.below(3))],
    }
    if dice.random() < 0.25:
        metadata["n"] = dice.pick(LOOKALIKES)
    if dice.random() < 0.01:
        metadata["checksum"] = dice.bits(200)
    return metadata


def _model_card(dice: _Dice) -> dict[str, Json]:
    # Half of them know it only by what the server found out.
    known: dict[str, Json] = {"base_model": dice.pick(BASE_MODELS)} if dice.random() < 0.5 else {}
    return {
        **known,
        "trigger_words": [dice.pick(SUBJECTS) for _ in range(dice.below(3))],
        "license": {"name": dice.pick(("apache-2.0", "openrail", "unknown")), "commercial": dice.random() < 0.5},
        "source": None,
    }


def _skewed_limits(share: float) -> list[float]:
    """Where each choice but the last ends when it takes `share` of what is left.

    By sums and products, whose results are the same everywhere.
    """
    limits, part, end = list[float](), share, 0.0
    for _ in EXTRA_TAGS[1:]:
        end += part
        part *= 1 - share
        limits.append(end)
    return limits


_SKEWED = _skewed_limits(0.33)


@lru_cache(maxsize=4096)
def _sorted(tags: tuple[str, ...], *extra: str) -> tuple[str, ...]:
    return tuple(sorted({*tags, *extra}))


@lru_cache(maxsize=64)
def _text(ago: int) -> str:
    """So many microseconds before NOW, as an asset has it. The few instants that many assets share are remembered."""
    seconds, microseconds = divmod(_NOW - ago, _SECOND)
    day, second = divmod(seconds, 86_400)
    return f"{_date(day)}T{_hour_and_minute(second // 60)}:{second % 60:02}.{microseconds:06}Z"


@lru_cache(maxsize=1024)
def _date(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).date().isoformat()


@lru_cache(maxsize=1440)
def _hour_and_minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
