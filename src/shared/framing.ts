/**
 * Frames of the local socket between windows and the engine: four bytes of length (big endian), then the message as
 * `v8.serialize` writes it, so that typed arrays cross as they are. Only for a peer that has shown the token: structured
 * clone data of strangers is never deserialised.
 */
import { DefaultDeserializer, serialize } from 'node:v8';

/** Larger frames are refused: 100,000 points are about 3 MB of map columns. */
const maxFrameBytes = 512 * 1024 * 1024;

export function encodeFrame(message: unknown): Buffer {
  const body = serialize(message);
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}

/** Node hands out typed arrays as views on the whole message; these own their bytes, so that they can be passed on alone. */
class OwningDeserializer extends DefaultDeserializer {
  _readHostObject(): ArrayBufferView {
    const base = DefaultDeserializer.prototype as unknown as {
      _readHostObject(this: DefaultDeserializer): ArrayBufferView;
    };
    const view = base._readHostObject.call(this);
    if (Buffer.isBuffer(view)) return Uint8Array.prototype.slice.call(view);
    return view instanceof DataView ? view : (view as Uint8Array).slice();
  }
}

function decode(body: Buffer): unknown {
  const deserializer = new OwningDeserializer(body);
  deserializer.readHeader();
  return deserializer.readValue() as unknown;
}

/** Cuts a byte stream back into messages. */
export class FrameReader {
  private pending: Buffer[] = [];
  private pendingBytes = 0;

  /** @throws RangeError on a frame that no peer of ours would send. */
  *read(bytes: Buffer): Generator {
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    while (this.pendingBytes >= 4) {
      const length = this.join(4).readUInt32BE(0);
      if (length > maxFrameBytes) throw new RangeError(`a frame of ${length} bytes`);
      if (this.pendingBytes < 4 + length) return;
      const joined = this.join(4 + length);
      const body = joined.subarray(4, 4 + length);
      const rest = joined.subarray(4 + length);
      this.pending = rest.length > 0 ? [rest] : [];
      this.pendingBytes = rest.length;
      yield decode(body);
    }
  }

  /** The first buffer, holding at least `bytes`. Joins only when the frame is there in whole, so long frames are copied once. */
  private join(bytes: number): Buffer {
    const first = this.pending[0];
    if (first !== undefined && first.length >= bytes) return first;
    if (bytes > this.pendingBytes) throw new RangeError('join before the bytes are there');
    const joined = Buffer.concat(this.pending);
    this.pending = [joined];
    return joined;
  }
}
