/**
 * What we use of transformers.js. `paths` in tsconfig.json sends the name to the package's web build, which has no
 * declarations beside it.
 */
declare module '@xenova/transformers' {
  export class PreTrainedTokenizer {
    /** Parsed `tokenizer.json` and `tokenizer_config.json`. */
    constructor(tokenizerJson: unknown, tokenizerConfig: unknown);
    readonly all_special_tokens: string[];
    encode(text: string, options?: { add_special_tokens?: boolean }): number[];
  }
}
