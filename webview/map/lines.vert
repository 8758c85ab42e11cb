#version 300 es
// One instance a line: a quad as long as the line and a pixel wider than it, so that the edge can be smooth.
layout(location = 0) in vec4 ends; // map units
layout(location = 1) in vec3 look; // width in device pixels, opacity, palette slot

uniform vec3 camera;
uniform vec2 viewport;
uniform vec4 palette[45];

out float across; // device pixels from the middle of the line
out float halfWidth;
out float alpha;
flat out vec4 color;

void main() {
  vec2 a = (ends.xy - camera.xy) * camera.z;
  vec2 b = (ends.zw - camera.xy) * camera.z;
  vec2 along = b - a;
  float lengthPixels = max(length(along), 1e-4);
  vec2 normal = vec2(-along.y, along.x) / lengthPixels;
  halfWidth = look.x * 0.5;
  float side = float(gl_VertexID & 1) * 2.0 - 1.0;
  across = side * (halfWidth + 1.0);
  vec2 at = mix(a, b, float(gl_VertexID >> 1)) + normal * across;
  alpha = look.y;
  color = palette[int(look.z)];
  gl_Position = vec4(2.0 * at.x / viewport.x, -2.0 * at.y / viewport.y, 0.0, 1.0);
}
