import type { MapColoring } from '../model/mapColoring';
import { theme } from '../theme/theme';
import { CanvasPainter, SvgPainter } from './painters';
import { paintMap, type MapPicture } from './picture';

/**
 * The picture of what is seen as a file of this kind, or undefined where the browser cannot draw it.
 * @param title of the legend
 */
export async function drawPicture(
  picture: MapPicture,
  { coloring, title }: { coloring: MapColoring; title: string },
  format: 'png' | 'svg',
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const style = getComputedStyle(document.body);
  const color = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  const dark = theme.peek().kind === 'dark';
  const colors = {
    slots: theme.peek().slotColors,
    background: color('--vscode-editor-background', dark ? '#1f1f1f' : '#ffffff'),
    foreground: color('--vscode-editor-foreground', dark ? '#cccccc' : '#3b3b3b'),
    dim: color('--vscode-descriptionForeground', '#888888'),
    title,
    coloring,
  };
  const { width, height, pixelRatio } = picture.frame;
  if (format === 'svg') {
    const painter = new SvgPainter(Math.round(width), Math.round(height), style.fontFamily);
    paintMap(painter, picture, colors);
    return new TextEncoder().encode(painter.svg);
  }
  const canvas = document.createElement('canvas');
  // Sharp on paper, too, where the screen is coarse.
  const scale = Math.max(2, pixelRatio);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.scale(scale, scale);
  paintMap(new CanvasPainter(context, style.fontFamily), picture, colors);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob ? new Uint8Array(await blob.arrayBuffer()) : undefined;
}
