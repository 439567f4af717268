"""Changes that the evidence of a scenario suggests: of people, of the order of work, and of things."""
