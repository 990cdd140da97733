#version 330

// Camera frame: metres, x right, y down, z forward, the eye at the origin.
uniform mat4 clip_from_camera;
uniform mat4 shadow_from_camera;

in vec3 position;
in vec3 normal;
in vec4 colour;

out vec3 camera_position;
out vec3 camera_normal;
out vec4 albedo_and_material;
out vec3 shadow_position;

void main() {
    camera_position = position;
    camera_normal = normal;
    albedo_and_material = vec4(colour.rgb * colour.rgb, colour.a);  // near enough to linear light
    // A step along the normal keeps a surface from shading itself.
    shadow_position = (shadow_from_camera * vec4(position + 0.0022 * normalize(normal), 1.0)).xyz * 0.5 + 0.5;
    gl_Position = clip_from_camera * vec4(position, 1.0);
}
