"""Many products on one ground: the home page's picture and one for each category.

Everything keeps its true size, so these also check the forms against each other.
"""

from desk import folio_book, pebble_weight, quire_set, scarp_bookends, scarp_pot
from forms import placed
from home import adit_in_use, bower_basket, combe_in_use, combe_jar, cotter_stool, dale_planted, gill_vases, stack_vase
from kitchen import cellar_jar, grit_pair, holt_board, quern_mortar, spoons_in_jar, tor_casserole
from light import beacon_lantern, candlesticks_in_use, croft_lamp, dusk_lamp, heath_candles, lode_candlestick, moor_lamp
from shelf import scene, second
from table import beck_carafe, bowls_in_use, cairn_teapot, cove_cup, ledge_stack, scree_bowl, shale_jug, spring_glass, tarn_mug
from textiles import drift_throw, furrow_cushion, knoll_cushion, lea_napkins, moor_throw, weir_towels


def at(x, y, build, *arguments, z=0, turn=0, size=1.0, **named):
    with placed(x, y, z, turn=turn, size=size):
        build(*arguments, **named)


def home_wide():
    at(-67, 14, combe_in_use)
    at(-36, 6, drift_throw)
    at(-36, 6, moor_throw, "sage", z=8.6, size=0.9)
    at(-35, 5, quire_set, "clay", z=16.8)
    at(-8, 22, croft_lamp, "walnut")
    at(-13, -20, tarn_mug, "rust", turn=150)
    at(0, -14, tarn_mug, "oat")
    at(20, 20, adit_in_use)
    at(24, -8, bowls_in_use)
    at(50, 4, cairn_teapot, "moss")
    at(39, -22, cove_cup, "oat")
    at(54, -18, cove_cup, "ink")
    at(47, 27, stack_vase)
    at(71, 16, lode_candlestick, "brass", 24)
    at(80, 9, lode_candlestick, "brass", 15)
    at(73, -8, shale_jug, "slate", turn=-10)


def home_tall():
    at(-21, 24, combe_in_use)
    at(12, 30, adit_in_use)
    at(33, 18, stack_vase)
    at(-20, -8, drift_throw)
    at(-20, -8, moor_throw, "sage", z=8.6, size=0.9)
    at(-20, -9, quire_set, "clay", z=16.8)
    at(19, 0, cairn_teapot, "moss")
    at(-10, -40, bowls_in_use)
    at(13, -36, tarn_mug, "rust")
    at(30, -26, cove_cup, "oat")


def table_scene():
    at(-14, 12, shale_jug, "slate")
    at(3, 16, beck_carafe, "clear", 13)
    at(17, 9, spring_glass, "clear", 5)
    at(-13, -10, ledge_stack, "oat")
    at(-13, -10, scree_bowl, "rust", z=3.2, size=0.9)
    at(11, -9, tarn_mug, "sage")
    at(23, -5, cove_cup, "ink")


def kitchen_scene():
    at(-15, 16, holt_board, "walnut", 28, 42)
    at(3, 14, spoons_in_jar)
    at(-10, -8, tor_casserole, "rust")
    at(18, 9, cellar_jar, 6, 20, "#d8c39a")
    at(13, -12, grit_pair, size=0.9)
    at(28, -4, quern_mortar)


def light_scene():
    at(-15, 12, croft_lamp, "oak")
    at(10, 14, beacon_lantern)
    at(-8, -12, candlesticks_in_use, size=0.85)
    at(24, -2, dusk_lamp, "clay")
    at(10, -18, heath_candles, "honey")


def desk_scene():
    at(16, 16, moor_lamp)
    at(-16, 12, scarp_bookends, "rust")
    at(6, -2, scarp_pot, "slate")
    at(-12, -16, folio_book, "oat")
    at(-12, -16, quire_set, "sage", z=2.7, turn=-12)
    at(19, -16, pebble_weight, "slate")


def textiles_scene():
    at(-16, 26, knoll_cushion, "sage")
    at(14, 20, furrow_cushion)
    at(-20, -14, drift_throw, size=0.95)
    at(-20, -14, moor_throw, "rust", z=8.2, size=0.85)
    at(22, -14, weir_towels, "chalk", size=0.85)
    at(3, -34, lea_napkins, "slate")


def home_scene():
    at(-17, 6, cotter_stool, "oak")
    at(-17, 6, gill_vases, z=45.3, size=0.95)
    at(17, 20, combe_jar, "chalk", size=1.15)
    at(25, -10, dale_planted)
    at(-2, -22, bower_basket, size=0.85)


def lamp_over_books():
    at(10, 8, moor_lamp)
    at(-9, -8, folio_book, "oat")
    at(-9, -8, quire_set, "clay", z=2.7, turn=-10)


scene("home-wide", home_wide, size=(1920, 1080), fill=0.9, low=0.06)
scene("home-tall", home_tall, size=(1080, 1440), fill=0.86, low=0.03)
for slug, build in {
    "table": table_scene,
    "kitchen": kitchen_scene,
    "light": light_scene,
    "desk": desk_scene,
    "textiles": textiles_scene,
    "home": home_scene,
}.items():
    scene(f"category-{slug}", build, fill=0.84)
second("moor-lamp-desk", lamp_over_books, fill=0.78, dim=0.6)
