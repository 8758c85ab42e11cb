#version 300 es
precision mediump float;
flat in vec4 color;
flat in vec3 reach;
out vec4 pixel;

void main() {
  float distance = length(gl_PointCoord - 0.5) * reach.x;
  pixel = color * (clamp(reach.y - distance, 0.0, 1.0) * clamp(distance - reach.z, 0.0, 1.0));
}
