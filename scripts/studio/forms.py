"""Forms: turned, swept, bevelled, folded, grown. Centimetres; the ground is z = 0."""

import math
import random
from contextlib import contextmanager

import bpy
import bmesh  # part of bpy, and importable only after it
from mathutils import Euler, Matrix, Vector, noise

ROUND = 144


def spline(points, steps=6):
    """A cubic B-spline over a control polygon: what a sharp drawing becomes in soft
    material. A point given twice holds its corner."""
    padded = [points[0]] * 2 + list(points) + [points[-1]] * 2
    curve = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:]):
        for i in range(steps):
            t = i / steps
            weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
            curve.append(tuple(sum(w * p[k] for w, p in zip(weights, (a, b, c, d))) / 6 for k in range(len(a))))
    curve.append(tuple(points[-1]))
    return curve


def through(points, steps=8, closed=False):
    """A Catmull-Rom curve, which passes through its points: for handles and wires."""
    points = [Vector(p) for p in points]
    if closed:
        padded = [points[-1], *points, points[0], points[1]]
    else:
        padded = [2 * points[0] - points[1], *points, 2 * points[-1] - points[-2]]
    curve = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:]):
        for i in range(steps):
            t = i / steps
            curve.append(
                0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
            )
    if not closed:
        curve.append(points[-1])
    return curve


def place(mesh, material, smooth=True):
    if material:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("use_smooth", [smooth] * len(mesh.polygons))
    thing = bpy.data.objects.new("form", mesh)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def from_faces(vertices, faces, material, smooth=True, weld=True):
    mesh = bpy.data.meshes.new("form")
    mesh.from_pydata([tuple(v) for v in vertices], [], faces)
    shell = bmesh.new()
    shell.from_mesh(mesh)
    if weld:
        bmesh.ops.remove_doubles(shell, verts=shell.verts, dist=1e-4)
    bmesh.ops.recalc_face_normals(shell, faces=shell.faces)
    shell.to_mesh(mesh)
    return place(mesh, material, smooth)


@contextmanager
def placed(x=0, y=0, z=0, turn=0, tilt=0, roll=0, size=1.0):
    """Everything made inside stands together at this spot, turned by degrees."""
    before = set(bpy.data.objects)
    handle = bpy.data.objects.new("handle", None)
    yield handle
    bpy.context.scene.collection.objects.link(handle)
    for thing in set(bpy.data.objects) - before - {handle}:
        if thing.parent is None:
            thing.parent = handle
    handle.location = (x, y, z)
    handle.scale = (size,) * 3
    handle.rotation_mode = "ZXY"
    handle.rotation_euler = (math.radians(tilt), math.radians(roll), math.radians(turn))


def lathe(profile, material, smooth=True, steps=6, sides=ROUND):
    """Turned around z. The profile runs (radius, height), bottom to top, as control points."""
    line = spline(profile, steps) if smooth else profile
    circle = [(math.cos(2 * math.pi * i / sides), math.sin(2 * math.pi * i / sides)) for i in range(sides)]
    vertices = [(r * x, r * y, z) for r, z in line for x, y in circle]
    faces = []
    for row in range(len(line) - 1):
        a, b = row * sides, (row + 1) * sides
        for i in range(sides):
            j = (i + 1) % sides
            faces.append((a + i, a + j, b + j, b + i))
    return from_faces(vertices, faces, material)


def _inwards(points, wall):
    """The same line one wall thickness further in."""
    moved = []
    for i, (r, z) in enumerate(points):
        before, after = points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]
        dr, dz = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dr, dz) or 1
        moved.append((r - wall * dz / length, z + wall * dr / length))
    return moved


def vessel(outer, wall, material, floor=None, foot=0.0):
    """A hollow turned thing from its outer line alone: the inside follows at `wall`, the lip
    is rounded, the floor is `floor` thick. `foot` hollows the underside."""
    floor = floor or wall * 1.3
    inner = [(r, z) for r, z in _inwards(outer, wall) if z > floor + wall * 0.7 and r > 0.05]
    r, z = outer[-1]
    lip_r, lip_z = inner[-1]
    along = Vector((r - outer[-2][0], z - outer[-2][1])).normalized() * wall * 0.55
    lip = [(r + along.x * 0.7, z + along.y * 0.7), (lip_r + along.x * 0.7, lip_z + along.y * 0.7)]
    corner = inner[0][0]
    base = [(0, foot), (outer[0][0] * 0.8, foot), (outer[0][0] * 0.88, 0)] if foot else [(0, 0)]
    inside = [*reversed(inner), (corner * 0.9, floor + wall * 0.25), (corner * 0.6, floor), (0, floor)]
    return lathe([*base, *outer, *lip, *inside], material)


def fill(outer, wall, level, material, floor=None):
    """What is in a vessel, up to `level`: a hair thinner than the inside, so they don't fight."""
    floor = (floor or wall * 1.3) + 0.02
    dense = [p for p in spline(_inwards(outer, wall + 0.015), 6) if floor + 0.1 < p[1] < level]
    top = dense[-1][0]
    line = [(0, floor), (dense[0][0] * 0.9, floor), *dense, (top, level), (top - 0.05, level), (0, level)]
    return lathe(line, material, smooth=False)


def sweep(points, radius, material, flat=1.0, closed=False, sides=20, steps=8, radii=None):
    """A rod along a curve. `flat` squeezes its section across; `radii` tapers it."""
    path = through(points, steps, closed)
    count = len(path)
    tangents = []
    for i in range(count):
        if closed:
            tangents.append((path[(i + 1) % count] - path[i - 1]).normalized())
        else:
            tangents.append((path[min(i + 1, count - 1)] - path[max(i - 1, 0)]).normalized())
    # Round ends: a rod cut square looks like a drawing of a rod.
    dome = [(0.99, 0.05), (0.87, 0.5), (0.5, 0.87)]
    stations = []
    for i, (point, tangent) in enumerate(zip(path, tangents)):
        size = radius
        if radii:
            at = i / (count - 1) * (len(radii) - 1)
            low = min(int(at), len(radii) - 2)
            size = radius * (radii[low] + (radii[low + 1] - radii[low]) * (at - low))
        bulge = size * min(flat, 1) * 0.6
        if i == 0 and not closed:
            stations += [(point - tangent * bulge * out, tangent, size * keep) for out, keep in dome]
        stations.append((point, tangent, size))
        if i == count - 1 and not closed:
            stations += [(point + tangent * bulge * out, tangent, size * keep) for out, keep in reversed(dome)]
    up = Vector((0, 1, 0)) if abs(tangents[0].y) < 0.9 else Vector((1, 0, 0))
    side = tangents[0].cross(up).normalized()
    vertices = []
    for centre, tangent, size in stations:
        side = (side - tangent * side.dot(tangent)).normalized()
        across = tangent.cross(side)
        for k in range(sides):
            angle = 2 * math.pi * k / sides
            vertices.append(centre + (side * math.cos(angle) * flat + across * math.sin(angle)) * size)
    rings = [i * sides for i in range(len(stations))]
    faces = []
    pairs = list(zip(rings, rings[1:])) + ([(rings[-1], rings[0])] if closed else [])
    for a, b in pairs:
        for k in range(sides):
            n = (k + 1) % sides
            faces.append((a + k, a + n, b + n, b + k))
    if not closed:
        faces.append(tuple(range(rings[0], rings[0] + sides)))
        faces.append(tuple(range(rings[-1], rings[-1] + sides)))
    return from_faces(vertices, faces, material, weld=False)


def ring(radius, thickness, z, material, flat=1.0):
    points = [(radius * math.cos(a), radius * math.sin(a), z) for a in (i * math.pi / 8 for i in range(16))]
    return sweep(points, thickness, material, flat=flat, closed=True)


def block(size, material, bevel=0.15, at=(0, 0, 0), turn=0, segments=4):
    """A box standing on `at`, every edge eased."""
    mesh = bpy.data.meshes.new("block")
    shell = bmesh.new()
    bmesh.ops.create_cube(shell, size=1)
    bmesh.ops.scale(shell, vec=size, verts=shell.verts)
    bmesh.ops.translate(shell, vec=(0, 0, size[2] / 2), verts=shell.verts)
    shell.to_mesh(mesh)
    thing = place(mesh, material)
    ease = thing.modifiers.new("ease", "BEVEL")
    ease.width, ease.segments, ease.harden_normals = min(bevel, min(size) * 0.45), segments, True
    thing.location = at
    thing.rotation_euler[2] = math.radians(turn)
    return thing


def slab(outlines, thickness, material, bevel=0.25):
    """A flat thing sawn from a board, lying on the ground; outlines after the first are holes."""
    curve = bpy.data.curves.new("slab", "CURVE")
    curve.dimensions, curve.fill_mode = "2D", "BOTH"
    curve.extrude = thickness / 2 - bevel
    curve.bevel_depth, curve.bevel_resolution, curve.offset = bevel, 4, -bevel
    for outline in outlines:
        line = curve.splines.new("POLY")
        line.points.add(len(outline) - 1)
        for point, (x, y) in zip(line.points, outline):
            point.co = (x, y, 0, 1)
        line.use_cyclic_u = True
    curve.materials.append(material)
    rough = bpy.data.objects.new("slab", curve)
    bpy.context.scene.collection.objects.link(rough)
    mesh = bpy.data.meshes.new_from_object(rough.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    bpy.data.objects.remove(rough)
    mesh.transform(Matrix.Translation((0, 0, thickness / 2)))
    thing = bpy.data.objects.new("slab", mesh)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def circle(radius, x=0, y=0, count=96, squash=1.0):
    angles = (2 * math.pi * i / count for i in range(count))
    return [(x + radius * math.cos(a), y + radius * squash * math.sin(a)) for a in angles]


def rounded(width, depth, radius, x=0, y=0, count=12):
    corners = [(1, 1, 0), (-1, 1, 90), (-1, -1, 180), (1, -1, 270)]
    points = []
    for sx, sy, start in corners:
        cx, cy = x + sx * (width / 2 - radius), y + sy * (depth / 2 - radius)
        for i in range(count + 1):
            angle = math.radians(start + 90 * i / count)
            points.append((cx + radius * math.cos(angle), cy + radius * math.sin(angle)))
    return points


def surface(rows, material, thickness=0.0, uv=None, smooth_levels=0):
    """A sheet through a grid of points, with its uv in centimetres of cloth."""
    height, width = len(rows), len(rows[0])
    mesh = bpy.data.meshes.new("sheet")
    faces = [
        (i * width + j, i * width + j + 1, (i + 1) * width + j + 1, (i + 1) * width + j)
        for i in range(height - 1)
        for j in range(width - 1)
    ]
    mesh.from_pydata([tuple(p) for row in rows for p in row], [], faces)
    if uv:
        layer = mesh.uv_layers.new(name="cloth")
        flat = [c for row in uv for c in row]
        for loop in mesh.loops:
            layer.data[loop.index].uv = flat[loop.vertex_index]
    thing = place(mesh, material)
    if thickness:
        thicken = thing.modifiers.new("thickness", "SOLIDIFY")
        thicken.thickness, thicken.offset = thickness, 0
        ease = thing.modifiers.new("ease", "BEVEL")
        ease.width, ease.segments, ease.limit_method = thickness * 0.42, 3, "ANGLE"
    if smooth_levels:
        thing.modifiers.new("soft", "SUBSURF").render_levels = smooth_levels
    return thing


def wobble(x, y, z, scale, seed=0):
    return noise.noise(Vector((x * scale + seed * 17.3, y * scale - seed * 5.1, z * scale + seed * 3.7)))


def folded(across, back, layers, thickness, material, sag=0.35, seed=1):
    """Cloth folded in half (two layers) or twice (four), its closed folds to the camera;
    returns the height. Outer layers bulge round the inner ones, and all settle a little."""
    pitch = thickness * 1.05
    order = {2: (0, 1), 4: (1, 2, 3, 0)}[layers]
    front, rear = back / 2 - (layers - 1) * pitch / 2, -back / 2
    path = []

    def turn(x, below, above, way):
        middle, radius = (below + above) / 2, abs(above - below) / 2
        start = -1 if above > below else 1
        for i in range(1, 14):
            angle = math.pi * i / 14
            path.append((x + way * radius * math.sin(angle), middle + start * radius * math.cos(angle)))

    for step, layer in enumerate(order):
        z = thickness / 2 + layer * pitch
        loose = (0.0, 0.5, 0.2, 0.7)[layer] * thickness
        ends = (rear + loose, front) if step % 2 == 0 else (front, rear + loose)
        path += [(ends[0] + (ends[1] - ends[0]) * i / 36, z) for i in range(37)]
        if step < layers - 1:
            above = thickness / 2 + order[step + 1] * pitch
            turn(ends[1], z, above, 1 if step % 2 == 0 else -1)
    rows, uv, previous, length = [], [], path[0], 0.0
    columns = 48
    for x, z in path:
        length += math.hypot(x - previous[0], z - previous[1])
        previous = (x, z)
        level = z / (layers * pitch)
        row, marks = [], []
        for j in range(columns + 1):
            v = j / columns
            side = (v - 0.5) * across
            lift = wobble(x, side, 0, 0.1, seed) * sag * level
            lift -= (abs(v - 0.5) * 2) ** 6 * sag * level
            edge = wobble(x, side, z, 0.1, seed + 3) * sag
            slide = wobble(0, z, x, 0.25, seed + 6) * sag * 1.1
            row.append((side + slide * (v - 0.5) * 2, -(x + edge), max(z + lift, thickness * 0.45)))
            marks.append((length, v * across))
        rows.append(row)
        uv.append(marks)
    surface(rows, material, thickness, uv, smooth_levels=1)
    return layers * pitch


def fringe(x, y_from, y_to, z, length, material, count=44, seed=2):
    """Twisted ends along the side of a folded cloth, hanging as far as the ground lets them."""
    chance = random.Random(seed)
    for i in range(count):
        y = y_from + (y_to - y_from) * (i + 0.5) / count + chance.uniform(-0.12, 0.12)
        drift = chance.uniform(-0.35, 0.35)
        drop = max(0.15, z - length * 0.75)
        out = length * (0.35 if z > length * 0.75 else 0.8)
        points = [(x - 0.6, y, z), (x + out * 0.55, y + drift * 0.4, z - 0.25), (x + out, y + drift, drop)]
        sweep(points, 0.16, material, sides=6, steps=5)


def cushion(width, height, fat, material, piping=None, seed=1, cells=72):
    """Two faces blown up from a flat cover: edges drawn in, corners kept, creases at them.
    It lies in the xz plane with its face to the camera, standing on z = 0."""

    def point(u, v, front):
        pull_u = 1 - 0.055 * (1 - v * v) ** 1.0 * abs(u) ** 3
        pull_v = 1 - 0.055 * (1 - u * u) ** 1.0 * abs(v) ** 3
        x, z = u * width / 2 * pull_u, v * height / 2 * pull_v
        body = max(0.0, (1 - abs(u) ** 2.6) * (1 - abs(v) ** 2.6)) ** 0.55
        crease = wobble(x, z, front, 0.11, seed) * 0.55 * body
        angle = math.atan2(z, x)
        corner = (abs(u) * abs(v)) ** 2
        crease += math.sin(angle * 46) * 0.35 * corner * body
        sag = -0.35 * (1 - v) * body * fat * 0.1
        y = front * (body * fat / 2 + crease + abs(sag) * 0.4)
        return (x, y, z + height / 2 + sag * 0.2)

    grid = [-1 + 2 * i / cells for i in range(cells + 1)]
    # More rows near the edge, where the face turns.
    grid = [math.copysign(1 - (1 - abs(t)) ** 1.6, t) for t in grid]
    for front in (-1, 1):
        rows = [[point(u, v, front) for u in grid] for v in grid]
        uv = [[(u * width / 2, v * height / 2) for u in grid] for v in grid]
        surface(rows, material, uv=uv)
    if piping:
        edge = [point(u, -1, 1) for u in grid] + [point(1, v, 1) for v in grid[1:]]
        edge += [point(u, 1, 1) for u in reversed(grid[:-1])] + [point(-1, v, 1) for v in reversed(grid[1:-1])]
        sweep([(x, 0, z) for x, _, z in edge[::3]], 0.32, piping, closed=True, sides=10, steps=3)


def leaf(length, width, material, at, heading, curl=0.25):
    """One leaf from its stalk outwards along `heading`, arched and creased at the rib."""
    heading = Vector(heading).normalized()
    side = heading.cross(Vector((0, 0, 1)))
    side = side.normalized() if side.length > 0.01 else Vector((1, 0, 0))
    up = side.cross(heading)
    rows = []
    for i in range(9):
        t = i / 8
        half = width / 2 * math.sin(math.pi * t**0.8) ** 0.8 if 0 < t < 1 else 0.01
        middle = Vector(at) + heading * length * t - up * curl * length * t * t
        rows.append([middle + side * half * s + up * abs(s) * half * 0.35 for s in (-1, -0.5, 0, 0.5, 1)])
    return surface(rows, material, smooth_levels=1)


def branch(points, bark, foliage, count=14, length=4.5, width=1.6, start=0.35, seed=4, thick=0.16, pairs=False):
    """A twig through the points with leaves to both sides, thinner and smaller to its tip."""
    chance = random.Random(seed)
    sweep(points, thick, bark, radii=[1, 0.75, 0.4], sides=8)
    path = through(points, 12)
    for i in range(count):
        t = start + (1 - start) * i / max(count - 1, 1)
        index = min(int(t * (len(path) - 1)), len(path) - 2)
        along = (path[index + 1] - path[index]).normalized()
        out = along.cross(Vector((0, 1, 0.2))).normalized()
        turn = Matrix.Rotation(chance.uniform(-0.9, 0.9), 3, along)
        shrink = 1 - 0.45 * t
        for way in ((1, -1) if pairs else ((1,) if i % 2 else (-1,))):
            heading = turn @ (out * way) * 0.9 + along * chance.uniform(0.45, 0.9)
            size = shrink * chance.uniform(0.8, 1.15)
            leaf(length * size, width * size, foliage, path[index], heading, chance.uniform(0.05, 0.4))


def rotated(point, degrees):
    return Euler((0, 0, math.radians(degrees))).to_matrix() @ Vector(point)


def wick(z, material, length=0.9):
    sweep([(0, 0, z - 0.2), (0.02, 0, z + length * 0.5), (0.14, 0, z + length)], 0.09, material, sides=8)


def flame(z):
    """A small bulb of light with the light it gives; kept dim, for the picture is a still one."""
    from materials import glow

    body = lathe([(0, z), (0.22, z + 0.15), (0.3, z + 0.55), (0.14, z + 1.2), (0, z + 1.75)], glow(strength=9), sides=32)
    body.visible_shadow = False
    lamp(z + 0.9, 5)


def lamp(z, power, colour=(1, 0.70, 0.40), radius=0.6, x=0, y=0):
    light = bpy.data.lights.new("lamp", "POINT")
    light.energy, light.color, light.shadow_soft_size = power, colour, radius * 0.05
    thing = bpy.data.objects.new("lamp", light)
    thing.location = (x, y, z)
    bpy.context.scene.collection.objects.link(thing)
