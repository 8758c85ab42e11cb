#version 300 es
// All points of the map in one draw call; a move of the map interpolates between two coordinates.
layout(location = 0) in vec2 from;
layout(location = 1) in vec2 to;
layout(location = 2) in uvec4 style; // palette slot, shape, trust, visibility

uniform vec3 camera; // center in map units, device pixels for one map unit
uniform vec2 viewport; // device pixels
uniform float progress;
uniform float radius; // device pixels
uniform float opacity;
uniform float trustShade;
uniform float dimmedOpacity;
uniform float ringRadius;
uniform vec4 palette[45];

out vec4 color;
flat out float pixelRadius;
flat out uint shape;

void main() {
  if (style.w == 2u) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    return;
  }
  vec2 pixel = (mix(from, to, progress) - camera.xy) * camera.z;
  gl_Position = vec4(2.0 * pixel.x / viewport.x, -2.0 * pixel.y / viewport.y, 0.0, 1.0);
  shape = style.y;
  pixelRadius = radius * (shape == 1u ? ringRadius : 1.0);
  gl_PointSize = 2.0 * pixelRadius + 2.0;
  float trust = float(style.z) / 255.0;
  float alpha = shape == 1u ? 1.0 : opacity;
  alpha *= mix(1.0, 0.1 + 0.9 * pow(trust, 1.5), trustShade);
  if (style.w == 1u) alpha *= dimmedOpacity;
  vec4 base = palette[style.x];
  color = vec4(base.rgb, base.a * alpha);
}
