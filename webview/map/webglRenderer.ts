import linesFragment from './lines.frag';
import linesVertex from './lines.vert';
import marksFragment from './marks.frag';
import marksVertex from './marks.vert';
import pointsFragment from './points.frag';
import pointsVertex from './points.vert';
import {
  dimmedOpacity,
  ringRadius,
  type MapFrame,
  type MapRenderer,
  type Palette,
  type PointColumns,
} from './renderer';

interface Program {
  program: WebGLProgram;
  uniforms: Map<string, WebGLUniformLocation>;
}

/** Draws with WebGL2: all points in one call, then lines, then marks. */
export class WebglRenderer implements MapRenderer {
  readonly kind = 'webgl2';
  private readonly points: Program;
  private readonly lines: Program;
  private readonly marks: Program;
  private readonly pointArray: WebGLVertexArrayObject;
  private readonly lineArray: WebGLVertexArrayObject;
  private readonly markArray: WebGLVertexArrayObject;
  private readonly buffers: Record<'from' | 'to' | 'style' | 'lines' | 'marks', WebGLBuffer>;
  private count = 0;
  private palette: { of: Palette; flat: Float32Array } | undefined;

  /** @throws {Error} when a shader doesn't compile, which the caller answers with the 2-D fallback. */
  constructor(private readonly gl: WebGL2RenderingContext) {
    this.points = link(gl, pointsVertex, pointsFragment);
    this.lines = link(gl, linesVertex, linesFragment);
    this.marks = link(gl, marksVertex, marksFragment);
    const buffer = (): WebGLBuffer => gl.createBuffer();
    this.buffers = { from: buffer(), to: buffer(), style: buffer(), lines: buffer(), marks: buffer() };

    this.pointArray = gl.createVertexArray();
    gl.bindVertexArray(this.pointArray);
    this.floats('from', 0, 2, 0, 0);
    this.floats('to', 1, 2, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.style);
    gl.enableVertexAttribArray(2);
    gl.vertexAttribIPointer(2, 4, gl.UNSIGNED_BYTE, 0, 0);

    this.lineArray = gl.createVertexArray();
    gl.bindVertexArray(this.lineArray);
    this.floats('lines', 0, 4, 28, 0);
    this.floats('lines', 1, 3, 28, 16);
    gl.vertexAttribDivisor(0, 1);
    gl.vertexAttribDivisor(1, 1);

    this.markArray = gl.createVertexArray();
    gl.bindVertexArray(this.markArray);
    this.floats('marks', 0, 4, 20, 0);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribIPointer(1, 4, gl.UNSIGNED_BYTE, 20, 16);
    gl.bindVertexArray(null);
  }

  setPoints(points: PointColumns): void {
    this.count = points.count;
    this.upload('from', points.from, this.gl.STATIC_DRAW);
    this.upload('to', points.to, this.gl.STATIC_DRAW);
    this.setStyle(points.style);
  }

  setStyle(style: Uint8Array): void {
    this.upload('style', style, this.gl.DYNAMIC_DRAW);
  }

  draw(frame: MapFrame): void {
    const { gl } = this;
    const ratio = frame.pixelRatio;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);

    this.use(this.points, frame);
    const points = this.points.uniforms;
    gl.uniform1f(points.get('progress')!, frame.progress);
    gl.uniform1f(points.get('radius')!, frame.radius * ratio);
    gl.uniform1f(points.get('opacity')!, frame.opacity);
    gl.uniform1f(points.get('trustShade')!, frame.trustShade ? 1 : 0);
    gl.uniform1f(points.get('dimmedOpacity')!, dimmedOpacity);
    gl.uniform1f(points.get('ringRadius')!, ringRadius);
    gl.bindVertexArray(this.pointArray);
    if (this.count > 0) gl.drawArrays(gl.POINTS, 0, this.count);

    if (frame.lines.length > 0) this.drawLines(frame);
    if (frame.marks.length > 0) this.drawMarks(frame);
    gl.bindVertexArray(null);
  }

  dispose(): void {
    const { gl } = this;
    for (const buffer of Object.values(this.buffers)) gl.deleteBuffer(buffer);
    for (const array of [this.pointArray, this.lineArray, this.markArray]) gl.deleteVertexArray(array);
    for (const { program } of [this.points, this.lines, this.marks]) gl.deleteProgram(program);
  }

  private drawLines(frame: MapFrame): void {
    const { gl } = this;
    const data = new Float32Array(frame.lines.length * 7);
    frame.lines.forEach(({ fromX, fromY, toX, toY, width, opacity, color }, i) => {
      data.set([fromX, fromY, toX, toY, width * frame.pixelRatio, opacity, color], 7 * i);
    });
    this.upload('lines', data, gl.DYNAMIC_DRAW);
    this.use(this.lines, frame);
    gl.bindVertexArray(this.lineArray);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, frame.lines.length);
  }

  private drawMarks(frame: MapFrame): void {
    const { gl } = this;
    const data = new DataView(new ArrayBuffer(frame.marks.length * 20));
    frame.marks.forEach((mark, i) => {
      const floats = [mark.x, mark.y, mark.radius * frame.pixelRatio, mark.strokeWidth * frame.pixelRatio];
      floats.forEach((value, j) => data.setFloat32(20 * i + 4 * j, value, true));
      [mark.shape, mark.fill, mark.stroke, Math.round(255 * mark.opacity)].forEach((value, j) =>
        data.setUint8(20 * i + 16 + j, value),
      );
    });
    this.upload('marks', data, gl.DYNAMIC_DRAW);
    this.use(this.marks, frame);
    gl.bindVertexArray(this.markArray);
    gl.drawArrays(gl.POINTS, 0, frame.marks.length);
  }

  private use({ program, uniforms }: Program, { camera, width, height, pixelRatio, palette }: MapFrame): void {
    if (this.palette?.of !== palette) this.palette = { of: palette, flat: Float32Array.from(palette.flat()) };
    this.gl.useProgram(program);
    this.gl.uniform3f(uniforms.get('camera')!, camera.x, camera.y, camera.scale * pixelRatio);
    this.gl.uniform2f(uniforms.get('viewport')!, width * pixelRatio, height * pixelRatio);
    this.gl.uniform4fv(uniforms.get('palette[0]')!, this.palette.flat);
  }

  private floats(
    name: keyof WebglRenderer['buffers'],
    location: number,
    size: number,
    stride: number,
    offset: number,
  ): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[name]);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, gl.FLOAT, false, stride, offset);
  }

  private upload(name: keyof WebglRenderer['buffers'], data: ArrayBufferView, usage: number): void {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffers[name]);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, data as ArrayBufferView<ArrayBuffer>, usage);
  }
}

function link(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error('WebGL2 gave no shader.');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`A shader of the map doesn't link: ${gl.getProgramInfoLog(program) ?? 'no reason given'}`);
  }
  const uniforms = new Map<string, WebGLUniformLocation>();
  const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) as number;
  for (let i = 0; i < count; i++) {
    const name = gl.getActiveUniform(program, i)?.name;
    const location = name === undefined ? null : gl.getUniformLocation(program, name);
    if (name !== undefined && location) uniforms.set(name, location);
  }
  return { program, uniforms };
}
