"""Things for the rooms between: vases, planters, and a few that stand or hang."""

import math

import materials as m
from forms import block, branch, circle, leaf, lathe, placed, ring, rounded, slab, sweep, vessel
from shelf import colours, picture, second

ADIT = [(4.6, 0), (5.4, 0.05), (6.9, 2.5), (8.4, 8), (7.8, 13.5), (5.4, 18), (3.1, 20.8), (2.8, 23), (3.5, 25.2), (3.7, 25.6)]
GILL = [(2.4, 0), (2.9, 0), (3.9, 1.2), (4.4, 3.6), (3.4, 6.2), (1.5, 8.4), (1.15, 10.6), (1.5, 12.6), (1.6, 12.9)]


def adit_vase(finish="clay"):
    body = m.raw_clay("clay") if finish == "clay" else m.glaze(finish, foot=3.2)
    vessel(ADIT, 0.45, body, floor=0.8, foot=0.3)


def gill_vase(colour):
    vessel(GILL, 0.3, m.glaze(colour, foot=0.9, rim=12.7), floor=0.6, foot=0.2)


def dry_stem(height, lean, turn, seeds=9, tone="#a8834f"):
    """A grass: a bent stalk and grains up its last third."""
    with placed(turn=turn):
        stalk = m.raw_clay(tone)
        tip = (lean, 0, height)
        sweep([(0, 0, 1), (lean * 0.15, 0, height * 0.5), tip], 0.09, stalk, sides=8)
        for i in range(seeds * 3):
            t = i / (seeds * 3 - 1)
            z = height * (0.68 + 0.33 * t)
            x = lean * (0.38 + 0.62 * t)
            way = 1 if i % 2 else -1
            side = 0.5 if i % 3 else -0.5
            leaf(1.7 - 0.6 * t, 0.42, stalk, (x, 0, z), (0.5 * way, side, 1.1), 0.1)


def gill_vases():
    for x, y, colour, stem in ((-6.2, 2.5, "slate", (25, 2.4, 150)), (3.4, 3.6, "oat", (21, 2.6, 20)), (0.4, -5.4, "rust", None)):
        with placed(x, y):
            gill_vase(colour)
            if stem:
                dry_stem(*stem)


def combe_jar(colour):
    """A moon jar is thrown as two bowls and joined: the seam at its belly is left to be seen."""
    line = [(4.6, 0), (5.4, 0.05), (5.7, 0.8), (9.6, 3.8), (12.3, 9), (12.6, 11.8), (12.5, 12.6), (11.6, 17), (8.2, 21)]
    vessel([*line, (5.4, 22.6), (5.0, 23.4), (5.3, 24.2), (5.4, 24.4)], 0.5, m.glaze(colour, foot=0.6), floor=0.9, foot=0.35)


def stack_vase():
    """A bottle in three glazes, dipped from both ends."""
    lower = [(0, 0), (5.2, 0), (5.7, 0.4), (5.9, 4), (5.9, 11), (5.9, 14.6)]
    lathe([*lower, (5.85, 14.8), (0, 14.8)], m.glaze("slate", foot=2.2))
    lathe([(0, 14.7), (5.8, 14.7), (5.88, 14.9), (5.7, 17.4), (4.2, 19.6), (2.3, 21.2), (0, 21.2)], m.glaze("oat"))
    neck = [(2.2, 21.0), (1.9, 22.2), (1.8, 25), (1.95, 29), (2.3, 31), (2.35, 31.3)]
    lathe([*neck, (2.3, 31.6), (1.95, 31.6), (1.85, 31.2), (1.5, 29), (1.4, 24), (0, 23)], m.glaze("rust"))


def olive_branches(height):
    foliage, wood = m.leaf("#6f7a58"), m.bark()
    branch([(0, 0, 4), (-1.6, 0.4, height * 0.6), (-9, 1, height * 1.08)], wood, foliage, count=14, length=5.6, width=1.7, start=0.48, seed=3, pairs=True)
    branch([(0.4, 0, 4), (1.4, 0, height * 0.62), (7.2, -1.2, height * 1.3)], wood, foliage, count=15, length=5.8, width=1.7, start=0.46, seed=7, pairs=True)
    branch([(0, 0.2, 4), (0.3, 0.8, height * 0.7), (-1.4, 1.6, height * 1.36)], wood, foliage, count=13, length=5.4, width=1.6, start=0.48, seed=11, pairs=True)


def adit_in_use():
    adit_vase()
    olive_branches(32)


def combe_in_use():
    combe_jar("chalk")
    for height, lean, turn in ((44, 8, 170), (48, 6, 20), (40, 9, -35), (46, 3, 100), (38, 8, 215)):
        dry_stem(height, lean, turn, seeds=14)


def dale_pot(colour="clay", radius=9.0, height=16.0):
    body = m.raw_clay(colour)
    outer = [(radius * 0.66, 0), (radius * 0.72, 0.05), (radius * 0.84, height * 0.4), (radius * 0.96, height * 0.8)]
    rim = [(radius * 0.97, height * 0.8), (radius * 1.06, height * 0.81), (radius * 1.08, height * 0.84), (radius * 1.1, height - 0.2), (radius * 1.1, height)]
    with placed(z=0.9):
        vessel([*outer, *rim], 0.7, body, floor=1)
        soil = m.felt("#2c211a")
        lathe([(0, height * 0.86), (radius * 0.9, height * 0.86), (radius * 0.92, height * 0.88), (0, height * 0.9)], soil)
    vessel([(radius * 0.8, 0), (radius * 0.92, 0), (radius, 0.5), (radius * 1.08, 2.2), (radius * 1.1, 2.6)], 0.5, body, floor=0.7)


def dale_planted():
    dale_pot()
    foliage, wood = m.leaf("#55683f"), m.bark()
    for i in range(9):
        angle = i * 2.4
        reach = 4.5 + (i % 3) * 2.4
        top = 30 + (i * 5) % 9
        x, y = math.cos(angle) * reach, math.sin(angle) * reach
        branch([(x * 0.2, y * 0.2, 15), (x * 0.6, y * 0.6, top * 0.72), (x * 1.4, y * 1.4, top)], wood, foliage, count=9, length=5.2, width=2.6, start=0.25, seed=i, thick=0.2)


def tump_bowl(colour="smoke"):
    """Low and wide, for plants that keep their feet dry."""
    body = m.glaze(colour, foot=4.2, flecks=0.3, roughness=0.5)
    outer = [(7.5, 0), (8.6, 0.05), (11.4, 2.2), (12.6, 6), (12.2, 8.8), (12.1, 9.2)]
    vessel(outer, 0.6, body, floor=0.9, foot=0.3)
    lathe([(0, 7.4), (11.3, 7.4), (11.6, 7.5), (0, 7.8)], m.granite())
    foliage = m.leaf("#7d8b72")
    for x, y, size, count in ((-3.8, 0.6, 1.75, 34), (4.6, -2.4, 1.35, 28), (4.0, 5, 1.15, 24)):
        for i in range(count):
            # Leaves set by the golden angle, the inner ones steeper: so rosettes grow.
            angle, t = i * 2.39996, i / count
            heading = (math.cos(angle), math.sin(angle), 0.35 + 1.5 * (1 - t))
            reach = size * (2.0 + 2.6 * t)
            leaf(reach, size * (1.1 + 0.9 * t), foliage, (x + 0.25 * math.cos(angle), y + 0.25 * math.sin(angle), 7.9), heading, -0.25)


def mere_can():
    """For indoors: the spout is long and thin, and pours where it points."""
    coat = m.powder_coat("#4f5748")
    with placed(turn=14):
        outer = [(6.8, 0), (7.2, 0), (7.4, 0.3), (7.2, 4), (6.3, 10), (5.8, 12.8), (5.75, 13)]
        vessel(outer, 0.2, coat, floor=0.4)
        sweep([(-6.6, 0, 2.8), (-11, 0, 6.4), (-15.5, 0, 13.6), (-19.6, 0, 17.4), (-22.4, 0, 17.4)], 0.62, coat, radii=[1.8, 1.2, 0.9, 0.8, 0.8])
        sweep([(4.6, 0, 12.6), (6, 0, 17.4), (10.4, 0, 18.2), (12.4, 0, 13), (10.6, 0, 6.4), (7.0, 0, 4.2)], 0.5, m.brass())


def cotter_stool(kind="oak"):
    """Three legs stand on any floor; wedges of the other wood lock them in the seat."""
    grain = m.WOODS[kind]
    with placed(z=42):
        lathe([(0, 0), (12, 0), (15.6, 0.9), (16.2, 2.0), (15.9, 3.2), (14.6, 3.7), (8, 3.35), (0, 3.2)], grain("x"))
    for i in range(3):
        angle = math.radians(80 + 120 * i)
        x, y = math.cos(angle), math.sin(angle)
        sweep([(18 * x, 18 * y, 0.6), (14 * x, 14 * y, 21), (9.8 * x, 9.8 * y, 43)], 1.75, grain("z"), radii=[0.72, 1.05, 0.95], sides=32)
        with placed(9.4 * x, 9.4 * y, 45.1, turn=80 + 120 * i):
            lathe([(0, 0), (1.5, 0), (1.55, 0.3), (0, 0.4)], grain("z"), sides=48)
            block((0.4, 2.6, 0.16), m.walnut("y"), 0.03, (0, 0, 0.32))
    for i in range(3):
        a, b = math.radians(80 + 120 * i), math.radians(200 + 120 * i)
        if i < 2:
            sweep([(14.6 * math.cos(a), 14.6 * math.sin(a), 17 + 3 * i), (14.6 * math.cos(b), 14.6 * math.sin(b), 17 + 3 * i)], 1.0, grain("x"), radii=[0.75, 1.1, 0.75])


def stools_in_use():
    with placed(-17, 12):
        cotter_stool("walnut")
    with placed(16, -8, turn=35):
        cotter_stool("oak")


def pool_mirror():
    """A disc of polished steel held upright in a slotted oak block."""
    with placed(turn=-26):
        block((17, 8, 4), m.oak("x"), 0.6)
        # Upright it shows the ground; leant back it would show the end of the studio.
        with placed(0, 0.3, 3.2, tilt=89):
            with placed(0, 14, -0.4):
                slab([circle(14)], 0.8, m.brass(), 0.2)
                mirror = m.Surface(0.03, Metallic=1.0, Base_Color="#dedad2").material
                with placed(0, 0, 0.79):
                    slab([circle(13.5)], 0.08, mirror, 0.02)


def bower_basket():
    """Steel wire, welded where it crosses, under a rim of oak."""
    wire = m.powder_coat("#23211f")
    base, top, height = 9.5, 14, 17

    def at(z):
        t = z / height
        return base + (top - base) * (t**0.75)

    for i in range(28):
        angle = i * 2 * math.pi / 28
        x, y = math.cos(angle), math.sin(angle)
        line = [(2.5 * x, 2.5 * y, 0.35), (8.4 * x, 8.4 * y, 0.35), (at(1.5) * x, at(1.5) * y, 1.5)]
        line += [(at(z) * x, at(z) * y, z) for z in (6, 11, height)]
        sweep(line, 0.16, wire, sides=8, steps=5)
    for radius, z in ((2.6, 0.35), (6, 0.3), (at(1.2), 1.2), (at(6), 6), (at(11.5), 11.5)):
        ring(radius, 0.17, z, wire)
    ring(top + 0.1, 0.55, height, m.oak("x"), flat=0.8)
    with placed(0, 0, 0.6):
        for x, y, size in ((-3.4, 1, 3.9), (4, 2.6, 3.7), (1.2, -4.4, 3.8)):
            with placed(x, y, 0):
                lathe([(0, 0.5), (size * 0.5, 0), (size * 0.98, size * 0.7), (size * 0.9, size * 1.4), (size * 0.4, size * 1.75), (0, size * 1.55)], m.glaze("#a9953a", flecks=0.3, roughness=0.4))


def stile_rail(kind="oak", pegs=5):
    """Leant on its long edge, as it comes; on the wall the pegs point up a little."""
    with placed(turn=-16, z=0.0):
        with placed(0, 0, 0):
            block((58, 2.2, 9), m.WOODS[kind]("x"), 0.5)
            for i in range(pegs):
                with placed(-23 + 46 * i / (pegs - 1), -1.0, 4.6, tilt=78):
                    lathe([(0, 0), (0.95, 0), (0.85, 1), (0.8, 4.2), (1.2, 5.6), (1.75, 6.6), (1.6, 7.6), (0.9, 8), (0, 8.05)], m.WOODS[kind]("z"), sides=64)


def dial_clock():
    """Stands on a shelf: turned ash, paper face, hands cut from brass."""
    with placed(turn=-20):
        with placed(0, 3, 8.9, tilt=84):
            lathe([(0, -5.4), (7.6, -5.4), (8.4, -4.8), (8.8, -3), (8.8, -0.6), (8.5, 0), (7.9, 0.05), (7.8, -0.5), (0, -0.5)], m.walnut("x"))
            lathe([(0, -0.46), (7.75, -0.46), (0, -0.44)], m.paper("#ece3cf"), sides=96)
            dark = m.flat("#221d19")
            for i in range(12):
                angle = i * math.pi / 6
                long = 1.5 if i % 3 == 0 else 0.8
                block((0.22, long, 0.06), dark, 0.02, ((6.9 - long / 2) * math.sin(angle), (6.9 - long / 2) * math.cos(angle), -0.44), turn=-i * 30)
            for turn, length, width in ((-305, 4.0, 0.5), (-54, 6.1, 0.36)):
                with placed(0, 0, -0.3 if length < 5 else -0.2, turn=turn):
                    block((width, length + 1, 0.08), m.brass(), 0.03, (0, length / 2 - 0.5, 0))
            lathe([(0, -0.4), (0.45, -0.4), (0.4, 0.0), (0, 0.05)], m.brass(), sides=48)
        block((9, 6, 1.2), m.walnut("x"), 0.4, (0, 3, 0))


colours("adit-vase", adit_vase, "clay", "chalk", "slate", fill=0.7)
picture("gill-vases", gill_vases, fill=0.72)
picture("combe-jar-chalk", lambda: combe_jar("chalk"), fill=0.66)
picture("combe-jar-moss", lambda: combe_jar("moss"), fill=0.66, order=3)
picture("stack-vase", stack_vase, fill=0.72)
picture("dale-pot-clay", dale_planted, fill=0.74)
picture("tump-bowl", tump_bowl, fill=0.66)
picture("mere-can", mere_can, fill=0.72)
colours("cotter-stool", cotter_stool, "oak", "walnut", fill=0.72)
picture("pool-mirror", pool_mirror, fill=0.7)
picture("bower-basket", bower_basket, fill=0.64)
picture("stile-rail-oak", stile_rail, fill=0.8)
picture("dial-clock", dial_clock, fill=0.62)

second("adit-vase-olive", adit_in_use, fill=0.8)
second("combe-jar-grass", combe_in_use, fill=0.8)
second("dale-pot-empty", dale_pot, fill=0.62)
second("cotter-stool-pair", stools_in_use, fill=0.76)
