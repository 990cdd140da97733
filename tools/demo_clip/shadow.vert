#version 330

uniform mat4 light_from_camera;

in vec3 position;

void main() {
    gl_Position = light_from_camera * vec4(position, 1.0);
}
