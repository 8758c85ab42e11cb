/**
 * Writes the few protobuf wire types that an ONNX model needs: variable-length integers and length-delimited fields
 * (https://protobuf.dev/programming-guides/encoding/). Small enough that a library or a committed binary would be more to keep.
 */
export class ProtobufWriter {
  private readonly bytes: number[] = [];

  /** Field of type int32, int64 or enum; `value` must be a non-negative safe integer. */
  integer(field: number, value: number): this {
    this.varint(field * 8);
    this.varint(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.delimited(field, new TextEncoder().encode(value));
  }

  message(field: number, fill: (writer: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    fill(inner);
    return this.delimited(field, inner.finish());
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }

  private delimited(field: number, payload: Uint8Array): this {
    this.varint(field * 8 + 2);
    this.varint(payload.length);
    for (const byte of payload) this.bytes.push(byte);
    return this;
  }

  private varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.bytes.push(rest);
  }
}
