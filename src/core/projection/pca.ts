import type { VectorRows } from '../neighbors/blockedKnn';
import { alignTo, frameOf, framed } from './mapFrame';
import { principalComponents } from './principalAxes';
import type { OnShare } from './umap';

/**
 * First two principal components as a map: linear and global, neighborhoods count for nothing.
 * @param start the map before: the new one is turned and mirrored to lie as it did.
 * @returns 2 n map coordinates.
 */
export function pca(data: VectorRows, seed: number, start?: Float32Array, onShare?: OnShare): Float32Array {
  const components = principalComponents(data, seed, true, onShare);
  const map = framed(components, frameOf(components));
  if (start === undefined) return map;
  const turned = Float64Array.from(map);
  alignTo(turned, start, false);
  return framed(turned, { ...frameOf(turned), scale: 1 });
}
