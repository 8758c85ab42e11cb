/** The SQLite file under a store: statements that are prepared once, transactions, and errors that say what to do. */
import * as fs from 'node:fs';
import { Database, SQLite3Error, type BindValues, type Statement } from 'node-sqlite3-wasm';

/** The write-ahead log is written back into the file when it has grown to this. */
const checkpointBytes = 8 * 1024 * 1024;

/** The disk took no more; what was committed before stands. */
class StoreFullError extends Error {
  override readonly name = 'StoreFullError';
}

/** The file can't be written: permissions, a disk mounted read-only, a lock. */
class StoreReadOnlyError extends Error {
  override readonly name = 'StoreReadOnlyError';
}

/** A part of the file is torn. The next open finds out how much, and sets the file aside when it can't be mended. */
class StoreDamagedError extends Error {
  override readonly name = 'StoreDamagedError';
}

export class StoreDatabase {
  private readonly statements = new Map<string, Statement>();
  private damaged = false;
  private readonly database: Database;

  /** The caller holds the lease of the file. */
  constructor(readonly file: string) {
    this.database = new Database(file);
    try {
      // The one writer needs no shared-memory file, so write-ahead logging works; readers ask the writer.
      this.database.exec('PRAGMA locking_mode = EXCLUSIVE');
      this.database.exec('PRAGMA journal_mode = WAL');
      this.database.exec('PRAGMA synchronous = NORMAL');
      // Between commits of our choice, never in the middle of one.
      this.database.exec('PRAGMA wal_autocheckpoint = 0');
    } catch (error) {
      this.closeQuietly();
      throw plainError(error, file);
    }
  }

  get isOpen(): boolean {
    return this.database.isOpen;
  }

  /** Whether anything that is torn was met since it was opened. */
  get isDamaged(): boolean {
    return this.damaged;
  }

  exec(sql: string): void {
    this.plainly(() => this.database.exec(sql));
  }

  run(sql: string, values: BindValues = []): { changes: number; lastInsertRowid: number } {
    const { changes, lastInsertRowid } = this.withStatement(sql, (statement) => statement.run(values));
    return { changes, lastInsertRowid: Number(lastInsertRowid) };
  }

  get<T>(sql: string, values: BindValues = []): T | undefined {
    // To its end: a statement that was left in the middle keeps the log from being written back.
    return this.all<T>(sql, values)[0];
  }

  all<T>(sql: string, values: BindValues = []): T[] {
    return this.withStatement(sql, (statement) => statement.all(values) as T[]);
  }

  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have rolled back already.
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Writes the log back into the file: when it has grown, or at once at the end of work. */
  checkpoint(always = false): void {
    if (!always && logBytes(this.file) < checkpointBytes) return;
    this.exec(`PRAGMA wal_checkpoint(${always ? 'TRUNCATE' : 'PASSIVE'})`);
  }

  bytes(): number {
    return (fs.statSync(this.file, { throwIfNoEntry: false })?.size ?? 0) + logBytes(this.file);
  }

  close(): void {
    if (!this.isOpen) return;
    for (const statement of this.statements.values()) statement.finalize();
    this.statements.clear();
    this.database.close();
  }

  closeQuietly(): void {
    try {
      this.close();
    } catch {
      // It is being given up anyway.
    }
  }

  private withStatement<T>(sql: string, use: (statement: Statement) => T): T {
    return this.plainly(() => {
      const statement = this.statements.get(sql) ?? this.database.prepare(sql);
      this.statements.set(sql, statement);
      try {
        return use(statement);
      } catch (error) {
        // One that failed can't be used again: it answers with its old error.
        this.statements.delete(sql);
        finalizeQuietly(statement);
        throw error;
      }
    });
  }

  private plainly<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const plain = plainError(error, this.file);
      if (plain instanceof StoreDamagedError) this.damaged = true;
      throw plain;
    }
  }
}

/** A statement that failed fails once more when it is let go. */
function finalizeQuietly(statement: Statement): void {
  try {
    statement.finalize();
  } catch {
    // It is gone all the same.
  }
}

function logBytes(file: string): number {
  return fs.statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

/** SQLite's own words for what a person can mend, as a sentence; other errors as they are. */
function plainError(error: unknown, file: string): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/disk is full/i.test(message))
    return new StoreFullError(`There is no space left for the index (${file}). Free some space on that disk.`);
  if (/readonly database|unable to open|disk I\/O error|authorization denied/i.test(message)) {
    return isFull(file)
      ? new StoreFullError(`There is no space left for the index (${file}). Free some space on that disk.`)
      : new StoreReadOnlyError(
          `The index can't be written or read (${file}: ${message}). Check the disk and who may write there.`,
        );
  }
  if (isDamage(error))
    return new StoreDamagedError(
      `A part of the index can't be read (${file}: ${message}). Restart the engine: what is damaged is set aside and built anew.`,
    );
  return error;
}

/** SQLite calls a log that can't grow an error of input and output. */
function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = fs.statfsSync(file);
    return bavail * bsize < checkpointBytes;
  } catch {
    return false;
  }
}

/** What SQLite says of a file that is torn, cut short or no database at all. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof StoreDamagedError ||
    (error instanceof SQLite3Error &&
      /malformed|not a database|unsupported file format|no such column|has no column|no such table/i.test(
        error.message,
      ))
  );
}
