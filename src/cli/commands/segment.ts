import * as fs from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { segmentSentences } from '../../core/topics/segmentation';
import { documentUnits, type SeamKind } from '../../core/topics/mixedTopicsUnits';
import type { CliArguments } from '../arguments';
import { existingFile } from '../files';
import { interruptionSignal, unlessInterrupted, watchSignals } from '../interruption';
import { printJson, printLine } from '../output';
import { ProgressLine } from '../progressLine';
import { startEmbedder } from '../startEmbedder';
import { withoutControls } from '../terminalText';

const separator = '='.repeat(10);
/** Texts that are embedded between two looks at Ctrl-C and two lines of progress. */
const sentencesAtOnce = 256;

/** The segments of a document, their number decided by the document. Lines of `=` alone in the input are no sentences. */
export async function segment(args: CliArguments): Promise<void> {
  const [name] = args.positionals;
  const source = name === undefined ? await readAll(process.stdin) : fs.readFileSync(existingFile(name), 'utf8');
  const content = source.replace(/^\uFEFF/u, '').normalize('NFC');
  const { sentences, seams } = args.text ? sentencesOfProse(content) : sentencesOfLines(content);
  if (sentences.length === 0) throw new Error(`${name ?? 'standard input'} holds no sentence`);
  watchSignals();
  const progress = new ProgressLine();
  const embedder = await startEmbedder(args, progress);
  try {
    const distinct = [...new Set(sentences)];
    const vectorOf = new Map<string, Float32Array>();
    for (let from = 0; from < distinct.length; from += sentencesAtOnce) {
      const batch = distinct.slice(from, from + sentencesAtOnce);
      progress.show(`${from} of ${distinct.length} sentences`);
      const embedded = await unlessInterrupted(
        embedder.embed(
          batch.map((text) => ({ text })),
          { priority: 'index', signal: interruptionSignal },
        ),
      );
      batch.forEach((text, i) => vectorOf.set(text, embedded[i].vector));
    }
    const { dimensions } = embedder;
    const vectors = new Float32Array(sentences.length * dimensions);
    sentences.forEach((text, i) => vectors.set(vectorOf.get(text) ?? [], i * dimensions));
    progress.clear();
    const bounds = [0, ...segmentSentences(sentences, vectors, dimensions, seams), sentences.length];
    const segments = bounds.slice(1).map((end, i) => sentences.slice(bounds[i], end));
    if (args.json) printJson({ sentences: sentences.length, segments });
    else printLine(segments.map((part) => part.map(withoutControls).join('\n')).join(`\n${separator}\n`));
  } finally {
    progress.clear();
    await embedder.close();
  }
}

interface SourceSentences {
  sentences: string[];
  /** What stands before each; undefined where lines say nothing of the layout. */
  seams: SeamKind[] | undefined;
}

function sentencesOfLines(content: string): SourceSentences {
  const sentences = content
    .split(/\r\n|\r|\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^=+$/u.test(line));
  return { sentences, seams: undefined };
}

/** Sentences on one line each: what was wrapped is joined. */
function sentencesOfProse(content: string): SourceSentences {
  const units = documentUnits(content)
    .map(({ start, end, seam }) => ({ text: content.slice(start, end).replace(/\s+/gu, ' '), seam }))
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  return { sentences: units.map(({ text }) => text), seams: units.map(({ seam }) => seam) };
}
