import { signal } from '@preact/signals';
import type { Palette } from '../map/renderer';
import { hues, otherColor, rampColor, rampSteps } from '../../src/shared/palette';

/** What the canvas needs of VS Code's theme; everything else reads the variables in CSS. */
export interface Theme {
  kind: 'dark' | 'light';
  highContrast: boolean;
  /** CSS colors of the eight hues and Other, in palette order. */
  groupColors: readonly string[];
  /** CSS colors of the ramp for numbers, low to high. */
  rampColors: readonly string[];
  /** CSS colors of what a point can be colored in, by palette slot. */
  slotColors: readonly string[];
  palette: Palette;
}

let parser: CanvasRenderingContext2D | null | undefined;

export const theme = signal<Theme>(readTheme());

/** Re-reads the theme whenever VS Code changes it, which it does by body classes and the style of the root. */
export function watchTheme(): void {
  const observer = new MutationObserver(() => {
    theme.value = readTheme();
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  theme.value = readTheme();
}

function readTheme(): Theme {
  const classes = document.body.classList;
  const kind = classes.contains('vscode-light') || classes.contains('vscode-high-contrast-light') ? 'light' : 'dark';
  const highContrast = classes.contains('vscode-high-contrast') || classes.contains('vscode-high-contrast-light');
  const groupColors = [...hues[kind], otherColor[kind]];
  const rampColors = Array.from({ length: rampSteps }, (_, step) => rampColor(kind, step));
  const style = getComputedStyle(document.body);
  const variable = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  const foreground = kind === 'dark' ? '#ffffff' : '#000000';
  const slotColors = [
    ...groupColors,
    variable('--vscode-list-warningForeground', kind === 'dark' ? '#cca700' : '#855f00'),
    foreground,
    variable('--vscode-editor-background', kind === 'dark' ? '#1f1f1f' : '#ffffff'),
    variable('--vscode-focusBorder', '#0078d4'),
    ...rampColors,
  ];
  const palette = slotColors.map(parseColor);
  return { kind, highContrast, groupColors, rampColors, slotColors, palette };
}

/** Any CSS color as RGBA in 0 to 1, read back from a canvas so that every notation works. */
function parseColor(color: string): [number, number, number, number] {
  const context = (parser ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true }));
  if (!context) return [0.5, 0.5, 0.5, 1];
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = '#808080';
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0, a = 255] = context.getImageData(0, 0, 1, 1).data;
  return [r / 255, g / 255, b / 255, a / 255];
}
export function prefersReducedMotion(): boolean {
  return (
    matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion')
  );
}
