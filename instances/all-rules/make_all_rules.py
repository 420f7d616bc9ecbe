"""Make the instance `all-rules`: a wholesaler of medical supplies who lives with every rule that there is.

Everything is made up, from one seed; README.md says which rule bites where. Names, prices and sizes are such as they
could be. What a rule adds is written beside its rule, so that a new rule adds a few lines here.

Run: python instances/all-rules/make_all_rules.py [FOLDER]
writes the tables into FOLDER (default: beside this file).
"""

import csv
import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

START, PERIODS = date(2026, 11, 23), 12
HOLIDAY = 5  # the week of 28 December
HUB, COAST = "hub", "coast"

SETTINGS = """\
# Made by make_all_rules.py; README.md says what every rule does here.
name = "all-rules"
start = 2026-11-23
periods = 12
period = "week"
currency = "EUR"

[solve]
gap = 0.02
time_limit = 300
threads = 2
seed = 4
formulation = "auto"

[horizon]
frozen = 1
whole_packs = 5
promised = 4
overdue_arrival = 1

[costs]
holding_rate = 0.2
backorder_rate = 0.08
shortage_rate = 2.5
forecast_weight = 0.9
promise_rate = 4

[sourcing]
maximum_suppliers = 8

[allocation]
strict_tiers = 1
"""

# item, description, unit, price, units a week, m3 and kg of a unit
ITEMS = {
    "gloves": """
        GL-NI-S|nitrile gloves S, 100|box|4.60|520|0.0019|0.55
        GL-NI-M|nitrile gloves M, 100|box|4.60|1150|0.0019|0.58
        GL-NI-L|nitrile gloves L, 100|box|4.60|900|0.0019|0.62
        GL-NI-X|nitrile gloves XL, 90|box|4.75|300|0.0019|0.60
        GL-VI-M|vinyl gloves M, 100|box|2.90|700|0.0019|0.50
        GL-VI-L|vinyl gloves L, 100|box|2.90|540|0.0019|0.54
        GL-ST-7|sterile gloves 7, 50 pairs|box|31.00|60|0.0062|1.10
        GL-ST-8|sterile gloves 8, 50 pairs|box|31.00|45|0.0062|1.20""",
    "dressings": """
        DR-GZ-5|gauze swabs 5 x 5, 100|pack|3.80|420|0.0012|0.14
        DR-GZ-10|gauze swabs 10 x 10, 100|pack|6.90|380|0.0025|0.34
        DR-FX-10|fixation dressing 10 m|roll|8.20|210|0.0014|0.25
        DR-FO-10|foam dressing 10 x 10, 10|pack|46.00|48|0.0016|0.18
        DR-FO-15|foam dressing 15 x 15, 5|pack|52.00|30|0.0016|0.20
        DR-HY-10|hydrocolloid 10 x 10, 10|pack|38.00|36|0.0008|0.15
        DR-AL-10|alginate 10 x 10, 10|pack|41.00|24|0.0007|0.10
        DR-BA-6|elastic bandage 6 cm, 20|pack|12.40|110|0.0030|0.50
        DR-BA-8|elastic bandage 8 cm, 20|pack|14.10|130|0.0040|0.65
        DR-PL-1|plasters, 100|pack|4.20|260|0.0008|0.12""",
    "syringes": """
        SY-02|syringe 2 ml, 100|box|4.10|360|0.0034|0.40
        SY-05|syringe 5 ml, 100|box|5.20|400|0.0050|0.60
        SY-10|syringe 10 ml, 100|box|7.30|330|0.0081|0.95
        SY-20|syringe 20 ml, 50|box|6.80|180|0.0075|0.80
        SY-50|syringe 50 ml, 25|box|11.90|70|0.0090|0.90
        NE-21|needle 21 G, 100|box|2.60|520|0.0009|0.10
        NE-23|needle 23 G, 100|box|2.60|470|0.0009|0.10
        CA-18|cannula 18 G, 50|box|38.00|55|0.0026|0.35
        CA-20|cannula 20 G, 50|box|38.00|85|0.0026|0.35
        IV-SET|infusion set, 100|box|64.00|70|0.0300|2.80""",
    "liquids": """
        DI-HD-05|hand disinfectant 0.5 l|bottle|3.40|880|0.0008|0.52
        DI-HA-5|hand disinfectant 5 l|canister|21.50|150|0.0070|4.70
        DI-SU-1|surface disinfectant 1 l|bottle|6.10|330|0.0014|1.10
        DI-SU-5|surface disinfectant 5 l|canister|24.80|120|0.0070|5.30
        DI-IN-5|instrument disinfectant 5 l|canister|43.00|45|0.0070|5.40
        DI-WI|disinfecting wipes, 120|tub|5.70|420|0.0022|0.75
        NA-500|saline 0.9 % 500 ml, 20|case|18.60|240|0.0150|11.00
        NA-1000|saline 0.9 % 1000 ml, 10|case|16.90|160|0.0150|10.80""",
    "reagents": """
        RE-CRP|CRP test kit, 50|kit|148.00|14|0.0030|0.60
        RE-TRO|troponin test kit, 20|kit|212.00|9|0.0025|0.45
        RE-GLU|glucose strips, 50|pack|19.50|160|0.0004|0.06
        RE-HBA|HbA1c test kit, 20|kit|164.00|8|0.0025|0.45
        RE-URI|urine strips, 100|pack|14.20|120|0.0004|0.08
        RE-COV|virus rapid test, 25|box|42.00|60|0.0028|0.40""",
    "devices": """
        DE-TH|ear thermometer|piece|38.50|26|0.0012|0.30
        DE-BP|blood pressure monitor|piece|61.00|18|0.0040|0.90
        DE-OX|pulse oximeter|piece|44.00|15|0.0010|0.20
        DE-ST|stethoscope|piece|72.00|9|0.0020|0.35
        DE-PU|syringe pump|piece|890.00|1.5|0.0150|3.10
        DE-NE|nebulizer|piece|58.00|11|0.0060|1.50""",
    "hygiene": """
        HY-MA-2|surgical masks II R, 50|box|3.10|620|0.0020|0.20
        HY-MA-F|respirators FFP2, 20|box|9.40|210|0.0022|0.22
        HY-GO|isolation gowns, 10|pack|13.20|170|0.0090|0.80
        HY-CA|caps, 100|pack|3.60|150|0.0035|0.35
        HY-CO|couch rolls 50 m, 6|case|15.80|190|0.0360|5.20
        HY-TO|paper towels, 3000|case|22.40|160|0.0520|9.00
        HY-LA|bed pads, 100|case|24.60|95|0.0480|7.50
        HY-WA|waste bags, 250|roll|9.80|140|0.0110|4.10""",
}
STRAITS, ALBA, NORDCHEM, RHEINLAB, IBERIA, ELMEDIC, CENTRO, OUTLET, ANNA = SUPPLIERS = (
    "straits", "alba", "nordchem", "rheinlab", "iberia", "elmedic", "centro", "outlet", "st-anna",
)  # fmt: skip
# Main supplier of a class, its price as a share of the item's, and its lead time in weeks.
MAIN = {
    "gloves": (STRAITS, 0.58, 4),
    "dressings": (ALBA, 0.66, 2),
    "syringes": (IBERIA, 0.64, 2),
    "liquids": (NORDCHEM, 0.70, 1),
    "reagents": (RHEINLAB, 0.74, 1),
    "devices": (ELMEDIC, 0.68, 3),
    "hygiene": (OUTLET, 0.66, 1),
}
# Others who sell some items: price as a share of the item's, lead time.
OTHERS = {
    CENTRO: (0.84, 1, "GL-NI-M GL-NI-L GL-ST-7 DR-GZ-10 DR-FO-10 DR-PL-1 SY-05 SY-10 NE-21 CA-20 IV-SET "
             "DI-HA-5 NA-500 RE-GLU RE-COV DE-TH DE-BP HY-MA-F HY-TO"),
    STRAITS: (0.58, 4, "SY-02 SY-10 NE-21 NE-23 HY-MA-2"),
    IBERIA: (0.69, 2, "DR-BA-6 DR-BA-8 HY-GO"),
    ANNA: (0.95, 0, "CA-18 IV-SET RE-TRO"),
}  # fmt: skip
AT_COAST = ("GL-NI-M", "GL-NI-L", "DR-GZ-10", "SY-05", "NE-21", "DI-HA-5", "NA-500", "HY-MA-F", "RE-GLU", "DR-PL-1")
BY_ROAD = tuple(item for item in AT_COAST if item != "RE-GLU")  # what keeps; strips go to the coast by themselves
CUSTOMERS = {
    # class, weight, share of the demand, weeks between orders, classes of items
    "university-hospital": ("hospital", 1.6, 0.34, 1, "gloves dressings syringes liquids reagents devices hygiene"),
    "city-hospital": ("hospital", 1.3, 0.26, 1, "gloves dressings syringes liquids reagents hygiene"),
    "coast-clinic": ("clinic", 1.2, 0.10, 1, ""),
    "care-homes": ("care", 1.0, 0.20, 2, "gloves dressings liquids hygiene"),
    "practices": ("practice", 1.0, 0.20, 2, "gloves dressings syringes reagents devices"),
    "dr-lindqvist": ("practice", 1.0, 0.0, 2, ""),
    "pharmacies": ("trade", 0.8, 0.22, 2, "dressings reagents devices hygiene liquids"),
    "ship-supply": ("trade", 0.7, 0.06, 4, "dressings syringes devices"),
}
Row = dict[str, object]


@dataclass(frozen=True)
class Item:
    """One line of ITEMS."""

    name: str
    description: str
    group: str
    unit: str
    price: float
    weekly: float
    volume: float
    weight: float

    @property
    def pack(self) -> int:
        """What it is ordered in: a size that a week's demand fills a few times."""
        return next((size for size in (60, 40, 24, 12, 6, 2) if self.weekly >= 4 * size), 1)

    def packs(self, weeks: float) -> int:
        """The demand of some weeks, in whole packs."""
        return self.pack * max(1, round(self.weekly * weeks / self.pack))


def items() -> dict[str, Item]:
    """All items by name."""
    found = {}
    for group, text in ITEMS.items():
        for line in text.strip().splitlines():
            name, description, unit, *figures = line.strip().split("|")
            found[name] = Item(name, description, group, unit, *map(float, figures))
    return found


def week(t: float) -> str:
    """The first day of a period, or a day in it."""
    return (START + timedelta(days=round(7 * t))).isoformat()


def money(amount: float) -> float:
    """In cents."""
    return round(amount, 2)


def about(each: Iterable[Item]) -> list[Row]:
    """Table `items`."""
    rows: list[Row] = []
    special: dict[str, Row] = {
        # Rare and dear things come in whole pieces; being late with a pump is an event, whatever its size.
        "DE-PU": {"quantity_step": 1, "late_cost": 60, "maximum_suppliers": 1},
        "DE-ST": {"quantity_step": 1, "maximum_suppliers": 1},
        "RE-TRO": {"quantity_step": 1, "shelf_life": 6, "waste_cost": 2, "max_delay": 1},
        "RE-CRP": {"shelf_life": 8, "waste_cost": 1.5},
        "RE-HBA": {"shelf_life": 8, "waste_cost": 1.5},
        "RE-COV": {"shelf_life": 6, "waste_cost": 0.4},
        # No single source for what nobody can do without.
        "SY-10": {"minimum_suppliers": 2, "supplier_quantity": 120},
        "NE-21": {"minimum_suppliers": 2, "supplier_quantity": 240, "maximum_suppliers": 2},
        # Who has to wait for plasters buys them elsewhere.
        "DR-PL-1": {"cancel_share": 0.4},
        "HY-CA": {"cancel_share": 0.25},
        # What is expected of these is what will come in all; orders are part of it.
        "HY-MA-2": {"backward_consumption": 1, "forward_consumption": 1},
        "HY-GO": {"backward_consumption": 2, "forward_consumption": 0},
        "GL-ST-7": {"shortage_cost": 95, "backorder_cost": 4},
        "IV-SET": {"handling_use": 4, "holding_cost": 0.35},
    }
    for item in each:
        cheapest = MAIN[item.group][1] * item.price
        rows.append(
            {"item": item.name, "description": item.description, "class": item.group, "unit": item.unit,
             "price": item.price, "ending_value": money(0.8 * cheapest), "max_delay": 3, "unit_volume": item.volume,
             "unit_weight": item.weight, "handling_use": {"hygiene": 2.0}.get(item.group, 1)}
            | special.get(item.name, {})
        )  # fmt: skip
    return rows


def suppliers() -> list[Row]:
    """Tables `suppliers`: what each asks for, and how much it minds changes of last week's plan."""
    terms: dict[str, Row] = {
        STRAITS: {"order_cost": 180},
        ALBA: {"order_cost": 60, "minimum_order_value": 3000, "change_cost": 35, "change_rate": 0.04},
        NORDCHEM: {"order_cost": 25},
        RHEINLAB: {"order_cost": 40, "minimum_order_value": 1500},
        IBERIA: {"order_cost": 70, "maximum_changes": 6, "maximum_change": 0.5},
        ELMEDIC: {"order_cost": 50},
        CENTRO: {"order_cost": 15, "maximum_order_value": 45000},
        OUTLET: {"order_cost": 20},
        ANNA: {"order_cost": 10},
    }
    return [{"supplier": supplier} | terms[supplier] for supplier in SUPPLIERS]


def customers() -> list[Row]:
    """Table `customers`."""
    special: dict[str, Row] = {
        "university-hospital": {"tier": 1, "minimum_remaining_life": 1},
        "city-hospital": {"tier": 2},
        "coast-clinic": {"minimum_shipment": 60, "tier": 2},
        "care-homes": {"minimum_fill_rate": 0.95, "substitutes": "no"},
        "dr-lindqvist": {"forecast_customer": "practices"},
        "ship-supply": {"complete": "yes", "one_delivery": "yes", "minimum_delivery": 2, "substitutes": "no"},
    }
    return [
        {"customer": name, "class": group, "weight": weight} | special.get(name, {})
        for name, (group, weight, *_) in CUSTOMERS.items()
    ]


def sourcing(known: dict[str, Item]) -> list[Row]:
    """Table `sourcing`: the main supplier of the class, others of some items, and the exceptions."""
    rows: list[Row] = []
    for item in known.values():
        main, share, lead = MAIN[item.group]
        row: Row = {"item": item.name, "supplier": main, "location": HUB, "unit_cost": money(item.price * share),
                    "lead_time": lead, "order_cost": 8, "minimum_quantity": item.packs(0.5), "multiple": item.pack,
                    "maximum_quantity": item.packs(8)}  # fmt: skip
        if main == ALBA:
            # Dearer with the new price list of the second week of January.
            old = row | {"valid_to": week(6.9)}
            row = row | {"valid_from": week(7), "unit_cost": money(item.price * (share + 0.03))}
            rows.append(old)
        if main == IBERIA:
            row |= {"capacity_use": money(item.price * share), "capacity_setup": 40}
        if main == RHEINLAB:
            row |= {"lead_time": None, "lead_time_days": 6}
        if item.name == "SY-05":
            row |= {"share_max": 0.8}
        rows.append(row)
    for supplier, (share, lead, names) in OTHERS.items():
        for name in names.split():
            item = known[name]
            row = {"item": name, "supplier": supplier, "location": HUB, "unit_cost": money(item.price * share),
                   "lead_time": lead, "order_cost": 5, "minimum_quantity": item.pack,
                   "multiple": item.pack}  # fmt: skip
            if supplier == IBERIA:
                row |= {"capacity_use": money(item.price * share), "capacity_setup": 40}
            if (name, supplier) == ("SY-05", CENTRO):
                row |= {"share_min": 0.2}
            if supplier == ANNA:
                row |= {"capacity_use": item.price}
            rows.append(row)
    for name in ("DI-HA-5", "NA-500", "RE-GLU"):
        item = known[name]
        rows.append({"item": name, "supplier": CENTRO, "location": COAST, "unit_cost": money(item.price * 0.86),
                     "lead_time": 1, "order_cost": 5, "minimum_quantity": item.pack,
                     "multiple": item.pack})  # fmt: skip
    # An item that a supplier sells to all locations on the same terms.
    rows.append({"item": "HY-MA-F", "supplier": OUTLET, "location": None, "unit_cost": 6.2, "lead_time": 1,
                 "order_cost": 8, "minimum_quantity": 24, "multiple": 24})  # fmt: skip
    return [row for row in rows if (row["item"], row["supplier"], row["location"]) != ("HY-MA-F", OUTLET, HUB)]


def price_breaks(known: dict[str, Item]) -> list[Row]:
    """Table `price_breaks`: Alba's prices are of the whole line, with a winter offer; Iberia's of the units beyond."""
    rows: list[Row] = []
    for name, kind in (("DR-GZ-10", "all_units"), ("DR-FO-10", "all_units"), ("CA-20", "incremental")):
        item, supplier = known[name], MAIN[known[name].group][0]
        for weeks, share in ((2.5, 0.63), (5, 0.61)):
            rows.append({"item": name, "supplier": supplier, "minimum_quantity": item.packs(weeks),
                         "unit_cost": money(item.price * share), "kind": kind})  # fmt: skip
    offer, strips = known["DR-BA-8"], known["RE-GLU"]
    rows.append({"item": offer.name, "supplier": ALBA, "minimum_quantity": offer.packs(3), "kind": "all_units",
                 "unit_cost": money(offer.price * 0.6), "valid_from": week(2), "valid_to": week(6.9)})  # fmt: skip
    rows.append({"item": strips.name, "supplier": CENTRO, "location": COAST, "minimum_quantity": strips.packs(1),
                 "unit_cost": money(strips.price * 0.8), "kind": "all_units"})  # fmt: skip
    return rows


def supplier_capacity() -> list[Row]:
    """Table `supplier_capacity`: Iberia counts money and works overtime, St. Anna spares some of its own stock."""
    rows: list[Row] = []
    for t in range(PERIODS):
        rows.append({"supplier": IBERIA, "period": week(t), "capacity": 26000, "overtime_capacity": 6000,
                     "overtime_cost": 0.06})  # fmt: skip
        rows.append({"supplier": ANNA, "period": week(t), "capacity": 1500})
    return rows


def order_calendar() -> list[Row]:
    """Table `order_calendar`: every second week at Straits; all close between the years, Straits at New Year."""
    rows: list[Row] = [{"supplier": STRAITS, "period": week(t), "kind": "order"} for t in range(1, PERIODS - 1, 2)]
    rows.append({"supplier": None, "period": week(HOLIDAY), "kind": "closed"})
    rows.append({"supplier": STRAITS, "period": week(11), "kind": "closed"})
    return rows


def containers() -> list[Row]:
    """Table `containers`: sea containers from Straits, pallets and trucks from Nordchem."""
    return [
        {"supplier": STRAITS, "container": "20 ft", "volume_capacity": 30, "weight_capacity": 21000, "cost": 1500},
        {"supplier": STRAITS, "container": "LCL", "volume_capacity": 3, "weight_capacity": 2000, "minimum_volume": 1,
         "cost": 260},
        {"supplier": NORDCHEM, "container": "pallet", "weight_capacity": 600, "minimum_weight": 100, "cost": 38},
    ]  # fmt: skip


def inventory(known: dict[str, Item]) -> list[Row]:
    """Table `inventory`: stock for the lead time at the hub, two weeks at the coast."""
    rows: list[Row] = []
    for n, item in enumerate(known.values()):
        lead = MAIN[item.group][2]
        row: Row = {"item": item.name, "location": HUB, "on_hand": round(item.weekly * (1.6 + 0.5 * lead)),
                    "safety_stock": round(item.weekly * 0.5)}  # fmt: skip
        if n % 9 == 0:
            row |= {"maximum": round(item.weekly * 9), "overstock_cost": money(item.price * 0.03)}
        if n % 9 == 4:
            row |= {"maximum_cover": 6, "cover_cost": money(item.price * 0.02)}
        if item.name == "GL-ST-7":
            row |= {"safety_stock_cost": 1.2}
        rows.append(row)
        if item.name in AT_COAST:
            rows.append({"item": item.name, "location": COAST, "on_hand": round(item.weekly * 0.25),
                         "safety_stock": round(item.weekly * 0.05)})  # fmt: skip
    return rows


def open_orders(known: dict[str, Item]) -> list[Row]:
    """Table `open_orders`: what is on its way, some of which can be brought in, put off or cancelled."""
    rows: list[Row] = []
    for item in known.values():
        main, share, lead = MAIN[item.group]
        for t in range(1, lead + 1):
            row: Row = {"order": f"PO-{main}-{t}", "line": item.name, "arrival": week(t + 0.3), "item": item.name,
                        "supplier": main, "location": HUB, "quantity": item.packs(0.9)}  # fmt: skip
            if item.name in ("GL-NI-M", "DE-PU") and t == lead:
                row |= {"change_cost": 40, "sooner_periods": 2, "sooner_cost": money(item.price * 0.05)}
            if item.name == "DR-AL-10" and t == lead:
                row |= {"change_cost": 20, "later_periods": 3, "later_cost": 0.05, "cancel_cost": 4,
                        "unit_cost": money(item.price * share)}  # fmt: skip
            if item.name == "RE-COV":
                row |= {"expiry": week(t + 5)}
            rows.append(row)
    return rows


def demand(known: dict[str, Item], dice: random.Random) -> list[Row]:
    """Table `demand`: orders for the first weeks, forecast for the rest, and some lines of their own kind."""
    rows: list[Row] = []
    for item in known.values():
        buyers = [name for name, (*_, groups) in CUSTOMERS.items() if item.group in groups.split()]
        dice.shuffle(buyers)
        buyers = buyers[:3] + (["coast-clinic"] if item.name in AT_COAST else [])
        total = sum(CUSTOMERS[name][2] for name in buyers)
        for name in buyers:
            _, _, share, every, _ = CUSTOMERS[name]
            for t in range(dice.randrange(every), PERIODS, every):
                level = item.weekly * share / total * every * dice.uniform(0.7, 1.3)
                quantity = max(1, round(level)) if level < 20 else 5 * round(level / 5)
                firm = t < 4
                rows.append({"item": item.name, "customer": name, "due": week(t + 0.2 * firm),
                             "kind": "order" if firm else "forecast", "quantity": quantity,
                             "reference": f"{10000 + len(rows)}" if firm else None})  # fmt: skip
    return rows + own_kind(known)


def own_kind(known: dict[str, Item]) -> list[Row]:
    """Demand lines with terms of their own."""

    def line(item: str, customer: str, t: float, weeks: float, **terms: object) -> Row:
        quantity = max(1, round(known[item].weekly * weeks))
        return {"item": item, "customer": customer, "due": week(t), "kind": "order", "quantity": quantity} | terms

    return [
        # What was confirmed.
        line("DR-FO-15", "city-hospital", 1, 0.5, reference="C-1", policy="win"),
        line("SY-50", "care-homes", 2, 0.4, reference="C-2", policy="gain", confirmed=week(3), confirmed_quantity=20),
        line("DI-IN-5", "pharmacies", 1, 0.4, reference="C-3", policy="redistribute", confirmed=week(2)),
        line("DE-NE", "practices", 2, 0.6, reference="C-4", policy="fill", confirmed=week(3)),
        line("HY-LA", "ship-supply", 1, 0.3, reference="C-5", policy="lose", confirmed=week(2), confirmed_quantity=20),
        # A ship sails when it sails; a ward takes a pump set as a whole; a depot takes full trolleys.
        line("HY-TO", "ship-supply", 3, 0.4, reference="S-1", max_delay=0, location=HUB),
        line("DE-PU", "city-hospital", 4, 2.0, reference="S-2", complete="yes", late_cost=150),
        line("NA-1000", "pharmacies", 3, 0.5, reference="S-3", one_delivery="yes", minimum_delivery=40),
        # An old order, a contract with its own penalties, customers who look elsewhere.
        line("DR-HY-10", "pharmacies", -1.5, 0.4, reference="S-4"),
        line("CA-18", "care-homes", 2, 0.5, reference="S-5", backorder_cost=6, shortage_cost=120, max_delay=2),
        line("HY-CA", "practices", 3, 0.6, reference="S-6", cancel_share=0.5),
        # Forecast in the name of the group, orders in a practice's own.
        *(line("HY-MA-2", "practices", t, 0.1, kind="forecast") for t in range(0, PERIODS, 2)),
        *(line("HY-MA-2", "dr-lindqvist", t, 0.06, reference=f"L-{t}") for t in (1, 3)),
        *(line("HY-GO", "practices", t, 0.1, kind="forecast") for t in range(0, PERIODS, 3)),
        *(line("HY-GO", "dr-lindqvist", t, 0.08, reference=f"L-{t}") for t in (2, 5)),
    ]


def on_customers(known: dict[str, Item]) -> dict[str, list[Row]]:
    """Tables on customers, backorders and scarce stock."""
    lanes: list[Row] = [{"location": HUB, "customer": name, "unit_cost": 0.04} for name in CUSTOMERS]
    for row in lanes:
        if row["customer"] == "coast-clinic":
            row |= {"unit_cost": 0.35, "lead_time": 1}
    lanes.append({"location": COAST, "customer": "coast-clinic", "unit_cost": 0.02})
    return {
        "lanes": lanes,
        "fill_rates": [
            {"customer_class": "hospital", "item_class": "syringes", "minimum_fill_rate": 0.97},
            {"customer": "practices", "item": "GL-NI-S", "minimum_fill_rate": 0.9, "cost": 3},
        ],
        "fair_shares": [
            {"item": "DE-OX", "kind": "proportional", "tolerance": 0.2},
            {"item": "DR-FX-10", "kind": "proportional", "tolerance": 0.1, "cost": 1},
            {"item_class": "gloves", "kind": "max_min", "cost": 0.5},
        ],
        "quotas": [
            {"customer": "care-homes", "item": "DI-HD-05", "minimum_quantity": 500, "valid_to": week(4.9)},
            {"customer": "pharmacies", "item": "HY-MA-2", "maximum_share": 0.6, "cost": 0.5},
            {"customer": "practices", "item": "RE-URI", "valid_from": week(4), "minimum_share": 0.15, "cost": 2},
            {"customer": "ship-supply", "maximum_quantity": 2500},
        ],
        "reserved_stock": [
            {"item": "CA-20", "location": HUB, "tier": 1, "quantity": 30},
            {"item": "SY-20", "tier": 2, "quantity": 60},
        ],
        "backorder_steps": [
            {"customer": "university-hospital", "periods": 1, "added_cost": 0.4},
            {"item": "IV-SET", "periods": 0, "step_cost": 3},
        ],
        "waiting_discounts": [
            {"customer": "ship-supply", "periods": 1, "discount": 0.4},
            {"item": "HY-TO", "customer": "ship-supply", "periods": 3, "discount": 0.9},
        ],
        # The dearer one of a pair goes in place of the other, at a little paperwork.
        "substitutes": [
            {"item": "DR-BA-6", "substitute": "DR-BA-8", "unit_cost": 0.3},
            {"item": "DI-SU-1", "substitute": "DI-SU-5", "customer": "pharmacies", "ratio": 0.25, "unit_cost": 0.1},
        ],
    }


def on_stock(known: dict[str, Item]) -> dict[str, list[Row]]:
    """Tables on stock and the network."""
    return {
        "locations": [
            {"location": HUB, "volume_capacity": 210, "overflow_cost": 6, "weight_capacity": 60000,
             "weight_overflow_cost": 0.02},
            {"location": COAST, "volume_capacity": 14, "overflow_cost": 8},
        ],
        "transfers": [
            {"item": name, "from_location": HUB, "to_location": COAST, "lead_time": 1, "unit_cost": 0.05,
             "shipment_cost": 6, "minimum_quantity": known[name].pack, "maximum_quantity": known[name].packs(1.5)}
            for name in BY_ROAD
        ],
        "handling": [
            {"location": HUB, "receiving_capacity": 16000, "receiving_overtime_cost": 0.12, "shipping_capacity": 16000,
             "shipping_overtime_cost": 0.1},
            {"location": HUB, "period": week(HOLIDAY), "receiving_capacity": 8000, "receiving_overtime_cost": 0.3,
             "shipping_capacity": 12000, "shipping_overtime_cost": 0.25},
        ],
        "batches": [
            {"item": "RE-TRO", "location": HUB, "expiry": week(2.9), "quantity": 6},
            {"item": "RE-COV", "location": HUB, "expiry": week(1.9), "quantity": 40},
            {"item": "RE-CRP", "location": HUB, "expiry": week(3.9), "quantity": 12},
        ],
        "value_limits": [
            {"location": HUB, "maximum_value": 420000, "cost": 0.004},
            {"period": week(5), "maximum_value": 380000, "cost": 0.01},
        ],
    }  # fmt: skip


def on_orders(known: dict[str, Item]) -> dict[str, list[Row]]:
    """Tables on orders and suppliers."""
    return {
        "transport_modes": [
            {"item": "GL-ST-7", "supplier": STRAITS, "mode": "air", "lead_time": 1, "unit_cost": 5.5, "order_cost": 60,
             "minimum_quantity": 12, "maximum_quantity": 120},
            {"supplier": ELMEDIC, "location": HUB, "mode": "courier", "lead_time": 1, "unit_cost": 3, "order_cost": 25},
        ],
        "order_discounts": [
            {"supplier": CENTRO, "minimum_value": 12000, "discount": 0.02, "kind": "all_units"},
            {"supplier": ALBA, "minimum_value": 15000, "discount": 0.015, "kind": "incremental"},
            {"supplier": ALBA, "minimum_value": 30000, "discount": 0.03, "kind": "incremental"},
        ],
        "budgets": [
            {"period": week(1), "amount": 110000},
            {"period": week(2), "amount": 130000},
            {"supplier": OUTLET, "amount": 160000},
            {"supplier": ELMEDIC, "period": week(3), "amount": 9000},
        ],
        "commitments": [
            {"supplier": STRAITS, "value": 150000, "shortfall_rate": 0.2},
            {"supplier": IBERIA, "item": "CA-20", "quantity": 900, "shortfall_cost": 1.5},
        ],
        "bought_before": [
            {"item": "SY-05", "supplier": IBERIA, "location": HUB, "quantity": 16000},
            {"item": "SY-05", "supplier": CENTRO, "quantity": 3600},
            {"item": "CA-20", "supplier": IBERIA, "quantity": 150, "value": 3600},
        ],
        "overrides": [
            {"item": "DE-BP", "supplier": ELMEDIC, "location": HUB, "period": week(1), "quantity": 40,
             "note": "agreed at the fair"},
            {"item": "HY-LA", "supplier": OUTLET, "period": week(2), "quantity": 0, "note": "their line is down"},
            {"item": "DI-HD-05", "period": week(3), "minimum_quantity": 1200, "note": "before the holidays"},
            {"item": "NA-500", "location": HUB, "period": week(3), "maximum_quantity": 900, "note": "no room then"},
        ],
        "last_plan": [
            {"item": name, "supplier": supplier, "location": HUB, "order_period": week(t),
             "quantity": known[name].packs(weeks)}
            for name, supplier, t, weeks in (
                ("DR-GZ-5", ALBA, 1, 2), ("DR-GZ-10", ALBA, 1, 2.6), ("DR-FX-10", ALBA, 1, 2), ("DR-BA-8", ALBA, 1, 2),
                ("DR-GZ-5", ALBA, 3, 2), ("DR-FO-10", ALBA, 3, 2.6), ("SY-20", IBERIA, 1, 2), ("CA-18", IBERIA, 1, 2),
                ("SY-50", IBERIA, 2, 2), ("CA-20", IBERIA, 3, 2.6),
            )
        ],
    }  # fmt: skip


def text(cell: object) -> str:
    """Shortest decimal text; nothing where there is nothing."""
    if isinstance(cell, float):
        return repr(int(cell) if cell.is_integer() else round(cell, 9))
    return "" if cell is None else str(cell)


def main(folder: Path) -> None:
    """Write all tables of the instance."""
    known, dice = items(), random.Random(4)
    tables = {
        "items": about(known.values()),
        "suppliers": suppliers(),
        "customers": customers(),
        "sourcing": sourcing(known),
        "price_breaks": price_breaks(known),
        "supplier_capacity": supplier_capacity(),
        "order_calendar": order_calendar(),
        "containers": containers(),
        "inventory": inventory(known),
        "open_orders": open_orders(known),
        "demand": demand(known, dice),
        **on_customers(known),
        **on_stock(known),
        **on_orders(known),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([text(row.get(column)) for column in columns] for row in rows)
    (folder / "instance.toml").write_text(SETTINGS, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
