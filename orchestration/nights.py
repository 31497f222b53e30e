"""The partitions: one per as-of date, and one date per run."""

from dagster import BackfillPolicy, DailyPartitionsDefinition

from orchestration.settings import Settings

# Older than any export that a business still holds.
FIRST_NIGHT = "2000-01-01"
# A night builds on the one before it, so several are never one run.
ONE_NIGHT_PER_RUN = BackfillPolicy.multi_run(max_partitions_per_run=1)


def nights_of(settings: Settings) -> DailyPartitionsDefinition:
    """Daily partitions in the business time zone, up to and with the day that is still running."""
    return DailyPartitionsDefinition(
        start_date=FIRST_NIGHT, timezone=settings.timezone, end_offset=1
    )
