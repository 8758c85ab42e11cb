import { Parser } from 'htmlparser2';
import type { FileDocument } from './documentSource';
import { TextAssembly } from './textAssembly';

/** What a browser shows nothing of, or no text of the page. */
const hidden = new Set(
  'head script style template noscript svg math iframe object embed canvas audio video select datalist'.split(' '),
);
const blocks = new Set(
  (
    'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hgroup hr html legend li main menu nav ol optgroup option p pre search section summary table tbody tfoot thead tr ul'
  ).split(' '),
);

/**
 * The text that a page shows, as Markdown in its outlines so that the chunker sees headings, lists and listings, with the
 * place of every piece in the page's source. What it adds (`#`, `-`, fences) stands nowhere there.
 */
export function htmlDocument(source: string): FileDocument {
  const text = new TextAssembly();
  let leftOutDepth = 0;
  let listing = 0;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        const invisible = hidden.has(name) || 'hidden' in attributes;
        if (leftOutDepth > 0 || invisible) {
          leftOutDepth++;
          return;
        }
        const at = parser.endIndex + 1;
        if (name === 'br') text.lineBreak();
        else if (name === 'td' || name === 'th') text.cell(at);
        else if (name === 'pre') {
          text.block();
          listing++;
        } else if (blocks.has(name)) {
          text.block(name === 'li' || name === 'tr' || name === 'dd' || name === 'dt');
          if (/^h[1-6]$/.test(name)) text.prefix(`${'#'.repeat(Number(name[1]))} `);
          else if (name === 'li') text.prefix('- ');
        }
      },
      onclosetag: (name) => {
        if (leftOutDepth > 0) {
          leftOutDepth--;
          return;
        }
        if (name === 'pre' && listing > 0 && --listing === 0) text.closeListing(parser.startIndex);
        if (blocks.has(name)) text.block(name === 'li' || name === 'tr' || name === 'dd' || name === 'dt');
      },
      ontext: (piece) => {
        if (leftOutDepth > 0) return;
        const [start, end] = [parser.startIndex, parser.endIndex + 1];
        // An entity stands for other characters than its source has.
        if (source.slice(start, end) !== piece) text.entity(piece, start, end, listing > 0);
        else if (listing > 0) text.listing(piece, start);
        else text.prose(piece, start);
      },
    },
    { decodeEntities: true, recognizeSelfClosing: false },
  );
  parser.write(source);
  parser.end();
  return { kind: 'markdown', ...text.of(source) };
}
