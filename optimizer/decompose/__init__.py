"""Solving large programs block by block, at prices on what the blocks share."""
