"""The commands, as typer knows them."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from typer.core import TyperGroup

from comfy_cloud._tag_query import TagOrder
from comfy_cloud.cli import assets, exits
from comfy_cloud.cli.examples import examples
from comfy_cloud.cli.flags import Connection, JsonFlag, Output
from comfy_cloud.cli.groups import spread


class _InOrder(TyperGroup):
    """Shows its commands in this order, where typer would put groups of commands last."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - of a class that typer keeps to itself
        """The names of its commands."""
        return sorted(super().list_commands(ctx), key=_ORDER.index)


_ORDER: Final = ("assets", "tags", "doctor", "sandbox", "conformance", "version")
app = typer.Typer(
    name="comfy-cloud",
    cls=_InOrder,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=escape(
        "Examples:\n"
        "  comfy-cloud doctor\n"
        "  comfy-cloud assets list --tag output --not-tag final --name-contains cat\n"
        "  comfy-cloud assets count --tag output --since 7d\n"
        "  comfy-cloud assets export nightly.csv\n"
        "  comfy-cloud sandbox --assets 2000\n"
        "\nEnvironment: COMFY_CLOUD_API_KEY, COMFY_CLOUD_BASE_URL, COMFY_CLOUD_LOG (debug, info), NO_COLOR\n"
        f"\nExit codes:\n{exits.told()}"
    ),
)
tags_app = typer.Typer(rich_markup_mode="rich")
app.add_typer(assets.app, name="assets")
app.add_typer(tags_app, name="tags")


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context, *, version: Annotated[bool, typer.Option("--version", help="Say the version.")] = False
) -> None:
    """Find, filter, count and list the assets of a Comfy Cloud account, or of a ComfyUI server."""
    if version:
        say_version()
        raise typer.Exit
    assets.help_without_command(context)


@tags_app.callback(invoke_without_command=True)
def tags(context: typer.Context) -> None:
    """The tags of an account's assets."""
    assets.help_without_command(context)


@tags_app.command(
    "list", epilog=examples("comfy-cloud tags list --prefix models", "comfy-cloud tags list --order count_desc")
)
@spread
def list_tags(  # noqa: PLR0913 - flags
    *,
    prefix: Annotated[str | None, typer.Option(metavar="TEXT", help="Only tags that begin with this.")] = None,
    order: Annotated[TagOrder, typer.Option(help="By name, or most used first.")] = "name_asc",
    zero: Annotated[bool, typer.Option("--zero/--no-zero", help="Also tags that no asset has.")] = False,
    public: Annotated[
        bool, typer.Option("--public/--no-public", help="Also count assets shared by others; ComfyUI ignores this.")
    ] = True,
    limit: Annotated[int | None, typer.Option(metavar="N", help="At most this many in all.")] = None,
    output: Output,
    connection: Connection,
) -> None:
    """List the tags, with how many assets have each."""
    from comfy_cloud.cli.asking import chosen  # noqa: PLC0415 - as in `assets`
    from comfy_cloud.cli.connecting import opened  # noqa: PLC0415
    from comfy_cloud.cli.listing import write  # noqa: PLC0415
    from comfy_cloud.cli.rows import TAGS  # noqa: PLC0415

    form = chosen(output)
    with opened(connection) as comfy:
        listed = comfy.tags.list(prefix=prefix, order=order, include_zero=zero, include_public=public, limit=limit)
        write((page.items for page in listed.pages()), form, TAGS)


@app.command(epilog=examples("comfy-cloud doctor", "comfy-cloud doctor --base-url http://127.0.0.1:8188 --json"))
@spread
def doctor(*, json: JsonFlag = False, connection: Connection) -> None:
    """Check the key, the way to the server, its clock and what it understands, and say what to do.

    Sends a handful of requests, each once. The key is never shown. Ends with 0 if nothing fails, warnings among them,
    else with the exit code of the worst failure.
    """
    from comfy_cloud.cli.doctor import examine  # noqa: PLC0415

    code = examine(connection, as_json=json)
    if code:
        raise typer.Exit(code)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    options_metavar="[OPTIONS]",
)
def sandbox(context: typer.Context) -> None:
    """Serve a local Comfy Cloud with made-up assets, until Ctrl-C; see its --help."""
    from comfy_cloud.sandbox.__main__ import main  # noqa: PLC0415 - has an extra of its own

    code = main(context.args, program="comfy-cloud sandbox")
    if code:
        raise typer.Exit(code)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    options_metavar="[OPTIONS]",
)
def conformance(context: typer.Context) -> None:
    """Check that a client in any language behaves as this one does; see its --help."""
    from comfy_cloud.conformance import main  # noqa: PLC0415 - as in `assets`

    code = main(context.args, program="comfy-cloud conformance")
    if code:
        raise typer.Exit(code)


@app.command("version")
def say_version(*, json: JsonFlag = False) -> None:
    """Say the version, and that of the API's document it was made from."""
    from comfy_cloud import __version__, spec_version  # noqa: PLC0415
    from comfy_cloud.cli.formats import json_text  # noqa: PLC0415
    from comfy_cloud.cli.terminal import emit  # noqa: PLC0415

    python = ".".join(map(str, sys.version_info[:3]))
    said = {"comfy-cloud": __version__, "api": spec_version, "python": python}
    emit([f"{json_text(said)}\n" if json else f"comfy-cloud {__version__} (API {spec_version}, Python {python})\n"])
