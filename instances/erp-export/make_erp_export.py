"""Make the instance `erp-export`: tables as a German ERP system exports them, with all that makes them hard to read.

A made-up wholesaler of heating and plumbing parts in Nürnberg. What is planned is ordinary; what matters is how it is
written: semicolons, decimal commas, points between thousands, a minus behind the number, dates as 23.11.2026, cp1252
with umlauts, leading zeros, columns of the planner's own, and rows that any real export has.

Run: python instances/erp-export/make_erp_export.py [FOLDER]
writes the tables into FOLDER (default: beside this file).
"""

import csv
import io
import random
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

START = date(2026, 11, 23)
DAY = "%d.%m.%Y"
PERIODS = 16
FIRM = 4  # weeks of firm orders; forecast begins after them

SETTINGS = """\
# Tables as the ERP system exports them; README.md tells what is in them. All that they need to be read is [read].
name = "erp-export"
start = 2026-11-23
periods = 16

[read]
delimiter = ";"
decimal = ","
thousands = "."
date_format = "%d.%m.%Y"
encoding = "cp1252"
"""

# Item, description, group, class, unit, step, weekly demand, price.
ITEMS = (
    ("000104711", 'Kugelhahn 1/2" Innengewinde', "Armaturen", "A", "ST", 1, 60, 9.8),
    ("000104712", 'Kugelhahn 3/4" Innengewinde', "Armaturen", "A", "ST", 1, 45, 12.5),
    ("000104720", "Rückschlagventil DN 20", "Armaturen", "B", "ST", 1, 18, 21.0),
    ("RÜ-0815", "Rücklaufverschraubung Eckform", "Armaturen", "B", "ST", 1, 30, 7.4),
    ("VENT-Ø16", "Thermostatventil Ø 16", "Armaturen", "A", "ST", 1, 80, 18.9),
    ("PUMPE/25-60", "Umwälzpumpe 25-60", "Pumpen", "A", "ST", 1, 6, 249.0),
    ("PUMPE/25-80", "Umwälzpumpe 25-80", "Pumpen", "B", "ST", 1, 2, 319.0),
    ("PUMPE/32-60", "Umwälzpumpe 32-60", "Pumpen", "B", "ST", 1, 1, 287.0),
    ("ROHR CU 15X1", "Kupferrohr 15 x 1, Stange 5 m", "Rohre", "A", "M", 5, 1250, 6.9),
    ("ROHR CU 18X1", "Kupferrohr 18 x 1, Stange 5 m", "Rohre", "A", "M", 5, 900, 8.4),
    ("ROHR CU 22X1", "Kupferrohr 22 x 1, Stange 5 m", "Rohre", "B", "M", 5, 480, 10.6),
    ("NA", "Natrium-Ionentauscherharz", "Wasseraufbereitung", "C", "KG", 0, 12.5, 14.2),
    ("1E5", "Enthärtungspatrone 1E5", "Wasseraufbereitung", "B", "ST", 1, 8, 42.0),
    ("SALZ-25KG", "Regeneriersalz, Sack 25 kg", "Wasseraufbereitung", "B", "SCK", 1, 40, 9.9),
    ("DICHT-3/8", 'Dichtung 3/8", Beutel zu 100 St.', "Kleinteile", "C", "BTL", 1, 15, 6.5),
    ("DICHT-1/2", 'Dichtung 1/2", Beutel zu 100 St.', "Kleinteile", "B", "BTL", 1, 55, 5.8),
    ("HANF 80G", "Hanfzopf 80 g", "Kleinteile", "C", "ST", 1, 22, 3.2),
    ("SILIKON-WEIß", "Sanitärsilikon weiß, 310 ml", "Kleinteile", "B", "ST", 1, 70, 6.4),
    ("VERT-5-FACH", "Heizkreisverteiler Edelstahl\n5-fach, mit Durchflussmesser", "Verteiler", "B", "ST", 1, 5, 148.0),
    ("VERT-8-FACH", "Heizkreisverteiler Edelstahl\n8-fach, mit Durchflussmesser", "Verteiler", "B", "ST", 1, 4, 196.0),
    ("HK-TYP22/600X1000", "Heizkörper Typ 22, 600 x 1000", "Heizkörper", "A", "ST", 1, 14, 164.0),
    ("HK-TYP33/600X1600", "Heizkörper Typ 33, 600 x 1600", "Heizkörper", "B", "ST", 1, 4, 352.0),
    ("KESSEL BW-20", "Brennwertkessel 20 kW", "Wärmeerzeuger", "A", "ST", 1, 1, 2890.0),
    ("104712", 'Kugelhahn 3/4"; alte Nummer, Restbestand', "Armaturen", "C", "ST", 1, 3, 11.9),
)  # fmt: skip
# Item, supplier, unit cost, lead time in days, minimum, pack.
TERMS = (
    ("000104711", "S-WÖRTH", 5.4, 7, 20, 10),
    ("000104711", "0000700045", 4.6, 35, 200, 10),
    ("000104712", "S-WÖRTH", 7.1, 7, 20, 10),
    ("000104712", "0000700045", 6.2, 35, 200, 10),
    ("104712", "S-WÖRTH", 7.1, 7, 10, 10),
    ("000104720", "S-WÖRTH", 12.9, 10, 10, 5),
    ("RÜ-0815", "0000700045", 3.1, 28, 100, 25),
    ("VENT-Ø16", "0000700045", 10.2, 28, 100, 20),
    ("VENT-Ø16", "HÖLLER KG", 11.6, 7, 20, 20),
    ("PUMPE/25-60", "GRÜNDEL", 162.0, 14, 2, 1),
    ("PUMPE/25-60", "HÖLLER KG", 171.5, 5, 1, 1),
    ("PUMPE/25-80", "GRÜNDEL", 214.0, 14, 1, 1),
    ("PUMPE/32-60", "GRÜNDEL", 190.0, 14, 1, 1),
    ("ROHR CU 15X1", "METALL-SÜD", 4.35, 10, 500, 50),
    ("ROHR CU 15X1", "HÖLLER KG", 4.8, 5, 100, 50),
    ("ROHR CU 18X1", "METALL-SÜD", 5.3, 10, 500, 50),
    ("ROHR CU 18X1", "HÖLLER KG", 5.9, 5, 100, 50),
    ("ROHR CU 22X1", "METALL-SÜD", 6.75, 10, 250, 50),
    ("NA", "HÖLLER KG", 8.9, 14, 25, 25),
    ("1E5", "HÖLLER KG", 26.0, 14, 1, 1),
    ("SALZ-25KG", "METALL-SÜD", 5.2, 7, 40, 40),
    ("DICHT-3/8", "S-WÖRTH", 2.4, 7, 1, 10),
    ("DICHT-1/2", "S-WÖRTH", 2.2, 7, 50, 50),
    ("HANF 80G", "S-WÖRTH", 1.35, 7, 24, 12),
    ("HANF 80G", "HÖLLER KG", 129.0, 5, 24, 12),  # the price of a hundred
    ("SILIKON-WEIß", "S-WÖRTH", 3.45, 7, 24, 12),
    ("VERT-5-FACH", "0000700045", 88.0, 35, 10, 1),
    ("VERT-5-FACH", "GRÜNDEL", 97.5, 14, 1, 1),
    ("VERT-8-FACH", "0000700045", 117.0, 35, 10, 1),
    ("VERT-8-FACH", "GRÜNDEL", 129.0, 14, 1, 1),
    ("HK-TYP22/600X1000", "HÖLLER KG", 104.0, 21, 4, 2),
    ("HK-TYP22/600X1000", "METALL-SÜD", 101.0, 28, 20, 2),
    ("HK-TYP33/600X1600", "HÖLLER KG", 229.0, 21, 2, 1),
    ("KESSEL BW-20", "GRÜNDEL", 2145.0, 42, 1, 1),
)  # fmt: skip
SUPPLIERS = (
    ("S-WÖRTH", "Wörth Befestigung", 15.0, 50.0),
    ("0000700045", "Armaturen Zhejiang", 180.0, 1500.0),
    ("HÖLLER KG", "Höller Großhandel", 25.0, 0.0),
    ("GRÜNDEL", "Gründel Pumpen GmbH", 40.0, 500.0),
    ("METALL-SÜD", "Metall Süd", 60.0, 1000.0),
)
CUSTOMERS = (
    ("Müller & Söhne", "A", 2.0, "Nürnberg"),
    ("Bäder-König GmbH", "A", 1.5, "Erlangen"),
    ("Stadtwerke Süd", "B", 1.0, "Fürth"),
    ("Weiß; Haustechnik", "B", 1.0, "Schwabach"),
    ("Abholmarkt", "C", 0.75, "Nürnberg"),
)
MAIN, OUTER = "Nürnberg", "Außenlager Fürth"
AGENTS = ("Schröder", "Öztürk", "Krauß")

# Order, line, days from start to arrival, item, supplier, weeks of demand.
OPEN_ORDERS = (
    ("4500018201", "00010", -13, "000104711", "0000700045", 3.0),  # overdue
    ("4500018201", "00020", -13, "000104712", "0000700045", 3.0),  # overdue
    ("4500018201", "00030", 9, "RÜ-0815", "0000700045", 4.0),
    ("4500018201", "00030", 30, "RÜ-0815", "0000700045", 4.0),  # the same line in two deliveries
    ("4500018377", "00010", -4, "PUMPE/25-60", "GRÜNDEL", 1.0),  # overdue
    ("4500018377", "00020", 3, "PUMPE/25-80", "GRÜNDEL", 2.0),
    ("4500018402", "00010", 2, "ROHR CU 15X1", "METALL-SÜD", 2.0),
    ("4500018402", "00020", 2, "ROHR CU 18X1", "METALL-SÜD", 1.0),
    ("4500018402", "00030", 9, "ROHR CU 18X1", "METALL-SÜD", 1.0),
    ("4500018419", "00010", 12, "HK-TYP22/600X1000", "HÖLLER KG", 2.0),
    ("4500018433", "00010", 17, "KESSEL BW-20", "GRÜNDEL", 2.0),
    ("4500018433", "00020", 140, "KESSEL BW-20", "GRÜNDEL", 4.0),  # after the horizon
)
# Reference, position, item, customer, days from start to due date, weeks of demand.
OLD_AND_ODD = (
    ("0080012207", "10", "VENT-Ø16", "Müller & Söhne", -34, 0.5),  # old backorders
    ("0080012207", "20", "PUMPE/25-60", "Müller & Söhne", -34, 0.5),
    ("0080012290", "10", "HK-TYP33/600X1600", "Stadtwerke Süd", -10, 1.0),
    ("0080012314", "10", "KESSEL BW-20", "Bäder-König GmbH", -3, 1.0),
    ("0080012388", "10", "ROHR CU 15X1", "Abholmarkt", 30, 0.2),  # beside a forecast
    ("0080012391", "10", "SILIKON-WEIß", "Abholmarkt", 44, 0.3),  # beside a forecast
    ("0080012402", "10", "HK-TYP22/600X1000", "Stadtwerke Süd", 190, 8.0),  # after the horizon
)
PAST_FORECAST = ("DICHT-1/2", "Abholmarkt", -5)
NEGATIVE = {("HANF 80G", MAIN): -14.0, ("DICHT-3/8", OUTER): -3.0}  # issued before the receipt was booked
NEW_PRICE = ("METALL-SÜD", date(2027, 1, 1), 1.06)  # from then on, by this factor


def amount(number: float, digits: int = 3) -> str:
    """1250 as 1.250,000 and -12 as 12,000-."""
    text = f"{abs(number):,.{digits}f}".translate(str.maketrans(",.", ".,"))
    return f"{text}-" if number < 0 else text


def day(days: int) -> str:
    """So many days from start, as 23.11.2026."""
    return (START + timedelta(days=days)).strftime(DAY)


def whole(number: float, step: float) -> float:
    """A quantity that can be counted in steps, one at least."""
    return max(round(number / step), 1) * step if step else round(number, 1)


def items() -> Iterable[Sequence[str]]:
    """Items, the planner's own columns among the others."""
    yield "item", "description", "Warengruppe", "class", "unit", "quantity_step", "price", "Disponent"
    for k, (item, description, group, kind, unit, step, _, price) in enumerate(ITEMS):
        yield item, description, group, kind, unit, amount(step) if step else "", amount(price, 2), f"D{k % 3 + 1:02d}"


def suppliers() -> Iterable[Sequence[str]]:
    """Suppliers, by their creditor's number or short name."""
    yield "supplier", "Name", "order_cost", "minimum_order_value"
    for supplier, name, cost, least in SUPPLIERS:
        yield supplier, name, amount(cost, 2), amount(least, 2)


def customers() -> Iterable[Sequence[str]]:
    """Customers."""
    yield "customer", "class", "weight", "Ort"
    for customer, kind, weight, town in CUSTOMERS:
        yield customer, kind, amount(weight, 2), town


def sourcing() -> Iterable[Sequence[str]]:
    """Terms of purchase; some of them dated, the others without any date."""
    yield (
        "item", "supplier", "valid_from", "valid_to", "unit_cost", "lead_time_days", "minimum_quantity", "multiple",
        "Einkäufer",
    )  # fmt: skip
    changes, since, factor = NEW_PRICE
    last = (since - timedelta(days=1)).strftime(DAY)
    for k, (item, supplier, cost, days, least, pack) in enumerate(TERMS):
        rest = (str(days), amount(least), amount(pack), AGENTS[k % 3])
        if supplier == changes:
            yield item, supplier, "01.01.2026", last, amount(cost, 2), *rest
            yield item, supplier, since.strftime(DAY), "31.12.9999", amount(cost * factor, 2), *rest
        else:
            yield item, supplier, "", "", amount(cost, 2), *rest


def inventory(chance: random.Random) -> Iterable[Sequence[str]]:
    """Stock, as booked."""
    yield "item", "Werk", "location", "on_hand", "safety_stock"
    for item, _, _, kind, _, step, weekly, _ in ITEMS:
        for place, share in ((MAIN, 1.0), (OUTER, 0.4)):
            if place == OUTER and kind == "A" and weekly < 10:
                continue  # kept in one place only
            stock = NEGATIVE.get((item, place), whole(weekly * share * chance.uniform(0.8, 3.0), step))
            safety = amount(whole(weekly * share * 0.5, step)) if kind == "A" else ""
            yield item, "1000" if place == MAIN else "1010", place, amount(stock), safety


def open_orders() -> Iterable[Sequence[str]]:
    """Open purchase orders, a row for each line and delivery."""
    yield "order", "line", "item", "supplier", "location", "arrival", "quantity", "Einkäufer"
    known = {row[0]: row for row in ITEMS}
    for k, (order, line, days, item, supplier, weeks) in enumerate(OPEN_ORDERS):
        quantity = whole(weeks * known[item][6], known[item][5])
        yield order, line, item, supplier, MAIN, day(days), amount(quantity), AGENTS[k % 3]


def demand(chance: random.Random) -> Iterable[Sequence[str]]:
    """Open sales orders, old ones first, then the forecast."""
    yield "reference", "Pos", "item", "customer", "kind", "location", "due", "quantity", "Verkäufer"
    known = {row[0]: row for row in ITEMS}
    for k, (reference, position, item, customer, days, weeks) in enumerate(OLD_AND_ODD):
        quantity = whole(weeks * known[item][6], known[item][5])
        yield reference, position, item, customer, "order", "", day(days), amount(quantity), AGENTS[k % 3]
    item, customer, days = PAST_FORECAST
    yield "", "", item, customer, "forecast", "", day(days), amount(known[item][6]), ""
    number, pos = 80012500, 0
    for week in range(FIRM):
        for item, _, _, _, _, step, weekly, _ in ITEMS:
            if chance.random() < 0.3:
                continue
            if pos == 0 or chance.random() < 0.4:  # the next order; else a further line of this one
                number, pos = number + 1, 0
                customer, agent = chance.choice(CUSTOMERS[:-1])[0], chance.choice(AGENTS)
                days = 7 * week + chance.randrange(5)
            pos += 10
            place = OUTER if customer == "Stadtwerke Süd" and weekly >= 10 else ""
            quantity = whole(weekly * chance.uniform(0.5, 1.6), step)
            yield f"{number:010d}", str(pos), item, customer, "order", place, day(days), amount(quantity), agent
    for item, _, _, _, _, step, weekly, _ in ITEMS:
        pace = 1 if weekly >= 40 else 3
        for week in range(FIRM, PERIODS, pace):
            quantity = whole(0.8 * pace * weekly, step)
            yield "", "", item, "Abholmarkt", "forecast", MAIN, day(7 * week), amount(quantity), ""


def write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """A table as the ERP system writes it: semicolons, lines that end as in Windows, cp1252."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode("cp1252"))


def main(folder: Path = Path(__file__).parent) -> None:
    """Write the instance."""
    chance = random.Random(2026)
    tables = {
        "items": items(), "suppliers": suppliers(), "customers": customers(), "sourcing": sourcing(),
        "inventory": inventory(chance), "open_orders": open_orders(), "demand": demand(chance),
    }  # fmt: skip
    for name, rows in tables.items():
        write(folder / f"{name}.csv", rows)
    (folder / "instance.toml").write_text(SETTINGS, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
