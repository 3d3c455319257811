"""The flags of the commands, in groups that commands take as one value each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from comfy_cloud.cli.completing import sort_orders, tag_names
from comfy_cloud.query import MAX_PAGE_SIZE, MAX_PREFETCH

_SERVER = "Filters that the server applies"
_HERE = "Filters that are applied here, so that what the server lists is moved"
_LISTING = "Listing"
_OUTPUT = "Output"
_CONNECTION = "Connection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Where the server is, and how to reach it."""

    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where the server is, else COMFY_CLOUD_BASE_URL, else Comfy Cloud.",
            rich_help_panel=_CONNECTION,
        ),
    ] = None
    api_key_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Read the API key from this file, - for standard input, else from COMFY_CLOUD_API_KEY. "
            "There is no flag for the key itself: it would stand in the shell's history and in the list of processes.",
            rich_help_panel=_CONNECTION,
        ),
    ] = None
    timeout: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="The longest wait for a read or write, 60 unless given.",
            rich_help_panel=_CONNECTION,
        ),
    ] = None
    attempts: Annotated[
        int | None,
        typer.Option(metavar="N", help="How often a call is tried, 6 unless given.", rich_help_panel=_CONNECTION),
    ] = None
    allow_http: Annotated[
        bool,
        typer.Option(
            "--allow-http",
            help="Send the key to another machine without encryption, if the URL says http.",
            rich_help_panel=_CONNECTION,
        ),
    ] = False
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            help="Log requests to standard error, as COMFY_CLOUD_LOG=debug does, and show the traceback of an error.",
            rich_help_panel=_CONNECTION,
        ),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which assets; all that are given have to hold."""

    tag: Annotated[
        list[str] | None,
        typer.Option(
            "--tag",
            metavar="TAG",
            help="Has this tag; may be repeated.",
            autocompletion=tag_names,
            rich_help_panel=_SERVER,
        ),
    ] = None
    not_tag: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TAG",
            help="Does not have this tag; may be repeated.",
            autocompletion=tag_names,
            rich_help_panel=_SERVER,
        ),
    ] = None
    name_contains: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            help="Has this text in its name, whatever the case of ASCII letters.",
            rich_help_panel=_SERVER,
        ),
    ] = None
    meta: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help="Has this in its metadata; may be repeated. The value is read as JSON, else as text: seed=42 is a "
            "number, 'seed=\"42\"' a text, 'seed=[1,2]' either of two, seed=null missing, model=flux a text.",
            rich_help_panel=_SERVER,
        ),
    ] = None
    public: Annotated[
        bool,
        typer.Option(
            "--public/--no-public", help="Also assets shared by others; ComfyUI ignores this.", rich_help_panel=_SERVER
        ),
    ] = True
    min_size: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="Of at least this size: 5MB is 5,000,000 bytes, 5MiB 5,242,880, and 500 is bytes.",
            rich_help_panel=_HERE,
        ),
    ] = None
    max_size: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Of at most this size.", rich_help_panel=_HERE)
    ] = None
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Created then or later: 7d, 12h30m (w, d, h, m, s back from now), 2026-01-31, or "
            "2026-01-31T12:00+02:00; UTC where no zone is said.",
            rich_help_panel=_HERE,
        ),
    ] = None
    until: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Created before then; a date is included to its end.",
            rich_help_panel=_HERE,
        ),
    ] = None
    updated_since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Updated then or later.", rich_help_panel=_HERE)
    ] = None
    updated_until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Updated before then.", rich_help_panel=_HERE)
    ] = None
    mime_type: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TYPE",
            help="Of this media type, such as image/png, or image/* for all images; repeated, of any of them.",
            rich_help_panel=_HERE,
        ),
    ] = None
    name_matches: Annotated[
        str | None,
        typer.Option(
            metavar="REGEX", help="Has a match of this regular expression in its name.", rich_help_panel=_HERE
        ),
    ] = None
    hash: Annotated[
        list[str] | None,
        typer.Option("--hash", metavar="HASH", help="Of this hash; repeated, of any of them.", rich_help_panel=_HERE),
    ] = None
    prompt_id: Annotated[
        list[str] | None,
        typer.Option(metavar="UUID", help="Made by this job; repeated, by any of them.", rich_help_panel=_HERE),
    ] = None
    here: Annotated[
        bool,
        typer.Option(
            "--here",
            help="Apply all filters here, as Python's filter(...) does: for a server that ignores or refuses some, and "
            "for what it cannot be asked for, such as a tag with a comma.",
            rich_help_panel=_HERE,
        ),
    ] = False
    verify: Annotated[
        bool,
        typer.Option(
            "--verify/--no-verify",
            help="Check what comes back against the tags and the name, as servers ignore filters they do not know.",
            rich_help_panel=_SERVER,
        ),
    ] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """In which order, how many, and how they are asked for."""

    sort: Annotated[
        str,
        typer.Option(
            metavar="FIELD",
            help="By created_at, updated_at, last_access_time, name or size; with a minus sign, largest or newest "
            "first. Under any but created_at, what changes meanwhile may be missed or repeated.",
            autocompletion=sort_orders,
            rich_help_panel=_LISTING,
        ),
    ] = "-created_at"
    unique: Annotated[
        bool,
        typer.Option(
            "--unique",
            help="Remember ids, so that what changes meanwhile is not repeated.",
            rich_help_panel=_LISTING,
        ),
    ] = False
    limit: Annotated[
        int | None, typer.Option(metavar="N", help="At most this many in all.", rich_help_panel=_LISTING)
    ] = None
    page_size: Annotated[
        int, typer.Option(metavar="N", help=f"How many a request, 1 to {MAX_PAGE_SIZE}.", rich_help_panel=_LISTING)
    ] = MAX_PAGE_SIZE
    prefetch: Annotated[
        int,
        typer.Option(
            metavar="N",
            help=f"Ask for so many pages at once, 1 to {MAX_PREFETCH}; helps where the network is slow.",
            rich_help_panel=_LISTING,
        ),
    ] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """In which format; a table unless one is said."""

    json: Annotated[bool, typer.Option("--json", help="One JSON document.", rich_help_panel=_OUTPUT)] = False
    ndjson: Annotated[
        bool, typer.Option("--ndjson", help="A JSON object a line, as they arrive.", rich_help_panel=_OUTPUT)
    ] = False
    csv: Annotated[
        bool,
        typer.Option(
            "--csv",
            help="CSV as in RFC 4180. Cells that a spreadsheet would compute (those that begin with = + - @, a tab or "
            "a line break) get an apostrophe in front, and those that begin with one another; JSON has them unchanged.",
            rich_help_panel=_OUTPUT,
        ),
    ] = False


JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON document.", rich_help_panel=_OUTPUT)]
"""Of commands that have no other format."""
