import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type * as TreeSitter from '@vscode/tree-sitter-wasm';
import type { Language, Node, Parser } from '@vscode/tree-sitter-wasm';
import { extensionOf, grammarOf } from './codeLanguages';

/** Beyond this the lines decide: files of that size are data or generated, and a parse would hold up all that waits. */
const longestParsed = 256 * 1024;

/**
 * The grammars that VS Code ships, each loaded when the first file of its language is cut. None is needed: what can't be
 * loaded or parsed is cut by its lines.
 */
export class CodeGrammars {
  private parser: Promise<Parser | undefined> | undefined;
  private readonly languages = new Map<string, Promise<Language | undefined>>();

  /** @param folder holds `tree-sitter.wasm` and a `tree-sitter-LANGUAGE.wasm` for each language. */
  constructor(private readonly folder: string) {}

  /**
   * Parses a text and gives its syntax tree to `use`; the tree is gone afterwards.
   * @returns undefined without calling `use` where there is no grammar for the document.
   */
  async withTree<T>(
    document: { text: string; path?: string; languageId?: string },
    use: (root: Node) => T,
  ): Promise<T | undefined> {
    const grammar = grammarOf(document.languageId, extensionOf(document.path));
    if (grammar === undefined || document.text.length > longestParsed) return undefined;
    this.parser ??= this.loadParser().catch(() => undefined);
    const parser = await this.parser;
    if (!parser) return undefined;
    let language = this.languages.get(grammar);
    if (!language) {
      language = this.loadLanguage(grammar).catch(() => undefined);
      this.languages.set(grammar, language);
    }
    const loaded = await language;
    if (!loaded) return undefined;
    // From here on nothing waits: the one parser serves all.
    parser.setLanguage(loaded);
    const tree = parser.parse(document.text);
    if (!tree) return undefined;
    try {
      return use(tree.rootNode);
    } finally {
      tree.delete();
    }
  }

  private async loadParser(): Promise<Parser> {
    const { Parser: LoadedParser } = await treeSitter();
    await LoadedParser.init({ locateFile: (file) => path.join(this.folder, file) });
    return new LoadedParser();
  }

  private async loadLanguage(grammar: string): Promise<Language> {
    const { Language: LoadedLanguage } = await treeSitter();
    return LoadedLanguage.load(await readFile(path.join(this.folder, `tree-sitter-${grammar}.wasm`)));
  }
}

/** Loaded when the first code is cut. Node gives a CommonJS module as the default export, the bundler gives it as it is. */
async function treeSitter(): Promise<typeof TreeSitter> {
  const loaded: typeof TreeSitter & { default?: typeof TreeSitter } = await import('@vscode/tree-sitter-wasm');
  return loaded.Parser === undefined ? (loaded.default as typeof TreeSitter) : loaded;
}
