"""The made-up library."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from itertools import islice

import pytest

from comfy_cloud.sandbox import Sandbox
from comfy_cloud.sandbox._library.model import AssetRow, normalised_tag
from comfy_cloud.sandbox._library.seed import seeded_assets

DIGEST = "8d123d30f601532b74d18a682913bb31edafdc27bbe8bb39ec16fc6b8df37e46"


def digest(assets: list[AssetRow]) -> str:
    """SHA-256 over everything that is said about the assets."""
    return hashlib.sha256(json.dumps(assets).encode()).hexdigest()


@pytest.fixture(scope="module")
def assets() -> list[AssetRow]:
    """The default library."""
    return list(seeded_assets(2000))


def test_the_default_library_is_the_same_everywhere(assets: list[AssetRow]) -> None:
    """Not a byte may depend on the machine or the version of Python. A new digest here is a change for users."""
    assert DIGEST == digest(assets)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_hash_order_zone_and_locale_do_not_matter(hash_seed: str) -> None:
    """The same library comes out of a process with other hashes, another time zone and another locale."""
    code = (
        "import hashlib, json; from comfy_cloud.sandbox._library.seed import seeded_assets;"
        "print(hashlib.sha256(json.dumps(list(seeded_assets(2000))).encode()).hexdigest())"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert DIGEST == run.stdout.strip()


def test_another_seed_is_another_library(assets: list[AssetRow]) -> None:
    """A negative seed is not the same as the positive one."""
    some = {digest(list(seeded_assets(50, seed))) for seed in (0, 1, -1)}
    assert 3 == len(some)
    assert digest(assets[:50]) in some


def test_a_smaller_library_is_the_start_of_a_larger_one(assets: list[AssetRow]) -> None:
    """So a test that fails on a large library can be tried on a small one."""
    assert assets[:100] == list(islice(seeded_assets(100), 100))


def test_a_negative_number_of_assets_is_refused() -> None:
    """At once, not when the first asset is asked for."""
    with pytest.raises(ValueError, match=r"^The number of assets must be 0 or more, not -1\.$"):
        Sandbox.seeded(-1)


def test_the_library_is_varied(assets: list[AssetRow]) -> None:
    """It has what makes clients fail: ties, duplicates, odd names, commas in tags, what is absent, what is huge."""
    names = Counter(one.name for one in assets)
    instants = Counter(one.created_at for one in assets)
    jobs = Counter(one.prompt_id for one in assets if one.prompt_id)
    tags = {tag for one in assets for tag in one.tags}
    assert instants.most_common(1)[0][1] >= 200
    assert names.most_common(1)[0][1] >= 5
    assert {"", "100%_done.png", "line one\nline two.png"} <= set(names)
    assert any(len(name) > 512 for name in names)
    assert {"output", "input", "models", "loras", "checkpoints", "portrait", "final", "draft", "a,b"} <= tags
    assert max(one.size for one in assets) > 4 * 10**9
    assert min(one.size for one in assets) < 1000
    assert max(jobs.values()) >= 5
    assert any(one.owner == "public" for one in assets)
    optional = ("asset_hash", "mime_type", "user_metadata", "preview_path", "preview_id", "prompt_id", "metadata")
    for field in (*optional, "display_name"):
        assert {True, False} == {getattr(one, field) is None for one in assets}
    assert () in {one.tags for one in assets}
    images = [one for one in assets if str(one.mime_type).startswith("image/")]
    assert 2 * sum(one.preview_path is not None for one in images) > len(images)
    assert len(images) > sum(one.preview_path is not None for one in images)


def test_the_library_is_consistent(assets: list[AssetRow]) -> None:
    """Ids are unique, tags are normalised and sorted, times are in order, public assets are immutable."""
    assert len(assets) == len({one.id for one in assets})
    for one in assets:
        assert one.tags == tuple(sorted({normalised_tag(tag) for tag in one.tags}))
        assert one.created_at <= one.updated_at <= str(one.last_access_time) <= "2026-07-01T12:00:00.000000Z"
        assert one.is_immutable or one.owner == "account"


def test_what_has_one_hash_is_one_content(assets: list[AssetRow]) -> None:
    """Copies are of one size, under names of their own."""
    contents: dict[str, set[int | None]] = {}
    for asset in assets:
        if asset.asset_hash:
            contents.setdefault(asset.asset_hash, set()).add(asset.size)
    assert [found for found in contents.values() if len(found) != 1] == []
    assert len(contents) < sum(asset.asset_hash is not None for asset in assets)
