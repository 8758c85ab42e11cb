import type { TokenCounter } from '../chunking/chunk';
import type { ModelFolder } from './modelFolder';

/** Word pieces of one text as the model takes them. All arrays are `ids.length` long. */
export interface EncodedText {
  /** Ids with `[CLS]` first and `[SEP]` last, at most `maxTokens`. */
  ids: Int32Array;
  /**
   * Range in UTF-16 units of the unit of text (a run of letters and digits, a punctuation mark, a CJK character) that
   * each piece comes from; -1 for `[CLS]` and `[SEP]`.
   */
  starts: Int32Array;
  ends: Int32Array;
  /** True when pieces at the end were left out. */
  truncated: boolean;
}

/** The part of transformers.js that we use: ids of a whole text, no special tokens. */
type LibraryEncode = (text: string) => number[];

/** What the library's BertNormalizer turns into a space. It removes \v, \f, U+FEFF and U+0085 as control characters. */
const whitespace = '\\t\\n\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** What it puts spaces around. Only the basic plane: the library looks at UTF-16 units. */
const cjk = '\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff';
/** What its BertPreTokenizer cuts off as a piece of its own. */
const punctuation = '\\p{P}\\u0021-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u007e';

/** Units longer than this are rare (base64, minified code): not worth a place in the cache. */
const longestCachedUnit = 48;
const cacheGeneration = 32_768;

/**
 * BERT's word pieces through transformers.js, fast enough to count while cutting chunks: the pieces of a unit of text
 * do not depend on its neighbors, so the library sees each distinct unit once. `test/unit/embedding/tokenizer.test.ts`
 * holds it to the library's encoding of the whole text.
 */
export class WordPieceTokenizer implements TokenCounter {
  private young = new Map<string, readonly number[]>();
  private old = new Map<string, readonly number[]>();
  private readonly fineUnits: RegExp;
  private readonly coarseUnits: RegExp;

  constructor(
    private readonly encodeWithLibrary: LibraryEncode,
    specialTokens: readonly string[],
    private readonly clsId: number,
    private readonly sepId: number,
  ) {
    // Longest first: the library prefers the longest special token at a place.
    const specials = [...specialTokens].sort((a, b) => b.length - a.length).map(escapeRegExp);
    const special = specials.length > 0 ? `${specials.join('|')}|` : '';
    this.fineUnits = new RegExp(`${special}[${cjk}]|[${punctuation}]|[^${whitespace}${cjk}${punctuation}]+`, 'gu');
    this.coarseUnits = new RegExp(`[${cjk}]|[^${whitespace}${cjk}]+`, 'gu');
  }

  /**
   * Reads `tokenizer.json` and `tokenizer_config.json` of the folder, both verified.
   * @throws {ModelFolderError} when a file is missing or altered.
   */
  static async load(folder: ModelFolder): Promise<WordPieceTokenizer> {
    const [tokenizerBytes, configBytes] = await Promise.all([
      folder.read('tokenizer.json'),
      folder.read('tokenizer_config.json'),
    ]);
    const { PreTrainedTokenizer } = await import('@xenova/transformers');
    const decoder = new TextDecoder();
    const library = new PreTrainedTokenizer(
      JSON.parse(decoder.decode(tokenizerBytes)),
      JSON.parse(decoder.decode(configBytes)),
    );
    const [clsId, sepId] = library.encode('');
    return new WordPieceTokenizer(
      (text) => library.encode(text, { add_special_tokens: false }),
      library.all_special_tokens,
      clsId,
      sepId,
    );
  }

  /** Word pieces of the text, special tokens not included. */
  countTokens(text: string): number {
    let count = 0;
    for (const [unit] of text.matchAll(this.unitsOf(text))) count += this.piecesOf(unit).length;
    return count;
  }

  /**
   * Cuts off as sentence-transformers does: `[CLS]`, the first `maxTokens - 2` pieces, `[SEP]`. The rest of a long text
   * is not looked at.
   * @param maxTokens special tokens included, at least 2.
   */
  encode(text: string, maxTokens: number): EncodedText {
    const room = maxTokens - 2;
    const ids = [this.clsId];
    const starts = [-1];
    const ends = [-1];
    let truncated = false;
    for (const match of text.matchAll(this.unitsOf(text))) {
      const pieces = this.piecesOf(match[0]);
      const free = room + 1 - ids.length;
      truncated = pieces.length > free;
      const taken = Math.min(free, pieces.length);
      for (let i = 0; i < taken; i++) {
        ids.push(pieces[i]);
        starts.push(match.index);
        ends.push(match.index + match[0].length);
      }
      if (truncated) break;
    }
    ids.push(this.sepId);
    starts.push(-1);
    ends.push(-1);
    return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), ends: Int32Array.from(ends), truncated };
  }

  /**
   * Only one rule of the library looks beyond a unit: lower-casing a capital sigma asks whether a letter follows, over
   * punctuation too. Such texts are cut at whitespace and CJK characters alone.
   */
  private unitsOf(text: string): RegExp {
    return text.includes('\u03a3') ? this.coarseUnits : this.fineUnits;
  }

  /** Two generations make a cheap least-recently-used cache: a full young one becomes the old one. */
  private piecesOf(unit: string): readonly number[] {
    if (unit.length > longestCachedUnit) return this.encodeWithLibrary(unit);
    let pieces = this.young.get(unit);
    if (pieces !== undefined) return pieces;
    pieces = this.old.get(unit) ?? this.encodeWithLibrary(unit);
    if (this.young.size >= cacheGeneration) {
      this.old = this.young;
      this.young = new Map();
    }
    // Flattened: a key that is a slice would keep its whole document alive.
    this.young.set(Buffer.from(unit, 'utf16le').toString('utf16le'), pieces);
    return pieces;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
