import { defaultChunking } from './chunking';
import type { IndexSettings } from './indexing';

/** What the settings say where the person said nothing; what the editor hides by default comes from its own settings. */
export const defaultIndexSettings: IndexSettings = {
  include: [],
  exclude: [],
  maxFileSizeKb: 1024,
  respectGitignore: true,
  encoding: 'utf8',
  encodings: [],
  chunking: defaultChunking,
};
