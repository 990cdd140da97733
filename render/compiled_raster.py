"""Triangles to pixels, as loops that numba compiles; `render.cpu_renderer` calls them.

A depth buffer with four samples a pixel takes which face is seen where; then each pixel is shaded once for every face
that is seen in it, as a GPU does with multisampling. Edges, shades and the order of samples are those of
`render.moderngl_renderer` and its shaders, so that one renderer can stand in for the other in the middle of a clip.

Importing this module takes its code from the disk cache, or compiles it: see `models.runtime.compiled`.
"""

from __future__ import annotations

import math

import numpy as np
from numba import boolean, float32, float64, int32, int64, njit, types, uint8

from render.geometry import NEAREST_DEPTH

SAMPLES = 4
_ACROSS = np.array([-0.125, 0.375, -0.375, 0.125])
_DOWN = np.array([-0.375, -0.125, 0.125, 0.375])
"""Where a pixel is sampled, from its centre, px: the rotated grid of OpenGL and Direct3D."""
_SAME_SKIN = 0.003
"""Share of its depth by which neighbouring faces of one hand differ within a pixel; a finger and a palm differ more."""
_FAMILIAR = {"error_model": "numpy", "fastmath": {"reassoc", "nsz", "contract", "arcp"}}


@njit(**_FAMILIAR)
def vertex_normals(vertices, faces, normals):
    """Fill sums of the adjacent faces' normals, weighted by area."""
    for vertex in range(len(vertices)):
        for axis in range(3):
            normals[vertex, axis] = 0.0
    for face in range(len(faces)):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        ux, uy, uz = vertices[b, 0] - vertices[a, 0], vertices[b, 1] - vertices[a, 1], vertices[b, 2] - vertices[a, 2]
        vx, vy, vz = vertices[c, 0] - vertices[a, 0], vertices[c, 1] - vertices[a, 1], vertices[c, 2] - vertices[a, 2]
        x, y, z = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for corner in range(3):
            vertex = faces[face, corner]
            normals[vertex, 0] += x
            normals[vertex, 1] += y
            normals[vertex, 2] += z


@njit(**_FAMILIAR)
def cut_at_near(vertices, normals, faces, owners):
    """The part of a mesh in front of the near plane: faces that it crosses become one or two (Sutherland, Hodgman).

    Returns:
        Vertices, normals, faces and their owners.
    """
    count, kept = len(vertices), 0
    all_vertices, all_normals = np.empty((count + 4 * len(faces), 3)), np.empty((count + 4 * len(faces), 3))
    all_faces, all_owners = np.empty((2 * len(faces), 3), np.int32), np.empty(2 * len(faces), np.int32)
    for vertex in range(count):
        for axis in range(3):
            all_vertices[vertex, axis] = vertices[vertex, axis]
            all_normals[vertex, axis] = normals[vertex, axis]
    polygon = np.empty(4, np.int32)
    for face in range(len(faces)):
        corners = 0
        for corner in range(3):
            here, following = faces[face, corner], faces[face, (corner + 1) % 3]
            depth, other = vertices[here, 2], vertices[following, 2]
            if depth >= NEAREST_DEPTH:
                polygon[corners] = here
                corners += 1
            if (depth >= NEAREST_DEPTH) != (other >= NEAREST_DEPTH):
                share = (NEAREST_DEPTH - depth) / (other - depth)
                for axis in range(3):
                    across = vertices[following, axis] - vertices[here, axis]
                    turned = normals[following, axis] - normals[here, axis]
                    all_vertices[count, axis] = vertices[here, axis] + share * across
                    all_normals[count, axis] = normals[here, axis] + share * turned
                all_vertices[count, 2] = NEAREST_DEPTH
                polygon[corners] = count
                corners += 1
                count += 1
        for last in range(2, corners):
            all_faces[kept, 0], all_faces[kept, 1], all_faces[kept, 2] = polygon[0], polygon[last - 1], polygon[last]
            all_owners[kept] = owners[face]
            kept += 1
    return all_vertices[:count], all_normals[:count], all_faces[:kept], all_owners[:kept]


@njit(error_model="numpy", fastmath=True)
def is_hidden(x, y, nearest_corner, nearest):
    """Whether all samples around a face show something nearer than its nearest corner."""
    rows, columns = nearest.shape[0], nearest.shape[2]
    left = max(math.ceil(max(min(x[0], x[1], x[2]), 0.0) - 0.5), 0)
    right = min(math.floor(min(max(x[0], x[1], x[2]), columns) + 0.5), columns - 1)
    top = max(math.ceil(max(min(y[0], y[1], y[2]), 0.0) - 0.5), 0)
    bottom = min(math.floor(min(max(y[0], y[1], y[2]), rows) + 0.5), rows - 1)
    for row in range(top, bottom + 1):
        for sample in range(SAMPLES):
            farthest = np.float32(np.inf)
            for column in range(left, right + 1):
                farthest = min(farthest, nearest[row, sample, column])
            if farthest < nearest_corner:
                return False
    return True


@njit(**_FAMILIAR)
def cover(places, nearness, faces, areas, inside, left, top, nearest, seen):
    """Fill which face is seen at each sample of a tile, of those seen from outside, or of those seen from inside.

    A face covers the samples of a row between two of its edges. An edge is walked down from its upper end, in both
    faces that share it, so that no sample along it is left out or taken twice.

    Args:
        places: (V, 2) px.
        nearness: (V,) one over depth, which is linear over the image.
        faces: (F, 3).
        areas: (F,) twice the area in the image, px, negative where a face is seen from outside.
        inside: which of the two.
        left: of the tile, px.
        top: of the tile, px.
        nearest: (rows, SAMPLES, columns) of what is seen; 0 where nothing is.
        seen: the same, the face.
    """
    rows, columns = nearest.shape[0], nearest.shape[2]
    x, y, w = np.empty(3), np.empty(3), np.empty(3)
    for face in range(len(faces)):
        area = areas[face]
        if abs(area) < 1e-9 or (area > 0.0) != inside:
            continue
        for corner in range(3):
            vertex = faces[face, corner]
            x[corner], y[corner], w[corner] = places[vertex, 0] - left, places[vertex, 1] - top, nearness[vertex]
        if max(y[0], y[1], y[2]) < -1.0 or min(y[0], y[1], y[2]) > rows:
            continue
        if max(x[0], x[1], x[2]) < -1.0 or min(x[0], x[1], x[2]) > columns:
            continue
        if inside and is_hidden(x, y, max(w[0], w[1], w[2]), nearest):
            continue
        by_x = ((w[1] - w[0]) * (y[2] - y[0]) - (w[2] - w[0]) * (y[1] - y[0])) / area
        by_y = ((x[1] - x[0]) * (w[2] - w[0]) - (x[2] - x[0]) * (w[1] - w[0])) / area
        base = w[0] - by_x * x[0] - by_y * y[0]
        for first, second in ((0, 1), (1, 2), (0, 1)):  # from the highest corner down
            if y[second] < y[first]:
                x[first], x[second] = x[second], x[first]
                y[first], y[second] = y[second], y[first]
        whole = (x[2] - x[0]) / (y[2] - y[0])
        upper, lower = (x[1] - x[0]) / (y[1] - y[0]), (x[2] - x[1]) / (y[2] - y[1])
        for sample in range(SAMPLES):
            down, across = _DOWN[sample], _ACROSS[sample]
            begin_row = math.ceil(max(y[0] - down, 0.0))
            end_row = math.ceil(min(y[2] - down, float(rows)))
            for row in range(begin_row, end_row):
                level = row + down
                one = x[0] + (level - y[0]) * whole
                other = x[0] + (level - y[0]) * upper if level < y[1] else x[1] + (level - y[1]) * lower
                begin = math.ceil(max(min(one, other) - across, 0.0))
                end = math.ceil(min(max(one, other) - across, float(columns)))
                here = base + by_y * level + by_x * across
                for column in range(begin, end):
                    near = np.float32(here + by_x * column)
                    if near > nearest[row, sample, column]:
                        nearest[row, sample, column] = near
                        seen[row, sample, column] = face


@njit(error_model="numpy", fastmath=True)
def shade(count, x, ey, camera, nx, ny, nz, red, green, blue, lights):
    """Turn colours into linear light, as `shaders/hand.frag` does: points of one row, several of them at once.

    Args:
        count: of the points; arrays may be longer.
        x: (N,) px.
        ey: of all, towards the eye down the image, where the way along the optical axis is one.
        camera: fx, fy, cx, cy, px.
        nx: normals, of any length, camera frame.
        ny: the same.
        nz: the same.
        red: linear colour, and then light.
        green: the same.
        blue: the same.
        lights: (6, 3): direction and light of the key, of the fill, light of the sky and of the ground.
    """
    kx, ky, kz, fx, fy, fz = lights[0, 0], lights[0, 1], lights[0, 2], lights[2, 0], lights[2, 1], lights[2, 2]
    key_red, key_green, key_blue = lights[1, 0], lights[1, 1], lights[1, 2]
    fill_red, fill_green, fill_blue = lights[3, 0], lights[3, 1], lights[3, 2]
    sky_red, sky_green, sky_blue = lights[4, 0], lights[4, 1], lights[4, 2]
    ground_red, ground_green, ground_blue = lights[5, 0], lights[5, 1], lights[5, 2]
    focal, middle = 1.0 / camera[0], camera[2]
    for n in range(count):
        length = 1.0 / math.sqrt(nx[n] * nx[n] + ny[n] * ny[n] + nz[n] * nz[n] + 1e-30)
        a, b, c = nx[n] * length, ny[n] * length, nz[n] * length
        ex = (middle - x[n]) * focal
        away = 1.0 / math.sqrt(ex * ex + ey * ey + 1.0)
        u, v, w = ex * away, ey * away, -away
        key = max((a * kx + b * ky + c * kz + 0.45) * (1.0 / 1.45), 0.0)
        fill = max(a * fx + b * fy + c * fz, 0.0)
        sky = 0.5 - 0.5 * b
        facing = max(a * u + b * v + c * w, 0.0)
        gx, gy, gz = kx + u, ky + v, kz + w
        glint = max(a * gx + b * gy + c * gz, 0.0) / math.sqrt(gx * gx + gy * gy + gz * gz)
        sheen = glint * glint
        sheen *= sheen
        sheen *= sheen  # ^8
        glint = sheen * sheen
        glint *= glint * glint  # ^48
        grazing = max(1.0 - facing, 0.0)
        rim = 0.30 * grazing * grazing * grazing * math.sqrt(grazing) * (0.6 - 0.4 * b)
        edge = min(facing * (1.0 / 0.55), 1.0)
        seam = 0.62 + 0.38 * edge * edge * (3.0 - 2.0 * edge)
        shine = 0.07 * sheen + 0.10 * glint
        diffuse = red[n] * (key * key_red + fill * fill_red + ground_red + sky * (sky_red - ground_red))
        red[n] = min(max(diffuse * seam + shine * key_red + rim * sky_red, 0.0), 1.0)
        diffuse = green[n] * (key * key_green + fill * fill_green + ground_green + sky * (sky_green - ground_green))
        green[n] = min(max(diffuse * seam + shine * key_green + rim * sky_green, 0.0), 1.0)
        diffuse = blue[n] * (key * key_blue + fill * fill_blue + ground_blue + sky * (sky_blue - ground_blue))
        blue[n] = min(max(diffuse * seam + shine * key_blue + rim * sky_blue, 0.0), 1.0)


@njit(**_FAMILIAR)
def lay(
    image, left, top, nearest, seen, opacity, camera, places, areas, normals, faces, owners, bases, lights, encoded
):
    """Shade what is seen in a tile, row by row, and lay it over the image."""
    rows, columns, last = nearest.shape[0], nearest.shape[2], len(encoded) - 1
    room = SAMPLES * columns
    where, shared, shown = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    x, nx, ny, nz = np.empty(room), np.empty(room), np.empty(room), np.empty(room)
    red, green, blue = np.empty(room), np.empty(room), np.empty(room)
    layer, has_alpha = opacity / SAMPLES, image.shape[2] == 4
    for row in range(rows):
        count = 0
        for column in range(columns):
            shaded, near = -1, 0.0
            for sample in range(SAMPLES):
                depth = nearest[row, sample, column]
                if depth <= 0.0:
                    continue
                face = seen[row, sample, column]
                if face == shaded or (
                    # A neighbour in the same skin has the same shade in this pixel.
                    shaded >= 0
                    and abs(depth - near) < _SAME_SKIN * near
                    and owners[face] == owners[shaded]
                    and areas[face] < 0.0
                    and areas[shaded] < 0.0
                ):
                    shared[count - 1] += 1
                    continue
                shaded, near = face, depth
                a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
                ux, uy = places[b, 0] - places[a, 0], places[b, 1] - places[a, 1]
                vx, vy = places[c, 0] - places[a, 0], places[c, 1] - places[a, 1]
                px, py = left + column - places[a, 0], top + row - places[a, 1]
                inverse = 1.0 / areas[face]
                second = min(max((px * vy - vx * py) * inverse, 0.0), 1.0)
                third = min(max((ux * py - px * uy) * inverse, 0.0), 1.0 - second)
                first = 1.0 - second - third
                nx[count] = first * normals[a, 0] + second * normals[b, 0] + third * normals[c, 0]
                ny[count] = first * normals[a, 1] + second * normals[b, 1] + third * normals[c, 1]
                nz[count] = first * normals[a, 2] + second * normals[b, 2] + third * normals[c, 2]
                owner = owners[face]
                red[count], green[count], blue[count] = bases[owner, 0], bases[owner, 1], bases[owner, 2]
                x[count] = left + column
                where[count], shared[count], shown[count] = left + column, 1, face
                count += 1
        shade(count, x, (camera[3] - (top + row)) / camera[1], camera, nx, ny, nz, red, green, blue, lights)
        n = 0
        while n < count:
            column, covered = where[n], 0
            all_red = all_green = all_blue = 0.0
            while n < count and where[n] == column:
                r, g, b = red[n], green[n], blue[n]
                if areas[shown[n]] > 0.0:
                    # The inside, seen through the open wrist, is one flat dark tone and so reads as a cut.
                    owner = owners[shown[n]]
                    r, g, b = 0.35 * bases[owner, 0], 0.35 * bases[owner, 1], 0.35 * bases[owner, 2]
                all_red += shared[n] * encoded[int(r * last + 0.5)]
                all_green += shared[n] * encoded[int(g * last + 0.5)]
                all_blue += shared[n] * encoded[int(b * last + 0.5)]
                covered += shared[n]
                n += 1
            i, behind = top + row, 1.0 - layer * covered
            image[i, column, 0] = np.uint8(int(image[i, column, 0] * behind + layer * all_red + 0.5))
            image[i, column, 1] = np.uint8(int(image[i, column, 1] * behind + layer * all_green + 0.5))
            image[i, column, 2] = np.uint8(int(image[i, column, 2] * behind + layer * all_blue + 0.5))
            if has_alpha:
                image[i, column, 3] = np.uint8(int(image[i, column, 3] * behind + layer * covered * 255.0 + 0.5))


_1, _2 = types.Array(float64, 1, "C"), types.Array(float64, 2, "C")


@njit(
    [
        (
            types.Array(uint8, 3, "C"),
            int64[:, ::1],
            types.Array(float32, 2, "C"),
            types.Array(int32, 2, "C"),
            types.Array(int32, 1, "C"),
            _1,
            _2,
            float64,
            _2,
            types.Array(float32, 1, "C"),
            boolean,
            types.Array(float32, 1, "C"),
            types.Array(int32, 1, "C"),
        )
    ],
    cache=True,
    nogil=True,
    error_model="numpy",
)
def draw(
    image, tiles, mesh, faces, owners, camera, bases, opacity, lights, encoded, reaches_behind, depths, seen_faces
):
    """Draw meshes over an image, in place.

    Args:
        image: (H, W, 3) uint8, or (H, W, 4), premultiplied.
        tiles: (T, 4) left, top, right and bottom of the pieces to draw, px; they share no pixel.
        mesh: (V, 3) metres, camera frame.
        faces: (F, 3), counter-clockwise seen from outside.
        owners: (F,) row of `bases` of each face.
        camera: fx, fy, cx, cy, px.
        bases: (N, 3) colours, linear.
        opacity: 0..1.
        lights: see `shade`.
        encoded: sRGB, 0..255, of linear light 0 to 1 in equal steps.
        reaches_behind: whether the meshes must be cut at the near plane.
        depths: room for the samples of the largest tile.
        seen_faces: the same.
    """
    vertices = mesh.astype(np.float64)
    normals = np.empty((len(mesh), 3))
    vertex_normals(vertices, faces, normals)
    if reaches_behind:
        vertices, normals, faces, owners = cut_at_near(vertices, normals, faces, owners)
    places, nearness = np.empty((len(vertices), 2)), np.empty(len(vertices))
    for vertex in range(len(vertices)):
        nearness[vertex] = 1.0 / vertices[vertex, 2]
        places[vertex, 0] = camera[0] * vertices[vertex, 0] * nearness[vertex] + camera[2]
        places[vertex, 1] = camera[1] * vertices[vertex, 1] * nearness[vertex] + camera[3]
    areas = np.empty(len(faces))
    for face in range(len(faces)):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        ux, uy = places[b, 0] - places[a, 0], places[b, 1] - places[a, 1]
        vx, vy = places[c, 0] - places[a, 0], places[c, 1] - places[a, 1]
        areas[face] = ux * vy - vx * uy
    for tile in range(len(tiles)):
        left, top = tiles[tile, 0], tiles[tile, 1]
        rows, columns = tiles[tile, 3] - top, tiles[tile, 2] - left
        count = rows * SAMPLES * columns
        for n in range(count):
            depths[n] = 0.0
        nearest = depths[:count].reshape((rows, SAMPLES, columns))
        seen = seen_faces[:count].reshape((rows, SAMPLES, columns))
        for inside in (False, True):
            cover(places, nearness, faces, areas, inside, left, top, nearest, seen)
        lay(
            image,
            left,
            top,
            nearest,
            seen,
            opacity,
            camera,
            places,
            areas,
            normals,
            faces,
            owners,
            bases,
            lights,
            encoded,
        )
