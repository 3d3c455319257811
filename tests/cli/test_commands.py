"""The commands against a sandbox, in this process."""

import csv
import datetime as dt
import io
import json
import re
import shlex
import socket
from pathlib import Path

import pytest

from comfy_cloud import ComfyCloud, size, tag
from comfy_cloud.cli.cells import columns
from comfy_cloud.sandbox import Sandbox
from comfy_cloud.sandbox.faults import missing
from tests.cli.programs import KEY, outcome


@pytest.mark.usefixtures("there")
def test_list_is_the_same_listing_in_each_format(comfy: ComfyCloud) -> None:
    """All of it, in the same order, over more than one page."""
    expected = [str(asset.id) for asset in comfy.assets]
    document = json.loads(outcome("assets", "list", "--json").out)
    lines = [json.loads(line) for line in outcome("assets", "list", "--ndjson").out.splitlines()]
    heading, *rows = csv.reader(io.StringIO(outcome("assets", "list", "--csv").out, newline=""))
    table = outcome("assets", "list").out.splitlines()
    assert [700] * 4 == [len(expected), len(document), len(rows), len(table) - 1]
    assert expected == [row["id"] for row in document] == [row["id"] for row in lines] == [row[0] for row in rows]
    assert columns() == tuple(heading)
    assert expected == [line.rpartition(" ")[2] for line in table[1:]]


@pytest.mark.usefixtures("there")
def test_json_is_what_to_dicts_gives(comfy: ComfyCloud) -> None:
    """The same keys and values, with times as ISO 8601 texts."""
    expected = comfy.assets.limit(3).to_dicts()
    found = json.loads(outcome("assets", "list", "--limit", "3", "--json").out)
    times = ("created_at", "updated_at", "last_access_time")
    assert [{**row, **{name: row[name] and row[name].timestamp() for name in times}} for row in expected] == [
        {**row, **{name: row[name] and _timestamp(row[name]) for name in times}} for row in found
    ]


def _timestamp(text: str) -> float:
    assert text.endswith("Z")
    return dt.datetime.fromisoformat(text).timestamp()


@pytest.mark.usefixtures("there")
def test_nothing_is_a_valid_answer_in_each_format() -> None:
    """An empty document, no line, headings alone; a person is told in words, on standard error."""
    nothing = ("assets", "list", "--tag", "nothing has this tag")
    found = [outcome(*nothing, flag) for flag in ("--json", "--ndjson", "--csv")]
    assert ["[]\n", "", ",".join(columns()) + "\r\n"] == [each.out for each in found]
    assert (0, "", "No assets match.\n") == outcome(*nothing)


@pytest.mark.usefixtures("there")
def test_filters_count_what_the_python_counts(comfy: ComfyCloud) -> None:
    """By the server and here."""
    expected = comfy.assets.where(tag("output"), ~tag("draft")).filter(size > 5_000_000).count()
    flags = ("--tag", "output", "--not-tag", "draft", "--min-size", "5000001")
    assert (0, f"{expected}\n", "") == outcome("assets", "count", *flags)
    assert {"count": expected} == json.loads(outcome("assets", "count", "--json", *flags).out)
    assert 0 < expected == len(outcome("assets", "list", "--ndjson", *flags).out.splitlines())


@pytest.mark.usefixtures("there")
def test_a_sort_order_may_begin_with_a_minus_sign(comfy: ComfyCloud) -> None:
    """Behind a blank as behind an equals sign."""
    expected = [asset.size for asset in comfy.assets.order_by(size.desc()).limit(5)]
    for flags in (("--sort", "-size"), ("--sort=-size",)):
        found = outcome("assets", "list", *flags, "--limit", "5", "--ndjson").out.splitlines()
        assert expected == [json.loads(line)["size"] for line in found]


def test_a_plan_is_explained_without_a_server_or_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python's explain() has it."""
    monkeypatch.delenv("COMFY_CLOUD_API_KEY", raising=False)
    monkeypatch.setenv("COMFY_CLOUD_BASE_URL", "https://nobody.invalid")
    found = outcome("assets", "list", "--tag", "a", "--max-size", "1kB", "--sort", "size", "--explain")
    assert (0, "") == (found.code, found.err)
    assert ["tag('a')", "size <= 1000, and ends early once nothing further can match"] == [
        line.split(":", 1)[1].strip() for line in found.out.splitlines() if line.startswith(("server", "here"))
    ]


@pytest.mark.usefixtures("there")
def test_show_finds_an_asset_by_its_id(comfy: ComfyCloud) -> None:
    """All that is known, for people or as `to_dicts` gives it."""
    asset = list(comfy.assets.where(tag("output")))[-1]
    card = outcome("assets", "show", str(asset.id), "--tag", "output").out
    assert {"id": str(asset.id), "size": f"{asset.human_size} ({asset.size:,} bytes)"} == {
        name: value.strip()
        for name, value in (line.split(maxsplit=1) for line in card.splitlines())
        if name in {"id", "size"}
    }
    found = json.loads(outcome("assets", "show", str(asset.id), "--json").out)
    assert [asset.name, asset.tags] == [found["name"], found["tags"]]


NOBODY = "00000000-0000-4000-8000-000000000000"
REFUSED = (
    (
        ("assets", "show", NOBODY),
        4,
        f"No asset that is listed has the id {NOBODY}; check the id, the key and the filters.",
    ),
    (("assets", "show", "5"), 2, "An id is a UUID such as "),
    (("assets", "list", "--json", "--csv"), 2, "--json and --csv are formats; choose one."),
    (("assets", "list", "--tag", "a,b"), 2, "The API cannot ask for tag('a,b')"),
    (("assets", "count", "--min-size", "5XB"), 2, "size takes a whole number of bytes"),
    (("assets", "list", "--limit", "-1"), 2, "limit takes a whole number of at least 0, not -1."),
    (
        ("assets", "list", "--limit", "many"),
        2,
        "Invalid value for '--limit': ",
    ),
    (("assets", "list", "--colour"), 2, "No such option: --colour"),
    (("assets", "lost"), 2, "No such command 'lost'"),
    (("assets", "show"), 2, "Missing argument 'ID'; --help says more."),
    (("tags", "list", "--prefix", " "), 2, "prefix is ' '"),
    (("assets", "export", "a.txt"), 2, "'a.txt' ends in neither .csv nor .ndjson"),
    (("assets", "count", "--api-key-file", "no/such/file"), 2, "The file of the key cannot be read: "),
    (("assets", "count", "--base-url", "elsewhere"), 2, "The base URL 'elsewhere' lacks http:// or https://"),
)
"""Arguments, the exit code, and how the sentence begins."""


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(("arguments", "code", "said"), REFUSED)
def test_what_cannot_be_done_is_a_code_and_one_sentence(arguments: tuple[str, ...], code: int, said: str) -> None:
    """On standard error; nothing is on standard output."""
    found = outcome(*arguments)
    assert (code, "", 1, True) == (found.code, found.out, found.err.count("\n"), found.err.startswith(said)), found.err


@pytest.mark.parametrize(
    ("answer", "code"), [("401", 3), ("403", 3), ("404", 4), ("400", 2), ("500", 5), ("429", 5), ("302", 6), ("409", 1)]
)
def test_what_a_server_answers_says_the_code(answer: str, code: int) -> None:
    """One attempt, so that nothing is waited for; the key is not repeated."""
    with Sandbox.seeded(3, key=KEY, faults=answer) as broken, pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMFY_CLOUD_API_KEY", KEY)
        found = outcome("assets", "list", "--base-url", broken.url, "--attempts", "1")
    assert (code, "", 1, False) == (found.code, found.out, found.err.count("\n"), KEY in found.err)


@pytest.mark.usefixtures("there")
def test_a_server_that_is_not_there_is_5() -> None:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    found = outcome("assets", "count", "--base-url", url, "--attempts", "1")
    assert (5, "", True) == (found.code, found.out, "cannot be reached" in found.err)


@pytest.mark.usefixtures("there")
def test_a_server_that_ignores_filters_is_6_and_nothing_is_listed() -> None:
    """What it answers with is not handed on; --here gets the right answer from the same server."""
    with Sandbox.seeded(30, key=KEY, faults="ignore=include_tags") as liar:
        flags = ("assets", "list", "--base-url", liar.url, "--tag", "output", "--ndjson")
        refused, mended = outcome(*flags), outcome(*flags, "--here")
    assert (6, "", True) == (refused.code, refused.out, "use --here" in refused.err)
    assert {True} == {"output" in json.loads(line)["tags"] for line in mended.out.splitlines()}


@pytest.mark.usefixtures("there")
def test_a_key_can_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a line end, as editors leave it; an empty file is told as that."""
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", "wrong")
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n", encoding="utf-8")
    assert (0, "700\n", "") == outcome("assets", "count", "--api-key-file", str(file))
    file.write_text("\n", encoding="utf-8")
    found = outcome("assets", "count", "--api-key-file", str(file))
    assert (2, True) == (found.code, found.err.endswith("holds no key; write the key into it, and nothing else.\n"))


@pytest.mark.usefixtures("there")
def test_tags_are_listed_with_their_counts(comfy: ComfyCloud) -> None:
    """In each format, most used first if asked."""
    expected = [(info.name, info.count) for info in comfy.tags.list(order="count_desc", limit=5)]
    flags = ("tags", "list", "--order", "count_desc", "--limit", "5")
    table = [line.split() for line in outcome(*flags).out.splitlines()]
    assert [["tag", "assets"], *([name, f"{count:,}"] for name, count in expected)] == table
    found = json.loads(outcome(*flags, "--json").out)
    assert expected == [(row["name"], row["count"]) for row in found]


def test_the_version_is_told_in_each_way() -> None:
    """As a command and as a flag."""
    said = outcome("version")
    assert said == outcome("--version")
    assert re.fullmatch(r"comfy-cloud \S+ \(API \S+, Python \S+\)\n", said.out)
    assert {"comfy-cloud", "api", "python"} == set(json.loads(outcome("version", "--json").out))


LEVELS = ((), ("assets",), ("assets", "list"), ("assets", "count"), ("assets", "show"), ("assets", "export"),
          ("assets", "gallery"), ("tags",), ("tags", "list"), ("doctor",), ("version",))  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
def test_there_is_help_at_each_level(level: tuple[str, ...]) -> None:
    """By either flag; groups show it without one as well."""
    found = outcome(*level, "--help")
    assert (0, True, "") == (found.code, "Usage: " in found.out, found.err)
    assert found == outcome(*level, "-h")


def test_commands_that_query_assets_take_the_same_filters() -> None:
    """And those that list them, the same order and bounds."""
    helps = {name: outcome("assets", name, "--help").out for name in ("list", "count", "show", "export", "gallery")}
    filters = ("--tag", "--not-tag", "--name-contains", "--meta", "--min-size", "--since", "--mime-type", "--here")
    assert [True] * len(helps) == [all(flag in said for flag in filters) for said in helps.values()]
    assert ["list", "export", "gallery"] == [name for name, said in helps.items() if "--sort" in said]


@pytest.mark.usefixtures("there")
def test_a_listing_that_is_not_exact_says_so() -> None:
    """In a sentence, where Python warns, and goes on; the same of what cannot be read."""
    with Sandbox.seeded(1200, key=KEY) as odd:
        odd.faults.add(missing("id").on(offset=499))  # a whole page, the longest there is
        found = outcome("assets", "list", "--base-url", odd.url, "--ndjson")
    assert (0, 500 + 202) == (found.code, len(found.out.splitlines()))
    assert found.err.splitlines()[-1].startswith("Warning: This listing may have missed or repeated items: ")


@pytest.mark.parametrize("group", [(), ("assets",), ("tags",)])
def test_a_group_without_a_command_shows_its_help(group: tuple[str, ...]) -> None:
    """Nobody is told that something is missing."""
    assert outcome(*group, "--help").out.strip() == outcome(*group).out.strip()


@pytest.mark.usefixtures("there")
def test_the_help_has_examples_that_run() -> None:
    """Each command line beneath `--help`, whole within 80 columns, is taken, up to where a shell would go on."""
    for level in (("assets", "list"), ("assets", "count"), ("tags", "list")):
        said = [line.strip() for line in outcome(*level, "--help").out.splitlines()]
        examples = [line for line in said if line.startswith("comfy-cloud ") and "--help" not in line]
        assert examples
        for example in examples:
            arguments = shlex.split(re.split(r" [|>] ", example)[0])[1:]
            assert 0 == outcome(*arguments).code, example


def test_the_doctor_finds_nothing_wrong_with_a_good_server(there: Sandbox) -> None:
    """Key, way, clock, dialect, filters and drift; the key is not shown."""
    found = outcome("doctor")
    assert (0, "", {"ok"}) == (found.code, found.err, {line.split()[0] for line in found.out.splitlines()})
    assert ["server", "key", "answer", "clock", "dialect", "filters", "drift"] == [
        line.split()[1] for line in found.out.splitlines()
    ]
    assert (True, False) == (there.url in found.out, KEY in found.out)
    report = json.loads(outcome("doctor", "--json").out)
    assert ("ok", 0, 7) == (report["status"], report["exit_code"], len(report["checks"]))


def test_the_doctor_knows_a_comfyui(monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs no key, and sends what the document does not have, which is a warning and no failure."""
    monkeypatch.delenv("COMFY_CLOUD_API_KEY", raising=False)
    with Sandbox.seeded(5, dialect="comfyui") as box:
        report = json.loads(outcome("doctor", "--base-url", box.url, "--json").out)
    statuses = {check["name"]: check["status"] for check in report["checks"]}
    assert ("warn", 0, "ok", "warn") == (report["status"], report["exit_code"], statuses["key"], statuses["drift"])
    assert ["ComfyUI: nested errors, times without a zone, cursors"] == [
        check["found"] for check in report["checks"] if check["name"] == "dialect"
    ]


@pytest.mark.parametrize(
    ("faults", "key", "failed", "code"),
    [
        ("", "wrong-key-0123456789", "access", 3),
        ("503", KEY, "answer", 5),
        ("404", KEY, "answer", 4),
        ("ignore=name_contains", KEY, "filters", 6),
        ("ignore=metadata_filter", KEY, "filters", 6),
    ],
)
def test_the_doctor_says_what_is_wrong(
    faults: str, key: str, failed: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One check fails, with what to do, and the exit code is that of its error."""
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", key)
    with Sandbox.seeded(5, key=KEY, faults=faults) as box:
        found = outcome("doctor", "--base-url", box.url)
    assert (code, [failed]) == (found.code, [line.split()[1] for line in found.out.splitlines() if line[:4] == "fail"])
    assert key not in found.out + found.err


def test_the_doctor_says_how_to_give_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of Comfy Cloud without one."""
    monkeypatch.delenv("COMFY_CLOUD_API_KEY", raising=False)
    monkeypatch.delenv("COMFY_CLOUD_BASE_URL", raising=False)
    found = outcome("doctor")
    assert (2, True) == (found.code, "set COMFY_CLOUD_API_KEY or use --api-key-file" in found.out)


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("url", ["elsewhere", "http://[", "http://me:secret@127.0.0.1:1/?token=secret"])
def test_the_doctor_says_that_a_url_is_none(url: str) -> None:
    """Also one that is not even a wrong one; what may be a secret in it is not shown."""
    found = outcome("doctor", "--base-url", url)
    assert (2, "fail  settings", False) == (found.code, found.out.splitlines()[-1][:14], "secret" in found.out)


@pytest.mark.usefixtures("there")
def test_the_doctor_shows_no_password_of_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies are named, as they explain much."""
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example:3128")
    found = outcome("doctor")
    assert (True, False) == ("HTTPS_PROXY=http://proxy.example:3128" in found.out, "secret" in found.out)
