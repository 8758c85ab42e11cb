#version 300 es
// Neighbors, the selection and stars, drawn on top of the points.
layout(location = 0) in vec4 place; // x, y in map units, radius and stroke width in device pixels
layout(location = 1) in uvec4 look; // shape, palette slots of fill and stroke, opacity in 255ths

uniform vec3 camera;
uniform vec2 viewport;
uniform vec4 palette[45];

flat out vec4 fill;
flat out vec4 stroke;
flat out vec2 size;
flat out uint shape;
flat out float opacity;

void main() {
  vec2 pixel = (place.xy - camera.xy) * camera.z;
  gl_Position = vec4(2.0 * pixel.x / viewport.x, -2.0 * pixel.y / viewport.y, 0.0, 1.0);
  gl_PointSize = 2.0 * (place.z + place.w) + 2.0;
  size = place.zw;
  shape = look.x;
  opacity = float(look.w) / 255.0;
  fill = palette[look.y];
  stroke = palette[look.z];
}
