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

flat out vec4 color; // multiplied by its opacity
flat out vec3 reach; // device pixels: width of the square, where the point ends, where a ring is still empty

void main() {
  if (style.w == 2u) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    return;
  }
  vec2 pixel = (mix(from, to, progress) - camera.xy) * camera.z;
  gl_Position = vec4(2.0 * pixel.x / viewport.x, -2.0 * pixel.y / viewport.y, 0.0, 1.0);
  bool ring = style.y == 1u;
  float r = ring ? radius * ringRadius : radius;
  // No wider than what is seen: every pixel of it costs.
  reach = vec3(2.0 * r + 1.0, r + 0.5, ring ? r - max(1.25, r * 0.3) - 0.5 : -2.0);
  gl_PointSize = reach.x;
  vec4 base = palette[style.x];
  float alpha = ring ? base.a : base.a * opacity;
  float trust = float(style.z) / 255.0;
  alpha *= mix(1.0, 0.1 + 0.9 * trust * sqrt(trust), trustShade);
  if (style.w == 1u) alpha *= dimmedOpacity;
  color = vec4(base.rgb * alpha, alpha);
}
