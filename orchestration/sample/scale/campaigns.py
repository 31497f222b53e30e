"""Marketing sends in a large sample: newsletters and text messages of the last weeks.

Belongs here: their lines. Does not belong here: the plan and columns (sample/campaigns.py).
Without the daily digest, which would ask of everybody every day and reach one in a hundred.
"""

import datetime

from orchestration.sample import campaigns
from orchestration.sample.scale.exports import Export, Family
from orchestration.sample.scale.nights import Night
from orchestration.sample.scale.sql import Draw, columns, csv_line, level, pick, texts
from orchestration.sample.spec import SampleSpec

# Days of history in the first file: four newsletters and a text message.
FIRST_DAYS = 28
# Numbers for the campaigns of one person, counted in days.
CAMPAIGN_PLACES = 1024
KEY = f"(number * {CAMPAIGN_PLACES} + day)"
KEY_OF_SENT = f"(number * {CAMPAIGN_PLACES} + {{days}}[sent])"
Plan = list[tuple[datetime.date, campaigns.Campaign]]


def campaign_sends(spec: SampleSpec) -> Family:
    """Return the sends."""
    export = Export(
        campaigns.SYSTEM,
        lambda night: f"campaign_sends_{night.date:%Y%m%d}.csv",
        lambda night: _lines(spec, night),
        header=",".join(campaigns.HEADER),
    )
    return Family([], [export])


def _lines(spec: SampleSpec, night: Night) -> str:
    plan = _plan(spec, night)
    if not plan:
        return "select '' as line from people where false"
    known = f"(is_delivered and {pick(KEY, Draw.LAG, 0, campaigns.SLOWEST_DAYS)} <= age)"
    # A text message is clicked without being opened, as far as anybody knows.
    opens = f"{level(KEY, Draw.OPENS)} < if(is_email, {campaigns.OPENED_SHARE}, 0)"
    clicks = f"{level(KEY, Draw.CLICKS)} < {campaigns.CLICKED_SHARE} and ({opens} or not is_email)"
    leaves = f"{level(KEY, Draw.LEAVES_LIST)} < {campaigns.UNSUBSCRIBED_SHARE}"
    cells = {
        "channel": "channel",
        "campaign_id": "campaign_id",
        "campaign_name": "campaign_name",
        "recipient": "if(is_email, email, mobile)",
        "sent_at": f"sent_at + to_seconds(number % {campaigns.SENDING_SECONDS})",
        "is_delivered": "is_delivered",
        "is_opened": f"{known} and {opens}",
        "is_clicked": f"{known} and {clicks}",
        "is_bounced": "not is_delivered",
        "is_unsubscribed": f"{known} and {leaves}",
    }
    return f"""
    select {csv_line(campaigns.HEADER, cells)} as line
    from (
        select *, {columns(_of_campaign(night, plan))},
            {level(KEY, Draw.BOUNCES)} >= {campaigns.BOUNCED_SHARE} as is_delivered
        from ({_recipients(spec, plan)})
    )
    """


def _plan(spec: SampleSpec, night: Night) -> Plan:
    days = FIRST_DAYS if night.is_first else campaigns.WINDOW_DAYS
    dates = [night.date - datetime.timedelta(days=back) for back in range(days - 1, -1, -1)]
    return [
        (date, campaign)
        for date in dates
        for campaign in campaigns.plan_of(date)
        if campaign.share > campaigns.DIGEST_SHARE and date >= spec.history_start
    ]


def _recipients(spec: SampleSpec, plan: Plan) -> str:
    """Return the query of who gets which message of the plan: its number and its day."""
    days = [(date - spec.history_start).days for date, _ in plan]
    shares = [campaign.share for _, campaign in plan]
    gets = f"arrived < {days}[sent] and {level(KEY_OF_SENT.format(days=days), Draw.GETS)}"
    chosen = f"list_filter(range(1, {len(plan) + 1}), lambda sent: {gets} < {shares}[sent])"
    return f"""
    select *, {days}[sent] as day
    from (select number, email, mobile, unnest({chosen}) as sent from people)
    """


def _of_campaign(night: Night, plan: Plan) -> dict[str, str]:
    moments = [datetime.datetime.combine(date, campaigns.SENDING_TIME) for date, _ in plan]
    ages = [(night.date - date).days for date, _ in plan]
    return {
        "channel": f"{texts(campaign.channel for _, campaign in plan)}[sent]",
        "is_email": "channel = 'email'",
        "campaign_id": f"{texts(campaign.campaign_id for _, campaign in plan)}[sent]",
        "campaign_name": f"{texts(campaign.name for _, campaign in plan)}[sent]",
        "sent_at": f"cast({texts(map(str, moments))}[sent] as timestamp)",
        "age": f"{ages}[sent]",
    }
