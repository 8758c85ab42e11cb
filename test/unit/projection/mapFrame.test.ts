import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alignTo } from '../../../src/core/projection/mapFrame';

describe('laying a map over the one before', () => {
  it('undoes any turn, mirroring and move, with some points missing', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.boolean(),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (angle, mirror, shift) => {
          const reference = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * i) + (i % 2) * Math.cos(i));
          const turned = new Float64Array(40);
          for (let i = 0; i < 40; i += 2) {
            const x = reference[i];
            const y = mirror ? -reference[i + 1] : reference[i + 1];
            turned[i] = Math.cos(angle) * x - Math.sin(angle) * y + shift;
            turned[i + 1] = Math.sin(angle) * x + Math.cos(angle) * y - shift;
          }
          const partial = reference.slice().fill(NaN, 30);
          alignTo(turned, partial, false);
          turned.forEach((value, i) => assert.ok(Math.abs(value - reference[i]) < 1e-5));
        },
      ),
    );
  });

  it('changes the size only when asked', () => {
    const reference = Float32Array.from([0, 0, 1, 0, 0, 2]);
    const tripled = () => Float64Array.from([0, 0, 3, 0, 0, 6]);
    const kept = tripled();
    alignTo(kept, reference, false);
    assert.ok(Math.abs(Math.hypot(kept[2] - kept[0], kept[3] - kept[1]) - 3) < 1e-9);
    const rescaled = tripled();
    alignTo(rescaled, reference, true);
    rescaled.forEach((value, i) => assert.ok(Math.abs(value - reference[i]) < 1e-6));
  });
});
