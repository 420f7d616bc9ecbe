"""Warnings that only a plan can give: demand that no order could serve."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.book import Book
from models.instance import Figures, Instance

MOST = 5  # items that are named


def lacking_supply(instance: Instance, book: Book) -> Figures:
    """By how much the demand of each item is above all that can be there: stock, open orders, and every order."""
    return _demand(instance, book) - _reachable(instance, book)


def supply_warnings(instance: Instance, lacking: Figures, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Items whose demand is above all that can be there: stock, open orders, and every order at its largest.

    What a supplier can take on in a period is counted once for each item, so more may be missing than is said.
    """
    short = _short(instance, tables["backorders"])
    items = instance["items"]
    worst = [k for k in np.argsort(-lacking, kind="stable") if lacking[k] > 1e-6 and short[k] > 1e-6]
    sentences = [
        f"{items['item'][k]}: demand is {lacking[k]:,.10g} {items['unit'][k]} above all that stock, open orders and "
        "suppliers can bring in time"
        for k in worst[:MOST]
    ]
    if len(worst) > MOST:
        sentences.append(f"{len(worst) - MOST} more items have demand beyond what suppliers can deliver")
    return sentences


def _demand(instance: Instance, book: Book) -> Figures:
    item = instance.codes("demand", "item")[book.indexes["lines"]["line"]]
    return np.bincount(item, book.values("quantity"), minlength=len(instance["items"])).astype(np.float64)


def _reachable(instance: Instance, book: Book) -> Figures:
    """Quantity of each item that could ever be there."""
    count = len(instance["items"])
    opening = np.bincount(book.indexes["stocks"]["item"], book.values("opening"), minlength=count)
    arriving = np.bincount(book.indexes["open_arrivals"]["item"], book.values("open_quantity"), minlength=count)
    orders = np.bincount(book.indexes["orders"]["item"], book.values("largest_order"), minlength=count)
    return (opening + arriving + orders).astype(np.float64)


def _short(instance: Instance, backorders: pd.DataFrame) -> Figures:
    by_item = backorders.groupby("item")["short_quantity"].sum()
    return by_item.reindex(instance["items"]["item"], fill_value=0.0).to_numpy(dtype=np.float64)
