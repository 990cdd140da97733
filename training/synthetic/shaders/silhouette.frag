#version 330

uniform vec2 channel;

out vec4 fragment;

void main() {
    fragment = vec4(channel, 0.0, 0.0);
}
