#version 300 es
precision mediump float;
in vec4 color;
flat in float pixelRadius;
flat in uint shape;
out vec4 pixel;

void main() {
  float distance = length(gl_PointCoord - 0.5) * (2.0 * pixelRadius + 2.0);
  float coverage = clamp(pixelRadius - distance + 0.5, 0.0, 1.0);
  if (shape == 1u) {
    float stroke = max(1.25, pixelRadius * 0.3);
    coverage *= clamp(distance - (pixelRadius - stroke) + 0.5, 0.0, 1.0);
  }
  float alpha = color.a * coverage;
  pixel = vec4(color.rgb * alpha, alpha);
}
