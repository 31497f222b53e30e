"""Marketing sends in a large sample: newsletters and text messages of the last weeks.

Belongs here: their lines. Does not belong here: the plan and columns (sample/campaigns.py).
Without the daily digest, which would ask of everybody every day and reach one in a hundred.
"""

import datetime

from orchestration.sample import campaigns
from orchestration.sample.scale.exports import Export, Family
from orchestration.sample.scale.nights import Night
from orchestration.sample.scale.sql import Draw, csv_line, level, pick, text
from orchestration.sample.spec import SampleSpec

# Days of history in the first file: four newsletters and a text message.
FIRST_DAYS = 28
# Numbers for the campaigns of one person, counted in days.
CAMPAIGN_PLACES = 1024


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
    days = FIRST_DAYS if night.is_first else campaigns.WINDOW_DAYS
    dates = [night.date - datetime.timedelta(days=back) for back in range(days - 1, -1, -1)]
    planned = [
        f"({_sent(spec, night, date, campaign)})"
        for date in dates
        for campaign in campaigns.plan_of(date)
        if campaign.share > campaigns.DIGEST_SHARE and date >= spec.history_start
    ]
    nobody = "select '' as line from people where false"
    return " union all ".join(planned or [nobody])


def _sent(spec: SampleSpec, night: Night, date: datetime.date, campaign: campaigns.Campaign) -> str:
    place = (date - spec.history_start).days
    key = f"(number * {CAMPAIGN_PLACES} + {place})"
    sent_at = datetime.datetime.combine(date, campaigns.SENDING_TIME)
    age = (night.date - date).days
    known = f"(is_delivered and {pick(key, Draw.LAG, 0, campaigns.SLOWEST_DAYS)} <= {age})"
    is_email = campaign.channel == "email"
    opens = f"{level(key, Draw.OPENS)} < {campaigns.OPENED_SHARE if is_email else 0}"
    clicks = f"{level(key, Draw.CLICKS)} < {campaigns.CLICKED_SHARE}"
    leaves = f"{level(key, Draw.LEAVES_LIST)} < {campaigns.UNSUBSCRIBED_SHARE}"
    seconds = f"cast(number % {campaigns.SENDING_SECONDS} as bigint)"
    cells = {
        "channel": text(campaign.channel),
        "campaign_id": text(campaign.campaign_id),
        "campaign_name": text(campaign.name),
        "recipient": "recipient",
        "sent_at": f"timestamp '{sent_at}' + to_seconds({seconds})",
        "is_delivered": "is_delivered",
        "is_opened": f"{known} and {opens}",
        "is_clicked": f"{known} and {clicks}" + (f" and {opens}" if is_email else ""),
        "is_bounced": "not is_delivered",
        "is_unsubscribed": f"{known} and {leaves}",
    }
    recipient = "email" if is_email else "mobile"
    return f"""
    select {csv_line(campaigns.HEADER, cells)} as line
    from (
        select number, {recipient} as recipient,
            {level(key, Draw.BOUNCES)} >= {campaigns.BOUNCED_SHARE} as is_delivered
        from people where arrived < {place} and {level(key, Draw.GETS)} < {campaign.share}
    )
    """
