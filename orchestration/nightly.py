"""When a night runs: the job, its partitions and its schedule."""

import datetime as dt

from dagster import (
    AssetSelection,
    BackfillPolicy,
    DailyPartitionsDefinition,
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    define_asset_job,
    in_process_executor,
    schedule,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.failure import record_failure
from orchestration.settings import Settings

JOB = "nightly"
# Older than any export that a business still holds.
FIRST_NIGHT = "2000-01-01"
# A night builds on the one before it, so several are never one run.
ONE_NIGHT_PER_RUN = BackfillPolicy.multi_run(max_partitions_per_run=1)
# After the last export of the day has been dropped and before anybody reads.
AT_TWO = "0 2 * * *"


def nights_of(settings: Settings) -> DailyPartitionsDefinition:
    """Daily partitions in the business time zone, up to and with the day that is still running."""
    return DailyPartitionsDefinition(
        start_date=FIRST_NIGHT, timezone=settings.timezone, end_offset=1
    )


def nightly_job(nights: DailyPartitionsDefinition) -> UnresolvedAssetJobDefinition:
    """Return the one job: everything, in one process, one as-of date per run."""
    return define_asset_job(
        JOB,
        selection=AssetSelection.all(),
        partitions_def=nights,
        executor_def=in_process_executor,
        hooks={record_failure},
    )


def nightly_schedule(settings: Settings, nights: DailyPartitionsDefinition) -> ScheduleDefinition:
    """Return the schedule: at two in the night, business time, for the day that just ended."""

    @schedule(
        name="nightly_at_two",
        cron_schedule=AT_TWO,
        execution_timezone=settings.timezone,
        default_status=DefaultScheduleStatus.RUNNING,
        job=nightly_job(nights),
    )
    def nightly_at_two(context: ScheduleEvaluationContext) -> RunRequest:
        at = context.scheduled_execution_time.astimezone(settings.zone)
        ended = (at - dt.timedelta(days=1)).date().isoformat()
        return RunRequest(run_key=ended, partition_key=ended)

    return nightly_at_two
