"""Libraries of your own, from files and folders."""

import csv
import io
import json
import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfy_cloud.sandbox import LoadError, Sandbox
from comfy_cloud.sandbox._library.load import load
from comfy_cloud.sandbox._library.model import AssetRow

ID = "0e0f2a52-7f3f-4c52-8d3f-6a6d3b0c6f01"
HASH = "blake3:" + "0" * 64

Record = Mapping[str, Any]

words = st.text(st.characters(exclude_categories=["Cs"]))
json_values = st.recursive(st.none() | st.booleans() | st.integers() | words, lambda inner: st.lists(inner, max_size=3))
records = st.lists(
    st.fixed_dictionaries(
        {"name": words},
        optional={
            "size": st.integers(0, 2**63 - 1),
            "tags": st.lists(words.filter(str.strip), max_size=4),
            "user_metadata": st.dictionaries(words, json_values, max_size=3),
            "created_at": st.datetimes().map(lambda when: f"{when.isoformat()}Z"),
            "public": st.booleans(),
            "mime_type": words.filter(bool),
        },
    ),
    max_size=5,
)


def saved(folder: Path, name: str, text: str) -> Path:
    """A file with this text."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


def row(folder: Path, record: Record) -> AssetRow:
    """What one record is loaded as."""
    (asset,) = load(saved(folder, "one.json", json.dumps([record]))).assets
    return asset


def as_csv(entries: list[dict[str, Any]]) -> str:
    """Records as a spreadsheet would save them, with JSON in the cells of lists and objects."""
    columns = ["name", *sorted({name for entry in entries for name in entry} - {"name"})]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for entry in entries:
        writer.writerow(
            value if isinstance(value, str) else "" if value is None else json.dumps(value)
            for value in map(entry.get, columns)
        )
    return out.getvalue()


@settings(max_examples=60)
@given(records)
def test_json_lines_and_csv_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, entries: list[dict[str, Any]]
) -> None:
    """The form of a file makes no difference to what is loaded from it."""
    folder = tmp_path_factory.mktemp("forms")
    as_list = load(saved(folder, "a.json", json.dumps(entries)))
    as_answer = load(saved(folder, "b.json", json.dumps({"assets": entries, "total": 0, "has_more": False})))
    as_lines = load(saved(folder, "c.ndjson", "\n\n".join(map(json.dumps, entries))))
    assert as_list == as_answer == as_lines == load(saved(folder, "d.CSV", as_csv(entries)))
    assert [entry["name"] for entry in entries] == [asset.name for asset in as_list.assets]


def test_a_name_is_enough(tmp_path: Path) -> None:
    """The rest has values that are the same each time, and differ where they have to."""
    path = saved(tmp_path, "names.json", '[{"name": "a"}, {"name": "a", "id": null}]')
    first, second = load(path).assets
    expected = ("a", 0, "2026-01-01T00:00:00.000000Z", (), None, "account", False)
    found = (
        *(first.name, first.size, first.created_at, first.tags),
        *(first.user_metadata, first.owner, first.is_immutable),
    )
    assert expected == found
    assert first.id != second.id
    assert (first, second) == load(path).assets


def test_everything_the_spec_has_is_kept(tmp_path: Path) -> None:
    """Times in UTC, tags normalised; what ComfyUI calls otherwise is understood, what nobody knows is ignored."""
    found = row(
        tmp_path,
        {
            "id": ID.upper(),
            "name": "n.png",
            "size": 5,
            "tags": ["B ", "a", "b"],
            "hash": HASH,
            "created_at": "2026-01-01T00:00:00.123456789+02:00",
            "updated_at": "2026-02-01T00:00:00",
            "user_metadata": {"n": [1, None]},
            "metadata": {"width": 4},
            "job_id": ID,
            "preview_id": None,
            "preview_url": "https://cloud.example/api/view?filename=a%20b.png&type=output",
            "new": 1,
            "is_immutable": True,
            "mime_type": "image/png",
            "display_name": "N",
        },
    )
    expected = AssetRow(
        id=ID,
        name="n.png",
        size=5,
        created_at="2025-12-31T22:00:00.123456Z",
        updated_at="2026-02-01T00:00:00.000000Z",
        last_access_time="2026-02-01T00:00:00.000000Z",
        asset_hash=HASH,
        mime_type="image/png",
        tags=("a", "b"),
        user_metadata={"n": [1, None]},
        preview_path="/api/view?filename=a%20b.png&type=output",
        prompt_id=ID,
        is_immutable=True,
        metadata={"width": 4},
        display_name="N",
    )
    assert expected == found


def test_a_null_size_is_a_file_that_is_not_on_disk(tmp_path: Path) -> None:
    """As servers answer; one that is not said is nothing but empty."""
    assert (None, 0) == (row(tmp_path, {"name": "", "size": None}).size, row(tmp_path, {"name": ""}).size)


def test_a_preview_on_another_server_s_storage_is_left_out(tmp_path: Path) -> None:
    """The sandbox could not serve it."""
    assert row(tmp_path, {"name": "", "preview_url": "https://storage.example/x.png"}).preview_path is None


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({}, "name: an asset needs one."),
        ({"name": 5}, "name: it is text, not 5."),
        ({"name": "\ud800"}, "name: it is text, not '\\ud800'."),
        ({"name": "", "size": -1}, f"size: it is a number of bytes from 0 to {2**63 - 1}, or None, not -1."),
        ({"name": "", "id": "7"}, "id: '7' is not a UUID."),
        ({"name": "", "created_at": "now"}, "created_at: 'now' is not a time, such as 2026-07-01T12:00:00Z."),
        ({"name": "", "tags": "a"}, "tags: they are a list of texts, not 'a'."),
        ({"name": "", "hash": "x"}, "asset_hash: it is blake3: and 64 hexadecimal digits in lower case."),
        ({"name": "", "user_metadata": []}, "user_metadata: it is an object of what JSON can hold, not []."),
        ({"name": "", "public": 1}, "public: it is true or false, not 1."),
    ],
)
def test_a_bad_field_is_one_sentence(tmp_path: Path, record: Record, complaint: str) -> None:
    """It names the file, which entry, the field and what is wrong with it."""
    with pytest.raises(LoadError) as caught:
        row(tmp_path, record)
    assert f"{tmp_path / 'one.json'}, entry 1: {complaint}" == str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("a.json", "[", ": not JSON at line 1, column 2."),
        ("a.json", "[NaN]", ": not JSON that can be read: NaN is no JSON number."),
        ("a.json", "5", ": it must be a list of assets, or an object with such a list as its assets."),
        ("a.json", '{"assets": {}}', ": it must be a list of assets, or an object with such a list as its assets."),
        ("a.json", '[{"name": ""}, 5]', ": entry 2: an asset must be a JSON object."),
        (
            "a.json",
            f'[{{"name": "", "id": "{ID}"}}, {{"name": "", "id": "{ID}"}}]',
            f", entry 2: id {ID} is that of entry 1 too.",
        ),
        ("a.ndjson", '{"name": ""}\n\n{"name"}', ": line 3: not JSON at column 8."),
        (
            *("a.jsonl", '{"name": ""}\n{"name": "", "size": "5"}'),
            f", line 2: size: it is a number of bytes from 0 to {2**63 - 1}, or None, not '5'.",
        ),
        ("a.csv", "", ": line 1: the header has no column name."),
        ("a.csv", "name,name\n", ": line 1: a column is there twice."),
        ("a.csv", "name,tags\na\n", ": line 2: 1 cells, where the header has 2."),
        (
            *("a.csv", 'name,size\n"a\nb",1\nc,1.5\n'),
            f", line 4: size: it is a number of bytes from 0 to {2**63 - 1}, or None, not '1.5'.",
        ),
        ("a.csv", 'name,user_metadata\na,"{"\n', ": line 2: user_metadata: not JSON at column 2."),
        ("a.csv", 'name\n"a" b\n', ": line 2: ',' expected after '\"'."),
        (
            "a.txt",
            "",
            ": give a folder, or a file that ends in .json, .ndjson, .jsonl, .csv.",
        ),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    """It says where in the file, counted from 1 as editors do."""
    path = saved(tmp_path, name, text)
    with pytest.raises(LoadError) as caught:
        load(path)
    assert str(caught.value) in {f"{path}{complaint}", f"Cannot load {path}{complaint}"}


def test_an_unknown_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    """A spreadsheet is made by hand, and a column that means nothing is a slip."""
    path = saved(tmp_path, "a.csv", "name,tag\na,b\n")
    with pytest.raises(LoadError, match=r"line 1: no asset has a field 'tag'; there are id, name, size, .*tags"):
        load(path)


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    """A file that is not there, one that is not text, a folder without files."""
    missing, binary = tmp_path / "no.json", tmp_path / "b.json"
    binary.write_bytes(b"ab\xff")
    (tmp_path / "empty" / "folder").mkdir(parents=True)
    for path, complaint in [
        (missing, f"Cannot read {missing}: No such file or directory."),
        (binary, f"{binary}: byte 3 is not UTF-8 text."),
        (tmp_path / "empty", f"{tmp_path / 'empty'}: there are no files in this folder."),
    ]:
        with pytest.raises(LoadError) as caught:
            load(path)
        assert complaint == str(caught.value)


@pytest.fixture
def comfy_folder(tmp_path: Path) -> Path:
    """Files where ComfyUI keeps them, one of them hidden."""
    for name in ("models/loras/SDXL/a.safetensors", "output/Cats/b c.png", "input/d.jpg", "e.weird", ".git/config"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")
        os.utime(path, ns=(0, 1_767_225_600_123_456_789))
    return tmp_path


def test_a_folder_is_seen_as_comfyui_sees_it(comfy_folder: Path) -> None:
    """Names, sizes, times, tags from folders, MIME types by ending; pictures are their own previews."""
    loaded = load(comfy_folder)
    expected = [
        ("e.weird", (), None, "e.weird", None),
        ("d.jpg", ("input",), "image/jpeg", "d.jpg", "/api/view?type=input&filename=d.jpg"),
        ("a.safetensors", ("loras", "models", "sdxl"), "application/safetensors", "SDXL/a.safetensors", None),
        (
            *("b c.png", ("cats", "output"), "image/png", "Cats/b c.png"),
            "/api/view?type=output&filename=b%20c.png&subfolder=Cats",
        ),
    ]
    found = [(a.name, a.tags, a.mime_type, (a.user_metadata or {})["filename"], a.preview_path) for a in loaded.assets]
    assert expected == found
    assert {(5, "2026-01-01T00:00:00.123456Z")} == {(asset.size, asset.created_at) for asset in loaded.assets}
    pictures = {path: file.relative_to(comfy_folder).as_posix() for path, file in loaded.previews.items()}
    assert {expected[1][4]: "input/d.jpg", expected[3][4]: "output/Cats/b c.png"} == pictures


def test_a_folder_is_the_same_each_time(comfy_folder: Path) -> None:
    """Ids are made of the paths, and all differ."""
    assets = load(comfy_folder).assets
    assert assets == load(str(comfy_folder)).assets
    assert 4 == len({asset.id for asset in assets})


@pytest.mark.parametrize("dialect", ["cloud", "comfyui"])
def test_what_a_server_answered_is_served_again(tmp_path: Path, dialect: str) -> None:
    """A library that was listed and loaded is listed as it was, in either dialect."""

    def listed(box: Sandbox) -> bytes:
        with closing(box), httpx.Client(transport=box.transport(), base_url="http://localhost") as client:
            query = {"limit": "500", "include_public": "false"}
            return client.get("/api/assets", params=query, headers={"X-API-Key": box.key}).content

    # What is public is not said in an answer, so it is left out.
    original = Sandbox.seeded(300, dialect=dialect)
    for (identity,) in original.sql("SELECT id FROM assets WHERE owner = 'public'"):
        original.delete(str(identity))
    first = listed(original)
    path = tmp_path / "answer.json"
    path.write_bytes(first)
    assert first == listed(Sandbox.load(path, dialect=dialect))
