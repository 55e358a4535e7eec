"""What other rooms may use of serving. Messages are in ``yiwang.messages.serve``.

A net that opens items registers ``Room.extra["service_entries"] = {kind: function(key, path) -> address}``; the portal
takes its popular items from ``Room.extra["popular_services"]`` (async (rt, locale, limit) -> [PopularItem]).
"""

from yiwang.serve.actions import put_items
from yiwang.serve.model import Item
from yiwang.serve.popular import PopularItem, popular_items

__all__ = ["Item", "PopularItem", "popular_items", "put_items"]
