"""One light, one ground, one lens, one horizon for every picture.

The camera and the lights never move: the subject, drawn in centimetres, is scaled until
it fills its share of the frame. So a spoon and a blanket are lit alike.
"""

import math

import bpy
import numpy
from mathutils import Vector

from forms import place

DISTANCE = 3.9
PITCH = math.radians(19)
LENS = 85
GROUND = (0.74, 0.675, 0.585)


def open_studio(width, height, samples):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = width, height
    render.use_persistent_data = False
    cycles.device = "CPU"
    cycles.samples = samples
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.05
    cycles.max_bounces, cycles.transmission_bounces, cycles.transparent_max_bounces = 16, 16, 12
    cycles.diffuse_bounces, cycles.glossy_bounces = 3, 4
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_prefilter = "FAST"
    # Caustics cost many samples and come out as fireflies at this few.
    cycles.caustics_refractive = cycles.caustics_reflective = False
    cycles.sample_clamp_indirect = 4
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = 0.42
    return scene


def _soft_box(at, size, power, colour):
    light = bpy.data.lights.new("soft box", "AREA")
    light.size, light.energy, light.color = size, power, colour
    _aim(bpy.data.objects.new("soft box", light), at, (0, 0, 0.35))


def _aim(thing, at, to):
    thing.location = at
    thing.rotation_euler = (Vector(to) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.collection.objects.link(thing)


def _sweep_of_paper():
    """A seamless ground: flat, a wide bend, and up, so that no edge shows behind things."""
    bend = [(3 + 2.5 * math.sin(t * math.pi / 40), 2.5 - 2.5 * math.cos(t * math.pi / 40)) for t in range(21)]
    line = [(-12, 0), *bend, (5.5, 9)]
    mesh = bpy.data.meshes.new("ground")
    vertices = [(x, y, z) for x in (-10, 10) for y, z in line]
    faces = [(i, i + 1, i + 1 + len(line), i + len(line)) for i in range(len(line) - 1)]
    mesh.from_pydata(vertices, [], faces)
    material = bpy.data.materials.new("ground")
    material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*GROUND, 1)
    shader.inputs["Roughness"].default_value = 0.95
    shader.inputs["Specular IOR Level"].default_value = 0.15
    place(mesh, material)


def light_the_stage(dim=1.0):
    _sweep_of_paper()
    _soft_box((-2.9, -0.7, 2.7), 1.35, 205 * dim, (1, 0.945, 0.87))
    _soft_box((2.9, -2.0, 1.5), 2.4, 13 * dim, (0.93, 0.96, 1))
    _soft_box((0.4, 2.0, 3.2), 1.6, 48 * dim, (1, 0.975, 0.94))
    world = bpy.data.worlds.new("room")
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs[0].default_value = (1, 0.97, 0.93, 1)
    background.inputs[1].default_value = 0.19 * dim
    bpy.context.scene.world = world


def _corners(subject):
    """All points of the evaluated subject, in the world."""
    graph = bpy.context.evaluated_depsgraph_get()
    clouds = []
    for thing in subject:
        if thing.type != "MESH":
            continue
        solid = thing.evaluated_get(graph)
        mesh = solid.to_mesh()
        points = numpy.empty(len(mesh.vertices) * 3, dtype=numpy.float32)
        mesh.vertices.foreach_get("co", points)
        matrix = numpy.array(solid.matrix_world)
        clouds.append(points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3])
        solid.to_mesh_clear()
    return numpy.concatenate(clouds)


def frame(subject, fill=0.66, low=0.04):
    """Scale the subject to its share of the frame and move the camera, never turning it,
    until the subject sits in the middle, a touch low."""
    scene = bpy.context.scene
    width, height = scene.render.resolution_x, scene.render.resolution_y
    handle = bpy.data.objects.new("subject", None)
    scene.collection.objects.link(handle)
    for thing in subject:
        if thing.parent is None:
            thing.parent = handle
    bpy.context.view_layer.update()
    points = _corners(subject)
    middle = (points.min(0) + points.max(0)) / 2
    points[:, :2] -= middle[:2]

    reach = math.tan(math.atan(18 / LENS))
    across, up = (1, height / width) if width >= height else (width / height, 1)
    forward = numpy.array((0, math.cos(PITCH), -math.sin(PITCH)))
    upward = numpy.array((0, math.sin(PITCH), math.cos(PITCH)))
    scale, centre = 1.0 / numpy.ptp(points, axis=0).max(), numpy.zeros(2)
    for _ in range(12):
        p = points * scale
        depth = DISTANCE + p @ forward
        x = (p[:, 0] - centre[0]) / depth / reach / across
        y = (p @ upward - centre[1]) / depth / reach / up
        centre[0] += (x.max() + x.min()) / 2 * DISTANCE * reach * across
        centre[1] += (y.max() + y.min()) / 2 * DISTANCE * reach * up
        scale *= fill / max(numpy.ptp(x) / 2, numpy.ptp(y) / 2)
    centre[1] += low * DISTANCE * reach * up

    handle.scale = (scale,) * 3
    handle.location = (-middle[0] * scale, -middle[1] * scale, 0)
    for material in bpy.data.materials:
        for node in material.node_tree.nodes if material.use_nodes else ():
            if node.type == "BUMP" and node.label:
                node.inputs["Distance"].default_value = float(node.label) * scale

    camera = bpy.data.cameras.new("camera")
    camera.lens, camera.sensor_fit = LENS, "AUTO"
    scene.camera = bpy.data.objects.new("camera", camera)
    at = -forward * DISTANCE + upward * centre[1] + numpy.array((centre[0], 0, 0))
    _aim(scene.camera, at, Vector(at) + Vector(forward))
    return scale


def shoot(scene, build, path, fill=0.66, low=0.04, dim=1.0):
    before = set(bpy.data.objects)
    build()
    subject = [thing for thing in bpy.data.objects if thing not in before]
    frame(subject, fill, low)
    light_the_stage(dim)
    scene.render.filepath = path
    bpy.ops.render.render(write_still=True)
