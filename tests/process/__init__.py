"""The emergency process line by line: what a planner changes in a file, and which figure of the score it moves by how much."""
