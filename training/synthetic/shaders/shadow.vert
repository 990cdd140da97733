#version 330

uniform mat4 clip_from_camera;

in vec3 position;

void main() {
    gl_Position = clip_from_camera * vec4(position, 1.0);
}
