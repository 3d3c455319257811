"""`comfy-cloud assets`. What a command needs is imported when it runs, so that `--help` and completion are quick."""

# ruff: noqa: PLC0415 - for that reason

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from comfy_cloud.cli.examples import examples
from comfy_cloud.cli.flags import Connection, Filters, JsonFlag, Order, Output
from comfy_cloud.cli.groups import spread

app = typer.Typer(rich_markup_mode="rich")

Explain = Annotated[
    bool,
    typer.Option("--explain", help="Say what the query costs and promises, and ask nothing of the server."),
]


def help_without_command(context: typer.Context) -> None:
    """Show the help of a group of commands that is called without one."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


@app.callback(invoke_without_command=True)
def assets(context: typer.Context) -> None:
    """The assets of an account: list, count, show, export, or look at them."""
    help_without_command(context)


@app.command(
    "list",
    epilog=examples(
        "comfy-cloud assets list --tag output --not-tag final --name-contains cat",
        "comfy-cloud assets list --min-size 5MB --since 7d --sort -size --limit 20",
        "comfy-cloud assets list --meta seed=42 --mime-type 'image/*'",
        "comfy-cloud assets list --tag output --ndjson | jq -r .name",
        "comfy-cloud assets list --since 2026-01-01 --csv > january.csv",
        "comfy-cloud assets list --tag output --max-size 1MB --explain",
    ),
)
@spread
def list_(*, filters: Filters, order: Order, output: Output, explain: Explain = False, connection: Connection) -> None:
    """List assets, newest first: as a table that fits the terminal, or for programs as JSON, NDJSON or CSV.

    A table on a terminal is the first 50 unless --limit is given; anywhere else, everything that matches is listed.
    """
    from comfy_cloud.cli.asking import chosen, narrowed, ordered
    from comfy_cloud.cli.connecting import opened, planned
    from comfy_cloud.cli.listing import write_assets
    from comfy_cloud.cli.terminal import emit

    form = chosen(output)
    with planned() as comfy:  # what is wrong with a flag is said whether there is a key or not
        plan = ordered(narrowed(comfy.assets, filters), order).explain()
    if explain:
        emit([f"{plan}\n"])
        return
    with opened(connection) as comfy:
        write_assets(ordered(narrowed(comfy.assets, filters), order), form, order.limit)


@app.command(
    epilog=examples(
        "comfy-cloud assets count",
        "comfy-cloud assets count --tag output --not-tag final",
        "comfy-cloud assets count --min-size 100MB --json",
    )
)
@spread
def count(*, filters: Filters, json: JsonFlag = False, explain: Explain = False, connection: Connection) -> None:
    """Count assets: one request, unless something is filtered here, for which all that the server lists is moved."""
    from comfy_cloud.cli.asking import narrowed
    from comfy_cloud.cli.connecting import opened, planned
    from comfy_cloud.cli.formats import json_text
    from comfy_cloud.cli.listing import Told
    from comfy_cloud.cli.terminal import emit, progress

    with planned() as comfy:
        plan = narrowed(comfy.assets, filters).explain()
    if explain:
        emit([f"{plan}\n"])
        return
    with opened(connection) as comfy, progress("Counting") as tell:
        found = narrowed(comfy.assets, filters).on_page(Told(tell)).count()
    emit([f"{json_text({'count': found})}\n" if json else f"{found}\n"])


@app.command(
    epilog=examples(
        "comfy-cloud assets show 00000000-0000-4000-8000-000000000000",
        "comfy-cloud assets show 00000000-0000-4000-8000-000000000000 --json",
    )
)
@spread
def show(
    *,
    id: Annotated[str, typer.Argument(metavar="ID", help="The asset's id, a UUID.")],  # noqa: A002 - what it is called
    filters: Filters,
    json: JsonFlag = False,
    connection: Connection,
) -> None:
    """Show one asset, all that is known of it.

    The API has no way to ask for one asset, so the listing is walked, newest first, until it comes: a request for each
    499 assets that are newer, and all of them if there is none with this id. Filters make that shorter.
    """
    from comfy_cloud.cli.asking import narrowed
    from comfy_cloud.cli.connecting import opened
    from comfy_cloud.cli.showing_one import asset_id, card, found
    from comfy_cloud.cli.terminal import emit, screen

    wanted = asset_id(id)
    with opened(connection) as comfy:
        asset = found(narrowed(comfy.assets, filters), wanted)
    emit([card(asset, screen(), as_json=json)], "json" if json else "table")


@app.command(
    epilog=examples(
        "comfy-cloud assets export assets.csv",
        "comfy-cloud assets export outputs.ndjson --tag output --since 2026-01-01",
    )
)
@spread
def export(  # noqa: PLR0913 - flags
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write; it appears when it is complete.")],
    format: Annotated[  # noqa: A002 - what it is called
        Literal["csv", "ndjson"] | None,
        typer.Option(help="Unless given, as FILE's name ends: .csv, .ndjson or .jsonl."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew, whatever an earlier run left behind.")] = False,
    filters: Filters,
    order: Order,
    connection: Connection,
) -> None:
    """Write assets into a file, all of them; a run that was ended goes on where it was.

    What was written so far stands beside FILE until it is complete; the same command takes it up.
    """
    from comfy_cloud.cli.asking import format_of, narrowed, ordered

    form = format_of(file, format)
    from comfy_cloud.cli.connecting import opened
    from comfy_cloud.cli.exporting import export as export_to
    from comfy_cloud.cli.terminal import note, progress

    with opened(connection) as comfy, progress("Exporting") as tell:
        query = ordered(narrowed(comfy.assets, filters), order)
        done = export_to(query, file, format=form, fresh=fresh, on_progress=tell)
    resumed = f", {done.resumed_from:,} of them from an earlier run" if done.resumed_from else ""
    doubt = "" if done.exact else "; not proved to hold every asset once"
    note(f"{done.items:,} assets are in {done.path}{resumed}{doubt}.")


@app.command(
    epilog=examples(
        "comfy-cloud assets gallery week.html --tag output --since 7d",
        "comfy-cloud assets gallery all.html --no-previews --limit 1000",
    )
)
@spread
def gallery(  # noqa: PLR0913 - flags
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The page to write.")],
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="What stands at its top.")] = None,
    previews: Annotated[
        bool, typer.Option("--previews/--no-previews", help="Fetch the previews, a request each, and put them in.")
    ] = True,
    filters: Filters,
    order: Order,
    connection: Connection,
) -> None:
    """Write one HTML page with the assets, to be looked at, searched and sent on; it needs nothing beside."""
    from comfy_cloud.cli.asking import narrowed, ordered
    from comfy_cloud.cli.connecting import opened
    from comfy_cloud.cli.gallery import write
    from comfy_cloud.cli.terminal import note, progress

    with opened(connection) as comfy, progress("Collecting") as tell:
        query = ordered(narrowed(comfy.assets, filters), order)
        done = write(query, file, title=title, previews=previews, on_progress=tell)
    left_out = f"; {done.skipped:,} previews are left out" if done.skipped else ""
    note(f"{done.items:,} assets are in {done.path}, {done.previews:,} with a preview{left_out}.")
