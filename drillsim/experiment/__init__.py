"""Many runs: replications in processes, and (later) variants on the same luck."""
