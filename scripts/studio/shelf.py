"""The list of pictures, which the scene files fill."""

from dataclasses import dataclass
from typing import Callable

PICTURES = {}


@dataclass
class Picture:
    build: Callable
    fill: float = 0.66
    low: float = 0.04
    size: tuple = (800, 800)
    dim: float = 1.0
    order: int = 1


def picture(name, build, **settings):
    if name in PICTURES:
        raise ValueError(f"two pictures are called {name}")
    PICTURES[name] = Picture(build, **settings)


# What a shop misses most comes first when time is short.
MAIN, SCENE, COLOUR, SECOND = 1, 2, 3, 4


def colours(name, build, *choices, **settings):
    """The same scene in each colour; the first is the product's main picture."""
    for i, colour in enumerate(choices):
        order = COLOUR if i else MAIN
        picture(f"{name}-{colour}", lambda colour=colour: build(colour), order=order, **settings)


def second(name, build, **settings):
    """Another view of a product: closer, in use, or with its kind."""
    picture(name, build, order=SECOND, **settings)


def scene(name, build, **settings):
    """Many products together."""
    picture(name, build, order=SCENE, **settings)
