"""What exists: frozen records of the hospital, its systems and people, the emergency plan and the scenario. No SimPy, no NumPy, no files.

Modules here do without ``from __future__ import annotations``: pydantic would have to evaluate each annotation anew, at every start.
"""
