"""Models: what the business is, in Pyomo. No files, no data frames, no solver."""
