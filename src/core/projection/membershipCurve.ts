/** Parameters of UMAP's membership curve in the map, 1 / (1 + a d^(2b)) of a distance d. */
export interface MembershipCurve {
  a: number;
  b: number;
}

/**
 * Fits the curve to 1 up to the minimal distance and exp(-(d - minimalDistance) / spread) beyond, by least squares
 * (Levenberg-Marquardt on the logarithms), as in McInnes, Healy and Melville 2018, section 3.2, and umap-learn's
 * `find_ab_params`: 300 distances up to three times the spread.
 */
export function membershipCurve(minimalDistance: number, spread = 1): MembershipCurve {
  const samples = 300;
  let logA = 0;
  let logB = 0;
  let damping = 1e-3;
  let error = squaredError(Math.exp(logA), Math.exp(logB), minimalDistance, spread, samples);
  for (let iteration = 0; iteration < 200; iteration++) {
    const a = Math.exp(logA);
    const b = Math.exp(logB);
    let aa = 0;
    let ab = 0;
    let bb = 0;
    let ra = 0;
    let rb = 0;
    for (let s = 1; s < samples; s++) {
      const distance = (3 * spread * s) / (samples - 1);
      const power = a * distance ** (2 * b);
      const value = 1 / (1 + power);
      const residual = target(distance, minimalDistance, spread) - value;
      // Derivatives by log a and log b.
      const byA = -value * value * power;
      const byB = byA * 2 * b * Math.log(distance);
      aa += byA * byA;
      ab += byA * byB;
      bb += byB * byB;
      ra += byA * residual;
      rb += byB * residual;
    }
    const determinant = aa * (1 + damping) * bb * (1 + damping) - ab * ab;
    const stepA = (ra * bb * (1 + damping) - rb * ab) / determinant;
    const stepB = (rb * aa * (1 + damping) - ra * ab) / determinant;
    const next = squaredError(Math.exp(logA + stepA), Math.exp(logB + stepB), minimalDistance, spread, samples);
    if (next < error) {
      logA += stepA;
      logB += stepB;
      const gained = error - next;
      error = next;
      damping = Math.max(1e-9, damping / 4);
      if (gained < 1e-14) break;
    } else {
      damping *= 4;
      if (damping > 1e9) break;
    }
  }
  return { a: Math.exp(logA), b: Math.exp(logB) };
}

function target(distance: number, minimalDistance: number, spread: number): number {
  return distance < minimalDistance ? 1 : Math.exp(-(distance - minimalDistance) / spread);
}

function squaredError(a: number, b: number, minimalDistance: number, spread: number, samples: number): number {
  let sum = 0;
  for (let s = 0; s < samples; s++) {
    const distance = (3 * spread * s) / (samples - 1);
    const residual = target(distance, minimalDistance, spread) - 1 / (1 + a * distance ** (2 * b));
    sum += residual * residual;
  }
  return sum;
}
