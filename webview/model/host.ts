import type { HostToWebview, PanelAnswers, PanelRequest, WebviewToHost } from '../../src/shared/hostWebview';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

type RequestOf<M extends PanelRequest['method']> = Omit<Extract<PanelRequest, { method: M }>, 'method'>;
type Told = Exclude<HostToWebview, { type: 'response' }>;

const tellAfterMs = 400;

/** The panel's end of the wire: messages out, answers by id, everything else to one listener. */
export class HostConnection {
  private readonly api = acquireVsCodeApi();
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>();
  private nextId = 1;
  private telling: ReturnType<typeof setTimeout> | undefined;

  listen(listener: (message: Told) => void): void {
    window.addEventListener('message', (event: MessageEvent<HostToWebview>) => {
      const message = event.data;
      if (message.type !== 'response') {
        listener(message);
        return;
      }
      const request = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.ok) request?.resolve(message.value);
      else request?.reject(new Error(message.message));
    });
  }

  post(message: WebviewToHost): void {
    this.api.postMessage(message);
  }

  /** @throws {Error} with the host's sentence when it can't answer. */
  request<M extends PanelRequest['method']>(method: M, parameters: RequestOf<M>): Promise<PanelAnswers[M]> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (value) => resolve(value as PanelAnswers[M]), reject });
      this.post({ type: 'request', id, request: { method, ...parameters } as PanelRequest });
    });
  }

  /** What this page saved before it was hidden or reloaded, else what the last one left when it was closed. */
  get savedState(): unknown {
    const own = this.api.getState();
    if (own !== undefined) return own;
    const left = document.querySelector<HTMLMetaElement>('meta[name="latent-lens-state"]')?.content;
    try {
      return left === undefined ? undefined : (JSON.parse(left) as unknown);
    } catch {
      return undefined;
    }
  }

  /** Saved at once for a reload, and a moment later with the host for a page that comes after this one was closed. */
  saveState(state: unknown): void {
    this.api.setState(state);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.post({ type: 'saveState', state: JSON.stringify(state) }), tellAfterMs);
  }
}
