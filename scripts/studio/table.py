"""Things for the table: cups, bowls, plates, glass, serving."""

import math

import materials as m
from forms import block, branch, fill, lathe, placed, ring, rounded, slab, spline, sweep, vessel
from shelf import colours, picture, second

MUG = [(3.2, 0), (3.9, 0.1), (4.15, 0.7), (4.3, 2.5), (4.4, 5), (4.35, 7.5), (4.3, 8.8), (4.3, 9.0)]


def tarn_mug(colour, turn=-28, size=1.0):
    with placed(turn=turn, size=size):
        glaze = m.glaze(colour, foot=0.55, rim=8.75)
        vessel(MUG, 0.38, glaze, floor=0.6, foot=0.25)
        handle = [(4.1, 0, 7.3), (5.5, 0, 7.7), (6.9, 0, 6.7), (7.05, 0, 4.9), (6.1, 0, 3.1), (4.2, 0, 2.3)]
        sweep(handle, 0.5, m.glaze(colour), flat=0.62, radii=[1.35, 1, 0.95, 0.95, 1, 1.3])


def rill_cup(colour):
    outer = [(2.3, 0), (2.7, 0.1), (2.85, 0.6), (2.6, 2.2), (2.75, 4.0), (3.15, 5.6), (3.2, 5.9)]
    vessel(outer, 0.32, m.glaze(colour, foot=1.2, rim=5.7), floor=0.5, foot=0.2)
    fill(outer, 0.32, 4.6, m.liquid("#1d0f07"), floor=0.5)


def rill_pair(colour, other):
    with placed(-3.6, 0):
        rill_cup(colour)
    with placed(3.2, 2.4):
        rill_cup(other)


def cove_cup(colour):
    outer = [(2.0, 0), (2.6, 0.05), (3.4, 0.9), (3.9, 2.8), (4.0, 5.0), (3.85, 7.0), (3.8, 7.4)]
    vessel(outer, 0.34, m.glaze(colour, foot=1.8, rim=7.2), floor=0.5, foot=0.2)


def bothy_mug(colour="chalk", line="ink"):
    with placed(turn=-30):
        outer = [(3.9, 0), (4.1, 0), (4.2, 0.15), (4.2, 1.0), (4.2, 7.2), (4.2, 7.9), (4.2, 7.9)]
        vessel(outer, 0.12, m.enamel(colour), floor=0.2)
        ring(4.22, 0.17, 7.98, m.enamel(line))
        handle = [(4.1, 0, 6.6), (5.2, 0, 6.8), (6.5, 0, 6.2), (6.7, 0, 4.6), (6.0, 0, 2.8), (4.15, 0, 2.0)]
        sweep(handle, 0.55, m.enamel(colour), flat=0.3)


def fell_teacup(colour):
    saucer = [(3.6, 0), (4.0, 0), (4.6, 0.3), (6.4, 0.9), (7.6, 1.5), (7.7, 1.6)]
    glaze = m.glaze(colour, flecks=0.3)
    vessel(saucer, 0.3, glaze, floor=0.4, foot=0.2)
    with placed(z=0.42, turn=-25):
        outer = [(2.2, 0), (2.5, 0), (2.6, 0.45), (3.2, 0.9), (4.2, 2.4), (4.75, 4.8), (4.9, 5.4), (4.95, 5.5)]
        vessel(outer, 0.26, m.glaze(colour, rim=5.35, flecks=0.3), floor=0.5, foot=0.2)
        fill(outer, 0.26, 4.4, m.liquid("#5d2a0c"), floor=0.5)
        sweep(
            [(4.4, 0, 4.6), (5.6, 0, 5.0), (6.5, 0, 4.1), (6.1, 0, 2.9), (4.6, 0, 2.1)],
            0.34,
            glaze,
            flat=0.6,
            radii=[1.2, 1, 0.9, 1, 1.2],
        )


SCREE = [(3.6, 0), (4.0, 0.05), (4.2, 0.8), (5.6, 1.7), (8.4, 4.2), (9.6, 6.6), (9.8, 7.2), (9.85, 7.3)]


def scree_bowl(colour):
    vessel(SCREE, 0.42, m.glaze(colour, foot=0.8, rim=7.0), floor=0.9, foot=0.35)


def ledge_plate(colour, radius=13.5):
    k = radius / 13.5
    outer = [(8.4 * k, 0), (9.2 * k, 0), (10.0 * k, 0.35), (12.2 * k, 1.0), (13.2 * k, 2.2), (13.5 * k, 2.5)]
    vessel(outer, 0.5, m.glaze(colour, rim=2.45), floor=0.7, foot=0.25)


def ledge_stack(colour, count=3, radius=13.5):
    for i in range(count):
        with placed(x=0.15 * math.sin(i * 2.1), z=i * 1.05, turn=i * 70):
            ledge_plate(colour, radius)



def cairn_bowls():
    """Three that nest, seen apart far enough to count them."""
    for z, k, colour in ((0, 1.0, "slate"), (2.2, 0.82, "sage"), (4.1, 0.66, "oat")):
        with placed(x=0.25 * k, z=z, turn=z * 40, size=k):
            outer = [(3.8, 0), (4.6, 0.1), (7.0, 1.2), (8.7, 3.8), (9.2, 6.6), (9.25, 7.4)]
            vessel(outer, 0.42, m.glaze(colour, rim=7.2), floor=0.8, foot=0.3)


def sill_bowl(colour):
    outer = [(4.5, 0), (5.2, 0), (5.8, 0.5), (8.6, 1.3), (9.6, 3.2), (9.8, 4.6), (11.3, 5.0), (12.0, 5.2), (12.1, 5.25)]
    vessel(outer, 0.45, m.glaze(colour, rim=5.1), floor=0.8, foot=0.3)


def delta_bowl(kind="walnut"):
    """Turned from one plank, so the grain runs across and not up."""
    grain = m.WOODS[kind]("x")
    outer = [(5, 0), (6, 0.1), (9.5, 1.2), (13.5, 4.2), (15.2, 7.6), (15.6, 8.8), (15.7, 9.0)]
    vessel(outer, 0.8, grain, floor=1.4, foot=0.3)


BECK = [(3.6, 0), (4.6, 0.0), (5.1, 0.5), (5.2, 5), (5.0, 10), (3.6, 13.8), (2.3, 17), (2.2, 20), (2.7, 23), (3.0, 24)]


def beck_carafe(kind="clear", level=0):
    body = m.glass() if kind == "clear" else m.smoked_glass()
    vessel(BECK, 0.28, body, floor=0.8)
    if level:
        fill(BECK, 0.28, level, m.water(), floor=0.8)


SPRING = [(2.6, 0), (3.2, 0), (3.45, 0.3), (3.6, 4), (3.85, 8.5), (3.9, 9.0)]


def spring_glass(kind="clear", level=0):
    vessel(SPRING, 0.2, m.glass() if kind == "clear" else m.smoked_glass(), floor=0.9)
    if level:
        fill(SPRING, 0.2, level, m.water(), floor=0.9)


def spring_set(kind):
    for x, y in ((-6.6, 2.4), (0.6, 6.2), (-1.4, -3.4), (6.4, 0.4)):
        with placed(x, y):
            spring_glass(kind)


def mere_glass(wine=True):
    glass = m.glass()
    foot = [(0, 0), (3.4, 0), (3.6, 0.08), (3.5, 0.2), (1.0, 0.5), (0.42, 1.2), (0.36, 4), (0.4, 8.2), (1.0, 9.4), (0, 9.4)]
    lathe(foot, glass)
    bowl = [(0.6, 8.9), (1.2, 9.1), (3.3, 10.8), (4.2, 13.6), (3.9, 17), (3.3, 20), (3.2, 20.4)]
    with placed():
        vessel(bowl, 0.14, glass, floor=9.4)
        if wine:
            fill(bowl, 0.14, 13.4, m.glass("#5a0712", index=1.34), floor=9.5)


def mere_pair():
    with placed(-4.4, 2.2):
        mere_glass(False)
    with placed(3.8, -1.5):
        mere_glass()


def gill_jug():
    """A glass jug: the lip is drawn out, which turning alone can't do."""
    outer = [(4.4, 0), (5.2, 0), (5.7, 0.5), (6.1, 4), (6.0, 9), (5.2, 13), (5.1, 16), (5.6, 18), (5.7, 18.4)]
    with placed(turn=-32):
        body = vessel(outer, 0.3, m.glass(), floor=0.9)
        draw_lip(body, 15, 18.4, 1.7)
        sweep(
            [(5.0, 0, 15.6), (7.2, 0, 16.6), (9.3, 0, 14.6), (9.4, 0, 10.6), (8.0, 0, 7.0), (5.9, 0, 5.4)],
            0.62,
            m.glass(),
            flat=0.7,
            radii=[1.3, 1, 0.9, 0.9, 1, 1.25],
        )


def draw_lip(body, start, top, reach):
    """Pull a spout out of a turned vessel, on the side away from its handle."""
    for vertex in body.data.vertices:
        x, y, z = vertex.co
        if z > start and x < 0:
            rise = ((z - start) / (top - start)) ** 2
            facing = max(0.0, -x / (math.hypot(x, y) or 1)) ** 9
            vertex.co.x -= reach * rise * facing
            vertex.co.z += 0.35 * reach * rise * facing


def shale_jug(colour):
    outer = [(4.0, 0), (4.8, 0.05), (5.6, 1.5), (6.3, 5), (5.9, 9.5), (4.4, 13), (4.1, 15.5), (4.7, 17.6), (4.8, 18)]
    with placed(turn=-30):
        body = vessel(outer, 0.42, m.glaze(colour, foot=1.6, rim=17.9), floor=0.7, foot=0.3)
        draw_lip(body, 14.5, 18, 1.7)
        sweep(
            [(4.2, 0, 15.6), (6.4, 0, 16.6), (8.9, 0, 14.2), (9.1, 0, 10.4), (7.9, 0, 7), (6.0, 0, 5.2)],
            0.62,
            m.glaze(colour),
            flat=0.62,
            radii=[1.3, 1, 0.9, 0.9, 1, 1.25],
        )


def cairn_teapot(colour):
    glaze = m.glaze(colour, foot=1.0)
    with placed(turn=-16):
        outer = [(4.2, 0), (5.2, 0.05), (7.4, 2), (8.4, 5.4), (7.4, 8.8), (4.6, 10.5), (3.6, 10.9)]
        vessel(outer, 0.4, glaze, floor=0.7, foot=0.3)
        lid = [(0, 10.8), (3.5, 10.8), (3.75, 10.9), (3.7, 11.2), (2.2, 11.9), (0.8, 12.2), (0.55, 12.6)]
        knob = [(0.7, 13.2), (1.2, 13.7), (1.1, 14.3), (0.5, 14.6), (0, 14.6)]
        lathe([*lid, *knob], m.glaze(colour))
        spout = [(-7.0, 0, 4.2), (-9.6, 0, 5.2), (-11.2, 0, 7.6), (-12.6, 0, 9.9)]
        sweep(spout, 1.0, m.glaze(colour), radii=[1.9, 1.45, 1.0, 0.78], sides=28)
        tip = [(-12.5, 0, 9.75), (-12.72, 0, 10.12)]
        sweep(tip, 0.5, m.flat("#120d0a"), sides=20, steps=2)
        sweep(
            [(6.6, 0, 9.2), (9.0, 0, 10.4), (11.7, 0, 8.6), (11.8, 0, 5.6), (10.2, 0, 3.4), (7.6, 0, 3.0)],
            0.6,
            m.glaze(colour),
            flat=0.7,
            radii=[1.3, 1, 0.9, 0.9, 1, 1.3],
        )


def strand_tray(kind="oak"):
    with placed(turn=-18):
        grain = m.WOODS[kind]("x")
        slab([rounded(42, 28, 4)], 0.9, grain, 0.2)
        with placed(z=0.1):
            slab([rounded(42, 28, 4), rounded(40, 26, 3.2)], 3.6, grain, 0.3)
        for side in (-1, 1):
            loop = [(side * 20.6, -5, 2.6), (side * 21.6, -4.6, 4.6), (side * 21.8, 0, 5.6), (side * 21.6, 4.6, 4.6)]
            sweep([*loop, (side * 20.6, 5, 2.6)], 0.55, m.brass())


def lynch_stand(colour):
    glaze = m.glaze(colour, flecks=0.3)
    foot = [(0, 0), (6.2, 0), (6.6, 0.3), (5.8, 0.9), (2.6, 2.2), (1.8, 5), (2.4, 8), (5.5, 9.2)]
    plate = [(13.4, 9.5), (14.1, 9.7), (14.2, 10.5), (13.9, 10.9), (13.5, 10.5), (13.0, 10.2), (0, 10.2)]
    lathe([*foot, *plate], glaze)


def mugs_in_use():
    with placed(-6.4, 3):
        tarn_mug("rust", turn=-150)
    with placed(4.6, 5):
        tarn_mug("ink", turn=-20)
    with placed(0, -5.2):
        tarn_mug("sage", turn=-35, size=0.84)


def bowls_in_use():
    for z, colour in ((0, "oat"), (3.1, "rust"), (6.2, "ink")):
        with placed(x=0.3 * math.sin(z), z=z, turn=z * 50):
            scree_bowl(colour)


def carafe_in_use():
    with placed(-4.4, 3):
        beck_carafe("clear", 12.5)
    with placed(5, 0.5):
        spring_glass("clear", 5.2)
    with placed(-0.4, -6.5):
        spring_glass("clear", 0)


def plates_in_use():
    with placed(-3, 3):
        ledge_stack("oat", 4)
    with placed(-3, 3, 4.2):
        ledge_stack("ink", 2, 10)
    with placed(14, -11):
        cove_cup("ink")


def glasses_in_use():
    for x, y, level in ((-5.4, 3.4, 6), (4.6, 2.6, 4), (0.4, -6, 0)):
        with placed(x, y):
            spring_glass("clear", level)


def teapot_in_use():
    with placed(-4, 5):
        cairn_teapot("moss")
    with placed(11.5, -3.5, turn=-10, size=0.95):
        cove_with_tea("oat")
    with placed(1.5, -9.5, size=0.95):
        cove_with_tea("moss")


def cove_with_tea(colour):
    cove_cup(colour)
    with placed():
        lathe([(0, 5.4), (3.55, 5.4), (3.55, 5.5), (0, 5.5)], m.liquid("#6b360f"), smooth=False)


colours("tarn-mug", tarn_mug, "sage", "rust", "ink", "oat")
colours("rill-cup", lambda c: rill_pair(c, c), "clay", "smoke")
colours("cove-cup", cove_cup, "oat", "moss", "ink", fill=0.6)
picture("bothy-mug", bothy_mug)
colours("fell-teacup", fell_teacup, "smoke", "chalk")
colours("scree-bowl", scree_bowl, "oat", "rust", "ink", fill=0.7)
colours("ledge-plate", ledge_stack, "ink", "oat", fill=0.72)
picture("cairn-bowls", cairn_bowls, fill=0.64)
picture("sill-bowl-sage", lambda: sill_bowl("sage"), fill=0.7)
picture("delta-bowl", delta_bowl, fill=0.72)
picture("beck-carafe-clear", lambda: beck_carafe("clear", 13), fill=0.7)
picture("beck-carafe-smoke", lambda: beck_carafe("smoke"), fill=0.7, order=3)
picture("spring-glasses-clear", lambda: spring_set("clear"))
picture("spring-glasses-smoke", lambda: spring_set("smoke"), order=3)
picture("mere-glass", mere_pair, fill=0.72)
picture("gill-jug", gill_jug, fill=0.68)
colours("shale-jug", shale_jug, "slate", "chalk", fill=0.68)
picture("cairn-teapot", lambda: cairn_teapot("moss"), fill=0.68)
colours("strand-tray", strand_tray, "oak", "walnut", fill=0.74)
picture("lynch-stand", lambda: lynch_stand("chalk"), fill=0.68)

second("tarn-mug-group", mugs_in_use, fill=0.72)
second("scree-bowl-stack", bowls_in_use, fill=0.68)
second("beck-carafe-group", carafe_in_use, fill=0.72)
second("cairn-teapot-group", teapot_in_use, fill=0.74)
second("ledge-plate-set", plates_in_use, fill=0.72)
second("spring-glasses-water", glasses_in_use, fill=0.68)
