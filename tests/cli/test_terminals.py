"""What a terminal is shown: a stream in memory that says it is one."""

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from comfy_cloud.sandbox import Sandbox
from tests.cli.programs import KEY, outcome

BOTH = (True, True)


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "PY_COLORS", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
def test_a_table_fits_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is wider, wide characters counted as two; columns of less weight are left out."""
    monkeypatch.setenv("COLUMNS", str(width))
    found = outcome("assets", "list", terminals=BOTH)
    lines = found.out.splitlines()
    assert (51, True) == (len(lines), width >= max(map(cell_len, lines)))
    assert ("tags" in lines[0], lines[0].endswith("id")) == (width >= 80, width >= 120)
    assert "The first 50 are shown, of at most 700; --limit says how many.\n" == found.err


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(("flags", "expected"), [(("--limit", "60"), 61), (("--ndjson",), 700)])
def test_only_a_table_without_a_limit_is_cut_to_a_screenful(flags: tuple[str, ...], expected: int) -> None:
    """What programs read is all there is, wherever it is read."""
    found = outcome("assets", "list", *flags, terminals=BOTH)
    assert (expected, "") == (len(found.out.splitlines()), found.err)


@pytest.mark.usefixtures("there")
def test_no_color_means_no_escape_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the headings stand out; a dumb terminal gets none either."""

    def seen(**variables: str) -> str:
        with monkeypatch.context() as patch:
            patch.delenv("NO_COLOR")
            for name, value in variables.items():
                patch.setenv(name, value)
            return outcome("assets", "list", "--limit", "3", terminals=BOTH).out

    styled, plain, dumb = seen(TERM="xterm"), seen(NO_COLOR="1", TERM="xterm"), seen(TERM="dumb")
    assert [True, False, False] == ["\x1b[" in text for text in (styled, plain, dumb)]
    assert plain == dumb == styled.replace("\x1b[1m", "").replace("\x1b[0m", "")


@pytest.mark.usefixtures("there")
def test_a_bar_is_shown_where_it_spoils_nothing() -> None:
    """On standard error if that is a terminal; not beside output on the same screen."""
    slow = ("assets", "count", "--min-size", "1kB")
    found = [outcome(*slow, terminals=BOTH), outcome(*slow), outcome("assets", "list", terminals=BOTH)]
    assert [True, False, False] == ["Counting" in each.err or "Listing" in each.err for each in found]
    assert found[0].out == found[1].out


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_output_stays_on_standard_output_beside_a_bar(form: str) -> None:
    """All of it, where it goes into a file or a pipe while standard error is a terminal."""
    piped, shown = outcome("assets", "list", form), outcome("assets", "list", form, terminals=(False, True))
    assert (piped.out, True) == (shown.out, "Listing" in shown.err)


def test_names_cannot_command_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In each format: no escape, no C1 form, no direction mark reaches it."""
    evil = "\x1b[2J\x1b]0;title\x07\x9b31m\u202egnp.exe"
    library = tmp_path / "evil.json"
    library.write_text(json.dumps([{"name": evil, "tags": [evil]}]), encoding="utf-8")
    monkeypatch.setenv("COMFY_CLOUD_API_KEY", KEY)
    monkeypatch.setenv("COLUMNS", "300")
    with Sandbox.load(library, key=KEY) as box:
        monkeypatch.setenv("COMFY_CLOUD_BASE_URL", box.url)
        forms = ((), ("--json",), ("--ndjson",), ("--csv",))
        seen = [outcome("assets", "list", *form, terminals=BOTH).out for form in forms]
        seen += [outcome("tags", "list", *form, terminals=BOTH).out for form in forms]
        (asset,) = json.loads(seen[1])
        seen.append(outcome("assets", "show", asset["id"], terminals=BOTH).out)
    assert [(set[str](), True)] * 9 == [(set(text) & set("\x1b\x07\x9b\u202e"), "gnp.exe" in text) for text in seen]


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("comfy-cloud assets l", ["list"]),
        ("comfy-cloud assets list --sort c", ["created_at"]),
        ("comfy-cloud assets list --tag port", ["portrait"]),
        ("comfy-cloud assets list --base-url http://127.0.0.1:9 --tag port", []),
        ("comfy-cloud tags list --order n", ["name_asc"]),
    ],
)
def test_shells_complete_commands_and_values(words: str, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags are the server's; where it cannot be asked, nothing is offered and nothing is said."""
    monkeypatch.setenv("_COMFY_CLOUD_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    found = outcome()
    assert (0, expected, "") == (found.code, found.out.split(), found.err)


def test_the_sandbox_speaks_as_itself() -> None:
    """Under the command's name in its help; what it refuses is one sentence."""
    assert outcome("sandbox", "--help").out.startswith("usage: comfy-cloud sandbox ")
    assert (2, "", "Argument --port: must be 0 to 65535, not 65536.\n") == outcome("sandbox", "--port", "65536")


def test_conformance_is_the_command_of_the_vectors() -> None:
    """With its flags and its exit codes."""
    assert outcome("conformance", "--help").out.startswith("usage: comfy-cloud conformance ")
    assert [outcome("conformance", "--case", case).code for case in ("requests/two-tags", "requests/none")] == [0, 2]
