import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';
import type { SplitterLanguage } from '../../shared/chunking';
import { trimRange, type TextRange } from './textLines';

export interface SplitterOptions {
  /** UTF-16 units. */
  chunkSize: number;
  chunkOverlap: number;
  /** Coarsest first; empty takes those of the language, or LangChain's own. */
  separators: readonly string[];
  language: SplitterLanguage | null;
}

/** A text that knows where in the document it begins. To the splitter it is a string: it asks for length and contents alone. */
class LocatedText extends String {
  constructor(
    text: string,
    readonly start: number,
  ) {
    super(text);
  }
}

/** LangChain's splitter is compiled JavaScript: an object that behaves as a string is one to it. */
const asString = (located: LocatedText): string => located as unknown as string;
const asLocated = (text: string): LocatedText => text as unknown as LocatedText;

/**
 * LangChain's RecursiveCharacterTextSplitter, with the range of each chunk. It returns trimmed texts without saying where
 * they stand, and a text that repeats can't be found again with certainty. So it is given texts that carry their offset:
 * what it takes apart is located where it is cut (`splitOnSeparator`), what it puts together where it is joined (`joinDocs`).
 */
export class LocatedSplitter extends RecursiveCharacterTextSplitter {
  constructor({ chunkSize, chunkOverlap, separators, language }: SplitterOptions) {
    super({
      chunkSize,
      chunkOverlap,
      separators:
        separators.length > 0
          ? [...separators]
          : language !== null
            ? RecursiveCharacterTextSplitter.getSeparatorsForLanguage(language)
            : undefined,
    });
    // Private to TypeScript alone; the tests compare with LangChain's own results.
    Object.assign(this, { joinDocs: joinLocated });
  }

  /** Ranges of the chunks in LangChain's order; a chunk's text is the slice of its range. */
  async ranges(text: string): Promise<TextRange[]> {
    const chunks = await this.splitText(asString(new LocatedText(text, 0)));
    return chunks.map((chunk) => {
      const { start, length } = asLocated(chunk);
      return { start, end: start + length };
    });
  }

  /** Separators stay with the text that follows, so the parts lie side by side. */
  protected override splitOnSeparator(text: string, separator: string): string[] {
    let { start } = asLocated(text);
    return super.splitOnSeparator(text.valueOf(), separator).map((part) => {
      const located = new LocatedText(part, start);
      start += part.length;
      return asString(located);
    });
  }
}

function joinLocated(docs: readonly string[], separator: string): string | null {
  const text = docs.map((doc) => doc.valueOf()).join(separator);
  const range = trimRange(text, 0, text.length);
  if (!range) return null;
  return asString(new LocatedText(text.slice(range.start, range.end), asLocated(docs[0]).start + range.start));
}
