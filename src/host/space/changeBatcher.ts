export interface ChangeBatcherOptions {
  /** Sends what changed in a folder; the next batch of that folder waits for it. */
  send(folderUri: string, paths: string[]): Promise<void>;
  /** How long a folder must be quiet before its changes are sent. */
  quietMs: number;
  /** How long changes wait at most while more of them arrive. */
  maxWaitMs: number;
  /** So many changed paths are the work of a tool, such as a switch of branches: it is waited out, to be one batch. */
  burstPaths?: number;
  burstQuietMs?: number;
  burstMaxWaitMs?: number;
}

interface FolderChanges {
  paths: Set<string>;
  firstAtMs: number;
  timer: NodeJS.Timeout | undefined;
  sending: boolean;
}

/** Gathers changed paths into batches: one at a time per folder, each path once. */
export class ChangeBatcher {
  private readonly folders = new Map<string, FolderChanges>();
  private disposed = false;

  constructor(private readonly options: ChangeBatcherOptions) {}

  add(folderUri: string, path: string): void {
    if (this.disposed) return;
    let changes = this.folders.get(folderUri);
    if (!changes) {
      changes = { paths: new Set(), firstAtMs: 0, timer: undefined, sending: false };
      this.folders.set(folderUri, changes);
    }
    if (changes.paths.size === 0) changes.firstAtMs = Date.now();
    changes.paths.add(path);
    this.schedule(folderUri, changes);
  }

  /** Forgets what was not sent: whoever walks the whole folder finds it anyway. */
  clear(): void {
    for (const changes of this.folders.values()) {
      clearTimeout(changes.timer);
      changes.paths.clear();
    }
  }

  dispose(): void {
    this.disposed = true;
    this.clear();
  }

  private schedule(folderUri: string, changes: FolderChanges): void {
    clearTimeout(changes.timer);
    if (changes.sending) return;
    const waitedMs = Date.now() - changes.firstAtMs;
    const { quietMs, maxWaitMs } = this.patience(changes.paths.size);
    const delayMs = Math.max(0, Math.min(quietMs, maxWaitMs - waitedMs));
    changes.timer = setTimeout(() => void this.flush(folderUri, changes), delayMs);
  }

  private patience(paths: number): { quietMs: number; maxWaitMs: number } {
    const {
      quietMs,
      maxWaitMs,
      burstPaths = Infinity,
      burstQuietMs = quietMs,
      burstMaxWaitMs = maxWaitMs,
    } = this.options;
    return paths < burstPaths ? { quietMs, maxWaitMs } : { quietMs: burstQuietMs, maxWaitMs: burstMaxWaitMs };
  }

  private async flush(folderUri: string, changes: FolderChanges): Promise<void> {
    if (changes.paths.size === 0) return;
    const paths = [...changes.paths];
    changes.paths.clear();
    changes.sending = true;
    try {
      await this.options.send(folderUri, paths);
    } finally {
      changes.sending = false;
      if (changes.paths.size > 0 && !this.disposed) this.schedule(folderUri, changes);
    }
  }
}
