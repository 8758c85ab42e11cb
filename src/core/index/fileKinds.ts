import type { Document } from '../chunking/chunk';

/** What a file's name says about its content. */
export interface FileKind {
  /** Decides the chunker; undefined for files that are never text. */
  kind: Document['kind'] | undefined;
  /** What people call it, for the legend: "Rust", "Markdown", "Text". */
  fileType: string;
  /** Why such files are not indexed unless the person's own globs name them. */
  leftOut: 'generated' | 'minified' | 'data' | 'binary' | undefined;
  /** What of it is text, where that is not the file as it stands. */
  shape?: 'notebook' | 'html' | 'rst';
  /** False when the name says nothing: only the content can tell whether it is text. */
  known: boolean;
}

type Table = Readonly<Record<string, string>>;

const markdownTypes: Table = {
  Markdown: 'md markdown mdown mkd mdwn mdx mdc qmd rmd livemd',
};

const plainTypes: Table = {
  Text: 'txt text',
  AsciiDoc: 'adoc asciidoc asc',
  'Org Mode': 'org',
  Textile: 'textile',
  Wikitext: 'wiki mediawiki',
  LaTeX: 'tex latex ltx sty cls bib',
  'Manual Page': 'man 1 2 3 4 5 6 7 8',
  Subtitles: 'srt vtt',
};

const codeTypes: Table = {
  TypeScript: 'ts mts cts tsx',
  JavaScript: 'js mjs cjs jsx',
  Python: 'py pyi pyw pyx',
  Rust: 'rs',
  Go: 'go',
  Java: 'java',
  Kotlin: 'kt kts',
  Scala: 'scala sc sbt',
  Groovy: 'groovy gradle gvy',
  C: 'c h',
  'C++': 'cc cpp cxx c++ hh hpp hxx h++ ipp inl tpp cu cuh',
  'C#': 'cs csx',
  'F#': 'fs fsi fsx',
  'Visual Basic': 'vb vbs bas',
  'Objective-C': 'm mm',
  Swift: 'swift',
  Dart: 'dart',
  Ruby: 'rb rake gemspec ru erb',
  PHP: 'php phtml',
  Perl: 'pl pm t',
  Lua: 'lua luau',
  R: 'r',
  Julia: 'jl',
  Haskell: 'hs lhs',
  OCaml: 'ml mli',
  Elm: 'elm',
  PureScript: 'purs',
  Elixir: 'ex exs heex',
  Erlang: 'erl hrl',
  Clojure: 'clj cljs cljc edn',
  Lisp: 'lisp lsp el scm ss rkt',
  Nim: 'nim nims',
  Zig: 'zig',
  Crystal: 'cr',
  D: 'd',
  V: 'v vsh',
  Ada: 'adb ads',
  Fortran: 'f f90 f95 f03 f08 for',
  Pascal: 'pas pp dpr',
  COBOL: 'cob cbl',
  Assembly: 's asm nasm',
  Solidity: 'sol',
  Move: 'move',
  Verilog: 'sv svh vh',
  VHDL: 'vhd vhdl',
  'Shell Script': 'sh bash zsh fish ksh csh',
  PowerShell: 'ps1 psm1 psd1',
  Batch: 'bat cmd',
  SQL: 'sql psql ddl',
  GraphQL: 'graphql gql',
  'Protocol Buffers': 'proto',
  Thrift: 'thrift',
  Vue: 'vue',
  Svelte: 'svelte',
  Astro: 'astro',
  Template: 'hbs handlebars mustache ejs pug jade liquid njk jinja j2 twig',
  CSS: 'css',
  Sass: 'scss sass',
  Less: 'less styl',
  XML: 'xml xsd xsl xslt rng wsdl plist resx csproj vbproj fsproj props targets xaml axaml storyboard xib',
  JSON: 'json jsonc json5 webmanifest code-workspace',
  YAML: 'yaml yml',
  TOML: 'toml',
  INI: 'ini cfg conf properties editorconfig service desktop reg',
  Terraform: 'tf hcl',
  Nix: 'nix',
  CMake: 'cmake',
  Makefile: 'mk mak make',
  Bazel: 'bzl bazel star',
  Dockerfile: 'dockerfile containerfile',
  Starlark: 'starlark',
  Diff: 'diff patch',
  Shader: 'glsl vert frag comp hlsl wgsl metal',
  Prolog: 'pro prolog',
  CoffeeScript: 'coffee',
  WebAssembly: 'wat wast',
  Gherkin: 'feature',
  Puppet: 'puppet',
};

const dataTypes: Table = {
  Table: 'csv tsv psv',
  'JSON Lines': 'jsonl ndjson geojson topojson',
  Log: 'log',
  SVG: 'svg',
  'Translation Catalog': 'po pot xlf xliff',
  Certificate: 'crt cer csr',
  'Public Key': 'pub',
};

const generatedTypes: Table = {
  'Source Map': 'map',
  Snapshot: 'snap',
  'Lock File': 'lock lockb lockfile',
};

const binaryTypes: Table = {
  Image: 'png jpg jpeg gif bmp ico icns webp avif tif tiff heic psd ai eps raw xcf',
  Audio: 'mp3 wav ogg flac m4a aac opus mid midi',
  Video: 'mp4 mov avi mkv webm m4v mpg mpeg wmv flv',
  Archive: 'zip gz tgz bz2 xz zst 7z rar tar jar war ear apk ipa deb rpm dmg iso cab vsix whl egg nupkg crate br lz4',
  Font: 'ttf otf woff woff2 eot',
  Office: 'pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub mobi pages numbers key',
  Binary:
    'exe dll so dylib a o obj lib pdb class pyc pyo pyd wasm node bin dat elf beam rlib rmeta ilk exp gch pch swiftmodule',
  Database: 'db sqlite sqlite3 mdb ldb parquet arrow feather orc avro h5 hdf5 npy npz pkl pickle mat rdata rds',
  Model: 'onnx pt pth ckpt safetensors gguf ggml tflite pb caffemodel f32',
  '3D Model': 'glb gltf fbx stl blend 3ds dae ply',
};

/** Whole names, in lower case. */
const names: Table = {
  Makefile: 'makefile gnumakefile kbuild',
  Dockerfile: 'dockerfile containerfile',
  Ruby: 'gemfile rakefile guardfile vagrantfile podfile fastfile appfile brewfile berksfile',
  Bazel: 'build workspace build.bazel workspace.bazel module.bazel',
  Jenkins: 'jenkinsfile',
  CMake: 'cmakelists.txt',
  Meson: 'meson.build meson_options.txt',
  Just: 'justfile',
  Earthfile: 'earthfile',
  Procfile: 'procfile',
  'Shell Script': '.bashrc .bash_profile .profile .zshrc .zprofile .envrc .gitconfig .vimrc pkgbuild',
  'Ignore File':
    '.gitignore .latentlensignore .dockerignore .npmignore .prettierignore .eslintignore .vscodeignore .gitattributes .gitmodules',
};

const textNames = new Set(
  ['readme', 'license', 'licence', 'copying', 'notice', 'authors', 'contributors', 'maintainers', 'changelog'].concat([
    'changes',
    'news',
    'todo',
    'install',
    'history',
    'thanks',
    'credits',
    'hacking',
    'faq',
    'contributing',
    'codeowners',
  ]),
);

/** Files that tools write and nobody reads. */
const generatedNames = new Set(
  (
    'package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock composer.lock gemfile.lock ' +
    'cargo.lock poetry.lock uv.lock pdm.lock pipfile.lock flake.lock mix.lock pubspec.lock podfile.lock go.sum gradle.lockfile ' +
    'packages.lock.json paket.lock package.resolved .terraform.lock.hcl .ds_store thumbs.db .eslintcache .tsbuildinfo gradlew gradlew.bat mvnw mvnw.cmd ' +
    'conan.lock cabal.project.freeze stack.yaml.lock rebar.lock go.work.sum third-party-notices.txt thirdpartynotices.txt'
  ).split(' '),
);

const minifiedPattern = /[.-]min\.(?:js|mjs|cjs|css|html)$|[.-]bundle\.(?:js|css)$/;
const generatedPattern =
  /\.(?:generated|g|pb|pb2|designer)\.[a-z]+$|_pb2(?:_grpc)?\.pyi?$|\.pb\.(?:go|cc|h)$|\.tsbuildinfo$|\.d\.ts\.map$/;

const byExtension = new Map<string, FileKind>();
const byName = new Map<string, FileKind>();

function register(table: Table, kind: FileKind['kind'], leftOut: FileKind['leftOut'], into = byExtension): void {
  for (const [fileType, keys] of Object.entries(table)) {
    for (const key of keys.split(' ')) into.set(key, { kind, fileType, leftOut, known: true });
  }
}

register(binaryTypes, undefined, 'binary');
register(dataTypes, 'plain', 'data');
register(generatedTypes, 'plain', 'generated');
register(codeTypes, 'code', undefined);
register(plainTypes, 'plain', undefined);
register(markdownTypes, 'markdown', undefined);
register(names, 'code', undefined, byName);
for (const key of ['html', 'htm', 'xhtml'])
  byExtension.set(key, { kind: 'markdown', fileType: 'HTML', leftOut: undefined, shape: 'html', known: true });
for (const key of ['rst', 'rest'])
  byExtension.set(key, {
    kind: 'markdown',
    fileType: 'reStructuredText',
    leftOut: undefined,
    shape: 'rst',
    known: true,
  });
byExtension.set('ipynb', { kind: 'code', fileType: 'Notebook', leftOut: undefined, shape: 'notebook', known: true });

const text: FileKind = { kind: 'plain', fileType: 'Text', leftOut: undefined, known: true };
const unknown: FileKind = { kind: 'plain', fileType: 'Other', leftOut: undefined, known: false };

/** What the name of a file says: the whole name first, then the extension. */
export function fileKindOf(path: string): FileKind {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  const extension = dot >= 0 ? name.slice(dot + 1) : '';
  const known = byName.get(name) ?? byExtension.get(extension);
  const writtenByTool = generatedNames.has(name) || generatedPattern.test(name);
  if (writtenByTool || minifiedPattern.test(name)) {
    const leftOut = writtenByTool ? 'generated' : 'minified';
    return { ...(known ?? text), kind: known?.kind ?? 'plain', leftOut };
  }
  if (byName.has(name)) return byName.get(name)!;
  if (/^(?:dockerfile|containerfile|makefile|jenkinsfile)\./.test(name))
    return byName.get(name.slice(0, name.indexOf('.')))!;
  if (dot <= 0 && textNames.has(name)) return text;
  return known ?? unknown;
}

const markdownLanguages = new Set(['markdown', 'mdx', 'quarto', 'rmd']);
const plainLanguages = new Set([
  ...['plaintext', 'restructuredtext', 'asciidoc', 'org', 'latex', 'tex', 'bibtex', 'textile', 'log'],
  ...['git-commit', 'scminput', 'csv', 'tsv'],
]);

/** How a document in the editor is cut, by VS Code's language id. */
export function documentKindOfLanguage(languageId: string): Document['kind'] {
  if (markdownLanguages.has(languageId)) return 'markdown';
  return languageId === '' || plainLanguages.has(languageId) ? 'plain' : 'code';
}
