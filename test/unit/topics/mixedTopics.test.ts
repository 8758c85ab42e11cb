import assert from 'node:assert/strict';
import { MixedTopicModel } from '../../../src/core/topics/mixedTopics';
import { MixedTopicAssessment, type AssessedChunk } from '../../../src/core/topics/mixedTopicsAssessment';
import { chooseCandidates, planScreen } from '../../../src/core/topics/mixedTopicsScreen';
import {
  chunkAbout,
  countSentencesAnew,
  dimensions,
  ordinaryChunks,
  screened,
  syntheticEmbedder,
  unlikeTopics,
  vectorOf,
} from './syntheticSentences';

const noise = 0.9;

const pairs = unlikeTopics(8);

/** Of two unlike topics: the pair of that number, from 1. */
function mixedChunk(pair: number): AssessedChunk {
  const [first, second] = pairs[pair - 1];
  return chunkAbout(`mixed ${first}`, [first, first, first, first, second, second, second, second], noise);
}

describe('mixed-topic assessment', () => {
  beforeEach(countSentencesAnew);

  it('finds planted mixes, at their seams, and flags hardly any chunk of one topic', async () => {
    const mixed = [mixedChunk(1), mixedChunk(2), mixedChunk(3), mixedChunk(4)];
    const chunks = [...ordinaryChunks(160, noise, 1), ...mixed];
    const assessment = await MixedTopicAssessment.assess(chunks, syntheticEmbedder(noise), { dimensions });
    for (const chunk of mixed) {
      const cut = assessment.cutOf(chunk.key);
      assert.ok(cut?.flagged, `${chunk.text} was not flagged`);
      assert.equal(cut.measure.cut, [...chunk.text.matchAll(/Sentence/g)][4].index);
      assert.ok(cut.percentile !== undefined && cut.percentile > 95);
    }
    assert.ok(assessment.flagged().length <= mixed.length + 2, `${assessment.flagged().length} flags`);
  });

  it('flags almost nothing in indexes in which nothing mixes', async () => {
    let flagged = 0;
    for (let seed = 1; seed <= 3; seed++) {
      const chunks = ordinaryChunks(100, noise, seed);
      const assessment = await MixedTopicAssessment.assess(chunks, syntheticEmbedder(noise), { dimensions });
      assert.equal(assessment.measured, chunks.length);
      flagged += assessment.flagged().length;
    }
    assert.ok(flagged <= 0.01 * 3 * 100, `${flagged} of 300 ordinary chunks were flagged`);
  });

  it('works on an index of 30 chunks and does not judge one of 5', async () => {
    const mixed = mixedChunk(1);
    const embed = syntheticEmbedder(0.5);
    const small = await MixedTopicAssessment.assess([...ordinaryChunks(30, 0.5, 3), mixed], embed, { dimensions });
    assert.deepEqual(small.flagged(), [mixed.key]);
    const tiny = await MixedTopicAssessment.assess([...ordinaryChunks(4, 0.5, 3), mixed], embed, { dimensions });
    assert.equal(tiny.canJudge, false);
    assert.deepEqual(tiny.flagged(), []);
    assert.equal(tiny.cutOf(mixed.key)?.percentile, undefined);
    assert.equal(typeof tiny.cutOf(mixed.key)?.strength, 'number');
    const empty = await MixedTopicAssessment.assess([], embed, { dimensions });
    assert.deepEqual(empty.flagged(), []);
  });

  it('never judges code, nor chunks of fewer than four sentences', async () => {
    const code = { ...mixedChunk(1), kind: 'code' as const };
    const short = chunkAbout('short', [1, 1, 2], noise);
    const embed = syntheticEmbedder(noise);
    const assessment = await MixedTopicAssessment.assess([...ordinaryChunks(60, noise, 2), code, short], embed, {
      dimensions,
    });
    assert.equal(assessment.cutOf(code.key), undefined);
    assert.equal(assessment.cutOf(short.key), undefined);
    assert.ok(!embed.embedded.some((sentence) => code.text.includes(sentence) || short.text.includes(sentence)));
  });

  describe('of a chunk that a heading divides', () => {
    const divided = (name: string, topics: readonly number[], at: number, marks: string): AssessedChunk => {
      const { text, ...rest } = chunkAbout(name, topics, noise);
      const start = [...text.matchAll(/Sentence/g)][at].index;
      const headed = `${text.slice(0, start).trimEnd()}\n\n${marks} Part ${name}\n\n${text.slice(start)}`;
      return { ...rest, key: headed, text: headed, screen: screened(headed, noise) };
    };
    const assessed = async (...chunks: AssessedChunk[]): Promise<MixedTopicAssessment> =>
      MixedTopicAssessment.assess([...ordinaryChunks(80, noise, 11), ...chunks], syntheticEmbedder(noise), {
        dimensions,
      });

    it('flags it at the heading, at every sensitivity, when its parts differ', async () => {
      const [first, second] = pairs[0];
      const chunk = divided('a', [first, first, first, first, second, second, second, second], 4, '##');
      assert.equal(chunk.screen?.headed, true);
      const assessment = await assessed(chunk);
      for (const sensitivity of ['precision', 1 / 500] as const) {
        assessment.sensitivity = sensitivity;
        const cut = assessment.cutOf(chunk.key);
        assert.ok(cut?.flagged && cut.headed);
        assert.ok(chunk.text.slice(cut.measure.cut).startsWith('## Part a'));
      }
    });

    it('puts the cut at the heading, wherever the strongest one is', async () => {
      const quiet = 0.4;
      const [first, second] = pairs[3];
      const text = chunkAbout('e', [first, first, first, ...new Array<number>(6).fill(second)], quiet).text;
      const starts = [...text.matchAll(/Sentence/g)].map(({ index }) => index);
      const headed = `${text.slice(0, starts[4]).trimEnd()}\n\n## Part e\n\n${text.slice(starts[4])}`;
      const embed = syntheticEmbedder(quiet);
      const assessment = await MixedTopicAssessment.assess(ordinaryChunks(80, quiet, 12), embed, { dimensions });
      const plain = await assessment.judgeText(text, embed, { dimensions });
      assert.equal(plain.cut?.measure.cut, starts[3]);
      const { cut } = await assessment.judgeText(headed, embed, { dimensions });
      assert.ok(cut?.headed && cut.measure.heading !== undefined);
      assert.ok(headed.slice(cut.measure.cut).startsWith('## Part e'));
      assert.equal(cut.measure.speaksFor, undefined, 'measured at another cut');
    });

    it('needs no strength, but evidence of two subjects', async () => {
      const chunks = ordinaryChunks(80, noise, 13);
      const assessment = await MixedTopicAssessment.assess(chunks, syntheticEmbedder(noise), { dimensions });
      const measures = chunks.flatMap(({ key }) => assessment.cutOf(key)?.measure ?? []);
      const model = MixedTopicModel.fit(
        measures.map((measure) => ({ measure, weight: 1 })),
        [],
      );
      const weak = measures.find((measure) => model.judge(measure).strength < 0)!;
      const judged = (evidence: number) => model.judge({ ...weak, heading: { cut: weak.cut, evidence } });
      assert.deepEqual([judged(0.1).flagged, judged(0.1).headed], [true, true]);
      assert.deepEqual([judged(-0.1).flagged, judged(-0.1).headed], [false, false]);
      assert.equal(model.judge(weak).flagged, false);
    });

    it('comes before chunks of stronger screens where not all can be measured', () => {
      const chunks = Array.from({ length: 2000 }, (_, i) => ({
        key: `chunk ${i}`,
        tokens: 200,
        screen: { sentences: 8, gain: i === 7 ? 0.01 : 1 + i / 1000, ...(i === 7 ? { headed: true as const } : {}) },
      }));
      const { candidates } = chooseCandidates(chunks, planScreen(chunks, 1));
      assert.ok(candidates.has('chunk 7') && candidates.has('chunk 1999') && !candidates.has('chunk 8'));
    });

    it('does not flag it for its heading when its parts are alike, when one is short, or the heading is a low one', async () => {
      const alike = divided('b', new Array<number>(8).fill(pairs[1][0]), 4, '##');
      const [first, second] = pairs[2];
      const short = divided('c', [first, second, second, second, second, second, second, second], 1, '##');
      const low = divided('d', [first, first, first, first, second, second, second, second], 4, '#####');
      const assessment = await assessed(alike, short, low);
      assert.equal(assessment.cutOf(alike.key)?.flagged, false);
      for (const { key } of [short, low]) assert.equal(assessment.cutOf(key)?.headed, false);
    });
  });

  it('embeds nothing again for chunks that it knows, and judges as if all had come at once', async () => {
    const first = ordinaryChunks(150, noise, 4);
    const later = [...ordinaryChunks(20, noise, 5), mixedChunk(1)];
    const once = syntheticEmbedder(noise);
    const before = await MixedTopicAssessment.assess(first, once, { dimensions });
    const update = syntheticEmbedder(noise);
    const after = await MixedTopicAssessment.assess([...first, ...later], update, { dimensions }, before);
    assert.ok(update.embedded.every((sentence) => later.some((chunk) => chunk.text.includes(sentence))));
    const idle = syntheticEmbedder(noise);
    const again = await MixedTopicAssessment.assess([...later, ...first], idle, { dimensions }, after);
    assert.equal(idle.embedded.length, 0);
    assert.deepEqual(new Set(again.flagged()), new Set(after.flagged()));
    for (const { key } of [...first, ...later]) {
      assert.ok(Math.abs((again.cutOf(key)?.strength ?? 0) - (after.cutOf(key)?.strength ?? 0)) < 1e-9);
    }
    assert.ok(after.flagged().includes(later.at(-1)!.key));
  });

  it('reads no text of a chunk that it knows', async () => {
    let read = 0;
    const chunks = ordinaryChunks(80, noise, 14).map(({ text, ...rest }): AssessedChunk => ({
      ...rest,
      get text() {
        read++;
        return text;
      },
    }));
    const embed = syntheticEmbedder(noise);
    const before = await MixedTopicAssessment.assess(chunks, embed, { dimensions });
    assert.ok(read >= chunks.length);
    read = 0;
    await MixedTopicAssessment.assess(chunks, embed, { dimensions }, before);
    assert.equal(read, 0);
  });

  it('comes back from its stored state with the same verdicts', async () => {
    const chunks = [...ordinaryChunks(80, noise, 6), mixedChunk(1)];
    const assessment = await MixedTopicAssessment.assess(chunks, syntheticEmbedder(noise), { dimensions });
    const state = JSON.parse(JSON.stringify(assessment)) as ReturnType<MixedTopicAssessment['toJSON']>;
    const restored = MixedTopicAssessment.restore(state, chunks);
    assert.deepEqual(
      chunks.map(({ key }) => restored.cutOf(key)),
      chunks.map(({ key }) => assessment.cutOf(key)),
    );
    assert.throws(() => MixedTopicAssessment.restore({ ...state, version: 1 as 3 }, chunks), /version 1/);
  });

  it('embeds at most 40 % of a large index on top, mixed chunks among it', async () => {
    const quiet = 0.6;
    const mixed = pairs.slice(0, 3).map(([a, b]) => chunkAbout(`mixed ${a}`, [a, a, a, a, b, b, b, b], quiet));
    // As long as real ones, or the whole index would be small enough to be measured.
    const tokensPerSentence = 40;
    const chunks = [...ordinaryChunks(400, quiet, 7), ...mixed].map((chunk) => ({
      ...chunk,
      tokens: tokensPerSentence * chunk.screen!.sentences,
    }));
    const embed = syntheticEmbedder(quiet);
    const assessment = await MixedTopicAssessment.assess(chunks, embed, { dimensions });
    const tokens = chunks.reduce((sum, chunk) => sum + chunk.tokens, 0);
    const share = (tokensPerSentence * embed.embedded.length) / tokens;
    assert.ok(share > 0.3 && share <= 0.4, `${(100 * share).toFixed(1)} % on top`);
    const found = mixed.filter(({ key }) => assessment.cutOf(key)?.flagged).length;
    assert.ok(found >= 2, `${found} of 3 mixed chunks were flagged`);
  });

  it('judges a selection against the index', async () => {
    const embed = syntheticEmbedder(noise);
    const assessment = await MixedTopicAssessment.assess(ordinaryChunks(120, noise, 8), embed, { dimensions });
    const mixed = await assessment.judgeText(mixedChunk(1).text, embed, { dimensions });
    assert.equal(mixed.sentences, 8);
    assert.ok(mixed.cut?.percentile !== undefined && mixed.cut.percentile > 99);
    const plain = await assessment.judgeText(chunkAbout('one', new Array<number>(8).fill(1), noise).text, embed, {
      dimensions,
    });
    assert.equal(plain.cut?.flagged, false);
    assert.deepEqual(await assessment.judgeText('One sentence alone says little.', embed, { dimensions }), {
      sentences: 1,
      cut: undefined,
    });
  });

  it('keeps what is known when it is cancelled', async () => {
    const chunks = ordinaryChunks(60, noise, 9);
    const before = await MixedTopicAssessment.assess(chunks, syntheticEmbedder(noise), { dimensions });
    const signal = AbortSignal.abort(new Error('stopped'));
    const more = [...chunks, ...ordinaryChunks(30, noise, 10)];
    await assert.rejects(
      MixedTopicAssessment.assess(more, syntheticEmbedder(noise), { dimensions, signal }, before),
      /stopped/,
    );
    assert.equal(before.measured, 60);
  });
});

describe('mixed-topic model', () => {
  beforeEach(countSentencesAnew);

  it('flags nothing where splices of the index look like its ordinary chunks', async () => {
    // Sentences that have nothing in common: every chunk is a mix.
    const chunks = ordinaryChunks(120, 30, 1);
    const assessment = await MixedTopicAssessment.assess(chunks, syntheticEmbedder(30), { dimensions });
    assert.deepEqual(assessment.flagged(), []);
    assert.ok(vectorOf('1 2', 30).every(Number.isFinite));
  });

  it('flags in a collection whose seams stand out little at least those that are clear', async () => {
    // As much noise as topic: splices overlap with ordinary chunks.
    const loud = 1;
    let [right, wrong] = [0, 0];
    for (let seed = 11; seed < 14; seed++) {
      const mixed = pairs.map(([a, b], i) => chunkAbout(`mixed ${i}`, [a, a, a, a, b, b, b, b], loud));
      const chunks = [...ordinaryChunks(300, loud, seed), ...mixed];
      const assessment = await MixedTopicAssessment.assess(chunks, syntheticEmbedder(loud), { dimensions });
      for (const key of assessment.flagged()) {
        if (mixed.some((chunk) => chunk.key === key)) right++;
        else wrong++;
      }
    }
    assert.ok(right >= 12, `${right} of 24 mixed chunks were flagged`);
    assert.ok(wrong <= 0.01 * 900, `${wrong} of 900 ordinary chunks were flagged`);
  });

  it('refuses a state of another version', () => {
    const state = MixedTopicModel.fit([], []).toJSON();
    assert.throws(() => MixedTopicModel.fromJSON({ ...state, version: 7 as 3 }), /version 7/);
    assert.equal(MixedTopicModel.fromJSON(state).canJudge, false);
  });
});
