"""Surfaces: glaze, clay, wood, metal, glass, cloth, paper, wax.

All lengths are centimetres, as everywhere in the studio, so that a fleck or a
thread has the size it has in life whatever stands in the frame.
"""

import bpy

PALETTE = {
    "chalk": "#f4efe4",
    "oat": "#dfcfb2",
    "clay": "#a5644a",
    "rust": "#80381f",
    "ochre": "#c08420",
    "sage": "#8b9483",
    "moss": "#575c43",
    "smoke": "#6d6a66",
    "slate": "#3d4854",
    "ink": "#15202f",
    "charcoal": "#22201e",
}


def rgb(colour):
    """Linear light from a palette name, a hex string or a triple that is linear already."""
    if not isinstance(colour, str):
        return tuple(colour)
    digits = PALETTE.get(colour, colour).lstrip("#")
    channels = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def shade(colour, factor):
    return tuple(min(1.0, c * factor) for c in rgb(colour))


class Surface:
    """A material under construction: its node tree, spoken to in few words."""

    def __init__(self, roughness=0.5, **inputs):
        self.material = bpy.data.materials.new("surface")
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.shader = self.tree.nodes["Principled BSDF"]
        self.set(Roughness=roughness, **inputs)

    def set(self, **inputs):
        for name, value in inputs.items():
            self._feed(self.shader.inputs[name.replace("_", " ")], value)
        return self

    def node(self, kind, inputs=None, output=0, **properties):
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in properties.items():
            setattr(node, name, value)
        for name, value in (inputs or {}).items():
            self._feed(node.inputs[name], value)
        return node.outputs[output]

    def _feed(self, socket, value):
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif socket.type == "RGBA":
            socket.default_value = (*rgb(value), 1)
        else:
            socket.default_value = value

    def position(self, stretch=(1, 1, 1), space="Object"):
        """Where on the object a point lies; every object gets its own cut of the stuff."""
        place = self.node("TexCoord", output=space)
        if space == "Object":
            chance = self.node("ObjectInfo", output="Random")
            shift = self.math("MULTIPLY", chance, 173.0)
            place = self.node("VectorMath", {0: place, 1: shift}, operation="ADD")
        return self.node("Mapping", {"Vector": place, "Scale": stretch})

    def height(self):
        place = self.node("TexCoord", output="Object")
        return self.node("SeparateXYZ", {0: place}, output="Z")

    def noise(self, scale, stretch=(1, 1, 1), detail=2, space="Object", distortion=0):
        inputs = {
            "Vector": self.position(stretch, space),
            "Scale": scale,
            "Detail": detail,
            "Distortion": distortion,
        }
        return self.node("TexNoise", inputs)

    def math(self, operation, a, b=0.0):
        return self.node("Math", {0: a, 1: b}, operation=operation)

    def step(self, value, low, high, flip=False):
        span = (1, 0) if flip else (0, 1)
        inputs = {"Value": value, "From Min": low, "From Max": high, "To Min": span[0], "To Max": span[1]}
        return self.node("MapRange", inputs, clamp=True)

    def mix(self, factor, a, b):
        node = self.tree.nodes.new("ShaderNodeMix")
        node.data_type = "RGBA"
        # The colour sockets of this node share their names with its other kinds'.
        self._feed(node.inputs[0], factor)
        self._feed(node.inputs[6], a)
        self._feed(node.inputs[7], b)
        return node.outputs[2]

    def relief(self, height, depth):
        """Bumps `depth` centimetres deep. The studio scales them with the object, so the
        depth travels in the label until the scale is known."""
        node = self.tree.nodes.new("ShaderNodeBump")
        node.label = f"{depth}"
        self._feed(node.inputs["Height"], height)
        previous = self.shader.inputs["Normal"].links
        if previous:
            self.tree.links.new(previous[0].from_socket, node.inputs["Normal"])
        self.tree.links.new(node.outputs["Normal"], self.shader.inputs["Normal"])
        return self

    def weave(self, threads, space="Object"):
        """Threads per centimetre along every axis: a face sees the two that lie in it."""
        axes = self.node("SeparateXYZ", {0: self.position(space=space)}).node.outputs
        waves = [self.math("SINE", self.math("MULTIPLY", axis, threads * 6.283)) for axis in axes]
        return self.math("ADD", self.math("ADD", waves[0], waves[1]), waves[2])


def glaze(colour, foot=0.0, rim=None, flecks=0.5, roughness=0.22, body="#8a5a3c"):
    """Stoneware: `foot` is the height to which the clay stays bare, `rim` the height from
    which the glaze runs thin and lets the clay's iron through."""
    s = Surface(roughness)
    cloud = s.step(s.noise(0.35, detail=4), 0.35, 0.65)
    tone = s.mix(cloud, shade(colour, 0.86), shade(colour, 1.06))
    if flecks:
        fleck = s.step(s.noise(7, detail=1), 0.24, 0.29 + 0.03 * flecks, flip=True)
        tone = s.mix(s.math("MULTIPLY", fleck, flecks), tone, "#4b3320")
    height = s.math("ADD", s.height(), s.math("MULTIPLY", s.noise(0.8), 0.35))
    if rim:
        thin = s.math("MULTIPLY", s.step(height, rim - 0.1, rim + 0.3), 0.75)
        tone = s.mix(thin, tone, body)
    if foot:
        bare = s.step(height, foot + 0.14, foot + 0.2, flip=True)
        tone = s.mix(bare, tone, body)
        s.set(Roughness=s.math("ADD", s.math("MULTIPLY", bare, 0.85 - roughness), roughness))
    s.set(Base_Color=tone)
    # A wheel leaves rings: noise pressed flat sideways, so that only height changes it.
    s.relief(s.noise(1.1, stretch=(0.03, 0.03, 1)), 0.05)
    s.relief(s.noise(2.2), 0.012)
    return s.material


def raw_clay(colour="clay"):
    s = Surface(0.88)
    grain = s.step(s.noise(1.6, detail=7), 0.35, 0.68)
    s.set(Base_Color=s.mix(grain, shade(colour, 0.78), shade(colour, 1.1)))
    s.relief(s.noise(1.0, stretch=(0.03, 0.03, 1)), 0.08)
    s.relief(s.noise(9, detail=6), 0.03)
    return s.material


def wood(dark, light, along="z", roughness=0.45, tight=1.0):
    """Grain is noise pulled long in one direction, with open pores over it."""
    s = Surface(roughness)

    def stretch(across, lengthwise):
        return tuple(lengthwise if axis == along else across for axis in "xyz")

    rings = s.step(s.noise(tight, stretch(0.9, 0.045), detail=5, distortion=0.6), 0.3, 0.7)
    streaks = s.step(s.noise(tight, stretch(6, 0.16), detail=3), 0.3, 0.75)
    pores = s.step(s.noise(tight, stretch(16, 0.7), detail=2), 0.28, 0.42, flip=True)
    tone = s.mix(rings, dark, light)
    tone = s.mix(s.math("MULTIPLY", streaks, 0.35), tone, dark)
    tone = s.mix(s.math("MULTIPLY", pores, 0.45), tone, shade(dark, 0.6))
    s.set(Base_Color=tone)
    s.relief(pores, -0.006)
    return s.material


def oak(along="z"):
    return wood("#a87440", "#cda06a", along)


def walnut(along="z"):
    return wood("#3f2413", "#6d4527", along)


def beech(along="z"):
    return wood("#c49a68", "#dcb98a", along, tight=1.4)


WOODS = {"oak": oak, "walnut": walnut, "beech": beech}


def metal(colour, roughness=0.28, brushed="z", wear=0.1):
    s = Surface(roughness, Metallic=1.0)
    stretch = tuple(1 if axis == brushed else 0.04 for axis in "xyz")
    cloud = s.step(s.noise(0.5, detail=5), 0.3, 0.7)
    s.set(Base_Color=s.mix(cloud, shade(colour, 0.82), rgb(colour)))
    s.set(Roughness=s.math("ADD", s.math("MULTIPLY", cloud, wear), roughness - wear / 2))
    s.relief(s.noise(14, stretch, detail=3), 0.003)
    return s.material


def brass():
    return metal("#c49a52", 0.27)


def steel():
    return metal("#b9b6b0", 0.3)


def black_iron():
    """Cast and oiled: dark, dull, pebbled."""
    s = Surface(0.5, Metallic=0.6)
    s.set(Base_Color=s.mix(s.step(s.noise(0.8, detail=5), 0.3, 0.7), "#1b1a19", "#34312e"))
    s.relief(s.noise(9, detail=3), 0.02)
    return s.material


def powder_coat(colour):
    s = Surface(0.55)
    s.set(Base_Color=colour)
    s.relief(s.noise(16, detail=2), 0.006)
    return s.material


def enamel(colour):
    s = Surface(0.12, Coat_Weight=0.4)
    cloud = s.step(s.noise(0.3, detail=2), 0.35, 0.65)
    s.set(Base_Color=s.mix(cloud, shade(colour, 0.92), shade(colour, 1.05)))
    s.relief(s.noise(0.7), 0.01)
    return s.material


def glass(tint="#ffffff", roughness=0.0, index=1.45):
    """Without caustics glass would cast the shadow of a stone: so light passes it straight,
    a little dimmed."""
    s = Surface(roughness, Base_Color=tint, Transmission_Weight=1.0, IOR=index)
    clear = s.node("BsdfTransparent", {"Color": shade(tint, 0.84)})
    shadow = s.node("LightPath", output="Is Shadow Ray")
    blend = s.tree.nodes.new("ShaderNodeMixShader")
    s.tree.links.new(shadow, blend.inputs[0])
    s.tree.links.new(s.shader.outputs[0], blend.inputs[1])
    s.tree.links.new(clear, blend.inputs[2])
    s.tree.links.new(blend.outputs[0], s.tree.nodes["Material Output"].inputs["Surface"])
    return s.material


def smoked_glass():
    return glass("#a39a90")


def water():
    return glass("#f3faf8", index=1.33)


def liquid(colour):
    return Surface(0.02, Base_Color=colour, Specular_IOR_Level=0.6).material


def linen(colour, threads=9, space="Object", depth=0.012):
    """Plain weave with slubs: threads are never all of one thickness."""
    s = Surface(0.95, Sheen_Weight=0.12, Sheen_Tint=colour)
    slubs = s.noise(3, stretch=(6, 0.5, 2), detail=3, space=space)
    cross = s.noise(3, stretch=(0.5, 6, 2), detail=3, space=space)
    both = s.step(s.math("ADD", slubs, cross), 0.75, 1.3)
    s.set(Base_Color=s.mix(both, shade(colour, 0.76), shade(colour, 1.08)))
    s.relief(s.weave(threads, space), depth)
    return s.material


def striped(ground, stripe, edges, cross=(), threads=9, depth=0.012):
    """Linen with stripes at the given spans across the cloth, in centimetres of its own
    weave, and of its length if `cross` is given: then it is a check."""
    s = Surface(0.95, Sheen_Weight=0.1)
    axes = s.node("SeparateXYZ", {0: s.node("TexCoord", output="UV")}).node.outputs
    tone = rgb(ground)
    for place, spans in ((axes[1], edges), (axes[0], cross)):
        for start, end in spans:
            inside = s.math("MULTIPLY", s.math("GREATER_THAN", place, start), s.math("LESS_THAN", place, end))
            # Where two stripes cross, both threads are dyed; elsewhere only every other.
            tone = s.mix(s.math("MULTIPLY", inside, 0.62 if cross else 1.0), tone, stripe)
    slubs = s.step(s.noise(3, stretch=(5, 0.6, 2), detail=3, space="UV"), 0.3, 0.7)
    tone = s.mix(s.math("MULTIPLY", slubs, 0.22), tone, shade(ground, 0.55))
    s.set(Base_Color=tone)
    s.relief(s.weave(threads, "UV"), depth)
    return s.material


def wool(colour, other=None, threads=2.2, depth=0.05, space="UV"):
    """Thick yarn, a twill of two tones, and hair standing off it."""
    s = Surface(1.0, Sheen_Weight=0.2, Sheen_Roughness=0.6, Sheen_Tint=colour)
    other = other or shade(colour, 0.6)
    axes = s.node("SeparateXYZ", {0: s.position(space=space)}).node.outputs
    lean = s.math("ADD", axes[0], axes[1])
    twill = s.math("SINE", s.math("MULTIPLY", lean, threads * 6.283))
    blend = s.math("ADD", s.math("MULTIPLY", twill, 0.22), s.noise(5, detail=4, space=space))
    s.set(Base_Color=s.mix(s.step(blend, 0.25, 0.8), other, colour))
    s.relief(twill, depth)
    s.relief(s.noise(12, detail=4, space=space), 0.04)
    return s.material


def terry(colour):
    s = Surface(1.0, Sheen_Weight=0.25, Sheen_Roughness=0.5, Sheen_Tint=colour)
    loops = s.noise(7, detail=2, space="UV")
    s.set(Base_Color=s.mix(s.step(loops, 0.3, 0.7), shade(colour, 0.72), shade(colour, 1.08)))
    s.relief(loops, 0.16)
    return s.material


def felt(colour):
    s = Surface(1.0, Sheen_Weight=0.15, Sheen_Tint=colour)
    fibres = s.noise(5, detail=8, distortion=1.5)
    s.set(Base_Color=s.mix(s.step(fibres, 0.3, 0.7), shade(colour, 0.75), shade(colour, 1.12)))
    s.relief(fibres, 0.05)
    return s.material


def leather(colour="#8a5430"):
    s = Surface(0.5)
    hide = s.noise(0.9, detail=6)
    s.set(Base_Color=s.mix(s.step(hide, 0.3, 0.7), shade(colour, 0.7), shade(colour, 1.1)))
    s.relief(s.noise(14, detail=3), 0.012)
    return s.material


def paper(colour="#efe7d6"):
    s = Surface(0.92)
    s.set(Base_Color=s.mix(s.noise(6, detail=6), shade(colour, 0.95), shade(colour, 1.02)))
    return s.material


def pages(colour="#ece3d0"):
    """The cut edge of many leaves: lines that differ only in height."""
    s = Surface(0.92)
    lines = s.noise(30, stretch=(0.02, 0.02, 1), detail=1)
    s.set(Base_Color=s.mix(s.step(lines, 0.3, 0.7), shade(colour, 0.72), shade(colour, 1.05)))
    s.relief(lines, 0.02)
    return s.material


def cork():
    s = Surface(0.92)
    crumbs = s.noise(3.2, detail=5, distortion=1)
    s.set(Base_Color=s.mix(s.step(crumbs, 0.34, 0.62), "#6b4526", "#c39a68"))
    s.relief(crumbs, 0.06)
    return s.material


def wax(colour="#eadcc0"):
    s = Surface(0.5, Subsurface_Weight=0.35, Subsurface_Scale=0.05)
    s.set(Base_Color=s.mix(s.noise(0.4, detail=3), shade(colour, 0.9), shade(colour, 1.05)))
    s.relief(s.noise(0.9, detail=3), 0.02)
    return s.material


def stone(colour="#8d8a84", vein="#c9c4ba"):
    s = Surface(0.6)
    cloud = s.noise(0.5, detail=9, distortion=1.2)
    vein_mask = s.step(s.math("ABSOLUTE", s.math("SUBTRACT", cloud, 0.5)), 0, 0.03, flip=True)
    tone = s.mix(s.step(cloud, 0.3, 0.7), shade(colour, 0.75), shade(colour, 1.15))
    s.set(Base_Color=s.mix(s.math("MULTIPLY", vein_mask, 0.5), tone, vein))
    s.relief(s.noise(6, detail=6), 0.02)
    return s.material


def granite():
    s = Surface(0.7)
    dark = s.step(s.noise(5, detail=2), 0.32, 0.4, flip=True)
    pale = s.step(s.noise(4, detail=2), 0.6, 0.68)
    tone = s.mix(s.math("MULTIPLY", dark, 0.75), "#8a867f", "#3c3a38")
    s.set(Base_Color=s.mix(s.math("MULTIPLY", pale, 0.7), tone, "#c9c4bb"))
    s.relief(s.noise(7, detail=6), 0.025)
    return s.material


def marble():
    return stone("#dcd7cd", "#9c978d")


def leaf(colour="#5f6f4a"):
    s = Surface(0.55, Subsurface_Weight=0.05)
    s.set(Base_Color=s.mix(s.noise(0.3, detail=3), shade(colour, 0.7), shade(colour, 1.25)))
    return s.material


def bark():
    return raw_clay("#5c4632")


def shade_cloth(colour="#e6dac2"):
    """A lampshade: the lamp inside must be seen through it."""
    s = Surface(0.95, Base_Color=colour)
    s.relief(s.weave(7), 0.01)
    glow = s.tree.nodes.new("ShaderNodeBsdfTranslucent")
    glow.inputs["Color"].default_value = (*rgb(colour), 1)
    blend = s.tree.nodes.new("ShaderNodeMixShader")
    blend.inputs[0].default_value = 0.45
    s.tree.links.new(s.shader.outputs[0], blend.inputs[1])
    s.tree.links.new(glow.outputs[0], blend.inputs[2])
    s.tree.links.new(blend.outputs[0], s.tree.nodes["Material Output"].inputs["Surface"])
    return s.material


def glow(colour="#ffb765", strength=6.0):
    return Surface(0.5, Emission_Color=colour, Emission_Strength=strength, Base_Color=colour).material


def flat(colour, roughness=0.8):
    return Surface(roughness, Base_Color=colour).material
