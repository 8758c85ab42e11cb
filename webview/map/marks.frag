#version 300 es
precision highp float;
flat in vec4 fill;
flat in vec4 stroke;
flat in vec2 size;
flat in uint shape;
flat in float opacity;
out vec4 pixel;

// Signed distance to a five-pointed star; Inigo Quilez, "2D distance functions" (sdStar5), MIT.
float star(vec2 p, float r) {
  const vec2 k1 = vec2(0.809016994375, -0.587785252292);
  const vec2 k2 = vec2(-k1.x, k1.y);
  const float inner = 0.46;
  p.x = abs(p.x);
  p -= 2.0 * max(dot(k1, p), 0.0) * k1;
  p -= 2.0 * max(dot(k2, p), 0.0) * k2;
  p.x = abs(p.x);
  p.y -= r;
  vec2 ba = inner * vec2(-k1.y, k1.x) - vec2(0.0, 1.0);
  float h = clamp(dot(p, ba) / dot(ba, ba), 0.0, r);
  return length(p - ba * h) * sign(p.y * ba.x - p.x * ba.y);
}

void main() {
  float extent = 2.0 * (size.x + size.y) + 2.0;
  vec2 at = (gl_PointCoord - 0.5) * extent;
  if (shape >= 2u) {
    float across = abs(length(at) - size.x) - 0.5 * size.y;
    float alpha = stroke.a * opacity * clamp(0.5 - across, 0.0, 1.0);
    // Eight dashes, the first of them centered on the top.
    if (shape == 3u) alpha *= smoothstep(-0.12, 0.12, cos(8.0 * atan(at.x, at.y)) + 0.15);
    pixel = vec4(stroke.rgb * alpha, alpha);
    return;
  }
  float distance = shape == 1u ? star(vec2(at.x, -at.y), size.x) : length(at) - size.x;
  float inside = clamp(0.5 - distance, 0.0, 1.0);
  float outline = clamp(0.5 - (distance - size.y), 0.0, 1.0);
  float alpha = opacity * max(stroke.a * outline * (1.0 - inside), fill.a * inside);
  vec3 rgb = mix(stroke.rgb, fill.rgb, inside);
  pixel = vec4(rgb * alpha, alpha);
}
