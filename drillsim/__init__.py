"""drillsim rehearses a hospital's information-system emergency plan on a simulated hospital."""

__version__ = "0.1.0"
