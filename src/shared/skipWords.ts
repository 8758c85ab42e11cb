import type { SkipReason } from './indexing';

/** Why files were left out, as a reading that follows their number: "3 too large". */
export const skipWords: Record<SkipReason, string> = {
  ignored: 'left out by an ignore file',
  excluded: 'excluded in settings',
  secret: 'with keys or credentials',
  'not-included': 'not among the included patterns',
  'too-large': 'too large',
  binary: 'binary',
  encoding: 'not in the encoding expected',
  'no-text': 'without text',
  generated: 'generated',
  minified: 'minified',
  unreadable: 'unreadable',
  'symlink-loop': 'links in a circle',
};
