import { rectangleOf, type Polygon } from './areaSelection';

/** Corners of a lasso that lie nearer than this to the one before are left out, in CSS pixels. */
const cornerDistance = 3;

/** A rectangle or lasso while it is drawn, over the canvas. */
export class AreaGesture {
  private readonly outline: SVGSVGElement;
  private readonly shape: SVGPathElement;
  private corners: number[];

  constructor(
    host: HTMLElement,
    readonly kind: 'rectangle' | 'lasso',
    private readonly from: { x: number; y: number },
  ) {
    this.corners = [from.x, from.y];
    this.outline = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    this.outline.classList.add('map-area');
    this.outline.setAttribute('aria-hidden', 'true');
    this.shape = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    this.outline.append(this.shape);
    host.append(this.outline);
  }

  to(place: { x: number; y: number }): void {
    const { corners } = this;
    if (this.kind === 'rectangle') this.corners = [...rectangleOf(this.from, place)];
    else if (Math.hypot(place.x - corners.at(-2)!, place.y - corners.at(-1)!) >= cornerDistance) {
      corners.push(place.x, place.y);
    }
    const places: string[] = [];
    for (let i = 0; i < this.corners.length; i += 2) places.push(`${this.corners[i]} ${this.corners[i + 1]}`);
    this.shape.setAttribute('d', `M${places.join('L')}Z`);
  }

  /** Takes the outline away and returns what it enclosed, in CSS pixels of the canvas. */
  end(): Polygon {
    this.outline.remove();
    return this.corners;
  }
}
