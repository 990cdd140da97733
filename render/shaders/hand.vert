#version 330

// Camera frame: metres, x right, y down, z forward, the eye at the origin.
uniform mat4 clip_from_camera;

in vec3 position;
in vec3 normal;

out vec3 camera_position;
out vec3 camera_normal;

void main() {
    camera_position = position;
    camera_normal = normal;
    gl_Position = clip_from_camera * vec4(position, 1.0);
}
