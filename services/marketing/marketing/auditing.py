"""Audit queries of marketing. They return ids, counts and states of coupons, and no personal data."""

from collections.abc import Mapping

from shared.audit_changes import Changed
from shared.audit_pages import page
from shared.auth import Caller
from shared.contracts.auditing.views import AuditPage
from shared.contracts.marketing.audit import AuditBenefits, AuditCampaigns, AuditCoupons
from shared.entrypoints import answers
from shared.work import Work

# Coupons whose state is not that of their last transition, or not that of the checkout that has them.
COUPONS = """
seen AS (SELECT coupon_id, state, checkout_id FROM coupons WHERE {which}),
found AS (
    SELECT coupon_id, seen.state, seen.checkout_id, b.state AS benefits,
        last.move, last.checkout_id AS moved_for, last.moved_at AS since
    FROM seen LEFT JOIN LATERAL (
        SELECT move, checkout_id, moved_at FROM coupon_transitions m WHERE m.coupon_id = seen.coupon_id
        ORDER BY position DESC LIMIT 1
    ) AS last ON true LEFT JOIN benefits b ON b.checkout_id = seen.checkout_id
    WHERE seen.state IS DISTINCT FROM CASE last.move WHEN 'hold' THEN 'held' WHEN 'redeem' THEN 'redeemed'
            WHEN 'issue' THEN 'free' WHEN 'release' THEN 'free' WHEN 'restore' THEN 'free' END
        OR (seen.state <> 'free' AND last.checkout_id IS DISTINCT FROM seen.checkout_id)
        OR (seen.state <> 'free' AND b.state IS DISTINCT FROM seen.state)
)
"""

CAMPAIGNS = """
seen AS (SELECT campaign_id, total_limit, per_person_limit, claimed FROM campaigns WHERE {which}),
given AS (
    SELECT campaign_id, sum(had) AS coupons, max(had) AS most FROM (
        SELECT campaign_id, user_id, count(*) AS had FROM seen JOIN coupons USING (campaign_id)
        GROUP BY campaign_id, user_id
    ) AS by_user GROUP BY campaign_id
),
found AS (
    SELECT seen.*, coalesce(coupons, 0) AS coupons, coalesce(most, 0) AS most
    FROM seen LEFT JOIN given USING (campaign_id)
    WHERE claimed <> coalesce(coupons, 0) OR coalesce(coupons, 0) > total_limit OR most > per_person_limit
)
"""

# `had` are the benefits of checkouts by the rows of each kind, in orders' form: one SELECT per kind.
BENEFITS = """
seen AS (SELECT checkout_id, state, changed_at FROM benefits WHERE {which}),
found AS (
    SELECT seen.checkout_id, seen.state, changed_at AS since,
        coalesce(json_agg(benefit ORDER BY benefit) FILTER (WHERE benefit IS NOT NULL), '[]') AS benefits
    FROM seen LEFT JOIN (
        SELECT checkout_id, jsonb_build_object('kind', 'coupon', 'coupon_id', coupon_id) AS benefit FROM coupons
    ) AS had USING (checkout_id) GROUP BY seen.checkout_id, seen.state, changed_at
)
"""


CHANGED: Mapping[str, Changed] = {
    "campaigns": Changed(key="campaign_id", shows="campaign_id"),
    "coupons": Changed(key="coupon_id", shows="coupon_id, checkout_id"),
    "benefits": Changed(
        key="checkout_id", shows="checkout_id, coupon_id", joins="LEFT JOIN coupons USING (checkout_id)"
    ),
}


class AuditQueries:
    """The audit queries of coupons, campaigns and benefits."""

    changed: Mapping[str, Changed] = CHANGED

    @answers(AuditCoupons)
    def audit_coupons(self, work: Work, _caller: Caller, request: AuditCoupons) -> AuditPage:
        return page(work, COUPONS, request, key="coupon_id")

    @answers(AuditCampaigns)
    def audit_campaigns(self, work: Work, _caller: Caller, request: AuditCampaigns) -> AuditPage:
        return page(work, CAMPAIGNS, request, key="campaign_id")

    @answers(AuditBenefits)
    def audit_benefits(self, work: Work, _caller: Caller, request: AuditBenefits) -> AuditPage:
        return page(work, BENEFITS, request, key="checkout_id")
