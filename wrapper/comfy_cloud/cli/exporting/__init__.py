"""`comfy-cloud assets export`: a listing as a file of CSV or NDJSON, complete or not there, and resumed after a crash.

While it is written, `list.csv` is `list.csv.part`, and `list.csv.resume` is its mark, which says how far that is known
to be good. A page is written and made durable, then the mark, in one step. So an export that was killed at any instant
is gone on with by running it again: what is beyond the mark is cut off, and the listing resumes from the mark's token.
Of a library that stands still it ends in the same bytes as an export that nobody disturbed; of one that changes, it is
exact as any resumed listing is. Only a complete export gets the final name; until then a file of that name stays as it
was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from comfy_cloud.assets import AssetQuery
from comfy_cloud.cli.exporting.disk import destination
from comfy_cloud.cli.exporting.errors import BusyError, OtherExportError, OutputError
from comfy_cloud.cli.exporting.lines import Format, checked_format, digest, expected, head, lines
from comfy_cloud.cli.exporting.part import Part


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to.

    Attributes:
        path: The file.
        items: How many assets it holds.
        resumed_from: How many of them an earlier run had written.
        exact: Whether these are proved to be all that were asked for, each once; see `Page.exact`.
    """

    path: Path
    items: int
    resumed_from: int
    exact: bool


def export(
    query: AssetQuery,
    path: Path,
    *,
    format: Format,  # noqa: A002 - what the flag is called
    fresh: bool = False,
    on_progress: Callable[[int, int | None], None] | None = None,
) -> Exported:
    """Write the assets of a query to a file, which replaces one of that name once it is complete.

    Stopped in any way, it goes on where it was when it is called again with the same query, format and path.

    Args:
        query: The assets, in the query's order.
        path: The file; where it is a link, what it leads to.
        format: "csv" (RFC 4180, with a row of headings, in UTF-8) or "ndjson" (one JSON object a line, as
            `to_dicts` has it).
        fresh: Whether to begin anew, whatever an earlier export left.
        on_progress: Called after each page that is safely written, with the number of assets in the file and how many
            they will be, as the server counts; None where that is not known.

    Raises:
        BusyError: another export is writing this file.
        OtherExportError: an earlier export to this file was of another query, and is not complete.
        OutputError: the file cannot be written; one of that name is left as it was.
        ApiError: the listing failed; call it again to go on.
    """
    kind = checked_format(format)
    target = destination(path)
    with Part(target, digest(query, kind), fresh=fresh) as part:
        begun = part.mark
        if not begun.length:
            part.append(head(kind))
        for page in (query if begun.token is None else query.resume(begun.token)).pages():
            part.append(lines(page.items, kind))
            part.settle(page.token, len(page.items), exact=page.exact)
            if on_progress is not None:
                on_progress(part.mark.items, expected(query, page.total))
        part.finish()
    return Exported(path, part.mark.items, begun.items, part.mark.exact)


__all__ = ["BusyError", "Exported", "Format", "OtherExportError", "OutputError", "export"]
