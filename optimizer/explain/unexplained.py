"""Unexplained: what was asked of a plan that it cannot answer, said to whoever asked."""


class Unexplained(Exception):
    """The question is about nothing that the plan has, or the plan does not fit its instance any more."""
