"""Campaigns, and how many coupons of them are out."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select, update

from marketing.domain.campaigns import Campaign, CampaignUnknown, Terms
from marketing.domain.texts import Text
from marketing.tables import campaigns
from shared.money import Money


class Campaigns:
    """The campaigns of all shops."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, campaign: Campaign) -> None:
        """Store a new campaign."""
        self.connection.execute(campaigns.insert().values(_row(campaign)))

    def get(self, campaign_id: UUID) -> Campaign:
        """Raises CampaignUnknown."""
        found = self._read(select(campaigns).where(campaigns.c.campaign_id == campaign_id))
        if not found:
            raise CampaignUnknown(campaign_id=str(campaign_id))
        return found[0]

    def take_one(self, campaign_id: UUID, at: datetime) -> Campaign | None:
        """Count one coupon more, if one is left at that moment; holds the campaign's row until commit."""
        taken = (
            update(campaigns)
            .where(
                campaigns.c.campaign_id == campaign_id,
                campaigns.c.claimed < campaigns.c.total_limit,
                campaigns.c.starts_at <= at,
                campaigns.c.ends_at > at,
            )
            .values(claimed=campaigns.c.claimed + 1)
            .returning(campaigns)
        )
        row = self.connection.execute(taken).one_or_none()
        return _campaign(row) if row else None

    def open_at(self, at: datetime, shop_id: UUID | None, after: UUID | None, limit: int) -> list[Campaign]:
        """Campaigns that give out coupons at `at`, of one shop or of all, newest first.

        Those that are over are passed by through an index; what is read besides are some that are not marked yet.
        """
        open_now = (campaigns.c.starts_at <= at, campaigns.c.ends_at > at, ~campaigns.c.over)
        return self._read(_page(shop_id, after, limit).where(*open_now))

    def end(self, at: datetime, limit: int) -> int:
        """Mark so many of those that are over at `at`; returns how many there were."""
        ended = select(campaigns.c.campaign_id).where(campaigns.c.ends_at <= at, ~campaigns.c.over)
        some = ended.order_by(campaigns.c.ends_at).limit(limit).with_for_update(skip_locked=True)
        marked = update(campaigns).where(campaigns.c.campaign_id.in_(some)).values(over=True)
        return self.connection.execute(marked).rowcount

    def of_shop(self, shop_id: UUID, after: UUID | None, limit: int) -> list[Campaign]:
        """All campaigns that a shop ever had, newest first."""
        return self._read(_page(shop_id, after, limit))

    def _read(self, query: Select[Any]) -> list[Campaign]:
        return [_campaign(row) for row in self.connection.execute(query)]


def _page(shop_id: UUID | None, after: UUID | None, limit: int) -> Select[Any]:
    query = select(campaigns).order_by(campaigns.c.campaign_id.desc()).limit(limit)
    if shop_id:
        query = query.where(campaigns.c.shop_id == shop_id)
    return query.where(campaigns.c.campaign_id < after) if after else query


def terms(row: Row[Any]) -> Terms:
    """The terms in a row that has a campaign's columns."""
    return Terms(
        shop_id=row.shop_id,
        name=Text(row.name_zh, row.name_en),
        threshold=Money(row.threshold, row.currency),
        discount=Money(row.discount, row.currency),
    )


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(
        campaign_id=row.campaign_id,
        terms=terms(row),
        total_limit=row.total_limit,
        per_person_limit=row.per_person_limit,
        claimed=row.claimed,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _row(campaign: Campaign) -> dict[str, Any]:
    own = asdict(campaign)
    terms_ = campaign.terms
    del own["terms"]
    return own | {
        "shop_id": terms_.shop_id,
        "name_zh": terms_.name.zh,
        "name_en": terms_.name.en,
        "threshold": terms_.threshold.amount,
        "discount": terms_.discount.amount,
        "currency": terms_.threshold.currency,
    }
