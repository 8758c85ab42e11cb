import type { OnnxRuntimeName } from '../core/embedding/onnxRuntime';
import type { LayoutJob, LayoutResult } from '../core/projection/layout';

/** What the layout worker is started with. */
export interface LayoutWorkerSetup {
  /** Finds the neighbors; `none` for plain JavaScript. */
  runtime: OnnxRuntimeName | 'none';
  assetsFolder: string;
  /** Threads of the native runtime. */
  threads: number;
}

export type RunnerToWorker =
  | {
      type: 'run';
      id: number;
      job: LayoutJob;
      /** One int32 in shared memory; not 0 once the job is cancelled. A busy worker reads no message. */
      cancelled: Int32Array;
    }
  /** Nothing more is asked: the worker ends when its job has. */
  | { type: 'stop' };

export type WorkerToRunner =
  | { type: 'progress'; id: number; share: number }
  | { type: 'done'; id: number; result: LayoutResult }
  | { type: 'cancelled'; id: number }
  | { type: 'failed'; id: number; message: string };
