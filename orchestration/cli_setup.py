"""The `strata` commands before the first night: what the machine has, and files to try it with.

Belongs here: arguments, exit statuses and what is printed. Does not belong here: doing the work.
"""

import datetime as dt
import sys

import click

# Large enough that every tier and stage can be seen, small enough for three nights in a minute.
SAMPLE_CUSTOMERS, SAMPLE_NIGHTS, SAMPLE_SEED = 2000, 3, 7
SHARE = click.FloatRange(0, 1)
CORRECTIONS_HELP = (
    "Share of the shop's orders of the last 90 days that the last night of a large sample restates."
)
HISTORY_HELP = (
    "How many times as long the buyers of a large sample have bought, as often as ever, and how "
    "many times as many days of visits its first night has. In CNY only, for rates are of 540 days."
)
DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--customers", type=click.IntRange(1), default=SAMPLE_CUSTOMERS, show_default=True)
@click.option("--nights", type=click.IntRange(1), default=SAMPLE_NIGHTS, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=SAMPLE_SEED, show_default=True)
@click.option("--last-night", type=DATE, help="Date of the last exports. Default: yesterday.")
@click.option("--corrections", type=SHARE, default=0.0, help=CORRECTIONS_HELP)
@click.option("--history", type=click.IntRange(1), default=1, help=HISTORY_HELP)
def sample(
    customers: int,
    nights: int,
    seed: int,
    last_night: dt.datetime | None,
    corrections: float,
    history: int,
) -> None:
    """Write deterministic sample exports of every supported system into the inbox.

    From 50,000 customers on all but 2,000 are drawn in blocks, in bounded memory. Those stand in
    Zoho's contacts, Fxiaoke's customers, all shops, loyalty, Segment, Sensors and campaigns only;
    the truth of marketplaces and of Shopify's single orders is then left out.
    """
    from orchestration.cli import StrataError, progress, settings, yesterday
    from orchestration.sample.write import CrowdSpec, SampleSpec, write_sample

    home = settings()
    last = last_night.date() if last_night else yesterday(home)
    truth = home.home / "sample_truth.csv"
    try:
        spec = SampleSpec(customers, nights, seed, last, home.currency, home.timezone)
        crowd = CrowdSpec(corrections, history)
        files = write_sample(spec, home.inbox, truth, progress(), crowd)
    except ValueError as error:
        raise StrataError(str(error)) from error
    rows = sum(file.rows for file in files)
    first = last - dt.timedelta(days=nights - 1)
    click.echo(f"wrote {len(files)} exports with {rows:,} rows to {home.inbox}")
    click.echo(f"nights {first} to {last}; publish them with: strata catch-up")


@click.command()
def doctor() -> None:
    """Say what this machine has, what a night takes of it, and what stands in the way.

    Exit status: 0 nothing does; 1 something does.
    """
    from orchestration.cli import FAULT, settings
    from orchestration.doctor import examine

    found = examine(settings())
    for finding in found:
        click.echo(f"{finding.subject:20} {finding.found}")
        if finding.remedy:
            click.echo(f"{'':20} NOT ENOUGH: {finding.remedy}")
    sys.exit(FAULT if any(finding.remedy for finding in found) else 0)
