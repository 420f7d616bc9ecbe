"""Refused: what was asked for cannot be tuned."""


class TuneRefused(Exception):
    """A call that names what is not there, or what is no penalty; one sentence."""
