"""The flow of patients and orders through pools of people and machines: a small engine of its own on flat columns, advanced by SimPy's clock."""
