import type { HostToWebview, PanelAnswers, PanelRequest, WebviewToHost } from '../../src/shared/hostWebview';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

type RequestOf<M extends PanelRequest['method']> = Omit<Extract<PanelRequest, { method: M }>, 'method'>;
type Told = Exclude<HostToWebview, { type: 'response' }>;

/** The panel's end of the wire: messages out, answers by id, everything else to one listener. */
export class HostConnection {
  private readonly api = acquireVsCodeApi();
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>();
  private nextId = 1;

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

  get savedState(): unknown {
    return this.api.getState();
  }

  saveState(state: unknown): void {
    this.api.setState(state);
  }
}
