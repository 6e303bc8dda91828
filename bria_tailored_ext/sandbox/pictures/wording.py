"""Words for measurements: how light, contrast, colour and layout are called."""

from bria_tailored_ext.sandbox.pictures.features import Features


def lighting(features: Features) -> str:
    """Say how a picture is lit, such as "bright, soft light from the left"."""
    level = _grade(features.lightness, ("dark", 0.35), ("dim", 0.5), ("balanced", 0.68), "bright")
    spread = features.lightness_spread
    quality = _grade(spread, ("even", 0.08), ("soft", 0.17), ("clear", 0.25), "dramatic")
    source = {
        "all around": "light from all around",
        "above": "light from above",
        "below": "light from below",
        "left": "light from the left",
        "right": "light from the right",
    }[features.light_from]
    return f"{level}, {quality} {source}"


def composition(features: Features) -> str:
    """Say where the subject stands, such as "centred, low in the frame, wide margins"."""
    across = _grade(
        features.weight_x, ("left of centre", 0.43), ("centred", 0.57), "right of centre"
    )
    down = _grade(
        features.weight_y,
        ("high in the frame", 0.43),
        ("halfway up the frame", 0.57),
        "low in the frame",
    )
    room = _grade(
        features.margin, ("filling the frame", 0.04), ("narrow margins", 0.14), "wide margins"
    )
    balance = "symmetrical" if features.symmetry > 0.75 else "asymmetrical"
    return f"{across}, {down}, {room}, {balance}"


def texture(features: Features) -> str:
    """Say how busy the surfaces are."""
    return _grade(
        features.edge_density,
        ("large calm areas", 0.06),
        ("simple shapes with clean edges", 0.16),
        ("rich in detail", 0.32),
        "dense, busy surfaces",
    )


def temperature(features: Features) -> str:
    """Say "warm", "cool" or "neutral"."""
    return _grade(features.warmth, ("cool", -0.12), ("neutral", 0.18), "warm")


def colourfulness(features: Features) -> str:
    """Say how strong the colours are."""
    return _grade(
        features.saturation, ("near-monochrome", 0.02), ("muted", 0.07), ("clear", 0.13), "vivid"
    )


def mood(features: Features) -> str:
    """Say what the picture feels like, from light, temperature and strength of colour."""
    energy = features.saturation * 2.5 + features.edge_density + features.lightness_spread
    tempo = _grade(energy, ("quiet", 0.35), ("calm", 0.55), ("lively", 0.85), "energetic")
    warm = {"warm": "warm", "cool": "fresh", "neutral": "restrained"}[temperature(features)]
    air = _grade(features.lightness, ("intimate", 0.45), ("grounded", 0.7), "airy")
    return f"{tempo}, {warm}, {air}"


def listed(names: list[str]) -> str:
    """Join words as in a sentence: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _grade(value: float, *steps: tuple[str, float] | str) -> str:
    """The word of the first step whose bound lies above the value; the last has no bound."""
    for step in steps:
        if isinstance(step, str):
            return step
        word, bound = step
        if value < bound:
            return word
    raise AssertionError("the last step must be a bare word")
