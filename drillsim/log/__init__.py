"""What happened: the rows of a replication, their columns, and how they are written and read. Facts only, no totals, no opinions."""
