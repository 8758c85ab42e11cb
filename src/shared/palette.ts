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
