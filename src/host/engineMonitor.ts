import * as vscode from 'vscode';
import type { EngineInfo } from '../shared/engineInfo';
import type { Engine } from './engine';
import type { EngineStatus } from './engineClient';

/** What is known of the engine without starting it: its status, and its own description while it runs. */
export class EngineMonitor implements vscode.Disposable {
  private currentStatus: EngineStatus = 'stopped';
  private currentDetail: string | undefined;
  private currentInfo: EngineInfo | undefined;
  private readonly changeEmitter = new vscode.EventEmitter<void>();
  private readonly disposables: { dispose(): void }[];
  readonly onDidChange = this.changeEmitter.event;

  constructor(private readonly engine: Engine) {
    this.disposables = [
      this.changeEmitter,
      engine.onStatus((status, detail) => {
        this.currentStatus = status;
        this.currentDetail = detail;
        if (status !== 'running') this.currentInfo = undefined;
        this.changeEmitter.fire();
        if (status === 'running') void this.refresh();
      }),
      engine.onEvent((event) => {
        if (event.type === 'runtime') void this.refresh();
      }),
    ];
  }

  get status(): EngineStatus {
    return this.currentStatus;
  }

  /** Why the engine failed, one sentence. */
  get detail(): string | undefined {
    return this.currentDetail;
  }

  /** Undefined while the engine isn't running. */
  get info(): EngineInfo | undefined {
    return this.currentInfo;
  }

  /** Asks the running engine to describe itself: its speed is known once it has embedded something. */
  async refresh(): Promise<void> {
    if (this.currentStatus !== 'running') return;
    try {
      this.currentInfo = await this.engine.request('info', {});
      this.changeEmitter.fire();
    } catch {
      // Whoever made the engine stop is told by its status.
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }
}
