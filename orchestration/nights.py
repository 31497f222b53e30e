"""The partitions: one per as-of date."""

from dagster import DailyPartitionsDefinition

from orchestration.settings import Settings

# Older than any export that a business still holds.
FIRST_NIGHT = "2000-01-01"


def nights_of(settings: Settings) -> DailyPartitionsDefinition:
    """Daily partitions in the business time zone, up to and with the day that is still running."""
    return DailyPartitionsDefinition(
        start_date=FIRST_NIGHT, timezone=settings.timezone, end_offset=1
    )
