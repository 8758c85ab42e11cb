import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as v from 'valibot';

/** One sentence for people: which file of which model is wrong and what to do. */
export class ModelFolderError extends Error {
  override readonly name = 'ModelFolderError';
  constructor(
    message: string,
    /** Path inside the model folder. */
    readonly file: string,
  ) {
    super(message);
  }
}

const manifestSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1)),
  license: v.string(),
  source: v.string(),
  dimensions: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Word pieces that the model is given at most, special tokens included. */
  maxTokens: v.pipe(v.number(), v.integer(), v.minValue(3)),
  pooling: v.literal('mean'),
  normalize: v.literal(true),
  /** The graph: inputs `input_ids`, `attention_mask`, `token_type_ids`, output `last_hidden_state`. */
  onnx: v.string(),
  /** SHA-256 in hexadecimal by path inside the folder. */
  files: v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  /** A text and its vector in full precision, for asking a runtime whether it computes. */
  probe: v.object({ text: v.string(), vector: v.array(v.number()), minimumSimilarity: v.number() }),
});

export type ModelManifest = v.InferOutput<typeof manifestSchema>;

/** A read-only folder with a model, whose files are checked against the hashes of its `model.json` whenever they are read. */
export class ModelFolder {
  private constructor(
    readonly path: string,
    readonly manifest: ModelManifest,
    /** Identifies files, pooling and limit: the same text has the same vector under the same fingerprint. */
    readonly fingerprint: string,
  ) {}

  /**
   * Reads the manifest alone.
   * @throws {ModelFolderError} when it is missing or not a manifest.
   */
  static async open(folder: string): Promise<ModelFolder> {
    let text: string;
    try {
      text = await readFile(path.join(folder, 'model.json'), 'utf8');
    } catch (error) {
      throw unreadable(path.basename(folder), 'model.json', error);
    }
    const manifest = parseManifest(text);
    if (manifest === undefined) {
      throw new ModelFolderError(
        `The embedding model ${path.basename(folder)} can't be used: its file model.json is damaged. Reinstall Latent Lens or name another model folder.`,
        'model.json',
      );
    }
    return new ModelFolder(folder, manifest, fingerprintOf(manifest));
  }

  /**
   * The bytes of a file, exactly as listed: what is verified is what is used.
   * @throws {ModelFolderError} when the file is missing, unreadable or altered.
   */
  async read(file: string): Promise<Uint8Array> {
    const expected = this.manifest.files[file];
    if (expected === undefined) {
      throw new ModelFolderError(
        `The embedding model ${this.manifest.name} can't be used: its model.json does not list the file ${file}. Reinstall Latent Lens or name another model folder.`,
        file,
      );
    }
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path.join(this.path, file));
    } catch (error) {
      throw unreadable(this.manifest.name, file, error);
    }
    if (createHash('sha256').update(bytes).digest('hex') !== expected) {
      throw new ModelFolderError(
        `The embedding model ${this.manifest.name} can't be used: its file ${file} was altered (its SHA-256 is not the one in model.json). Reinstall Latent Lens or restore the file.`,
        file,
      );
    }
    return bytes;
  }

  /**
   * Checks every file before first use.
   * @throws {ModelFolderError} for the first file that is missing or altered.
   */
  async verify(): Promise<void> {
    for (const file of Object.keys(this.manifest.files)) await this.read(file);
  }
}

function parseManifest(text: string): ModelManifest | undefined {
  try {
    return v.parse(manifestSchema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

function fingerprintOf(manifest: ModelManifest): string {
  const { name, dimensions, maxTokens, pooling, normalize, onnx, files } = manifest;
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(
    JSON.stringify([name, dimensions, maxTokens, pooling, normalize, onnx, sorted]),
  );
  return `${name}-${hash.digest('hex').slice(0, 16)}`;
}

function unreadable(model: string, file: string, error: unknown): ModelFolderError {
  const code = (error as NodeJS.ErrnoException).code;
  const problem = code === 'ENOENT' || code === 'ENOTDIR' ? 'is missing' : `can't be read (${code ?? String(error)})`;
  return new ModelFolderError(
    `The embedding model ${model} can't be used: its file ${file} ${problem}. Reinstall Latent Lens or restore the file.`,
    file,
  );
}
