"""Plausible: one look per file at what is allowed and yet probably wrong.

Each module has `look(instance) -> Iterator[Finding]`, which gives warnings only, and passes over tables and columns
that an instance lacks. A new look is one more file.
"""
