"""How it plays out: SimPy lives here and nowhere else."""
