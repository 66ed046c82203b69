"""Things for the desk: paper, tools, and places to keep both."""

import math

import materials as m
from forms import block, circle, lathe, placed, ring, rounded, slab, sweep, vessel
from shelf import colours, picture, second


def _slid(x, y, z, turn):
    return placed(x, y, z, turn=turn)


def book(width, depth, height, cover, spine=None, band=None):
    """Case-bound: boards that stand over the pages, a rounded back on the left."""
    board = 0.22
    block((width, depth, board), cover, 0.07)
    block((width, depth, board), cover, 0.07, (0, 0, height - board))
    block((width - 0.7, depth - 0.7, height - 2 * board), m.pages(), 0.04, (-0.1, 0, board))
    block((0.5, depth, height), spine or cover, 0.2, (-width / 2 + 0.1, 0, 0))
    if band:
        x = width / 2 - 1.6
        block((0.7, depth + 0.14, height + 0.14), m.felt(band), 0.06, (x, 0, -0.0))


def softcover(width, depth, height, cover):
    """Sewn through the fold: the cover is paper and ends flush with the pages."""
    block((width - 0.15, depth - 0.05, height - 0.08), m.pages(), 0.03, (0, 0, 0.04))
    block((width, depth, 0.07), cover, 0.03)
    block((width, depth, 0.07), cover, 0.03, (0, 0, height - 0.07))
    block((0.12, depth, height), cover, 0.05, (-width / 2, 0, 0))


def quire_set(first="clay"):
    tones = {"clay": ("clay", "oat", "slate"), "sage": ("sage", "chalk", "ink")}[first]
    height = 0
    for colour, turn, x in zip(reversed(tones), (14, -6, 9), (0.5, -0.6, 0.2)):
        with _slid(x, 0, height, turn + 18):
            softcover(14.8, 21, 1.1, m.paper(m.shade(colour, 0.9)))
        height += 1.1
    with placed(1.2, 0.5, height, turn=52):
        pencil("#22303f")


def pencil(paint, length=17.5):
    with placed(-length / 2, 0, 0.4, roll=90):
        body = [(0.38, 0), (0.38, length - 2.6)]
        lathe([(0, 0), *body, (0, length - 2.6)], m.powder_coat(paint), smooth=False, sides=6)
        lathe([(0.37, length - 2.6), (0.12, length - 0.5), (0, length - 0.5)], m.beech("z"), smooth=False, sides=24)
        lathe([(0.12, length - 0.5), (0.02, length), (0, length)], m.flat("#2a2a2c", 0.5), smooth=False, sides=16)


def folio_book(colour="ink"):
    with _slid(0, 0, 0, 28):
        book(22, 30, 2.6, m.linen(colour, threads=7), band="oat" if colour != "oat" else "rust")


def folio_pair(colour):
    with placed(0, 1):
        folio_book(colour)
    with placed(0.6, -0.4, 2.7, turn=-20):
        folio_book(colour)


def ream_block():
    """A cube of leaves glued along one edge, on a board."""
    with placed(turn=-32):
        block((10, 10, 0.3), m.felt("#8b7355"), 0.06)
        block((9.8, 9.8, 7.2), m.pages("#efe8d9"), 0.08, (0, 0, 0.3))
        with placed(0.25, 0.2, 7.52, turn=4):
            block((9.8, 9.8, 0.05), m.paper("#f1eadb"), 0.02)
        with placed(0.5, 0, 7.6, turn=42):
            pencil("#80381f", 14)


def strata_planner():
    """Wire-bound along the top so that it lies flat."""
    with placed(turn=22):
        block((24, 17, 0.25), m.linen("sage", threads=7), 0.06)
        block((23.6, 16.4, 1.3), m.pages(), 0.05, (0, -0.1, 0.25))
        block((24, 17, 0.25), m.linen("sage", threads=7), 0.06, (0, 0, 1.55))
        for i in range(22):
            x = -10.5 + i
            loop = [(x, 8.5 + 0.75 * math.cos(a), 0.9 + 1.15 * math.sin(a)) for a in (k * math.pi / 4 for k in range(8))]
            sweep(loop, 0.09, m.brass(), closed=True, sides=8, steps=4)
        block((7, 3.2, 0.06), m.paper("#efe8d9"), 0.02, (0, -2, 1.79))


def nib_pen():
    brass = m.brass()
    with placed(turn=-24):
        block((17, 7.5, 2.4), m.walnut("x"), 0.5)
        with placed(-7.2, 0, 3.0, roll=90):
            lathe([(0, 0), (0.45, 0), (0.62, 0.6), (0.68, 4), (0.66, 8.6), (0.5, 10.4)], m.enamel("ink"), sides=64)
            lathe([(0.5, 10.3), (0.56, 10.5), (0.5, 10.8)], brass, sides=64)
            lathe([(0.5, 10.7), (0.42, 12.2), (0.28, 12.8), (0.03, 14.3), (0, 14.3)], brass, sides=64)


def span_ruler():
    """A brass rule and a triangle: the marks are cut, so they are modelled."""
    brass = m.brass()
    dark = m.flat("#2b2118")
    with placed(0, 0, 0, turn=26):
        block((31, 3.2, 0.28), brass, 0.05)
        for i in range(151):
            long = 1.5 if i % 10 == 0 else 1.05 if i % 5 == 0 else 0.65
            block((0.045, long, 0.02), dark, 0.004, (-15 + i * 0.2, 1.55 - long / 2, 0.272), segments=1)
        for i in range(16):
            block((0.2, 0.2, 0.02), dark, 0.01, (-15 + i * 2, -0.6, 0.272), segments=1)
    with placed(-1.5, -8.5, 0, turn=12):
        outer = [(-8, -4.6), (9.5, -4.6), (-8, 5.6)]
        inner = [(-6.2, -3.2), (4.2, -3.2), (-6.2, 2.8)]
        slab([outer, inner], 0.28, brass, 0.06)


def pebble_weight(kind="slate"):
    finish = {"slate": lambda: m.stone("#4c5157", "#b7b6b1"), "marble": m.marble}[kind]
    for x, y, size, squash in ((-2.2, 1.2, 4.6, 0.62), (4.6, -2.4, 2.9, 0.66)):
        with placed(x, y, turn=x * 20) as handle:
            line = [(0, 0), (size * 0.5, 0.02), (size * 0.9, size * 0.25), (size, size * 0.62)]
            line += [(size * 0.86, size * 1.02), (size * 0.45, size * 1.22), (0, size * 1.24)]
            lathe(line, finish())
        handle.scale = (1.25, 0.95, squash)


def flake_opener():
    """A blade of brass let into a walnut grip, resting on the post."""
    for i, (turn, shade) in enumerate(((9, "#e9e0cd"), (-7, "#d9c7a4"), (4, "#efe8d9"))):
        with placed(0.2 * i, 0, 0.16 * i, turn=turn + 14):
            block((22, 11, 0.15), m.paper(shade), 0.04)
    with placed(-1, -0.6, 0.62, turn=-22):
        slab([[(-2, -0.85), (9, -0.8), (12.6, -0.1), (12.8, 0.1), (9, 0.8), (-2, 0.85)]], 0.2, m.brass(), 0.08)
        sweep([(-9.5, 0, 0.3), (-5, 0, 0.45), (-1.5, 0, 0.3)], 1.0, m.walnut("x"), flat=0.62, radii=[0.8, 1.1, 0.95])


def scarp_bookends(colour="rust"):
    """Folded from one sheet: books stand on the foot and hold it down."""
    coat = m.powder_coat(colour)
    with placed(turn=-20):
        for side in (-1, 1):
            block((0.3, 13, 16), coat, 0.1, (side * 8.6, 0, 0))
            block((8, 13, 0.3), coat, 0.1, (side * 4.7, 0, 0))
        x = -8.2
        for thick, tall, tone in ((2.6, 21, "slate"), (1.8, 18.5, "oat"), (3.2, 22, "clay"), (2.2, 19.6, "moss"), (3.0, 21.4, "ink"), (2.4, 17.8, "ochre")):
            with placed(x + thick / 2, 0.4, 0.35, roll=0):
                upright_book(thick, tall, 13.6, tone)
            x += thick + 0.06
        # What is left of the row leans, as it does on a shelf.
    return None


def upright_book(thick, tall, deep, tone):
    cover = m.linen(tone, threads=6)
    block((0.25, deep, tall), cover, 0.07, (-thick / 2 + 0.125, 0, 0))
    block((0.25, deep, tall), cover, 0.07, (thick / 2 - 0.125, 0, 0))
    block((thick - 0.5, deep - 0.6, tall - 0.6), m.pages(), 0.05, (0, 0.2, 0.3))
    block((thick, 0.5, tall), cover, 0.22, (0, -deep / 2 + 0.1, 0))
    block((thick - 0.5, 0.06, 3.2), m.paper("#e6d9bb"), 0.02, (0, -deep / 2 - 0.16, tall - 6.2))


def scarp_pot(colour="slate"):
    outer = [(3.4, 0), (3.9, 0), (4.1, 0.4), (4.1, 5), (4.1, 9.8), (4.1, 10)]
    vessel(outer, 0.35, m.glaze(colour, foot=2.6, rim=9.8), floor=0.6)
    for turn, lean, paint in ((15, 11, "#80381f"), (120, 10, "#22303f"), (205, 12, "#c08420"), (300, 9, "#575c43")):
        with placed(0, 0, 1.2, turn=turn):
            with placed(0.9, 0, 0, roll=lean):
                with placed(0, 0, 8.2, roll=-90):
                    pencil(paint, 16)


def bank_tray(kind="oak"):
    """Two trays that stack on brass pins, each as deep as a ream."""
    with placed(turn=-26):
        for level in (0, 8.4):
            with placed(0, 0, level):
                grain = m.WOODS[kind]("x")
                block((34, 25, 0.8), grain, 0.15)
                block((34, 0.9, 4.6), grain, 0.2, (0, 12.05, 0))
                block((0.9, 25, 4.6), m.WOODS[kind]("y"), 0.2, (-16.55, 0, 0))
                block((0.9, 25, 4.6), m.WOODS[kind]("y"), 0.2, (16.55, 0, 0))
                block((29.7, 21, 1.4 if level else 2.0), m.paper("#e9e1d0"), 0.06, (0.3, -0.8, 0.8))
        for x in (-16.5, 16.5):
            for y in (-11.6, 11.6):
                with placed(x, y, 4.4):
                    lathe([(0, 0), (0.42, 0), (0.42, 4.1), (0, 4.1)], m.brass(), smooth=False, sides=32)


def cache_box(colour="sage"):
    """Card covered in book linen, with a lid that slides down its neck of air."""
    with placed(turn=-28):
        block((26, 19, 9), m.linen(colour, threads=6), 0.18)
        block((26.7, 19.7, 4.6), m.linen(colour, threads=6), 0.18, (0, 0, 5.2))
        block((5.2, 0.14, 2.5), m.brass(), 0.05, (0, -9.9, 6.2))
        block((4.5, 0.1, 1.8), m.paper("#efe8d9"), 0.03, (0, -9.95, 6.55))


def cache_stack(colour):
    cache_box(colour)
    with placed(0.6, 0.4, 9.85, turn=9, size=0.78):
        cache_box(colour)


def till_tray():
    """Felt pressed over a form: keys fall on it without a sound."""
    with placed(turn=-20):
        cloth = m.felt("#67645f")
        slab([rounded(26, 17, 4)], 0.7, cloth, 0.3)
        slab([rounded(26, 17, 4), rounded(24.6, 15.6, 3.4)], 3.0, cloth, 0.32)
        with placed(-5, 0.6, 0.72, turn=30):
            ring(1.7, 0.16, 0.2, m.brass())
            for turn, length in ((-25, 5.2), (8, 6)):
                with placed(1.6, 0, 0.1, turn=turn):
                    slab([circle(1.2, 1.1, 0), circle(0.5, 0.6, 0)], 0.22, m.steel(), 0.05)
                    block((length, 0.55, 0.22), m.steel(), 0.05, (2.2 + length / 2, 0, 0))
                    for k in range(3):
                        block((0.4, 0.7, 0.22), m.steel(), 0.05, (2.6 + length - 0.8 * k - 0.5, 0.45, 0))
        with placed(7.2, -1.4, 0.72):
            pebble = [(0, 0), (1.2, 0.02), (1.9, 0.5), (1.6, 1.1), (0, 1.4)]
            lathe(pebble, m.stone("#4c5157", "#b7b6b1"), sides=64)


def boxes_in_use():
    height = 0
    for colour, turn, size in (("ink", 0, 1), ("sage", 5, 0.9), ("oat", -6, 0.78)):
        with placed(0.3, 0.2, height, turn=turn, size=size):
            cache_box(colour)
        height += 9.82 * size


def desk_in_use():
    with placed(-8, 8):
        scarp_pot("slate")
    with placed(6, 3, turn=0):
        quire_set("clay")
    with placed(-9, -6, turn=-10):
        pebble_weight("slate")


colours("quire-notebooks", quire_set, "clay", "sage", fill=0.72)
colours("folio-sketchbook", folio_pair, "ink", "oat", "rust", fill=0.74)
picture("ream-block", ream_block, fill=0.58)
picture("strata-planner", strata_planner, fill=0.72)
picture("nib-pen", nib_pen, fill=0.68)
picture("span-ruler", span_ruler, fill=0.76)
picture("pebble-weight-slate", lambda: pebble_weight("slate"), fill=0.6)
picture("pebble-weight-marble", lambda: pebble_weight("marble"), fill=0.6, order=3)
picture("flake-opener", flake_opener, fill=0.72)
colours("scarp-bookends", scarp_bookends, "rust", "charcoal", fill=0.7)
colours("scarp-pot", scarp_pot, "slate", "chalk", fill=0.64)
colours("bank-tray", bank_tray, "oak", "walnut", fill=0.72)
colours("cache-box", cache_stack, "sage", "oat", "ink", fill=0.7)
picture("till-tray", till_tray, fill=0.7)

second("quire-notebooks-desk", desk_in_use, fill=0.76)
second("cache-box-stack", boxes_in_use, fill=0.7)
