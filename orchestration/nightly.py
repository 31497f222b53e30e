"""When a night runs: the job, its partitions and its schedule."""

import datetime as dt

from dagster import (
    AssetSelection,
    DailyPartitionsDefinition,
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
# After the last export of the day has been dropped and before anybody reads.
AT_TWO = "0 2 * * *"


def nightly_job(nights: DailyPartitionsDefinition) -> UnresolvedAssetJobDefinition:
    """Return the one job: everything, in one process, one as-of date per run."""
    return define_asset_job(
        JOB,
        selection=AssetSelection.all() | AssetSelection.all_asset_checks(),
        partitions_def=nights,
        executor_def=in_process_executor,
        hooks={record_failure},
    )


def nightly_schedule(settings: Settings, job: UnresolvedAssetJobDefinition) -> ScheduleDefinition:
    """Return the schedule: at two in the night, business time, for the day that has just ended."""

    @schedule(
        name="nightly_at_two", cron_schedule=AT_TWO, execution_timezone=settings.timezone, job=job
    )
    def nightly_at_two(context: ScheduleEvaluationContext) -> RunRequest:
        at = context.scheduled_execution_time.astimezone(settings.zone)
        ended = (at - dt.timedelta(days=1)).date().isoformat()
        return RunRequest(run_key=ended, partition_key=ended)

    return nightly_at_two
