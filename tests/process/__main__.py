"""Play every case and write what was measured, and the pages of the documentation made from it: ``python -m tests.process [CASE …]``.

With names of cases (or their beginnings) only those are played; what is known of the others stays.
"""

from __future__ import annotations

import sys

from tests.process import page
from tests.process.cases import CASES
from tests.process.play import Effect, effect


def main(wanted: list[str]) -> int:
    """Play the cases; 1 when the effect of one is not beyond what is stated."""
    found: dict[str, Effect] = {}
    short = []
    for case in CASES:
        known = page.measured().get(case.id) if page.MEASURED.is_file() else None
        asked = not wanted or any(case.id.startswith(name) for name in wanted)
        if asked or known is None or known["case"] != page.stated(case):
            found[case.id] = effect(case)
            print(case.id, page.record(case, found[case.id]), flush=True)
            page.keep(found)
        else:
            found[case.id] = page.effect_of(case)
        if not found[case.id].beyond(case.least):
            short.append(case.id)
    page.write(found)
    print("not beyond what is stated:", ", ".join(short) or "none")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
