/**
 * Eight categorical colors and gray for all other groups. They were found by simulated annealing over OKLCH, to raise
 * the least CIEDE2000 distance between any two as seen with normal vision and with simulated deuteranopia,
 * protanopia and tritanopia, each at least 3:1 against the editor's background; `test/webview/palette.test.ts` holds them to it.
 */
export const hues = {
  dark: ['#0abdff', '#c58818', '#08846c', '#c62e4d', '#9748bd', '#f3f041', '#b2fdc6', '#feb9d5'],
  light: ['#1c76e2', '#a53100', '#25a181', '#4c279f', '#94941b', '#9b5994', '#25713e', '#752942'],
} as const;

export const otherColor = { dark: '#8b93a1', light: '#8a93a1' } as const;

export const hueCount = 8;

/** How many colors a number is told in. */
export const rampSteps = 32;

/**
 * Anchors of the ramp for numbers, low to high: lightness runs one way, so that it is read without color vision, away
 * from the background, so that high values stand out. After viridis (S. van der Walt, N. Smith, 2015), its ends pulled in
 * where they would sink into the background.
 */
export const rampAnchors = {
  dark: ['#5b4b8a', '#4c6fa5', '#3595a0', '#4dbb7d', '#a8d84a', '#fde725'],
  light: ['#7cae3f', '#3f9d5f', '#26847a', '#2d6688', '#3d4585', '#440f5c'],
} as const;

/** Color of a step of the ramp, mixed in linear light between its anchors. */
export function rampColor(kind: 'dark' | 'light', step: number): string {
  const anchors = rampAnchors[kind];
  const at = (Math.min(rampSteps - 1, Math.max(0, step)) / (rampSteps - 1)) * (anchors.length - 1);
  const first = Math.min(anchors.length - 2, Math.floor(at));
  const channels = [1, 3, 5].map((offset) => {
    const [a, b] = [anchors[first], anchors[first + 1]].map(
      (color) => (parseInt(color.slice(offset, offset + 2), 16) / 255) ** 2.2,
    );
    const mixed = (a + (b - a) * (at - first)) ** (1 / 2.2);
    return Math.round(mixed * 255)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${channels.join('')}`;
}
