"""Libraries that change while they are asked, and what is remembered of it."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud.sandbox import AssetError, AssetNotFoundError, AssetRow, Change, Sandbox, SandboxError
from tests.sandbox.answers import body

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_what_is_added_is_listed_with_what_was_not_said_made_up() -> None:
    """As of a fresh upload; the ids and the times are the same in each run."""
    with Sandbox.seeded(0) as box:
        change = box.add(name="a.png", tags=["Output", " a,b ", ""], size=5)
        assert "2026-07-01T12:00:00.001000Z" == body(box.service)["assets"][0]["created_at"]
        assert change.after is not None
        expected = AssetRow(
            id=change.id,
            name="a.png",
            size=5,
            created_at="2026-07-01T12:00:00.001000Z",
            updated_at="2026-07-01T12:00:00.001000Z",
            last_access_time="2026-07-01T12:00:00.001000Z",
            tags=("a,b", "output"),
        )
        assert Change(1, "add", "597a8b4c-808f-4835-aa71-8e51090617c6", None, expected) == change
        assert [change.after] == box.assets()


def test_every_change_has_a_number_and_is_seen_at_once() -> None:
    """In what is listed, in the tags, in the history."""
    with Sandbox.seeded(0) as box:
        one = box.add(name="one", tags=["a"], user_metadata={"k": 1})
        renamed = box.rename(one.id, "uno")
        retagged = box.retag(one.id, add=["B", "c"], remove=["a", "c"])
        changed = box.change(one.id, user_metadata={"k": 2}, size=None, metadata={"own": 1})
        for query in ({"name_contains": "UNO"}, {"include_tags": "b"}, {"metadata_filter": '{"k": 2, "own": 1}'}):
            assert [one.id] == box.matching(**query) == [found["id"] for found in body(box.service, **query)["assets"]]
        for query in ({"name_contains": "one"}, {"include_tags": "a"}, {"metadata_filter": '{"k": 1}'}):
            assert [] == body(box.service, **query)["assets"]
        deleted = box.delete(one.id)
        assert 0 == body(box.service)["total"]
        history = [one, renamed, retagged, changed, deleted]
        assert [1, 2, 3, 4, 5] == [change.sequence for change in history]
        assert ["add", "rename", "retag", "change", "delete"] == [change.kind for change in history]
        assert (history, history[3:], 5) == (box.changes(), box.changes(3), box.sequence)
        tags = body(box.service, "/api/tags", include_zero="true", prefix="a")["tags"]
        assert {"name": "a", "count": 0} in tags


def test_an_update_is_noted_when_something_changed() -> None:
    """An access is no update, nor is the same name once more; `created_at` stays."""
    with Sandbox.seeded(0) as box:
        one = box.add(created_at="2026-01-01T00:00:00", name="x").id
        steps: list[tuple[dict[str, Any], str]] = [
            ({"name": "x"}, "2026-01-01T00:00:00.000000Z"),
            ({"last_access_time": "2026-02-01T00:00:00"}, "2026-01-01T00:00:00.000000Z"),
            ({"name": "y"}, "2026-07-01T12:00:00.004000Z"),
            ({"name": "z", "updated_at": "2026-03-01T00:00:00"}, "2026-03-01T00:00:00.000000Z"),
        ]
        for fields, expected in steps:
            after = box.change(one, **fields).after
            assert after is not None
            assert ("2026-01-01T00:00:00.000000Z", expected) == (after.created_at, after.updated_at)


def test_the_clock_of_a_library_stands_at_its_latest_asset() -> None:
    """So that what is added is the newest."""
    with Sandbox.seeded(0) as box:
        assert "2026-07-01T12:00:00.001000Z" == getattr(box.add().after, "created_at", None)
    with Sandbox.seeded(10) as box:
        newest = box.add()
        assert newest.id == box.matching()[0]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"colour": 1}, "colour: an asset has no such field; it has id, name, size,"),
        ({"name": 1}, "name: it is text, not 1."),
        ({"name": None}, "name: it is text, not None."),
        ({"name": "\ud800"}, "name: it is text, not '\\ud800'."),
        ({"size": -1}, "size: it is a number of bytes from 0 to 9223372036854775807, or None, not -1."),
        ({"size": 1 << 63}, "size: it is a number of bytes"),
        ({"size": True}, "size: it is a number of bytes"),
        ({"tags": "a"}, "tags: they are a list of texts, not 'a'."),
        ({"tags": [1]}, "tags: it is text, not 1."),
        ({"tags": None}, "tags: they are a list of texts, not None."),
        ({"user_metadata": []}, "user_metadata: it is an object of what JSON can hold, not []."),
        ({"metadata": {"a": float("nan")}}, "metadata: it is an object of what JSON can hold"),
        ({"user_metadata": {"a": object()}}, "user_metadata: it is an object of what JSON can hold"),
        ({"user_metadata": {"a": "\ud800"}}, "user_metadata: it is an object of what JSON can hold"),
        ({"id": "x"}, "id: 'x' is not a UUID."),
        ({"asset_hash": "x"}, "asset_hash: it is blake3: and 64 hexadecimal digits in lower case."),
        ({"owner": "me"}, "owner: it is 'account' or 'public', not 'me'."),
        ({"is_immutable": 1}, "is_immutable: it is True or False, not 1."),
        ({"created_at": "now"}, "created_at: 'now' is not a time, such as 2026-07-01T12:00:00Z."),
    ],
)
def test_what_an_asset_cannot_be_is_refused_by_field(fields: dict[str, Any], message: str) -> None:
    """And nothing has changed then."""
    with Sandbox.seeded(1) as box:
        before = box.assets()
        with pytest.raises(AssetError) as caught:
            box.add(**fields)
        assert message == str(caught.value)[: len(message)]
        assert (before, 0, []) == (box.assets(), box.sequence, box.changes())


def test_one_text_is_no_list_of_tags() -> None:
    """Else each of its letters would become a tag."""
    with Sandbox.seeded(1) as box:
        (one,) = box.assets()
        for tags in ({"add": "draft"}, {"remove": "draft"}, {"add": [1]}):
            with pytest.raises(AssetError, match=r"^tags: "):
                box.retag(one.id, **tags)
        assert 0 == box.sequence


def test_what_never_changes_cannot_be_changed() -> None:
    """The id and the time of creation."""
    with Sandbox.seeded(1) as box:
        (one,) = box.assets()
        for name in ("id", "created_at"):
            with pytest.raises(AssetError, match=rf"^{name}: it never changes; delete the asset and add another\.$"):
                box.change(one.id, **{name: getattr(one, name)})
        with pytest.raises(AssetError, match=rf"^id: there is an asset {one.id} already\.$"):
            box.add(id=one.id.upper())


def test_an_asset_that_is_not_there_cannot_be_changed() -> None:
    """Nor one that was deleted; the error is a lookup's and the sandbox's."""
    with Sandbox.seeded(0) as box:
        gone = box.add().id
        box.delete(gone)
        for change in (
            box.delete,
            lambda one: box.rename(one, "x"),
            lambda one: box.retag(one, add=["x"]),
            lambda one: box.change(one, size=1),
        ):
            for one in (NOBODY, gone, "x"):
                with pytest.raises(AssetNotFoundError, match=rf"^There is no asset {one}\.$") as caught:
                    change(one)
                assert isinstance(caught.value, SandboxError)
        assert 2 == box.sequence


@pytest.mark.parametrize(
    ("given_as", "expected"),
    [
        (datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1))), "2025-12-31T23:00:00.000000Z"),
        (datetime(2026, 1, 1, 0, 0, 0, 5, tzinfo=UTC), "2026-01-01T00:00:00.000005Z"),
        ("2026-01-01T00:00:00.5+00:00", "2026-01-01T00:00:00.500000Z"),
    ],
)
def test_times_may_be_datetimes_or_texts(given_as: Any, expected: str) -> None:
    """In any zone; they are kept in UTC."""
    with Sandbox.seeded(0) as box:
        assert expected == getattr(box.add(created_at=given_as).after, "created_at", None)


def test_sql_sees_the_history() -> None:
    """With the assets as JSON."""
    with Sandbox.seeded(0) as box:
        box.rename(box.add(name="a").id, "b")
        rows = box.sql("SELECT kind, before, after FROM changes ORDER BY sequence")
        names = [(kind, *(json.loads(str(side))["name"] if side else None for side in sides)) for kind, *sides in rows]
        assert [("add", None, "a"), ("rename", "a", "b")] == names


# A history is drawn, and what the sandbox says of the past is compared with what was noted as it happened.

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "delete", "rename", "retag", "untag", "access"]),
        st.integers(0, 9),
        st.sampled_from(["a", "b", "ab"]),
    ),
    max_size=12,
)


def step(box: Sandbox, kind: str, which: int, text: str) -> None:
    """One change of one of the assets there are."""
    ids = sorted(one.id for one in box.assets())
    if kind == "add" or not ids:
        box.add(name=text, tags=[text])
        return
    one = ids[which % len(ids)]
    if kind == "delete":
        box.delete(one)
    elif kind == "rename":
        box.rename(one, text)
    elif kind == "access":
        box.change(one, last_access_time=f"2026-08-0{which or 1}")
    else:
        box.retag(one, **{"add" if kind == "retag" else "remove": [text]})


@settings(max_examples=60)
@given(
    steps=STEPS,
    since=st.integers(0, 12),
    until=st.integers(0, 12),
    query=st.fixed_dictionaries(
        {"sort": st.sampled_from(["name", "created_at", "updated_at", "last_access_time"])},
        optional={"include_tags": st.sampled_from(["a", "b"]), "name_contains": st.just("a")},
    ),
)
def test_the_past_can_be_asked_about(
    steps: list[tuple[str, int, str]], since: int, until: int, query: dict[str, str]
) -> None:
    """What there was, what matched, and what matched throughout with an unchanged sort key, at any two changes."""
    with_sequence: list[tuple[list[AssetRow], list[str]]] = []
    box = Sandbox.seeded(3)
    for taken in [None, *steps]:
        if taken is not None:
            step(box, *taken)
        with_sequence.append((box.assets(), box.matching(**query)))
    since, until = min(since, len(steps)), min(until, len(steps))
    since, until = min(since, until), max(since, until)
    for sequence, noted in enumerate(with_sequence):
        assert noted == (box.assets(sequence), box.matching(sequence, **query))
    keys = [
        {one.id: getattr(one, query["sort"]) for one in assets if one.id in matching}
        for assets, matching in with_sequence[since : until + 1]
    ]
    expected = [one for one in with_sequence[since][1] if all(one in key and key[one] == keys[0][one] for key in keys)]
    assert expected == box.kept(since, until, **query)
    box.close()
