"""Studies: arms × seeds, planned, run, resumed, compared."""
