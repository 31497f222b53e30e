"""The assets in front of dbt: the inbox, one landing asset per source, and the opened night.

Belongs here: Dagster around the pure functions of `landing/`. Does not belong here: any decision.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    DailyPartitionsDefinition,
    MaterializeResult,
    ResourceParam,
    asset,
    multi_asset,
)

from orchestration.landing.sources import SourceTable
from orchestration.night import RUN_ID_LENGTH, Night

INBOX = AssetKey(["inbox"])
# What the opened night holds besides the landed sources, as the dbt source `strata` declares it.
NIGHT_TABLES = ("night", "files", "erased_orders", "night_runs", "check_results")


def inbox_assets(
    sources: Sequence[SourceTable], nights: DailyPartitionsDefinition
) -> list[AssetsDefinition]:
    """Return everything in front of dbt, in order."""
    return [inbox_asset(nights), landing_asset(sources, nights), opened_asset(sources, nights)]


def inbox_asset(nights: DailyPartitionsDefinition) -> AssetsDefinition:
    """Return the first asset of a night: it takes the lock and looks at the inbox."""

    @asset(key=INBOX, partitions_def=nights, group_name="landing")
    def inbox(
        context: AssetExecutionContext, night: ResourceParam[Night]
    ) -> MaterializeResult[None]:
        """Every file that lies in the inbox, matched with the source that takes it."""
        as_of = dt.date.fromisoformat(context.partition_key)
        with night.timed("inbox"):
            night.begin(as_of, context.run_id[:RUN_ID_LENGTH])
        matched = sum(map(len, night.scan.matched.values())) if night.scan else 0
        night.say(f"night of {as_of}: {matched} files in the inbox")
        return MaterializeResult(metadata={"files": matched})

    return inbox


def landing_asset(
    sources: Sequence[SourceTable], nights: DailyPartitionsDefinition
) -> AssetsDefinition:
    """Return the assets that land the sources: one step, for they land side by side."""

    @multi_asset(
        name="landed_sources",
        specs=[
            AssetSpec(
                AssetKey([source.system, source.table]),
                deps=[INBOX],
                group_name="landing",
                description=f"Landed exports of {source.name}: columns as text, with lineage.",
            )
            for source in sources
        ],
        partitions_def=nights,
    )
    def landed(night: ResourceParam[Night]) -> Iterator[MaterializeResult[None]]:
        """Read every new file of the inbox."""
        with night.timed("landing"):
            recorded = night.land()
        for source in sources:
            records = recorded[source.relation]
            yield MaterializeResult(
                asset_key=AssetKey([source.system, source.table]),
                metadata={
                    "dagster/row_count": sum(record.landed_rows for record in records),
                    "rejected_rows": sum(record.rejected_rows for record in records),
                    "files": len(records),
                },
            )

    return landed


def opened_asset(
    sources: Sequence[SourceTable], nights: DailyPartitionsDefinition
) -> AssetsDefinition:
    """Return the asset that opens the build once every source has landed."""
    landed = [AssetKey([source.system, source.table]) for source in sources]

    @multi_asset(
        name="opened_night",
        specs=[
            AssetSpec(AssetKey(["strata", table]), deps=landed, group_name="landing")
            for table in NIGHT_TABLES
        ],
        partitions_def=nights,
    )
    def opened(night: ResourceParam[Night]) -> Iterator[MaterializeResult[None]]:
        """Copy the last generation and write the clock, or refuse the night for a bad file."""
        with night.timed("opening"):
            night.open()
        for table in NIGHT_TABLES:
            yield MaterializeResult(asset_key=AssetKey(["strata", table]))

    return opened
