#version 330

// Many small lights, each with its own shadow map, stand for a window, a screen and the room: soft shadows between
// fingers and hands, and ambient occlusion, by summing up. Linear light until the last line.
const int LIGHT_COUNT = @LIGHT_COUNT@;
const int TILES_ACROSS = @TILES_ACROSS@;
const int TILES_DOWN = @TILES_DOWN@;

uniform vec3 light_directions[LIGHT_COUNT];
uniform vec3 light_colours[LIGHT_COUNT];
uniform mat4 light_from_camera[LIGHT_COUNT];
uniform sampler2DShadow shadow_atlas;

in vec3 camera_position;
in vec3 camera_normal;
in vec3 albedo;
in vec3 pattern_position;
in vec2 skin_and_gloss;

out vec4 fragment;

float hash(vec3 cell) {
    return fract(sin(dot(cell, vec3(12.9898, 78.233, 37.719))) * 43758.5453);
}

float value_noise(vec3 p) {
    vec3 cell = floor(p);
    vec3 t = smoothstep(0.0, 1.0, fract(p));
    vec2 o = vec2(0.0, 1.0);
    vec4 near = vec4(hash(cell), hash(cell + o.yxx), hash(cell + o.xyx), hash(cell + o.yyx));
    vec4 far = vec4(hash(cell + o.xxy), hash(cell + o.yxy), hash(cell + o.xyy), hash(cell + o.yyy));
    vec4 slice = mix(near, far, t.z);
    vec2 row = mix(slice.xy, slice.zw, t.y);
    return mix(row.x, row.y, t.x);
}

float lit(int light, vec3 position, vec3 normal) {
    // The offset along the normal keeps a surface from shading itself.
    vec4 clip = light_from_camera[light] * vec4(position + 0.0018 * normal, 1.0);
    vec3 window = clip.xyz * 0.5 + 0.5;
    if (any(lessThan(window, vec3(0.0))) || any(greaterThan(window, vec3(1.0)))) {
        return 1.0;
    }
    vec2 tile = vec2(light % TILES_ACROSS, light / TILES_ACROSS);
    vec2 place = (tile + clamp(window.xy, 0.003, 0.997)) / vec2(TILES_ACROSS, TILES_DOWN);
    return texture(shadow_atlas, vec3(place, window.z - 0.002));
}

void main() {
    float skin = skin_and_gloss.x;
    vec3 normal = normalize(camera_normal) * (gl_FrontFacing ? 1.0 : -1.0);
    vec3 to_eye = normalize(-camera_position);

    float mottling = value_noise(pattern_position * 160.0) + 0.5 * value_noise(pattern_position * 420.0) - 0.75;
    float weave = value_noise(pattern_position * vec3(900.0, 900.0, 1500.0)) - 0.5;
    vec3 base = albedo * mix(vec3(1.0 + 0.22 * weave), 1.0 + mottling * vec3(0.05, 0.10, 0.10), skin);

    // Red light travels farthest below skin and so reaches farthest past the terminator.
    vec3 wrap = mix(vec3(0.0), vec3(0.34, 0.16, 0.10), skin);
    float facing = max(dot(normal, to_eye), 0.0);
    float fresnel = 0.028 + 0.972 * pow(1.0 - facing, 5.0);
    float gloss = skin_and_gloss.y;
    float exponent = mix(14.0, 90.0, gloss);
    vec3 sum = vec3(0.0);
    for (int light = 0; light < LIGHT_COUNT; light++) {
        vec3 direction = light_directions[light];
        float visible = lit(light, camera_position, normal);
        vec3 soft_visible = mix(vec3(visible), vec3(1.0), mix(vec3(0.0), vec3(0.16, 0.05, 0.03), skin));
        float cosine = dot(normal, direction);
        vec3 diffuse = max((vec3(cosine) + wrap) / ((1.0 + wrap) * (1.0 + wrap)), 0.0);
        float highlight = pow(max(dot(normal, normalize(direction + to_eye)), 0.0), exponent) * (exponent + 8.0) / 25.0;
        float specular = mix(0.02, 1.0, skin) * mix(0.5, 1.2, gloss) * fresnel * highlight * max(cosine, 0.0);
        sum += light_colours[light] * (base * diffuse * soft_visible + specular * visible);
    }
    vec3 exposed = 1.0 - exp(-1.25 * sum);
    fragment = vec4(pow(exposed, vec3(1.0 / 2.2)), 1.0);
}
