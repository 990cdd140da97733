#version 330

// Linear light until the last lines. Material: 0 cloth, 0.5 skin, 1 nail.
uniform sampler2DShadow shadow_atlas;
uniform vec2 shadow_tile;  // lower corner of this sample's tile in the atlas
uniform vec2 shadow_scale;  // size of a tile in the atlas
uniform float softness;
uniform vec3 key_direction;
uniform vec3 key_light;
uniform vec3 sky_light;
uniform vec3 ground_light;
uniform float glint;

in vec3 camera_position;
in vec3 camera_normal;
in vec4 albedo_and_material;
in vec3 shadow_position;

out vec4 fragment;

float lit() {
    float sum = 0.0;
    vec2 taps[3] = vec2[3](vec2(0.9, 0.2), vec2(-0.6, 0.7), vec2(-0.3, -0.9));
    for (int tap = 0; tap < 3; tap++) {
        vec2 place = clamp(shadow_position.xy + softness * taps[tap], 0.01, 0.99);
        sum += texture(shadow_atlas, vec3(shadow_tile + place * shadow_scale, shadow_position.z - 0.003));
    }
    return sum / 3.0;
}

void main() {
    float skin = step(0.25, albedo_and_material.a);
    float nail = max(2.0 * albedo_and_material.a - 1.0, 0.0);
    vec3 normal = normalize(camera_normal) * (gl_FrontFacing ? 1.0 : -1.0);
    vec3 to_eye = normalize(-camera_position);

    vec3 base = albedo_and_material.rgb;

    // Red light travels farthest below skin, and so reaches farthest past the terminator and into shadows.
    vec3 wrap = skin * vec3(0.30, 0.15, 0.10);
    float cosine = dot(normal, key_direction);
    float visible = lit();
    vec3 soft_visible = mix(vec3(visible), vec3(1.0), skin * vec3(0.14, 0.05, 0.03));
    vec3 diffuse = max((vec3(cosine) + wrap) / ((1.0 + wrap) * (1.0 + wrap)), 0.0) * soft_visible;
    float facing = max(dot(normal, to_eye), 0.0);
    // What turns away from the eye is mostly near other flesh, which takes its light.
    float open = mix(0.55, 1.0, smoothstep(0.0, 0.7, facing)) * mix(0.8, 1.0, visible);
    vec3 ambient = mix(ground_light, sky_light, 0.5 - 0.5 * normal.y) * open;

    float shine = max(dot(normal, normalize(key_direction + to_eye)), 0.0);
    shine *= shine * shine;
    shine *= shine * shine;  // ^9, and for nails ^36
    shine *= mix(1.0, shine * shine * shine, nail) * visible;
    float grazing = (1.0 - facing) * (1.0 - facing);
    float fresnel = 0.03 + 0.6 * grazing * grazing;
    vec3 specular = (0.10 + 0.25 * nail) * glint * skin * shine * key_light + 0.35 * skin * fresnel * sky_light;

    vec3 light = base * (key_light * diffuse + ambient) + specular;
    fragment = vec4(sqrt(1.0 - exp(-1.3 * light)), 1.0);
}
