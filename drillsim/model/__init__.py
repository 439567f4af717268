"""What exists: frozen records of the hospital, its systems and people, the emergency plan and the scenario. No SimPy, no NumPy, no files."""
