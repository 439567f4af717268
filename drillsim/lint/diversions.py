"""Diversions: pathways that a step closes and none opens again, and those that a step opens though nothing has closed them."""

from __future__ import annotations

from drillsim.errors import Wrong
from drillsim.lint.finding import Finding, Findings
from drillsim.lint.view import View


def never_reopened(view: View) -> Findings:
    """Pathways that a step diverts and no step reopens, each at the first step that does."""
    back = view.targets("reopen")
    told: set[str] = set()
    for step, effect in view.effects("divert"):
        for pathway in effect.targets:
            if pathway not in back and pathway not in told:
                told.add(pathway)
                what = Wrong("{pathway} is diverted, and no step reopens it", pathway=view.named("pathway", pathway))
                yield Finding("diverted-without-reopen", view.at(step, "does"), what, pathway)


def never_diverted(view: View) -> Findings:
    """Steps that reopen pathways which no step diverts."""
    diverted = view.targets("divert")
    for step, effect in view.effects("reopen"):
        for pathway in effect.targets:
            if pathway not in diverted:
                what = Wrong("no step diverts {pathway}, so there is nothing to reopen", pathway=view.named("pathway", pathway))  # fmt: skip
                yield Finding("reopened-without-divert", view.at(step, "does"), what, step.id)


RULES = (never_reopened, never_diverted)
