/** What an extension contributes about a language, as far as the names of its files go. */
export interface LanguageNames {
  id?: unknown;
  extensions?: unknown;
  filenames?: unknown;
  filenamePatterns?: unknown;
}

/**
 * Globs of the names that VS Code opens as this language: those that extensions contribute, then the person's own
 * `files.associations`, which count more and so come last.
 */
export function globsOfLanguage(
  languageId: string,
  contributed: readonly LanguageNames[],
  associations: Readonly<Record<string, string>>,
): string[] {
  const own = contributed.filter(({ id }) => id === languageId);
  return [
    ...own.flatMap(({ extensions }) => textsOf(extensions).map((extension) => `*${literal(extension)}`)),
    ...own.flatMap(({ filenamePatterns }) => textsOf(filenamePatterns)),
    ...own.flatMap(({ filenames }) => textsOf(filenames).map(literal)),
    ...Object.keys(associations).filter((glob) => associations[glob] === languageId),
  ];
}

/** Other extensions' manifests are not ours to trust. */
function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string' && text !== '') : [];
}

function literal(name: string): string {
  return name.replace(/[*?[\]{}!\\]/g, '\\$&');
}
