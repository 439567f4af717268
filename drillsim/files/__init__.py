"""The YAML files: read, put together, checked with every mistake at once; the shipped library."""

from drillsim.files.check import check
from drillsim.files.describe import describe, sentence
from drillsim.files.load import Loaded, load, of_scenario
from drillsim.files.new import new
from drillsim.files.schema import schema
from drillsim.files.shelf import Entry, library
from drillsim.files.write import replace, variant, write

__all__ = [
    "Entry",
    "Loaded",
    "check",
    "describe",
    "library",
    "load",
    "new",
    "of_scenario",
    "replace",
    "schema",
    "sentence",
    "variant",
    "write",
]
