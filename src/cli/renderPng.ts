import * as fs from 'node:fs';
import * as path from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

let ready: Promise<void> | undefined;

/** Draws an SVG picture as PNG with the font that ships with the command: no system font is needed. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const folder = path.join(__dirname, 'png');
  ready ??= initWasm(fs.readFileSync(path.join(folder, 'index_bg.wasm')));
  await ready;
  const fontBuffers = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => fs.readFileSync(path.join(folder, name)));
  const renderer = new Resvg(svg, { font: { fontBuffers, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' } });
  try {
    const image = renderer.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    renderer.free();
  }
}
