"""The player behind the terminal board: where the clock stands, how fast it goes, and what each key does. It reads no clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from drillsim.playback.frame import Playback
from drillsim.playback.shape import Film, Question

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Minutes of the exercise in a minute of the room; the same ones as in the page."""
LONGEST_TYPED = 16  # characters, as in 2026-03-12 11:20


@dataclass
class Player:
    """A film being played. ``press`` takes a key's name, ``tick`` lets seconds of the room pass."""

    film: Film
    language: str = "en"
    speed: float = 60.0
    minute: float = field(init=False)
    playing: bool = False
    card: int | None = None  # the inject that is up
    last: int = -1  # the inject that was put up last since the last jump
    revealed: bool = False
    stop_at_inject: bool = False
    helping: bool = False
    typed: str | None = None  # the time that is being typed after g
    refused: str | None = None  # what was typed last and is no time of the run
    over: bool = False  # the user has left

    def __post_init__(self) -> None:
        self.minute = self.film["opens_at"]
        self.playback = Playback(self.film)

    @property
    def inject(self) -> Question | None:
        """The inject that is up."""
        return None if self.card is None else self.film["injects"][self.card]

    def tick(self, seconds: float) -> None:
        """Let so many seconds of the room pass: on to EndEx, but not past an inject that stops the clock; one at this very minute counts while it
        has not been put up."""
        if not self.playing:
            return
        to = min(self.minute + seconds / 60 * self.speed, self.film["horizon"])
        for number, inject in enumerate(self.film["injects"]):
            stops = bool(inject["question"]) or self.stop_at_inject
            if stops and number > self.last and self.minute <= inject["minute"] <= to:
                self.minute, self.playing, self.stop_at_inject = inject["minute"], False, False
                self._put_up(number)
                return
        self.minute = to
        self.playing = to < self.film["horizon"]

    def seek(self, minute: float) -> None:
        """Jump to a minute; whatever was up is put away."""
        self.minute = min(max(minute, 0.0), self.film["horizon"])
        self.last = -1
        self._put_away()

    def step(self, minute: float) -> None:
        """Stop at an event; an inject that is delivered there is put up."""
        self.playing = False
        self.seek(minute)
        for number, inject in enumerate(self.film["injects"]):
            if abs(inject["minute"] - self.minute) < 1e-6:
                self._put_up(number)
                return

    def press(self, key: str) -> None:
        """Do what a key says; others are ignored."""
        if self.typed is not None:
            self._type(key)
            return
        move = {"left": -1.0, "right": 1.0, "shift-left": -10.0, "shift-right": 10.0, "down": -10.0, "up": 10.0}
        if key in move:
            self.seek(self.minute + move[key])
        elif key in (" ", "enter"):
            self._toggle()
        elif key in ("[", "]", "【", "】"):
            self._pace(1 if key in ("]", "】") else -1)
        elif key in ("home", "end"):
            self.playing = False
            self.seek(0.0 if key == "home" else self.film["horizon"])
        else:
            self._letter(key)

    def _letter(self, key: str) -> None:
        match key if key == "I" else key.lower():
            case "n":
                self.step(self.playback.next_event(self.minute))
            case "p":
                self.step(self.playback.previous_event(self.minute))
            case "i" | "I":
                found = (
                    self.playback.next_inject(self.minute) if key == "i" else self.playback.previous_inject(self.minute)
                )
                if found is not None:
                    self.step(found)
            case "r":
                self.revealed = self.card is not None and not self.revealed
            case "g":
                self.typed, self.refused = "", None
            case "s":
                self.stop_at_inject = not self.stop_at_inject
            case "l":
                self.language = "en" if self.language == "zh" else "zh"
            case "?" | "？" | "h":
                self.helping = not self.helping
            case "escape":
                self._put_away()
            case "q":
                self.over = True

    def _type(self, key: str) -> None:
        """Take a key for the time that is being typed."""
        assert self.typed is not None
        if key == "escape":
            self.typed = None
        elif key == "backspace":
            self.typed = self.typed[:-1]
        elif key == "enter":
            minute = self.playback.moment(self.typed, self.minute)
            self.typed, self.refused = (None, None) if minute is not None else ("", self.typed)
            if minute is not None:
                self.seek(minute)
        elif len(key) == 1 and len(self.typed) < LONGEST_TYPED:
            self.typed += key

    def _toggle(self) -> None:
        after = None if self.card is None else self.card + 1
        again = self.inject
        self._put_away()
        injects = self.film["injects"]
        if again and after is not None and after < len(injects) and injects[after]["minute"] == again["minute"]:
            self._put_up(after)
        else:
            self.playing = not self.playing and self.minute < self.film["horizon"]

    def _pace(self, by: int) -> None:
        place = min(range(len(SPEEDS)), key=lambda n: abs(SPEEDS[n] - self.speed))
        self.speed = SPEEDS[min(max(place + by, 0), len(SPEEDS) - 1)]

    def _put_up(self, number: int) -> None:
        self.card, self.last, self.revealed, self.helping = number, number, False, False

    def _put_away(self) -> None:
        self.card, self.revealed, self.helping = None, False, False
