import type { SearchHit, SearchResults } from '../../shared/space';
import { counted, similarityWords } from '../../shared/plainWords';

/** A hit as a line of the quick pick. */
export interface HitWords {
  label: string;
  description: string;
  detail: string;
}

const firstLineAtMost = 160;

export function hitWords(hit: SearchHit, severalFolders: string | undefined): HitWords {
  const file = `${severalFolders === undefined ? '' : `${severalFolders}/`}${hit.place.path}:${hit.place.startLine + 1}`;
  const twins = hit.places > 1 ? ` · ${hit.places} places` : '';
  return {
    label: firstLine(hit.text) || file,
    description: `${similarityWords(hit.similarity, hit.percentile)}${twins}`,
    detail: file,
  };
}

/** The first line that says something, without the signs of a Markdown heading or list. */
function firstLine(text: string): string {
  const line = text.split(/\r?\n/).find((each) => /[\p{L}\p{N}]/u.test(each)) ?? '';
  const bare = line.trim().replace(/^(#{1,6}|[-*+>]|\d+[.)])\s+/, '');
  // The quick pick would draw `$(name)` as an icon.
  const plain = bare.replaceAll('$(', '$ (');
  return plain.length > firstLineAtMost ? `${plain.slice(0, firstLineAtMost - 1)}…` : plain;
}

export function resultsTitle(results: SearchResults): string {
  return `Search by meaning · ${counted(results.hits.length, 'hit')} among ${counted(results.searched, 'chunk')} · ${Math.round(results.elapsedMs)} ms`;
}
