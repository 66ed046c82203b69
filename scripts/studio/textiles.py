"""Wool, linen and cotton: thrown over, dried with, sat against."""

import materials as m
from forms import block, cushion, folded, fringe, placed, sweep
from shelf import colours, picture, second

# Dyes lie a little off the glazes of the same name: cloth drinks light.
TONES = {
    "sage": "#7f8a77",
    "rust": "#7a3822",
    "oat": "#d2bf9b",
    "ink": "#1b2736",
    "smoke": "#6a6661",
    "clay": "#a0614a",
    "ochre": "#ab7c30",
    "chalk": "#e6dccb",
    "slate": "#46525d",
    "moss": "#555a40",
}


def moor_throw(colour):
    yarn = m.wool(TONES[colour])
    with placed(turn=-26):
        folded(40, 31, 4, 2.1, yarn, sag=0.6, seed=3)
        for layer in (0.5, 1.5, 2.5, 3.5):
            fringe(19.9, -13, 15, layer * 2.2, 4.2, m.wool(TONES[colour], threads=1), seed=int(layer * 2))


def drift_throw():
    """Checked: two warps and two wefts."""
    lines = [(x, x + 2.2) for x in range(3, 140, 7)]
    cloth = m.striped(TONES["oat"], TONES["slate"], lines[:6], lines, threads=3, depth=0.04)
    with placed(turn=-22):
        folded(42, 32, 4, 1.9, cloth, sag=0.6, seed=8)


def furze_throw():
    with placed(turn=-24):
        folded(37, 31, 4, 3.1, m.wool(TONES["ochre"], threads=1.1, depth=0.16), sag=0.9, seed=5)


def knoll_cushion(colour):
    with placed(turn=-16):
        with placed(z=0.2, tilt=-10):
            cushion(45, 45, 17, m.linen(TONES[colour], threads=3, space="UV", depth=0.03), m.linen(TONES[colour], threads=4), seed=2)


def furrow_cushion():
    spans = [(x, x + 1.2) for x in (-14, -11.8, -9.6, -1.7, 0.5, 8.4, 10.6, 12.8)]
    stripes = m.striped(TONES["chalk"], TONES["ink"], spans, threads=3, depth=0.03)
    with placed(turn=14):
        with placed(z=0.2, tilt=-10):
            cushion(50, 36, 15, stripes, seed=6)


def tussock_cushion(colour="moss"):
    """For the floor: boxed, firm, with a piped edge and a handle."""
    cover = m.wool(TONES[colour], threads=1.5, space="Object")
    cord = m.felt(TONES[colour])
    block((50, 50, 9.4), cover, 3.2, segments=8)
    side, round_off = 25.1, 2.4
    for z in (1.9, 7.5):
        corner = [(side, -side + round_off), (side, side - round_off), (side - round_off, side), (-side + round_off, side)]
        corner += [(-x, -y) for x, y in corner]
        loop = []
        for (x0, y0), (x1, y1) in zip(corner, corner[1:] + corner[:1]):
            loop += [(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, z) for t in (0, 0.33, 0.67)]
        sweep(loop, 0.42, cord, closed=True, sides=10, steps=4)
    sweep([(-6, -25, 5), (-4, -26.6, 4.6), (0, -27.1, 4.4), (4, -26.6, 4.6), (6, -25, 5)], 0.75, m.leather(), flat=0.5)


def tussock_stack():
    with placed(turn=-24):
        tussock_cushion("moss")
        with placed(0.6, 0.4, 9.3, turn=6):
            tussock_cushion("ochre")


def ford_towels(colour):
    stripes = [(x, x + w) for x, w in ((2, 0.5), (3.2, 2.2), (6.1, 0.5))]
    height = 0
    with placed(turn=-22):
        for i, tone in enumerate((colour, "rust", colour)):
            with placed(0.3 * (i % 2), 0.2 * i, height, turn=(-1) ** i * 2):
                cloth = m.striped(TONES["chalk"], TONES[tone], stripes, threads=6)
                height += folded(25, 19, 4, 0.75, cloth, sag=0.25, seed=11 + i)


def weir_towels(*colours):
    height = 0
    with placed(turn=-24):
        for i, (width, thick) in enumerate(((36, 1.9), (34, 1.9), (25, 1.5))):
            with placed(0.4 * (i % 2), 0, height, turn=(-1) ** i * 2.5):
                height += folded(width, width * 0.72, 4, thick, m.terry(TONES[colours[i % len(colours)]]), sag=0.45, seed=21 + i)


def lea_napkins(colour):
    height = 0
    with placed(turn=-26):
        for i in range(4):
            with placed(0.15 * (i % 2), 0.1 * i, height, turn=(-1) ** i * 1.5):
                cloth = m.linen(TONES[colour], threads=5, space="UV")
                height += folded(17.5, 17, 4, 0.42, cloth, sag=0.16, seed=31 + i)
        cord = m.linen("#6f4a2c")
        half = 8.95
        for y in (-0.25, 0.25):
            top = [(-half + 0.5, y, height + 0.2), (0, y, height + 0.25), (half - 0.5, y, height + 0.2)]
            loop = [(-half, y, height * 0.5), *top, (half, y, height * 0.5), (half - 0.4, y, 0.1), (-half + 0.4, y, 0.1)]
            sweep(loop, 0.17, cord, closed=True, sides=10)
        with placed(0.4, 0, height + 0.35, turn=30):
            for way in (1, -1):
                bow = [(0, 0, 0.1), (2.5 * way, 0.8, 0.8), (3.5 * way, 0.2, 0.4), (2.1 * way, -0.5, 0.2), (0, 0, 0.2)]
                sweep(bow, 0.16, cord, sides=10)


def croft_apron():
    """Folded, its leather straps laid over it."""
    with placed(turn=-24):
        height = folded(27, 23, 4, 0.8, m.linen(TONES["slate"], threads=4, space="UV", depth=0.02), sag=0.3, seed=41)
        strap = m.leather()
        block((21, 1.7, 0.28), strap, 0.08, (-1, 2.5, height + 0.05), turn=24)
        block((19, 1.7, 0.28), strap, 0.08, (1, 1.5, height + 0.3), turn=-28)
        with placed(7.6, -2.1, height + 0.6, turn=-28):
            sweep([(-1.2, -1.2, 0), (1.2, -1.2, 0), (1.2, 1.2, 0), (-1.2, 1.2, 0)], 0.18, m.brass(), closed=True, sides=10)


def cushions_in_use():
    with placed(-7, 8):
        knoll_cushion("sage")
    with placed(9, -6):
        furrow_cushion()


def throws_in_use():
    with placed(0, 0):
        drift_throw()
    with placed(0.5, 0, 8.8, size=0.9):
        moor_throw("rust")


colours("moor-throw", moor_throw, "sage", "rust", "ink", "smoke", fill=0.74)
picture("drift-throw", drift_throw, fill=0.74)
picture("furze-throw", furze_throw, fill=0.72)
colours("knoll-cushion", knoll_cushion, "clay", "sage", "ink", "oat", fill=0.68)
picture("furrow-cushion", furrow_cushion, fill=0.72)
picture("tussock-cushion", tussock_stack, fill=0.72)
colours("ford-towels", ford_towels, "ink", "moss", fill=0.7)
colours("weir-towels", weir_towels, "chalk", "sage", "clay", fill=0.7)
colours("lea-napkins", lea_napkins, "oat", "rust", "slate", fill=0.66)
picture("croft-apron", croft_apron, fill=0.7)

second("knoll-cushion-pair", cushions_in_use, fill=0.74)
second("moor-throw-stack", throws_in_use, fill=0.72)
second("weir-towels-mixed", lambda: weir_towels("clay", "sage", "chalk"), fill=0.7)
second("moor-throw-detail", lambda: moor_throw("sage"), fill=1.7, low=-0.05)
