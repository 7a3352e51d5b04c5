"""Amazon's request for a review and feedback (Solicitations API v1): Amazon's own words, once for an order.

It is no message of the store's: the buyer can't answer it, and it stops no clock. Whether anybody may ask for it is
not decided here.
"""

from collections.abc import Callable

from bot.amazon.client import StoreApi
from bot.amazon.library import Ask, SolicitationCalls
from bot.amazon.line import Answer
from bot.domain.marketplaces import MARKETPLACES

_ACTION = "productReviewAndSellerFeedback"


def may_solicit(api: StoreApi, order_id: str, marketplace: str) -> bool:
    """Whether Amazon would take it for this order now. Raises what `StoreApi.read` raises."""
    site = MARKETPLACES[marketplace].id
    answer = api.read(
        "getSolicitationActionsForOrder",
        lambda ask: SolicitationCalls(ask, site).get_solicitation_actions_for_order(
            order_id, marketplaceIds=[site]
        ),
    )
    links = answer.get("_links")
    actions = links.get("actions") if isinstance(links, dict) else None
    named = [one.get("name") for one in actions if isinstance(one, dict)] if isinstance(actions, list) else []
    return _ACTION in named


def solicit(
    api: StoreApi, order_id: str, marketplace: str, last_look: Callable[[], None] = lambda: None
) -> None:
    """Ask Amazon to send it, once. Raises what `StoreApi.send` raises, Unsure among it."""
    site = MARKETPLACES[marketplace].id

    def call(ask: Ask) -> Answer:
        answer: Answer = SolicitationCalls(ask, site).create_product_review_and_seller_feedback_solicitation(
            order_id, marketplaceIds=[site]
        )
        return answer

    api.send("createProductReviewAndSellerFeedbackSolicitation", call, last_look)
