/**
 * Dot products of one query and many rows in WebAssembly SIMD: what plain JavaScript does in 60 ms over 100,000 x 384
 * takes 15 ms here, as the processor's memory can deliver no faster. The module is written out below, instruction by
 * instruction, so that no compiler and no binary file is part of the build; `test/unit/neighbors/vectorBlock.test.ts`
 * holds it to the plain loop.
 */

/** Pages of 64 KB that a 32-bit memory can have. */
const mostPages = 65_536;

/** What of WebAssembly is used here; its types come with those of browsers, which the engine does without. */
interface WebAssemblyApi {
  Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: { dot: DotKernel } };
}
const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

/** Grows in place: arrays on its older, shorter `buffer` stay valid. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** @throws {RangeError} where so much address space can't be reserved */
export function sharedMemory(pages: number): SharedMemory {
  return new webAssembly.Memory({ initial: pages, maximum: mostPages, shared: true });
}

/** Offsets are bytes in the memory; floats lie without gaps. Writes `count` floats at `target`. */
export type DotKernel = (query: number, rows: number, count: number, rowBytes: number, target: number) => void;

const [query, rows, count, rowBytes, target, at, unrolledBytes, sum] = [0, 1, 2, 3, 4, 5, 6, 7];
const accumulators = [8, 9, 10, 11];

const [i32, f32, v128] = [0x7f, 0x7d, 0x7b];
const [block, loop, end, nothing] = [0x02, 0x03, 0x0b, 0x40];
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const constant = (value: number): number[] => [0x41, ...signedLeb(value)];
const branch = (depth: number): number[] => [0x0c, depth];
const branchIf = (depth: number): number[] => [0x0d, depth];
const [equalsZero, notLess, add, subtract, and] = [0x45, 0x4f, 0x6a, 0x6b, 0x71];
const [floatAdd, floatMultiply] = [0x92, 0x94];
/** Memory arguments: alignment as a power of two (a hint), and an offset. */
const floatLoad = [0x2a, 2, 0];
const floatStore = [0x38, 2, 0];
const vectorLoad = (offset: number): number[] => [0xfd, 0x00, 2, offset];
const vectorZero = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
const vectorLane = (lane: number): number[] => [0xfd, 0x1f, lane];
const vectorAdd = [0xfd, 0xe4, 0x01];
const vectorMultiply = [0xfd, 0xe6, 0x01];

const atQuery = [...get(query), ...get(at), add];
const atRow = [...get(rows), ...get(at), add];
const advance = (local: number, by: number[]): number[] => [...get(local), ...by, add, ...set(local)];

/** Four accumulators hide the latency of an addition; the values that are left over are added one by one. */
const body = [
  ...get(rowBytes),
  ...constant(-64),
  and,
  ...set(unrolledBytes),
  ...[block, nothing, loop, nothing],
  ...[...get(count), equalsZero, ...branchIf(1)],
  ...accumulators.flatMap((accumulator) => [...vectorZero, ...set(accumulator)]),
  ...[...constant(0), ...set(at)],
  ...[block, nothing, loop, nothing],
  ...[...get(at), ...get(unrolledBytes), notLess, ...branchIf(1)],
  ...accumulators.flatMap((accumulator, i) => [
    ...get(accumulator),
    ...[...atQuery, ...vectorLoad(16 * i), ...atRow, ...vectorLoad(16 * i), ...vectorMultiply],
    ...[...vectorAdd, ...set(accumulator)],
  ]),
  ...[...advance(at, constant(64)), ...branch(0), end, end],
  ...[...get(8), ...get(9), ...vectorAdd, ...get(10), ...get(11), ...vectorAdd, ...vectorAdd, ...set(8)],
  ...[...get(8), ...vectorLane(0), ...get(8), ...vectorLane(1), floatAdd],
  ...[...get(8), ...vectorLane(2), ...get(8), ...vectorLane(3), floatAdd, floatAdd, ...set(sum)],
  ...[block, nothing, loop, nothing],
  ...[...get(at), ...get(rowBytes), notLess, ...branchIf(1)],
  ...[...get(sum), ...atQuery, ...floatLoad, ...atRow, ...floatLoad, floatMultiply, floatAdd, ...set(sum)],
  ...[...advance(at, constant(4)), ...branch(0), end, end],
  ...[...get(target), ...get(sum), ...floatStore],
  ...advance(target, constant(4)),
  ...advance(rows, get(rowBytes)),
  ...[...get(count), ...constant(1), subtract, ...set(count)],
  ...[...branch(0), end, end, end],
];

let compiled: object | undefined;

/** @throws {Error} where SIMD is not supported */
export function dotKernel(memory: SharedMemory): DotKernel {
  compiled ??= new webAssembly.Module(moduleBytes());
  return new webAssembly.Instance(compiled, { vectors: { memory } }).exports.dot;
}

function moduleBytes(): Uint8Array {
  const locals = [
    [2, i32],
    [1, f32],
    [accumulators.length, v128],
  ];
  const code = [locals.length, ...locals.flat(), ...body];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
    // A shared memory with a maximum.
    ...section(2, [1, ...name('vectors'), ...name('memory'), 0x02, 0x03, ...leb(1), ...leb(mostPages)]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('dot'), 0x00, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ]);
}

function section(id: number, content: number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text, 'latin1')];
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  for (; value < -64 || value > 63; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value & 0x7f];
}
