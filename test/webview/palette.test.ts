import { strict as assert } from 'node:assert';
import { hues, otherColor } from '../../src/shared/palette';
import { ciede2000, contrast, parseHex, simulate, toLab, visions } from './colorDistance';

describe('The palette of the map', () => {
  // G. Sharma, W. Wu, E. N. Dalal (2005), table 1: pairs 1, 7, 13, 17, 20 and 25.
  const published: [[number, number, number], [number, number, number], number][] = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, -0.001, 2.49], [50, 0.0009, -2.49], 4.8045],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[50, 2.5, 0], [58, 24, 15], 19.4535],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  ];
  it('is measured with CIEDE2000 as published', () => {
    for (const [first, second, expected] of published) {
      assert.ok(Math.abs(ciede2000(first, second) - expected) < 5e-5, `${ciede2000(first, second)} is not ${expected}`);
    }
  });

  for (const kind of ['dark', 'light'] as const) {
    const colors = [...hues[kind], otherColor[kind]].map(parseHex);

    for (const vision of visions) {
      it(`keeps any two colors of the ${kind} theme at least 10 apart with ${vision} vision`, () => {
        const labs = colors.map((color) => toLab(simulate(color, vision)));
        let least = Infinity;
        labs.forEach((lab, i) => labs.slice(0, i).forEach((other) => (least = Math.min(least, ciede2000(lab, other)))));
        assert.ok(least >= 10, `least distance ${least.toFixed(2)}`);
      });
    }

    it(`stands out from the background of ${kind} themes at least 3 to 1`, () => {
      for (const background of kind === 'dark' ? ['#1f1f1f', '#000000'] : ['#ffffff']) {
        for (const color of [...hues[kind], otherColor[kind]]) {
          const ratio = contrast(parseHex(color), parseHex(background));
          assert.ok(ratio >= 3, `${color} on ${background}: ${ratio.toFixed(2)}`);
        }
      }
    });
  }
});
