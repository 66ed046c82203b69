"""Things for the light: lamps, candles, and what holds them."""

import math

import materials as m
from forms import block, circle, flame, lamp, lathe, placed, ring, rounded, slab, sweep, vessel, wick
from shelf import colours, picture, second


def _shade(low, high, bottom, top, material):
    """A lampshade open above and below, thin enough to glow."""
    wall = 0.12
    lathe([(low, bottom), (high, top), (high - wall, top), (low - wall, bottom), (low, bottom)], material, smooth=False)


def croft_lamp(kind="oak", power=15):
    lathe([(0, 0), (8.2, 0), (8.8, 0.3), (8.8, 1.6), (8.2, 2.0), (0, 2.0)], m.WOODS[kind]("x"))
    lathe([(0, 1.9), (1.5, 2.0), (1.15, 3), (1.05, 10), (1.15, 22), (0, 22)], m.WOODS[kind]("z"))
    lathe([(0, 22), (1.3, 22), (1.3, 25.5), (0, 25.5)], m.brass())
    _shade(13.5, 8.6, 22, 39, m.shade_cloth())
    for radius, z in ((13.5, 22.1), (8.6, 38.9)):
        ring(radius - 0.05, 0.16, z, m.linen("#cdbf9f"))
    lamp(29, power, radius=3)


def moor_lamp():
    """Blackened steel and one joint of brass: the head leans over the page."""
    black = m.powder_coat("#1b1a19")
    with placed(turn=-20):
        lathe([(0, 0), (8.4, 0), (8.8, 0.3), (8.8, 1.5), (8.4, 1.9), (0, 2.0)], black)
        sweep([(3.5, 0, 1.5), (3.5, 0, 12), (3.5, 0, 26), (1.6, 0, 35.5), (-3.5, 0, 40.5), (-9.6, 0, 40.6)], 0.55, black)
        with placed(-12.2, 0, 39.2, roll=16):
            dome = [(7.6, -7.2), (7.7, -7.0), (7.0, -4.2), (4.4, -1.2), (2.0, 0.2), (1.9, 1.6), (0, 1.8)]
            inner = [(0, 0.4), (1.6, 0), (4.1, -1.5), (6.7, -4.3), (7.45, -7.0), (7.6, -7.2)]
            lathe([*dome, *inner], black)
            lathe([(0, 1.6), (1.2, 1.7), (1.2, 3.0), (0.6, 3.4), (0, 3.4)], m.brass(), sides=48)
            lathe([(0, -5.6), (1.5, -5.3), (2.4, -3.6), (1.6, -1.6), (0, -1.2)], m.glow("#ffd9a0", 5), sides=48)
            lamp(-7.6, 5, radius=2)


def dusk_lamp(colour="clay"):
    """A mushroom of glazed clay that is carried from room to room."""
    glaze = m.glaze(colour, flecks=0.5, roughness=0.4)
    lathe([(0, 0), (5.6, 0), (6, 0.3), (5.6, 1.6), (3.0, 4.4), (2.3, 9), (2.5, 15), (0, 15)], glaze)
    cap = [(9.8, 14.2), (10.2, 14.4), (10.3, 15.4), (9.2, 18.8), (6.2, 21.6), (2.6, 22.9), (0, 23.1)]
    under = [(0, 15.4), (2.4, 15.4), (9.0, 15.2), (9.8, 14.2)]
    lathe([*reversed(cap), *reversed(under)], glaze)
    lathe([(2.4, 14.4), (3.9, 14.5), (3.9, 15.3), (2.4, 15.4)], m.glow("#ffcf94", 7))
    for i in range(6):
        angle = i * math.pi / 3
        lamp(13.0, 1.0, radius=1.5, x=5.2 * math.cos(angle), y=5.2 * math.sin(angle))


def mist_lamp():
    """Paper over wire, on three short legs."""
    paper = m.shade_cloth("#efe6d3")
    radius, middle, ribs = 13, 17, 15
    line = []
    for i in range(ribs * 6 + 1):
        t = i / (ribs * 6)
        angle = -math.pi / 2 + 0.32 + t * (math.pi - 0.64)
        # Between two hoops the paper is drawn in a little.
        pull = 0.28 * abs(math.sin(t * ribs * math.pi)) ** 0.7
        line.append(((radius - pull) * math.cos(angle), middle + (radius - pull) * 0.94 * math.sin(angle)))
    inner = [(r - 0.05, z) for r, z in reversed(line)]
    lathe([*line, *inner], paper, smooth=False)
    for i in range(3):
        angle = math.radians(90 + 120 * i)
        x, y = math.cos(angle), math.sin(angle)
        sweep([(7.6 * x, 7.6 * y, 0.2), (6.2 * x, 6.2 * y, 3), (4.4 * x, 4.4 * y, 5.4)], 0.42, m.powder_coat("#1d1b1a"), steps=4)
    lamp(17, 7, radius=4)


def beacon_lantern():
    black = m.powder_coat("#1d1c1a")
    with placed(turn=24):
        block((15, 15, 1.0), black, 0.2)
        for x in (-6.8, 6.8):
            for y in (-6.8, 6.8):
                block((0.8, 0.8, 20), black, 0.12, (x, y, 1))
        for y in (-6.8, 6.8):
            block((13, 0.25, 19.8), m.glass(), 0.05, (0, y, 1.05))
        for x in (-6.8, 6.8):
            block((0.25, 13, 19.8), m.glass(), 0.05, (x, 0, 1.05))
        block((15, 15, 0.8), black, 0.2, (0, 0, 21))
        with placed(z=21.7, turn=45):
            lathe([(10.2, 0), (3.4, 4.4), (3.2, 4.4), (3.2, 5.6), (0, 5.6)], black, smooth=False, sides=4)
        sweep([(-3.4, 0, 25.4), (-5.4, 0, 29), (-3.6, 0, 33.4), (0, 0, 34.8), (3.6, 0, 33.4), (5.4, 0, 29), (3.4, 0, 25.4)], 0.3, m.brass())
        with placed(z=1.0):
            pillar(3.2, 9, lit=True)


def pillar(radius, height, colour="#ead9b8", lit=False):
    line = [(0, 0), (radius - 0.2, 0), (radius, 0.2), (radius, height * 0.5), (radius, height - 0.3), (radius - 0.3, height)]
    lathe([*line, (radius * 0.6, height - 0.35), (0, height - 0.5)], m.wax(colour))
    wick(height - 0.4, m.flat("#1b1512"))
    if lit:
        flame(height + 0.25)


def taper(colour="#ead9b8", height=24, base=0.0):
    lathe(
        [(0, base), (0.95, base), (1.05, base + 0.3), (1.0, base + height * 0.5), (0.8, base + height - 1.5), (0.45, base + height - 0.3), (0, base + height)],
        m.wax(colour),
        sides=48,
    )
    wick(base + height - 0.1, m.flat("#1b1512"), 0.8)


HEATH = {"honey": "#c98a2e", "oat": "#e2d2b2", "rust": "#7c3520", "ink": "#22303f"}


def heath_candles(colour):
    """Six, dipped in pairs, tied with a strip of linen."""
    with placed(0, 0, 0.1, turn=-32):
        spots = [(-1, 1.05, 0), (0, 1.05, 0.3), (1, 1.05, -0.2), (-0.5, 2.9, 0.2), (0.5, 2.9, -0.4), (0, 4.75, 0.1)]
        for across, up, slide in spots:
            with placed(across * 2.15 + 0.0, slide * 2, up, tilt=-90, turn=180):
                with placed(0, 0, -12):
                    taper(HEATH[colour])
        hull = [(-3.3, 1.1), (-2.1, 3.6), (-1.0, 5.5), (0, 6.05), (1.0, 5.5), (2.1, 3.6), (3.3, 1.1), (2.7, 0.1), (-2.7, 0.1)]
        for y in (-0.4, 0, 0.4):
            sweep([(x, y, z) for x, z in hull], 0.17, m.linen("#b59b74"), closed=True, sides=10, steps=5)


def peat_pillars(colour="#e4d3b2"):
    for x, y, radius, height in ((-5.4, 2.6, 3.6, 18), (3.6, 4.2, 3.6, 12), (1.4, -4.8, 3.6, 7)):
        with placed(x, y):
            pillar(radius, height, colour)


def ember_candle(colour="smoke", lit=True):
    outer = [(3.4, 0), (3.9, 0), (4.1, 0.5), (4.15, 4), (4.1, 8.2), (4.1, 8.5)]
    vessel(outer, 0.35, m.glaze(colour, foot=1.6, rim=8.3), floor=0.6, foot=0.25)
    lathe([(0, 6.4), (3.1, 6.4), (3.72, 6.55), (3.72, 6.3), (0, 6.2)], m.wax("#e9ddc6"))
    wick(6.4, m.flat("#1b1512"))
    if lit:
        flame(7.0)


def lode_candlestick(metal="brass", height=24, candle=True):
    finish = m.brass() if metal == "brass" else m.black_iron()
    k = height / 24
    line = [(0, 0), (5.4, 0), (5.7, 0.25), (5.6, 0.7), (4.6, 1.1), (1.5, 1.6), (0.85, 2.6), (0.75, 9 * k), (0.75, 11 * k)]
    line += [(1.35, 11.5 * k), (1.35, 12.2 * k), (0.75, 12.7 * k), (0.75, 15 * k), (0.8, height - 4.2), (1.6, height - 3.4)]
    line += [(1.75, height - 2.8), (1.7, height - 0.2), (2.1, height), (2.0, height + 0.15), (1.25, height), (1.2, height - 2.4), (0, height - 2.5)]
    lathe(line, finish)
    if candle:
        taper(base=height - 2.4)


def lode_pair(metal):
    with placed(-5.2, 2.4):
        lode_candlestick(metal, 24)
    with placed(5, -1.8):
        lode_candlestick(metal, 15)


def ingot_holder():
    """A chamberstick: a dish to catch the wax and a ring for one finger."""
    with placed(turn=-34):
        iron = m.black_iron()
        vessel([(6.2, 0), (6.8, 0), (7.2, 0.3), (7.8, 1.4), (8.2, 2.3), (8.3, 2.4)], 0.22, iron, floor=0.3)
        lathe([(0, 0.3), (1.8, 0.4), (1.5, 0.9), (1.5, 3.6), (1.75, 3.9), (1.6, 4.0), (1.2, 3.8), (1.1, 1.6), (0, 1.6)], iron)
        sweep([(7.9, -0.9, 2.1), (9.6, -1.9, 2.4), (11.4, -1.1, 2.7), (11.4, 1.1, 2.7), (9.6, 1.9, 2.4), (7.9, 0.9, 2.1)], 0.3, iron)
        taper("#d9b878", 15, base=1.6)


def spoil_holders():
    """Three tealight holders, turned from what is left of longer boards."""
    for x, y, height, kind in ((-5.6, 2.4, 8.5, "walnut"), (4.2, 4.4, 5.6, "oak"), (1.2, -5.2, 3.6, "beech")):
        with placed(x, y):
            line = [(0, 0), (3.2, 0), (3.5, 0.3), (3.5, height * 0.5), (3.5, height - 0.3), (3.2, height), (2.15, height)]
            lathe([*line, (2.1, height), (2.1, height - 1.6), (0, height - 1.6)], m.WOODS[kind]("z"))
            with placed(z=height - 1.55):
                lathe([(0, 0), (1.9, 0), (1.95, 1.5), (1.85, 1.55), (1.8, 1.2), (0, 1.2)], m.steel(), sides=64)
                lathe([(0, 1.2), (1.8, 1.22), (0, 1.24)], m.wax("#efe6d3"), sides=64)
                wick(1.2, m.flat("#1b1512"), 0.5)


def seam_sconce(metal="brass"):
    """A plate that stands behind the flame and doubles it."""
    with placed(turn=-12):
        sheet = m.brass()
        with placed(0, 2.4, 0, tilt=84):
            with placed(0, 11):
                slab([rounded(15, 22, 7.2)], 0.3, sheet, 0.1)
        with placed(0, -2.2):
            slab([rounded(15, 10.4, 3)], 0.7, sheet, 0.2)
            lathe([(0, 0.6), (1.7, 0.7), (1.5, 1.0), (1.5, 3.2), (1.7, 3.4), (1.5, 3.4), (1.15, 3.2), (1.1, 1.2), (0, 1.2)], sheet)
            taper(height=13, base=1.3)
            flame(14.6)


def candlesticks_in_use():
    for x, y, height, metal, colour in ((-8, 4, 26, "iron", "oat"), (0.6, 6, 18, "brass", "rust"), (7.6, 2, 12, "brass", "oat")):
        with placed(x, y):
            lode_candlestick(metal, height, candle=False)
            taper(HEATH[colour], base=height - 2.4)
            flame(height + 22.1)


colours("croft-lamp", croft_lamp, "oak", "walnut", fill=0.72)
picture("moor-lamp", moor_lamp, fill=0.76)
colours("dusk-lamp", dusk_lamp, "clay", "chalk", "slate", fill=0.66)
picture("mist-lamp", mist_lamp, fill=0.7)
picture("beacon-lantern", beacon_lantern, fill=0.74)
colours("heath-candles", heath_candles, "honey", "oat", "rust", "ink", fill=0.68)
picture("peat-pillars", peat_pillars, fill=0.68)
picture("ember-candle-smoke", ember_candle, fill=0.58)
picture("ember-candle-clay", lambda: ember_candle("clay"), fill=0.58, order=3)
colours("lode-candlestick", lode_pair, "brass", "iron", fill=0.78)
picture("ingot-holder", ingot_holder, fill=0.66)
picture("spoil-holders", spoil_holders, fill=0.62)
picture("seam-sconce", seam_sconce, fill=0.68)

second("croft-lamp-evening", lambda: croft_lamp("walnut", power=17), fill=0.74, dim=0.3)
second("lode-candlestick-evening", candlesticks_in_use, fill=0.8, dim=0.4)
second("dusk-lamp-evening", lambda: dusk_lamp("clay"), fill=0.68, dim=0.25)
second("mist-lamp-evening", mist_lamp, fill=0.7, dim=0.3)
