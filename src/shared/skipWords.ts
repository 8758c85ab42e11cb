import type { SkipReason } from './space';

/** Why files were left out, as a reading that follows their number: "3 too large". */
export const skipWords: Record<SkipReason, string> = {
  ignored: 'left out by .gitignore',
  excluded: 'excluded in settings',
  secret: 'keys and credentials',
  'not-included': 'not among the included patterns',
  'too-large': 'too large',
  binary: 'binary',
  encoding: 'not UTF-8',
  'no-text': 'without text',
  unreadable: 'unreadable',
  'symlink-loop': 'links in a circle',
};
