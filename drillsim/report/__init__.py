"""For people: the HTML report, its plots, the terminal summary and the briefing, in English and Chinese."""
