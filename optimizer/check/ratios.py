"""Ratios in messages: three digits, and never an exponent."""


def ratio(value: float) -> str:
    """2.5, 29.2, 2,790."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
