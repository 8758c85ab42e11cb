/** Paints a picture by any means. Coordinates are CSS pixels of the picture, colors CSS colors. */
export interface Painter {
  rectangle(x: number, y: number, width: number, height: number, look: Look): void;
  circle(x: number, y: number, radius: number, look: Look): void;
  /** Closed rings of x, y pairs, filled by the even-odd rule. */
  rings(rings: readonly (readonly number[])[], look: Look): void;
  line(fromX: number, fromY: number, toX: number, toY: number, look: Look): void;
  text(x: number, y: number, text: string, look: TextLook): void;
}

export interface Look {
  fill?: string;
  stroke?: string;
  strokeWidth?: number;
  /** Of fill and stroke, 0 to 1. */
  opacity?: number;
  /** Length of dashes and of the gaps between them. */
  dash?: number;
}

export interface TextLook {
  color: string;
  size: number;
  bold?: boolean;
  align?: 'start' | 'middle' | 'end';
  /** Color of an outline that keeps the text readable over points. */
  halo?: string;
  opacity?: number;
}

const haloWidth = 3;

/** Paints on a 2-D canvas, whose scale its owner has set. */
export class CanvasPainter implements Painter {
  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly fontFamily: string,
  ) {}

  rectangle(x: number, y: number, width: number, height: number, look: Look): void {
    this.context.beginPath();
    this.context.roundRect(x, y, width, height, look.stroke ? 6 : 0);
    this.paint(look);
  }

  circle(x: number, y: number, radius: number, look: Look): void {
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.paint(look);
  }

  rings(rings: readonly (readonly number[])[], look: Look): void {
    const { context } = this;
    context.beginPath();
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        if (i === 0) context.moveTo(ring[0], ring[1]);
        else context.lineTo(ring[i], ring[i + 1]);
      }
      context.closePath();
    }
    this.paint(look);
  }

  line(fromX: number, fromY: number, toX: number, toY: number, look: Look): void {
    this.context.beginPath();
    this.context.moveTo(fromX, fromY);
    this.context.lineTo(toX, toY);
    this.paint(look);
  }

  text(x: number, y: number, text: string, look: TextLook): void {
    const { context } = this;
    const align = look.align ?? 'start';
    context.font = `${look.bold ? '600 ' : ''}${look.size}px ${this.fontFamily}`;
    context.textAlign = align === 'middle' ? 'center' : align;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.globalAlpha = look.opacity ?? 1;
    if (look.halo) {
      context.lineWidth = haloWidth;
      context.strokeStyle = look.halo;
      context.strokeText(text, x, y);
    }
    context.fillStyle = look.color;
    context.fillText(text, x, y);
    context.globalAlpha = 1;
  }

  private paint({ fill, stroke, strokeWidth = 1, opacity = 1, dash = 0 }: Look): void {
    const { context } = this;
    context.globalAlpha = opacity;
    if (fill) {
      context.fillStyle = fill;
      context.fill('evenodd');
    }
    if (stroke) {
      context.lineJoin = 'round';
      context.lineWidth = strokeWidth;
      context.setLineDash(dash > 0 ? [dash, dash] : []);
      context.strokeStyle = stroke;
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}

/** Writes SVG. */
export class SvgPainter implements Painter {
  private readonly parts: string[] = [];

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly fontFamily: string,
  ) {}

  rectangle(x: number, y: number, width: number, height: number, look: Look): void {
    const corners = look.stroke ? ' rx="6"' : '';
    this.parts.push(
      `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"${corners}${attributes(look)}/>`,
    );
  }

  circle(x: number, y: number, radius: number, look: Look): void {
    this.parts.push(`<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}"${attributes(look)}/>`);
  }

  rings(rings: readonly (readonly number[])[], look: Look): void {
    const path = rings.map((ring) => {
      const corners: string[] = [];
      for (let i = 0; i < ring.length; i += 2) corners.push(`${short(ring[i])} ${short(ring[i + 1])}`);
      return `M${corners.join('L')}Z`;
    });
    this.parts.push(`<path d="${path.join('')}" fill-rule="evenodd"${attributes(look)}/>`);
  }

  line(fromX: number, fromY: number, toX: number, toY: number, look: Look): void {
    this.parts.push(
      `<line x1="${short(fromX)}" y1="${short(fromY)}" x2="${short(toX)}" y2="${short(toY)}"${attributes(look)}/>`,
    );
  }

  text(x: number, y: number, text: string, look: TextLook): void {
    const halo = look.halo
      ? ` stroke="${escaped(look.halo)}" stroke-width="${haloWidth}" stroke-linejoin="round" paint-order="stroke"`
      : '';
    const place = `x="${short(x)}" y="${short(y)}" dominant-baseline="central" text-anchor="${look.align ?? 'start'}"`;
    const type = `font-size="${look.size}" font-weight="${look.bold ? 600 : 400}" fill="${escaped(look.color)}"`;
    const opacity = look.opacity === undefined ? '' : ` opacity="${short(look.opacity)}"`;
    this.parts.push(`<text ${place} ${type}${halo}${opacity}>${escaped(text)}</text>`);
  }

  get svg(): string {
    const { width, height } = this;
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    const font = `font-family="${escaped(this.fontFamily)}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font}>\n${this.parts.join('\n')}\n</svg>\n`;
  }
}

function attributes({ fill, stroke, strokeWidth = 1, opacity = 1, dash = 0 }: Look): string {
  const outline = stroke
    ? ` stroke="${escaped(stroke)}" stroke-width="${short(strokeWidth)}"${dash > 0 ? ` stroke-dasharray="${short(dash)}"` : ''}`
    : '';
  return ` fill="${escaped(fill ?? 'none')}"${outline}${opacity < 1 ? ` opacity="${short(opacity)}"` : ''}`;
}

/** Hundredths of a pixel are finer than any screen. */
function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
