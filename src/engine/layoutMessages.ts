import type { OnnxRuntimeName } from '../core/embedding/onnxRuntime';
import type { LayoutJob, LayoutResult } from '../core/projection/layout';
import type { RankReadings } from '../core/projection/rankQuality';

/** What the layout worker is started with. */
export interface LayoutWorkerSetup {
  /** Finds the neighbors; `none` for plain JavaScript. */
  runtime: OnnxRuntimeName | 'none';
  assetsFolder: string;
  /** Threads of the native runtime. */
  threads: number;
}

/** Rows of vectors that a task reads. */
export type RowsJob = Pick<LayoutJob, 'vectors' | 'rows' | 'count' | 'dimensions'>;

/** Everything that the worker can do: what it is given and what comes back, by name. */
export interface LayoutTasks {
  layOut: { job: LayoutJob; result: LayoutResult };
  /** R_NX of a map; 2 n coordinates beside the rows. */
  assess: { job: RowsJob & { coordinates: Float32Array }; result: RankReadings };
}

export type LayoutTask = {
  [Name in keyof LayoutTasks]: { name: Name; job: LayoutTasks[Name]['job'] };
}[keyof LayoutTasks];

export type RunnerToWorker =
  | {
      type: 'run';
      id: number;
      task: LayoutTask;
      /** One int32 in shared memory; not 0 once the task is cancelled. A busy worker reads no message. */
      cancelled: Int32Array;
    }
  /** Nothing more is asked: the worker ends when its task has. */
  | { type: 'stop' };

export type WorkerToRunner =
  | { type: 'progress'; id: number; share: number }
  | { type: 'done'; id: number; result: LayoutTasks[keyof LayoutTasks]['result'] }
  | { type: 'cancelled'; id: number }
  | { type: 'failed'; id: number; message: string };
