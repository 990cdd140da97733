#version 330

// Linear-light colours throughout; encoded as sRGB in the last line. The lights stand with the camera: a warm key
// from above its left shoulder, a weak cool fill from the right, a sky brighter than the ground.
uniform vec3 base_colour;
uniform float opacity;

in vec3 camera_position;
in vec3 camera_normal;

out vec4 premultiplied;

const vec3 KEY_DIRECTION = normalize(vec3(-0.50, -0.62, -0.60));
const vec3 KEY_LIGHT = vec3(1.08, 1.04, 0.99);
const vec3 FILL_DIRECTION = normalize(vec3(0.80, -0.05, -0.45));
const vec3 FILL_LIGHT = vec3(0.16, 0.18, 0.21);
const vec3 SKY_LIGHT = vec3(0.34, 0.36, 0.40);
const vec3 GROUND_LIGHT = vec3(0.13, 0.12, 0.12);
const float WRAP = 0.45;  // light reaches this far past the terminator, as it does in skin

vec3 encode_srgb(vec3 linear) {
    return mix(1.055 * pow(linear, vec3(1.0 / 2.4)) - 0.055, 12.92 * linear, lessThan(linear, vec3(0.0031308)));
}

vec3 shade(vec3 normal, vec3 to_eye) {
    float key = max((dot(normal, KEY_DIRECTION) + WRAP) / (1.0 + WRAP), 0.0);
    float fill = max(dot(normal, FILL_DIRECTION), 0.0);
    vec3 ambient = mix(GROUND_LIGHT, SKY_LIGHT, 0.5 - 0.5 * normal.y);
    vec3 diffuse = base_colour * (key * KEY_LIGHT + fill * FILL_LIGHT + ambient);

    float facing = max(dot(normal, to_eye), 0.0);
    float toward_glint = max(dot(normal, normalize(KEY_DIRECTION + to_eye)), 0.0);
    float sheen = toward_glint * toward_glint;
    sheen *= sheen * sheen * sheen;  // ^8: broad, it is what models the form; ^48: the glint in it
    float glint = sheen * sheen * sheen * sheen * sheen * sheen;
    // Grazing light: Schlick's approximation with an exponent softer than 5, seen against the sky only.
    float rim = pow(1.0 - facing, 3.5) * (0.6 - 0.4 * normal.y);
    // Fingers in front of a palm of the same colour part from it by a darker seam just inside their outline.
    float seam = mix(0.62, 1.0, smoothstep(0.0, 0.55, facing));
    return diffuse * seam + (0.07 * sheen + 0.10 * glint) * KEY_LIGHT + 0.30 * rim * SKY_LIGHT;
}

void main() {
    // The inside, seen through the open wrist, is one flat dark tone and so reads as a cut.
    vec3 linear = gl_FrontFacing
        ? shade(normalize(camera_normal), normalize(-camera_position))
        : 0.35 * base_colour;
    premultiplied = vec4(encode_srgb(clamp(linear, 0.0, 1.0)), 1.0) * opacity;
}
