"""Durations with luck in them, described in words such as ``lognormal(median 12 min, p90 30 min)``; ``sim`` draws them."""

import math
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from drillsim import units
from drillsim.errors import Wrong
from drillsim.model.base import Record

Z90 = 1.2815515655446004  # the 90 % point of the standard normal distribution

SIGNATURES: dict[str, tuple[tuple[str, ...], ...]] = {
    # kind: the sets of named parameters it accepts, in the order in which they may also be given without names
    "constant": (("value",),),
    "exponential": (("mean",),),
    "erlang": (("shape", "mean"),),
    "gamma": (("shape", "mean"), ("mean", "sd")),
    "lognormal": (("median", "p90"), ("mean", "sd")),
    "triangular": (("low", "mode", "high"),),
    "pert": (("low", "mode", "high"),),
    "uniform": (("low", "high"),),
    "normal": (("mean", "sd"), ("mean", "sd", "low"), ("mean", "sd", "low", "high")),
    "weibull": (("shape", "scale"), ("shape", "mean")),
}
_UNITLESS = {"shape"}
_CALL = re.compile(r"\s*([a-z]+)\s*\((.*)\)\s*", re.DOTALL)


class Distribution(Record):
    """A duration in minutes that may differ each time it is drawn.

    ``kind`` is a key of SIGNATURES with its ``parameters`` (minutes, ``shape`` without unit); ``empirical`` (``values`` drawn with
    ``weights``); ``listed`` (``values`` taken in order by the patient's number, from the start again when used up); or ``mixture``
    (one of ``parts``, drawn with ``weights``). ``normal`` is truncated to [low, high], low being 0 unless given.
    """

    kind: str
    parameters: dict[str, float] = {}
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    parts: "tuple[Distribution, ...]" = ()

    @property
    def mean(self) -> float:
        """Expected minutes (for ``normal``, of the distribution before truncation)."""
        p = self.parameters
        match self.kind:
            case "constant":
                return p["value"]
            case "lognormal":
                mu, sigma = self.lognormal
                return math.exp(mu + sigma * sigma / 2)
            case "triangular":
                return (p["low"] + p["mode"] + p["high"]) / 3
            case "pert":
                return (p["low"] + 4 * p["mode"] + p["high"]) / 6
            case "uniform":
                return (p["low"] + p["high"]) / 2
            case "weibull":
                return p.get("mean", p.get("scale", 0.0) * math.gamma(1 + 1 / p["shape"]))
            case "empirical" | "listed":
                weights = self.weights or (1.0,) * len(self.values)
                return sum(w * v for w, v in zip(weights, self.values, strict=True)) / sum(weights)
            case "mixture":
                return sum(w * part.mean for w, part in zip(self.weights, self.parts, strict=True)) / sum(self.weights)
        return p["mean"]

    @property
    def lognormal(self) -> tuple[float, float]:
        """(mu, sigma) of the logarithm, from median and p90 or from mean and sd."""
        p = self.parameters
        if "median" in p:
            return math.log(p["median"]), math.log(p["p90"] / p["median"]) / Z90
        sigma2 = math.log1p((p["sd"] / p["mean"]) ** 2)
        return math.log(p["mean"]) - sigma2 / 2, math.sqrt(sigma2)

    @property
    def least(self) -> float:
        """The shortest minutes it can last."""
        if self.kind == "constant":
            return self.parameters["value"]
        if self.kind == "mixture":
            return min(part.least for part in self.parts)
        return min(self.values) if self.values else self.parameters.get("low", 0.0)

    def text(self) -> str:
        """The words that ``read`` turns into this distribution again."""

        def number(key: str, value: float) -> str:
            return f"{key} {value!r}" if key in _UNITLESS else f"{key} {units.minute_text(value)}"

        if self.kind == "constant":
            return units.minute_text(self.parameters["value"])
        if self.kind == "mixture":
            inside = (f"{w!r}: {part.text()}" for w, part in zip(self.weights, self.parts, strict=True))
        elif self.values and self.weights:
            inside = (f"{units.minute_text(v)}: {w!r}" for v, w in zip(self.values, self.weights, strict=True))
        elif self.values:
            inside = (units.minute_text(v) for v in self.values)
        else:
            inside = (number(k, v) for k, v in self.parameters.items())
        return f"{self.kind}({', '.join(inside)})"


def constant(minutes: float) -> Distribution:
    """Always the same number of minutes."""
    return Distribution(kind="constant", parameters={"value": minutes})


def read(text: str) -> Distribution:
    """The distribution written as ``"12 min"``, ``"exponential(6 min)"``, ``"lognormal(median 12 min, p90 30 min)"`` …

    Raises ValueError with what was expected when the words are not understood or the figures contradict each other.
    """
    call = _CALL.fullmatch(text)
    if call is None:
        return constant(units.minutes(text))
    kind, arguments = call[1], _split(call[2])
    if call[2].count("mixture") > 9:
        raise Wrong("too many mixtures within each other in {text!r}", text=text[:60])
    if kind in ("empirical", "listed"):
        pairs = [a.partition(":") for a in arguments]
        weights = tuple(_number(w, text) for _, _, w in pairs if w.strip())
        if weights and (len(weights) != len(pairs) or kind == "listed"):
            raise Wrong("give every value a weight or none, in {text!r}", text=text)
        if any(w < 0 for w in weights) or (weights and not sum(weights) > 0):
            raise Wrong("weights must be zero or more, and not all zero, in {text!r}", text=text)
        return Distribution(kind=kind, values=tuple(units.minutes(v) for v, _, _ in pairs), weights=weights)
    if kind == "mixture":
        shares = [a.partition(":") for a in arguments]
        if not all(part.strip() for _, _, part in shares):
            raise Wrong("a mixture is written 'mixture(0.7: 3 min, 0.3: exponential(20 min))', got {text!r}", text=text)
        mixture_weights = tuple(_number(w, text) for w, _, _ in shares)
        if any(w < 0 for w in mixture_weights) or not sum(mixture_weights) > 0:
            raise Wrong("weights must be zero or more, and not all zero, in {text!r}", text=text)
        return Distribution(kind=kind, weights=mixture_weights, parts=tuple(read(p.strip()) for _, _, p in shares))
    if kind not in SIGNATURES:
        known = ", ".join([*SIGNATURES, "empirical", "listed", "mixture"])
        raise Wrong("unknown distribution {kind!r}; known are {known}", kind=kind, known=known)
    return _checked(Distribution(kind=kind, parameters=_named(kind, arguments, text)), text)


def _split(arguments: str) -> list[str]:
    """Split at the commas that are not inside brackets."""
    parts, depth, current = [], 0, ""
    for letter in arguments:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += letter
    return [*parts, current.strip()]


def _named(kind: str, arguments: list[str], text: str) -> dict[str, float]:
    names_known = {name for signature in SIGNATURES[kind] for name in signature}
    found: dict[str, float] = {}
    for position, argument in enumerate(arguments):
        word, _, rest = argument.partition(" ")
        if word in names_known:
            name, value = word, rest
        else:
            unnamed = max(SIGNATURES[kind], key=len)
            if position >= len(unnamed):
                raise Wrong("too many figures in {text!r}", text=text)
            name, value = (
                (SIGNATURES[kind][0][position] if position < len(SIGNATURES[kind][0]) else unnamed[position]),
                argument,
            )
        if name in found:
            raise Wrong("{name!r} is given twice in {text!r}", name=name, text=text)
        found[name] = _number(value, text) if name in _UNITLESS else units.minutes(value)
    if tuple(sorted(found)) not in {tuple(sorted(s)) for s in SIGNATURES[kind]}:
        forms = " or ".join(f"{kind}({', '.join(s)})" for s in SIGNATURES[kind])
        raise Wrong("expected {forms}, got {text!r}", forms=forms, text=text)
    return found


def _number(text: str, whole: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Wrong("expected a number, got {text!r} in {whole!r}", text=text.strip(), whole=whole) from None


def _checked(distribution: Distribution, text: str) -> Distribution:
    p = distribution.parameters
    if not all(math.isfinite(value) for value in p.values()) and distribution.kind != "constant":
        raise Wrong("figures must be finite in {text!r}", text=text)
    for smaller, larger in (("low", "mode"), ("mode", "high"), ("low", "high")):
        if smaller in p and larger in p and p[smaller] > p[larger]:
            raise Wrong("{smaller} must not be above {larger} in {text!r}", smaller=smaller, larger=larger, text=text)
    for name in ("mean", "median", "shape", "scale"):
        if name in p and p[name] <= 0 and distribution.kind != "normal":
            raise Wrong("{name} must be above 0 in {text!r}", name=name, text=text)
    if distribution.kind == "gamma" and p.get("sd", 1.0) <= 0:
        raise Wrong("{name} must be above 0 in {text!r}", name="sd", text=text)
    if distribution.kind == "weibull" and p["shape"] < 0.05:
        raise Wrong("{name} must be above {limit:g} in {text!r}", name="shape", limit=0.05, text=text)
    if "median" in p and p["p90"] < p["median"]:
        raise Wrong("p90 must not be below median in {text!r}", text=text)
    if distribution.kind == "erlang" and p["shape"] != int(p["shape"]):
        raise Wrong("the shape of an Erlang distribution is a whole number, in {text!r}", text=text)
    return distribution


def _from_any(value: Any) -> Any:
    if isinstance(value, str):
        return read(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0:
            raise Wrong("expected a duration of zero or more, got {value!r}", value=value)
        return constant(float(value))
    return value


Duration = Annotated[
    Distribution,
    BeforeValidator(_from_any),
    PlainSerializer(Distribution.text, return_type=str),
    WithJsonSchema(
        {"type": "string", "description": "'12 min', 'exponential(6 min)', 'lognormal(median 12 min, p90 30 min)' …"}
    ),
]
"""A field that holds a Distribution, written in words in files; a plain number in Python is constant minutes."""
