"""The grammar of a change: what is read of it, and that what is wrong with one is said."""

from decimal import Decimal

import pytest

from optimizer.read.what_if import ChangeRefused, parsed


@pytest.mark.parametrize(
    ("text", "table", "column", "keys", "where", "sign", "value"),
    [
        ("items.price*1.5", "items", "price", (), (), "*", "1.5"),
        (" items . price *= 1.5 ", "items", "price", (), (), "*", "1.5"),
        ("items[A-1].price=", "items", "price", ("A-1",), (), "=", ""),
        ("inventory[A, north].safety_stock-2", "inventory", "safety_stock", ("A", "north"), (), "-", "2"),
        ("demand[A,kind=order].due=2026-W50", "demand", "due", ("A",), (("kind", "order"),), "=", "2026-W50"),
        ("items['a,b]=\"c'].price=3", "items", "price", ('a,b]="c',), (), "=", "3"),
        ('demand[reference=""].quantity/4', "demand", "quantity", (), (("reference", ""),), "/", "4"),
        ("items[00123].description='= x'", "items", "description", ("00123",), (), "=", "= x"),
        ("items['A' ].price=3", "items", "price", ("A",), (), "=", "3"),
        ("solve.gap=0.02", "solve", "gap", (), (), "=", "0.02"),
        ("periods+4", "", "periods", (), (), "+", "4"),
        ("items.price+10%", "items", "price", (), (), "*", "1.1"),  # 1 + 10/100
        ("items.price-2.5%", "items", "price", (), (), "*", "0.975"),  # 1 - 2.5/100
        ("items.price*1e2", "items", "price", (), (), "*", "100"),
    ],
)
def test_what_is_read(
    text: str, table: str, column: str, keys: tuple[str, ...], where: tuple[tuple[str, str], ...], sign: str, value: str
) -> None:
    change = parsed(text)
    assert (change.table, change.column, change.keys, change.where) == (table, column, keys, where)
    assert (change.sign, change.value, change.text) == (sign, value, text)
    if sign != "=":
        assert change.number == Decimal(value)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "a name is missing; write table.column=value"),
        ("items.", "a name is missing after 'items.'"),
        ("items.price", r"after 'items.price' comes one of = \+ - \* /, not nothing"),
        ("items.price>3", "not '>3'"),
        ("items[A]=3", r"after the brackets comes \.column"),
        ("items[A.price=3", r"the bracket \[ is not closed"),
        ("items['A].price=3", "the quote ' is not closed"),
        ("items['A'B].price=3", "after 'A' comes , or ]"),
        ("items[].price=3", "a key is missing; for every row leave the brackets away"),
        ("items[A,].price=3", "a key is missing"),
        ("items[a b=3].price=3", "'a b' is no name of a column"),
        ("items[class=A,class=B].price=3", "column class stands twice"),
        ("items.price*two", "'two' is no number"),
        ("items.price*1,5", "'1,5' is no number; after [*] comes one, with a decimal point"),
        ("items.price*inf", "no number that can be reckoned with"),
        ("items.price+1e15", "no number that can be reckoned with"),
        ("items.price/0", "nothing can be divided by 0"),
        ("items.price*150%", r"a share comes after \+ or -; write \*1.5"),
    ],
)
def test_what_is_wrong_is_said(text: str, wrong: str) -> None:
    with pytest.raises(ChangeRefused, match=wrong) as told:
        parsed(text)
    assert str(told.value).startswith(f"--set '{text}': ")
