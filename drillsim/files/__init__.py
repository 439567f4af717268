"""The YAML: read, resolved, checked with every mistake at once, and the shipped library."""
