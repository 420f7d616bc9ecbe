"""Commands: one file for each command of the command line; `optimizer.cli` lists them."""
