"""Solving: a compiled program in, the best plan found and a proven bound out. No business name is known here."""
