/**
 * Plays the extension host in a page: `acquireVsCodeApi` over the fixture, in one of a few situations that the
 * address names. Tests steer it through `window.fakeHost`.
 */
import fixture from '../../fixtures/panel.json';
import type { HostToWebview, PanelRequest, WebviewToHost } from '../../../src/shared/hostWebview';
import { parseWebviewMessage } from '../../../src/shared/hostWebview';
import type { IndexProgress } from '../../../src/shared/indexing';
import { FixtureSpace, folderUri, syntheticMap } from '../fixtureSpace';
import { bodyClasses, themeVariables, type ThemeName } from '../themes';

const space = new FixtureSpace(fixture);
const parameters = new URLSearchParams(location.search);
const stateKey = 'vscode-state';

class FakeHost {
  /** Everything the panel has sent, checked as the real host checks it. */
  readonly sent: WebviewToHost[] = [];
  readonly invalid: unknown[] = [];
  /** Methods whose answers wait until `release` is called. */
  readonly held = new Set<string>();
  private readonly waiting: { id: number; request: PanelRequest }[] = [];
  /** Methods that are answered by an error. */
  readonly failing = new Set<string>();
  revision = 0;
  readonly space = space;

  receive(message: unknown): void {
    let valid: WebviewToHost;
    try {
      valid = parseWebviewMessage(message);
    } catch {
      this.invalid.push(message);
      return;
    }
    this.sent.push(valid);
    if (valid.type === 'ready') window.readyAt = performance.now();
    if (valid.type === 'drawn') window.drawnAt = performance.now();
    if (valid.type === 'request' && valid.request.method === 'excerpts') window.listedAt = performance.now();
    if (valid.type === 'ready') this.begin();
    if (valid.type === 'request') {
      if (this.held.has(valid.request.method)) this.waiting.push(valid);
      else setTimeout(() => this.answer(valid), 2);
    }
  }

  send(message: HostToWebview): void {
    window.postMessage(structuredClone(message), '*');
  }

  /** Requests of a kind in the order in which they came. */
  requests<M extends PanelRequest['method']>(method: M): Extract<PanelRequest, { method: M }>[] {
    return this.sent.flatMap((message) =>
      message.type === 'request' && message.request.method === method
        ? [message.request as Extract<PanelRequest, { method: M }>]
        : [],
    );
  }

  /** Answers the nth held request. */
  release(index: number): void {
    const [request] = this.waiting.splice(index, 1);
    if (request) this.answer(request);
  }

  sendMap(count?: number): void {
    this.send({ type: 'map', map: space.map(++this.revision, count) });
  }

  sendSynthetic(count: number): void {
    this.send({ type: 'map', map: syntheticMap(count, ++this.revision) });
  }

  sendStatus(situation: string): void {
    const status = space.status('ready', this.revision);
    const none = space.state('none', 0);
    const progress: IndexProgress = {
      phase: 'embedding',
      filesDone: 46,
      filesTotal: 112,
      chunks: 540,
      tokensPerSecond: 6870,
      secondsLeft: 19,
      startedByPerson: true,
    };
    const situations: Record<string, () => void> = {
      'no-folder': () => Object.assign(status, { folders: [], state: none }),
      counting: () => Object.assign(status, { state: none, estimate: 'counting' }),
      estimate: () =>
        Object.assign(status, {
          state: none,
          estimate: {
            files: 1708,
            bytes: 3_420_000,
            tokens: 910_000,
            seconds: 140,
            skipped: { ignored: 214, binary: 31, secret: 1, 'too-large': 2 },
            unusual: undefined,
            complete: true,
          },
        }),
      indexing: () => Object.assign(status.state, { phase: 'indexing', progress }),
      scanning: () =>
        Object.assign(status.state, {
          phase: 'indexing',
          progress: {
            ...progress,
            phase: 'scanning',
            filesDone: 0,
            filesTotal: 0,
            chunks: 0,
            tokensPerSecond: 0,
            secondsLeft: undefined,
          },
        }),
      error: () =>
        Object.assign(status, {
          state: none,
          problem: {
            message: 'The model file model_quantized.onnx is damaged. Nothing was changed. Reinstall the extension.',
            action: 'retry',
          },
        }),
      ready: () => undefined,
    };
    situations[situation]?.();
    this.send({ type: 'status', status });
  }

  private begin(): void {
    const situation = parameters.get('situation') ?? 'ready';
    const count = Number(parameters.get('points'));
    const hasMap = situation === 'ready' || parameters.has('map');
    this.revision = hasMap ? 1 : 0;
    this.sendStatus(situation);
    if (!hasMap) {
      this.send({ type: 'map', map: null });
      return;
    }
    this.send({
      type: 'map',
      map: count > 0 ? syntheticMap(count, 1) : space.map(1, situation === 'indexing' ? 540 : undefined),
    });
    this.send({ type: 'warnings', warnings: space.warnings() });
  }

  private answer({ id, request }: { id: number; request: PanelRequest }): void {
    if (this.failing.has(request.method)) {
      this.send({ type: 'response', id, ok: false, message: 'The engine stopped. It starts again by itself.' });
      return;
    }
    this.send({ type: 'response', id, ok: true, value: this.valueOf(request) });
  }

  private valueOf(request: PanelRequest): unknown {
    switch (request.method) {
      case 'point':
        return space.detail(request.point);
      case 'excerpts':
        return request.points
          .filter((point) => point < space.size)
          .map((point) => ({ point, place: space.place(point), places: 1, excerpt: fixture.chunks[point].text }));
      case 'search':
        return space.search(request.query);
      case 'readings':
        return space.readings();
      case 'relayout':
      case 'stopLayout':
        return null;
      case 'groupSeparation':
        return space.questions.separation(request.grouping);
      case 'savePicture':
        return { name: `map.${request.format}` };
      case 'quality':
        return request.kinds.flatMap((kind) => space.faults(kind));
      case 'splitEffect':
        return space.splitEffect(request.point);
      case 'pointHonesty':
        return space.questions.honesty(request.point);
      case 'walk':
        return space.questions.walk(request.from, request.to);
      case 'centroid':
        return space.questions.centroid(request.points);
      case 'searchWithin':
        return space.questions.within(request.query, request.points);
      case 'textSearch':
        return space.questions.text(request.text);
      case 'labelSelection':
        return space.questions.label(request.points);
      case 'exportPoints':
        return { lines: request.points?.length ?? space.size, bytes: 4711, name: 'chunks.jsonl' };
      case 'similarityTo':
        return space.questions.similarity(request.points, request.query);
      case 'colorData':
        return { ...space.questions.numbers(request.kind), kind: request.kind, unit: 'tokens' };
      case 'pointAt': {
        const found = fixture.chunks.findIndex(
          (chunk, i) =>
            space.place(i).path === request.path && chunk.start <= request.offset && request.offset < chunk.end,
        );
        return request.folderUri === folderUri && found >= 0 ? found : null;
      }
    }
  }
}

/** Sets the variables on the root and the class on the body, as VS Code does. */
export function applyTheme(name: ThemeName): void {
  const style = Object.entries(themeVariables[name]).map(([variable, value]) => `--vscode-${variable}: ${value}`);
  document.documentElement.style.cssText = style.join('; ');
  document.body.className = bodyClasses[name];
}

const host = new FakeHost();
declare global {
  interface Window {
    fakeHost: FakeHost;
    applyTheme: typeof applyTheme;
    syntheticMap: typeof syntheticMap;
    acquireVsCodeApi: () => unknown;
    /** When things happened, by the page's clock: for measuring. */
    readyAt: number;
    drawnAt: number;
    listedAt: number;
    releasedAt: number;
  }
}
window.fakeHost = host;
window.applyTheme = applyTheme;
window.syntheticMap = syntheticMap;
window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => host.receive(structuredClone(message)),
  getState: () => (JSON.parse(sessionStorage.getItem(stateKey) ?? 'null') as unknown) ?? undefined,
  setState: (state: unknown) => sessionStorage.setItem(stateKey, JSON.stringify(state)),
});
if (parameters.has('no-webgl')) {
  const original = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
    return kind === 'webgl2'
      ? null
      : (original as (...all: unknown[]) => RenderingContext | null).call(this, kind, ...rest);
  } as typeof original;
}
applyTheme((parameters.get('theme') ?? 'dark') as ThemeName);
