"""Mutants that no test can tell from the original, and why: by name, as `tests.campaigns.mutants` prints them."""

EQUIVALENT: dict[str, str] = {}
