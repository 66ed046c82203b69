"""Things for the kitchen: boards, pans, jars, tools."""

import math

import materials as m
from forms import block, circle, folded, lathe, placed, ring, rounded, slab, sweep, vessel
from shelf import colours, picture, second


def holt_board(kind="oak", width=24, height=36):
    """Leant back as on a kitchen wall; the hole near the top is for hanging it."""
    with placed(turn=-14, z=0.05):
        with placed(tilt=80):
            with placed(y=height / 2):
                hole = circle(1.1, 0, height / 2 - 3.2)
                slab([rounded(width, height, 2.2), hole], 2.0, m.WOODS[kind]("y"), 0.3)


def weald_board():
    with placed(turn=24):
        body = circle(15)
        cut = [(x, y) for x, y in body if not (x > 13.4 and abs(y) < 6.5)]
        # The handle grows out of the round in one line, as it is sawn.
        handle = [(16.2, -2.6), (19, -2.1), (25, -1.9)]
        tip = [(26.2 + 0.9 * math.cos(a), 1.9 * math.sin(a)) for a in (i * math.pi / 12 - math.pi / 2 for i in range(13))]
        outline = handle + tip + [(25, 1.9), (19, 2.1), (16.2, 2.6)]
        outline += [p for p in cut if p[1] > 0] + [p for p in cut if p[1] <= 0]
        slab([outline, circle(0.75, 24.2, 0)], 1.8, m.walnut("x"), 0.3)


def coppice_block():
    """End grain: every piece shows its rings, no two alike."""
    with placed(turn=-22):
        for i in range(7):
            for j in range(5):
                grain = m.wood("#8f5f33", "#c79763", "z", tight=1.2) if (i * 3 + j * 5) % 4 else m.walnut("z")
                block((4.96, 4.96, 6), grain, 0.09, ((i - 3) * 5, (j - 2) * 5, 0.6), turn=(i + j) % 2 * 90)
        for x, y in ((-14, -9), (14, -9), (-14, 9), (14, 9)):
            with placed(x, y):
                lathe([(0, 0), (1.4, 0), (1.5, 0.3), (1.4, 0.7), (0, 0.7)], m.flat("#241f1c"), sides=32)


def tor_casserole(colour, size=1.0):
    with placed(turn=-12, size=size):
        coat = m.enamel(colour)
        vessel([(9.0, 0), (10.2, 0), (11.2, 0.7), (11.7, 3), (12.0, 9.6), (12.0, 10)], 0.5, coat, floor=0.7)
        lid = [(11.6, 9.9), (12.25, 10.1), (12.3, 10.5), (11.6, 11.0), (8.0, 12.1), (4.0, 12.7), (0, 12.8)]
        lathe([(0, 9.9), *lid], coat)
        lathe(
            [(0, 12.6), (1.5, 12.7), (1.1, 13.2), (0.9, 13.8), (1.5, 14.3), (2.1, 14.8), (2.0, 15.4), (0.8, 15.7), (0, 15.7)],
            m.brass(),
        )
        for side in (-1, 1):
            x = side * 11.4
            loop = [(x, -3.8, 8.2), (side * 13.4, -3.9, 8.5), (side * 14.9, -2.6, 8.7), (side * 15.1, 0, 8.75)]
            back = [(side * 14.9, 2.6, 8.7), (side * 13.4, 3.9, 8.5), (x, 3.8, 8.2)]
            sweep([*loop, *back], 0.75, coat, flat=1.0, radii=[1.2, 1, 0.95, 1, 1.2])


def crag_pan(size=1.0):
    with placed(turn=28, size=size):
        iron = m.black_iron()
        vessel([(10.2, 0), (11.2, 0.1), (12.2, 1.2), (13.6, 4.3), (14.0, 4.9)], 0.42, iron, floor=0.5)
        arm = [(12.8, 0, 3.6), (17, 0, 4.9), (24, 0, 5.9), (32, 0, 6.3)]
        sweep(arm, 1.25, iron, flat=0.42, radii=[1.3, 0.75, 0.85, 1.05, 1.0])
        loop = [(-13.2, -2.6, 4.1), (-15.2, -2.2, 4.6), (-15.9, 0, 4.7), (-15.2, 2.2, 4.6), (-13.2, 2.6, 4.1)]
        sweep(loop, 0.5, iron)
        with placed(31.2, 0, 6.25):
            ring(0.65, 0.22, 0.55, m.brass())


def spate_pan():
    with placed(turn=-30):
        shell = m.metal("#c9c5be", 0.2, brushed="z", wear=0.08)
        vessel([(7.4, 0), (8.0, 0), (8.3, 0.4), (8.4, 2), (8.4, 8.4), (8.75, 9.0)], 0.22, shell, floor=0.4)
        sweep([(8.1, 0, 7.4), (10.2, 0, 7.9), (12.4, 0, 8.6)], 0.55, m.brass(), flat=0.6)
        sweep([(12, 0, 8.45), (17, 0, 9.9), (23.5, 0, 11.4)], 0.95, m.oak("x"), flat=0.8, radii=[0.85, 1.05, 1.15, 0.9])
        with placed(8.45, 0, 7.45):
            for y in (-0.9, 0.9):
                with placed(0, y, 0, roll=90):
                    lathe([(0, 0), (0.34, 0), (0.3, 0.16), (0, 0.2)], m.brass(), sides=24)


def brae_kettle(colour="charcoal"):
    coat = m.enamel(colour)
    with placed(turn=18):
        body = [(8, 0), (9.2, 0), (10.2, 0.6), (10.6, 3), (9.8, 7.5), (7.4, 11.4), (5.2, 12.8), (4.6, 13.0)]
        vessel(body, 0.25, coat, floor=0.4)
        lathe([(0, 12.9), (4.6, 12.9), (4.9, 13.1), (4.7, 13.4), (2.4, 14.1), (0, 14.2)], coat)
        lathe([(0, 14.1), (0.7, 14.2), (0.6, 14.8), (1.3, 15.3), (1.3, 16.1), (0.5, 16.4), (0, 16.4)], m.oak("z"))
        spout = [(-8.8, 0, 5.0), (-12, 0, 6.6), (-13.8, 0, 9.8), (-15.8, 0, 11.6)]
        sweep(spout, 1.3, coat, radii=[1.9, 1.35, 0.95, 0.78], sides=28)
        wire = m.steel()
        for side in (-1, 1):
            sweep([(side * 7.6, 0, 10.8), (side * 8.1, 0, 14), (side * 7.2, 0, 18.6), (side * 4.4, 0, 20.6)], 0.36, wire)
        sweep([(-4.6, 0, 20.5), (-2, 0, 21.15), (2, 0, 21.15), (4.6, 0, 20.5)], 1.05, m.oak("x"), radii=[0.75, 1, 1, 0.75])


def cellar_jar(radius, height, contents=None, level=0.7):
    outer = [(radius * 0.9, 0), (radius, 0), (radius, 0.4), (radius, height * 0.5), (radius, height - 0.3), (radius, height)]
    vessel(outer, 0.24, m.glass(), floor=0.6)
    inside = radius - 0.3
    lathe(
        [(0, height - 1.4), (inside - 0.3, height - 1.4), (inside, height - 1.2), (inside + 0.1, height + 0.1)]
        + [(radius + 0.1, height + 0.25), (radius + 0.1, height + 1.6), (radius - 0.2, height + 1.8), (0, height + 1.8)],
        m.cork(),
    )
    if contents:
        stuff = m.felt(contents)
        top = height * level
        lathe([(0, 0.65), (inside - 0.1, 0.65), (inside, 0.8), (inside, top - 0.2), (inside - 0.5, top), (0, top + 0.3)], stuff)


def cellar_jars():
    for x, y, radius, height, stuff in ((-8.2, 4, 6, 20, "#d8c39a"), (5, 4.6, 6, 13, "#8a4a24"), (1.8, -8.2, 5, 7.6, "#5d5a3c")):
        with placed(x, y):
            cellar_jar(radius, height, stuff)


def silt_cellar():
    outer = [(4.6, 0), (5.4, 0.05), (6.0, 1.2), (6.2, 3.2), (5.9, 5.2), (5.8, 5.6)]
    vessel(outer, 0.45, m.glaze("smoke", foot=1.4, rim=5.4), floor=0.7, foot=0.3)
    lathe([(0, 4.4), (5.2, 4.4), (5.3, 4.7), (0, 4.8)], m.felt("#e9e4da"), sides=64)
    with placed(2.6, 1.2, 5.75, turn=14):
        lid = [(0, 0), (5.7, 0), (6.1, 0.2), (6.1, 0.8), (5.7, 1.1), (1.2, 1.15), (0.9, 1.4), (1.3, 2.2), (0.9, 2.8), (0, 2.8)]
        with placed(tilt=0, roll=4):
            lathe(lid, m.oak("x"))


def loam_canister(colour, height=15, radius=5.6):
    outer = [(radius * 0.85, 0), (radius * 0.97, 0), (radius, 0.6), (radius, height * 0.5), (radius, height - 0.2), (radius, height)]
    vessel(outer, 0.42, m.glaze(colour, foot=1.5), floor=0.7, foot=0.25)
    lid = [(0, height - 0.5), (radius - 0.5, height - 0.4), (radius - 0.45, height + 0.1), (radius + 0.12, height + 0.15)]
    lid += [(radius + 0.15, height + 1.3), (radius - 0.2, height + 1.5), (0, height + 1.5)]
    lathe(lid, m.oak("x"))


def loam_set(colour):
    with placed(-4.5, 3):
        loam_canister(colour, 17)
    with placed(5.2, -2.5):
        loam_canister(colour, 11)


def barrow_dish():
    with placed(turn=-24):
        glaze = m.glaze("oat", flecks=0.4, rim=8.2)
        plate = [rounded(19, 12, 3)]
        slab(plate, 1.2, m.glaze("oat", flecks=0.4, foot=0.3), 0.45)
        with placed(z=1.2):
            lid = block((14.5, 8.2, 5.6), glaze, 1.7, segments=8)
            lid.modifiers["ease"].harden_normals = False
            lathe([(0, 5.5), (0.9, 5.5), (0.7, 6.0), (1.1, 6.6), (0.8, 7.2), (0, 7.3)], m.glaze("oat", flecks=0.4))


def quern_mortar():
    granite = m.granite()
    outer = [(5.0, 0), (5.8, 0), (6.2, 0.8), (6.6, 2.4), (7.3, 6), (7.5, 8.6), (7.45, 9.0)]
    vessel(outer, 1.3, granite, floor=2.0)
    with placed(-0.2, 0, 3.0, roll=38):
        line = [(0, 0), (1.5, 0.1), (2.2, 1.2), (2.0, 2.8), (1.3, 5), (1.15, 9), (1.5, 13), (1.6, 14.4), (0.9, 15.2), (0, 15.3)]
        lathe(line, m.granite())


def grit_mill(kind="walnut", height=22):
    k = height / 22
    body = [(0, 0), (2.7, 0), (2.9, 0.3), (2.9, 2), (2.2, 5 * k), (1.9, 9 * k), (2.4, 14 * k), (2.5, 14.6 * k), (0, 14.6 * k)]
    lathe(body, m.WOODS[kind]("z"))
    lathe([(0, 14.6 * k), (2.35, 14.6 * k), (2.35, 15 * k), (0, 15 * k)], m.brass(), smooth=False)
    cap = [(0, 15 * k), (2.5, 15 * k), (2.7, 15.6 * k), (2.6, 17.5 * k), (1.9, 19.4 * k), (1.0, 20.2 * k), (0, 20.3 * k)]
    lathe(cap, m.WOODS[kind]("z"))
    lathe([(0, 20.2 * k), (0.5, 20.2 * k), (0.4, 20.6 * k), (0.8, 21.2 * k), (0.5, 21.9 * k), (0, 22 * k)], m.brass(), sides=48)


def grit_pair():
    with placed(-3.6, 1.8):
        grit_mill("walnut", 22)
    with placed(3.6, -1.2):
        grit_mill("oak", 16)


def spoon(kind, length=30, bowl=3.2, slot=False):
    """Lies along x; the bowl is a dish cut out of the same wood."""
    grain = m.WOODS[kind]("x")
    sweep([(0, 0, 1.1), (length * 0.4, 0, 1.0), (length, 0, 0.9)], 0.72, grain, flat=0.75, radii=[1.25, 0.85, 0.85, 1.0])
    rows = 24
    profile = []
    for i in range(rows + 1):
        t = i / rows
        profile.append((math.sin(t * math.pi / 2), math.cos(t * math.pi / 2)))
    with placed(-bowl * 1.25, 0, 1.25) as handle:
        outer = [(0, -1.2), (bowl * 0.5, -1.1), (bowl * 0.9, -0.4), (bowl, 0.3), (bowl * 0.97, 0.5)]
        inner = [(bowl * 0.88, 0.4), (bowl * 0.75, -0.1), (bowl * 0.45, -0.7), (0, -0.8)]
        lathe(outer + inner, grain)
    handle.scale = (1.4, 1, 1)


def rowan_spoons():
    """Three in a jar would hide what matters, so they lie."""
    with placed(-4, 7, turn=24):
        spoon("walnut", 27, 3.1)
    with placed(-5, 0, turn=20):
        spoon("oak", 24, 2.8)
    with placed(-4, -6.2, turn=16):
        spoon("beech", 20, 2.4)


def moss_pin():
    """A plain rolling pin, thicker in the middle, on the cloth it is wiped with."""
    cloth = m.striped("oat", "slate", [(x, x + 0.7) for x in (2.5, 4.2, 26, 27.7)])
    with placed(0, 1, turn=-28):
        top = folded(31, 22, 4, 0.7, cloth, sag=0.25, seed=4)
    with placed(0, -1, top + 2.95, turn=-16, roll=90):
        half = [(0, -21), (1.4, -21), (1.9, -20.6), (2.3, -16), (2.9, -6), (2.95, 0)]
        lathe(half + [(r, -z) for r, z in reversed(half[:-1])], m.beech("z"))


def boards_in_use():
    with placed(-6, 4):
        holt_board("walnut", 26, 40)
    with placed(7, -4, 0):
        holt_board("oak", 20, 29)


def casseroles_in_use():
    with placed(-7, 12):
        tor_casserole("ink")
    with placed(10, -12):
        tor_casserole("rust", size=0.8)


def spoons_in_jar():
    loam = [(5.2, 0), (5.6, 0), (5.8, 0.6), (5.8, 7), (5.8, 13.6), (5.8, 14)]
    vessel(loam, 0.45, m.glaze("chalk", foot=1.8, rim=13.7), floor=0.7)
    for kind, turn, lean, length in (("walnut", 20, 10, 25), ("oak", 140, 12, 24), ("beech", 265, 9, 22)):
        with placed(0, 0, 1.2, turn=turn):
            with placed(1.6, 0, 0, roll=lean):
                with placed(0, 0, length, roll=90):
                    spoon(kind, length, 2.6)


colours("holt-board", holt_board, "oak", "walnut", fill=0.7)
picture("weald-board", weald_board, fill=0.76)
picture("coppice-block", coppice_block, fill=0.7)
colours("tor-casserole", tor_casserole, "rust", "sage", "ink", fill=0.7)
picture("crag-pan", crag_pan, fill=0.8)
picture("spate-pan", spate_pan, fill=0.72)
picture("brae-kettle", brae_kettle, fill=0.68)
picture("cellar-jars", cellar_jars, fill=0.68)
picture("silt-cellar", silt_cellar, fill=0.58)
colours("loam-canister", loam_set, "chalk", "slate", fill=0.66)
picture("barrow-dish", barrow_dish, fill=0.64)
picture("quern-mortar", quern_mortar, fill=0.64)
picture("grit-mill", grit_pair, fill=0.7)
picture("rowan-spoons", spoons_in_jar, fill=0.72)
picture("moss-pin", moss_pin, fill=0.74)

second("holt-board-pair", boards_in_use, fill=0.72)
second("rowan-spoons-flat", rowan_spoons, fill=0.74)
second("tor-casserole-pair", casseroles_in_use, fill=0.76)
second("coppice-block-detail", coppice_block, fill=1.5, low=0.02)
