"""The `strata` commands about segments: why somebody is in one, and what new rules would change.

Belongs here: arguments, exit statuses and what is printed. Does not belong here: doing the work.
"""

from pathlib import Path

import click

REFUSED = 2


class SegmentsError(click.ClickException):
    """A question that cannot be answered. The message says what to do."""

    exit_code = REFUSED


@click.command()
@click.option("--customer", "customer_id", required=True, help="A customer_id of dim_customers.")
@click.option("--segment", "only", help="One segment_id; by default all, the nearest first.")
def explain(customer_id: str, only: str | None) -> None:
    """Say of every segment why a customer is in it or not, and what would have to change.

    Exit status: 0 explained; 2 the customer or segment is not published; 1 a fault.
    """
    from orchestration.building import WAREHOUSE, connect_warehouse
    from orchestration.cli import settings
    from orchestration.generations import current_generation
    from orchestration.segments.explain import CustomerError
    from orchestration.segments.explain import explain as explained

    current = current_generation(settings())
    if current is None:
        raise SegmentsError("nothing is published yet; run strata night first")
    with connect_warehouse(current / WAREHOUSE, read_only=True) as warehouse:
        try:
            found = explained(warehouse, customer_id)
        except CustomerError as error:
            raise SegmentsError(str(error)) from error
    chosen = [one for one in found if only in (None, one.segment_id)]
    if not chosen:
        offered = ", ".join(sorted(one.segment_id for one in found))
        raise SegmentsError(f"no segment {only} is published; there are {offered}")
    for one in chosen:
        standing = "member" if one.is_member else f"lacks {len(one.lacking)}"
        click.echo(f"{standing:8} {one.segment_id}  {one.name}")
        for condition in one.conditions:
            mark = "yes" if condition.is_met else "no"
            observed = f"  ({condition.observed})" if condition.observed else ""
            click.echo(f"         {mark:3} {condition.text}{observed}")
        click.echo(f"         {one.change_needed}")


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the lists and the chart. Default: previews/ of this installation.",
)
def preview(out: Path | None) -> None:
    """Compare the segments of the working tree with the published ones; publish nothing.

    Writes who would enter and leave to a file that only you can read, and size and revenue of the
    last twelve months as a chart. Exit status: 0 compared; 2 the segments cannot be followed.
    """
    from orchestration.cli import progress, settings
    from orchestration.manifest import ProjectError
    from orchestration.privacy.modes import keep_private
    from orchestration.screen import screen
    from orchestration.screen_segments import print_preview
    from orchestration.segments.chart import chart
    from orchestration.segments.preview import PreviewError, write_moves
    from orchestration.segments.preview import preview as previewed

    home = settings()
    try:
        found = previewed(home, progress())
    except (PreviewError, ProjectError) as error:
        raise SegmentsError(str(error)) from error
    folder = keep_private(out or home.home / "previews")
    moves, picture = (folder / f"segments_{found.as_of}.{end}" for end in ("csv", "svg"))
    write_moves(moves, found.moved)
    picture.write_text(chart(found.points), encoding="utf-8")
    print_preview(screen(), found)
    click.echo(f"who would enter and leave: {moves}, readable by you alone")
    click.echo(f"size and revenue over twelve months: {picture}")
