#version 300 es
precision mediump float;
in float across;
in float halfWidth;
in float alpha;
flat in vec4 color;
out vec4 pixel;

void main() {
  float a = color.a * alpha * clamp(halfWidth - abs(across) + 0.5, 0.0, 1.0);
  pixel = vec4(color.rgb * a, a);
}
