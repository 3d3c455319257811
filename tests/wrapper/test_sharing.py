"""Assets that are kept share what is equal in them, and say the same as before."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from comfy_cloud import ComfyCloud, Page
from comfy_cloud._sharing import MAX_SHARED, Sharing
from comfy_cloud.asset import Asset
from comfy_cloud.sandbox import Sandbox

ANY = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), st.lists, max_leaves=5)
TAGS = st.lists(st.sampled_from("abc"), max_size=3)


def made(**sent: Any) -> Asset:
    """An asset as it came, or with what can only have come."""
    moment = "2026-01-02T03:04:05Z"
    required = {"id": "0" * 32, "name": "a", "created_at": moment, "updated_at": moment}
    return Asset.from_dict({**required, **sent})


def page_of(*assets: Asset) -> Page[Asset]:
    """A page of these."""
    return Page(assets, len(assets), has_more=False)


def test_equal_tags_and_types_are_one_object() -> None:
    """Over all pages of one list."""
    sharing = Sharing()
    one, two, three = (made(tags=["x", "y"], mime_type=b"image/png".decode()) for _ in range(3))
    sharing.items(page_of(one, two))
    sharing.items(page_of(three))
    assert one._tags is two._tags is three._tags
    assert one._mime_type is two._mime_type is three._mime_type


def test_a_program_cannot_change_one_asset_through_another() -> None:
    """What it is given are copies."""
    one, two = made(tags=["x"]), made(tags=["x"])
    Sharing().items(page_of(one, two))
    one.tags.append("y")
    one.to_dict()["tags"].append("z")
    assert (one.tags, two.tags, two.to_dict()["tags"]) == (["x"], ["x"], ["x"])


@given(st.lists(st.fixed_dictionaries({}, optional={"tags": TAGS | ANY, "mime_type": st.text(max_size=2) | ANY})))
def test_sharing_changes_nothing_that_an_asset_says(sent: list[dict[str, Any]]) -> None:
    """Whatever came, be it no tags at all."""
    assets = [made(**values) for values in sent]
    before = [asset.to_dict() for asset in assets]
    Sharing().items(page_of(*assets))
    assert [asset.to_dict() for asset in assets] == before


def test_what_is_remembered_is_bounded() -> None:
    """Where hardly anything repeats, nothing is gained by remembering more."""
    sharing = Sharing()
    for start in range(0, 3 * MAX_SHARED, 1000):
        sharing.items(page_of(*(made(tags=[f"tag {start + number}"]) for number in range(1000))))
    assert len(sharing._tags) <= MAX_SHARED + 1000


def test_a_list_of_assets_is_what_iterating_yields() -> None:
    """The same assets in the same order, with the same values."""
    with Sandbox.seeded(700) as box, ComfyCloud(base_url=box.url, api_key=box.key) as comfy:
        query = comfy.assets.page_size(100)
        listed, iterated = query.to_list(), list(query)
        assert [asset.to_dict() for asset in listed] == [asset.to_dict() for asset in iterated]
        assert len({id(asset._mime_type) for asset in listed}) == len({asset.mime_type for asset in iterated})
