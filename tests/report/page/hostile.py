"""A plan whose ids would like to be markup, scripts and formulas; and one with many rows."""

import pandas as pd

from models.instance import Instance
from optimizer.results.plan import Plan
from tests.write.plans import WEEKS, plan, records, tables

SCRIPT = "</script><script>window.hacked=1</script>"
IMAGE = '"><img src=http://example.org/x onerror=window.hacked=1>'
FORMULA = '=HYPERLINK("http://example.org","y")'
COMMENT = "<!-- data --><!--<script>"
IDS = (SCRIPT, IMAGE, FORMULA, COMMENT, "&amp;", "a\u2028b", "\ud800", "javascript:hacked=1", "' onload='x")


def hostile() -> Plan:
    """The small plan, with hostile ids everywhere."""
    named = {"00123": SCRIPT, "NA": IMAGE, "@c2": COMMENT}
    made = {name: frame.replace(named) for name, frame in tables().items()}
    small = plan()
    given = small.instance
    own = {
        **given.tables,
        "items": records("items", item=[SCRIPT, IMAGE], description=[IMAGE, SCRIPT]),
        "customers": records("customers", customer=["c1", COMMENT, *IDS]),
        "inventory": records("inventory", item=[SCRIPT], location=["main"], safety_stock=[5.0]),
    }
    instance = Instance(SCRIPT, given.calendar, own, currency=IMAGE)
    return plan(name=SCRIPT, currency=IMAGE, tables=made, instance=instance, warnings=[*IDS])


def many(lines: int = 60) -> Plan:
    """The small plan with two suppliers, an order more, and so many lines that wait, of customers c0, c1, c2."""
    made = tables()
    first = made["purchase_orders"].iloc[0]
    others = [
        first.to_dict() | {"item": "NA", "supplier": "ACME", "quantity": 4.0, "value": 40.0},
        first.to_dict() | {"supplier": "ACME", "order_period": WEEKS[1], "action": "planned", "value": 5.0},
    ]
    made["purchase_orders"] = pd.concat([made["purchase_orders"], pd.DataFrame(others)], ignore_index=True)
    waiting = pd.concat([made["backorders"].iloc[:1]] * lines, ignore_index=True)
    waiting["customer"] = [f"c{k % 3}" for k in range(lines)]
    waiting["cost"] = [float(k + 1) for k in range(lines)]
    waiting["reference"] = [f"r{k}" for k in range(lines)]
    made["backorders"] = waiting
    small = plan()
    own = {**small.instance.tables, "customers": records("customers", customer=["c0", "c1", "c2"])}
    return plan(tables=made, instance=Instance(small.instance.name, small.instance.calendar, own))
