"""What it means: pure functions, log and scenario in, tables out."""
