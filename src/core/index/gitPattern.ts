/**
 * One pattern of an ignore file, matched as git does (dir.c and wildmatch.c), byte for byte: `?` is one byte of UTF-8,
 * what stands before the first wildcard is compared first, and `**` counts as "any folders" from there on. Libraries for
 * ignore files differ in such corners.
 */
export interface GitPattern {
  /** Brings back what an earlier pattern ignored. */
  negative: boolean;
  directoriesOnly: boolean;
  /**
   * @param path of the entry below the folder of the ignore file, as bytes (see `bytesOf`)
   * @param name its last part
   */
  matches(path: string, name: string): boolean;
}

/** A longer one is no pattern that somebody wrote. */
const longestPattern = 2000;

/** UTF-8 as a string of one unit a byte. */
export function bytesOf(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** @returns undefined for a comment, a blank line and what can match nothing */
export function parseGitPattern(line: string, ignoreCase: boolean): GitPattern | undefined {
  if (line.startsWith('#') || line.length > longestPattern) return undefined;
  let pattern = bytesOf(withoutTrailingSpaces(line));
  const negative = pattern.startsWith('!');
  if (negative) pattern = pattern.slice(1);
  const directoriesOnly = pattern.endsWith('/');
  if (directoriesOnly) pattern = pattern.slice(0, -1);
  if (pattern === '') return undefined;
  const anywhere = !pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  const wild = pattern.search(/[*?[\\]/);
  const prefix = wild < 0 ? pattern : pattern.slice(0, wild);
  const fold = ignoreCase ? foldCase : (text: string): string => text;
  const start = fold(prefix);
  if (wild < 0) {
    const matches = anywhere
      ? (_: string, name: string): boolean => fold(name) === start
      : (path: string): boolean => fold(path) === start;
    return { negative, directoriesOnly, matches };
  }
  const tokens = compile(pattern.slice(wild), ignoreCase);
  if (tokens === undefined) return undefined;
  const rest = matcher(tokens);
  const matchesFrom = (text: string): boolean =>
    fold(text.slice(0, start.length)) === start && rest(text.slice(start.length));
  return {
    negative,
    directoriesOnly,
    matches: anywhere ? (_, name) => matchesFrom(name) : (path) => matchesFrom(path),
  };
}

/** Spaces at the end don't count, unless a backslash stands before them. */
function withoutTrailingSpaces(line: string): string {
  let end = 0;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\') i++;
    else if (line[i] === ' ') continue;
    end = i + 1;
  }
  return line.slice(0, end);
}

function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
}

/** One byte of a set; `*`; a last `**`; a `**` with a slash after it, which may stand for no folder at all. */
type Token = { bytes: Uint8Array } | 'star' | 'anything' | 'folders';

function compile(pattern: string, ignoreCase: boolean): Token[] | undefined {
  const tokens: Token[] = [];
  let i = 0;
  while (i < pattern.length) {
    const unit = pattern[i];
    if (unit === '*') {
      const before = pattern[i - 1];
      const first = i;
      while (pattern[i] === '*') i++;
      const overFolders = i - first > 1 && (before === undefined || before === '/');
      if (overFolders && pattern[i] === '/') {
        tokens.push('folders');
        i++;
      } else if (overFolders && (i === pattern.length || pattern.startsWith('\\/', i))) tokens.push('anything');
      else tokens.push('star');
    } else if (unit === '[') {
      const set = parseSet(pattern, i);
      if (set === undefined) return undefined;
      tokens.push({ bytes: ignoreCase ? withBothCases(set.bytes) : set.bytes });
      i = set.next;
    } else if (unit === '?') {
      tokens.push({ bytes: allButSlash() });
      i++;
    } else {
      const literal = unit === '\\' ? pattern.charCodeAt(++i) : unit.charCodeAt(0);
      // A backslash at the end escapes nothing and matches nothing.
      if (Number.isNaN(literal)) return undefined;
      const bytes = new Uint8Array(256);
      bytes[literal] = 1;
      tokens.push({ bytes: ignoreCase ? withBothCases(bytes) : bytes });
      i++;
    }
  }
  return tokens;
}

function allButSlash(): Uint8Array {
  const bytes = new Uint8Array(256).fill(1);
  bytes[slash] = 0;
  return bytes;
}

const slash = 47;

function withBothCases(bytes: Uint8Array): Uint8Array {
  const both = bytes.slice();
  for (let lower = 97; lower <= 122; lower++) both[lower] = both[lower - 32] = bytes[lower] | bytes[lower - 32];
  return both;
}

const classes: Record<string, (byte: number) => boolean> = {
  alnum: (byte) => /[A-Za-z0-9]/.test(String.fromCharCode(byte)),
  alpha: (byte) => /[A-Za-z]/.test(String.fromCharCode(byte)),
  blank: (byte) => byte === 32 || byte === 9,
  cntrl: (byte) => byte < 32 || byte === 127,
  digit: (byte) => byte >= 48 && byte <= 57,
  graph: (byte) => byte > 32 && byte < 127,
  lower: (byte) => byte >= 97 && byte <= 122,
  print: (byte) => byte >= 32 && byte < 127,
  punct: (byte) => byte > 32 && byte < 127 && !/[A-Za-z0-9]/.test(String.fromCharCode(byte)),
  space: (byte) => byte === 32 || (byte >= 9 && byte <= 13),
  upper: (byte) => byte >= 65 && byte <= 90,
  xdigit: (byte) => /[A-Fa-f0-9]/.test(String.fromCharCode(byte)),
};

/** `[…]` from its bracket on; undefined where it never ends. */
function parseSet(pattern: string, open: number): { bytes: Uint8Array; next: number } | undefined {
  const bytes = new Uint8Array(256);
  let i = open + 1;
  const negated = pattern[i] === '!' || pattern[i] === '^';
  if (negated) i++;
  let previous = 0;
  do {
    let code = pattern.charCodeAt(i);
    if (Number.isNaN(code)) return undefined;
    if (pattern[i] === '\\') {
      code = pattern.charCodeAt(++i);
      if (Number.isNaN(code)) return undefined;
      bytes[code] = 1;
    } else if (pattern[i] === '-' && previous > 0 && i + 1 < pattern.length && pattern[i + 1] !== ']') {
      if (pattern[++i] === '\\') i++;
      const last = pattern.charCodeAt(i);
      if (Number.isNaN(last)) return undefined;
      if (previous <= last) bytes.fill(1, previous, last + 1);
      code = 0;
    } else if (pattern.startsWith('[:', i)) {
      const end = pattern.indexOf(']', i + 2);
      if (end < 0) return undefined;
      if (end - 1 >= i + 2 && pattern[end - 1] === ':') {
        const belongs = classes[pattern.slice(i + 2, end - 1)];
        if (belongs === undefined) return undefined;
        for (let byte = 0; byte < 256; byte++) if (belongs(byte)) bytes[byte] = 1;
        i = end;
        code = 0;
      } else bytes[code] = 1;
    } else bytes[code] = 1;
    previous = code;
    i++;
  } while (pattern[i] !== ']');
  const set = negated ? bytes.map((is) => 1 - is) : bytes;
  set[slash] = 0;
  return { bytes: set, next: i + 1 };
}

/** With more wildcards than these a regular expression could take very long for a name that was made for it. */
const wildcardsInExpression = 2;

function matcher(tokens: readonly Token[]): (text: string) => boolean {
  const wildcards = tokens.filter((token) => typeof token === 'string').length;
  if (wildcards > wildcardsInExpression) return (text) => matchesTokens(tokens, text);
  const source = tokens.map((token) => {
    if (token === 'star') return '[^/]*';
    if (token === 'anything') return '[^]*';
    if (token === 'folders') return '(?:[^]*/)?';
    return classOf(token.bytes);
  });
  const expression = new RegExp(`^${source.join('')}$`);
  return (text) => expression.test(text);
}

function classOf(bytes: Uint8Array): string {
  let members = '';
  for (let from = 0; from < 256; from++) {
    if (bytes[from] === 0) continue;
    let to = from;
    while (to < 255 && bytes[to + 1] === 1) to++;
    members += `${hex(from)}-${hex(to)}`;
    from = to;
  }
  return `[${members}]`;
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Looks at each pair of a token and an offset at most once. */
function matchesTokens(tokens: readonly Token[], text: string): boolean {
  const failed = new Set<number>();
  const stack: [number, number][] = [[0, 0]];
  const push = (token: number, offset: number): void => {
    const key = token * (text.length + 1) + offset;
    if (failed.has(key)) return;
    failed.add(key);
    stack.push([token, offset]);
  };
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    const [at, offset] = state;
    const token = tokens[at];
    const end = offset === text.length;
    if (token === undefined) {
      if (end) return true;
    } else if (typeof token === 'object') {
      if (!end && token.bytes[text.charCodeAt(offset)] === 1) push(at + 1, offset + 1);
    } else if (token === 'folders') {
      push(at + 1, offset);
      for (let next = text.indexOf('/', offset); next >= 0; next = text.indexOf('/', next + 1)) push(at + 1, next + 1);
    } else {
      push(at + 1, offset);
      if (!end && (token === 'anything' || text[offset] !== '/')) push(at, offset + 1);
    }
  }
  return false;
}
