"""The outage played back: one film made from the log, shown as a page in any browser or as a board in the terminal."""
