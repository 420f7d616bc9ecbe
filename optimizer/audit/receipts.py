"""Receipts: what arrives in each period, from the plan's orders and from open orders.

    receipts[i,l,t] = orders that arrive in t + open orders that arrive in t

An overdue open order arrives `overdue_arrival` periods after the start; one after the horizon is left out. That an
order arrives when its lead time says is `sourcing`'s to check; that `inventory.csv` tells these receipts, `balance`'s.
"""

from collections.abc import Iterator

from optimizer.audit.book import Book, Flow


def flows(book: Book) -> Iterator[Flow]:
    """Into stock."""
    for order in book.plan.orders:
        yield Flow("receipts", order.item, order.location, order.arrival_period, order.quantity)
    for open_order in book.instance.open_orders:
        yield Flow("receipts", open_order.item, open_order.location, open_order.period, open_order.quantity)
