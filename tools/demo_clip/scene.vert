#version 330

uniform mat4 clip_from_camera;

in vec3 position;
in vec3 normal;
in vec3 colour;
in vec3 texture_position;
in vec2 material;

out vec3 camera_position;
out vec3 camera_normal;
out vec3 albedo;
out vec3 pattern_position;
out vec2 skin_and_gloss;

void main() {
    camera_position = position;
    camera_normal = normal;
    albedo = colour;
    pattern_position = texture_position;
    skin_and_gloss = material;
    gl_Position = clip_from_camera * vec4(position, 1.0);
}
