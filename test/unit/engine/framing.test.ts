import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeFrame, FrameReader } from '../../../src/shared/framing';

describe('frames', () => {
  it('arrive whole and in order, however the stream is cut', function () {
    this.timeout(20_000);
    const message = fc.record(
      {
        text: fc.string({ unit: 'binary', maxLength: 40 }),
        floats: fc.float32Array({ noNaN: true, maxLength: 40 }),
        nested: fc.array(fc.record({ n: fc.integer(), missing: fc.constant(undefined) }, { noNullPrototype: true })),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(200), { minLength: 1 }),
        (messages, cuts) => {
          const stream = Buffer.concat(messages.map(encodeFrame));
          const reader = new FrameReader();
          const received: unknown[] = [];
          for (let at = 0, i = 0; at < stream.length; i++) {
            const next = at + 1 + cuts[i % cuts.length];
            received.push(...reader.read(stream.subarray(at, next)));
            at = next;
          }
          assert.deepEqual(received, messages);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('give typed arrays that own their bytes', () => {
    const [received] = new FrameReader().read(encodeFrame({ a: Float32Array.of(1, 2), b: new Uint8Array(5) }));
    const { a, b } = received as { a: Float32Array; b: Uint8Array };
    assert.equal(a.buffer.byteLength, 8);
    assert.equal(b.buffer.byteLength, 5);
  });

  it('of absurd length are refused', () => {
    const bytes = Buffer.from([0xff, 0xff, 0xff, 0xff, 0]);
    assert.throws(() => [...new FrameReader().read(bytes)], RangeError);
  });
});
