/** Grammars of `@vscode/tree-sitter-wasm` by extension. A `.h` may be C or C++, whose grammar reads both. */
const extensions: Readonly<Record<string, string>> = {
  bash: 'sh bash zsh ksh',
  'c-sharp': 'cs csx',
  cpp: 'c h cc cpp cxx c++ hh hpp hxx h++ ipp inl tpp cu cuh',
  go: 'go',
  java: 'java',
  javascript: 'js mjs cjs jsx',
  php: 'php phtml',
  powershell: 'ps1 psm1 psd1',
  python: 'py pyi pyw',
  ruby: 'rb rake gemspec ru',
  rust: 'rs',
  tsx: 'tsx',
  typescript: 'ts mts cts',
};

/** The same by VS Code's language ids. */
const languageIds: Readonly<Record<string, string>> = {
  bash: 'shellscript',
  'c-sharp': 'csharp',
  cpp: 'c cpp cuda-cpp',
  go: 'go',
  java: 'java',
  javascript: 'javascript javascriptreact',
  php: 'php',
  powershell: 'powershell',
  python: 'python',
  ruby: 'ruby',
  rust: 'rust',
  tsx: 'typescriptreact',
  typescript: 'typescript',
};

const byExtension = inverse(extensions);
const byLanguageId = inverse(languageIds);

function inverse(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([grammar, keys]) => keys.split(' ').map((key) => [key, grammar] as const)),
  );
}

/** Every grammar that is used: the package leaves out the others. */
export const grammarNames = Object.keys(extensions);

/** Lower case, without the dot; empty when there is none. */
export function extensionOf(path = ''): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/** The grammar of a document; undefined when there is none. The extension decides: the index knows nothing else. */
export function grammarOf(languageId: string | undefined, extension: string): string | undefined {
  return byExtension.get(extension) ?? byLanguageId.get(languageId ?? '');
}
