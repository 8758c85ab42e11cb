import assert from 'node:assert/strict';
import path from 'node:path';
import { readExpectations, readSample, sampleFiles, sampleSections, sectionUnder, sentences, words } from './sampleWorkspace';
import { IgnoreRules } from '../../../src/core/index/ignoreRules';

const expectations = readExpectations();

/** Forms of the refund question's content words that no stemmer would miss. */
const questionForms =
  /^(?:long(?:er|est)?|tak(?:e[ns]?|ing)|took|get(?:s|ting)?|got(?:ten)?|money(?:s)?|monies|monetary|back(?:s|ed|ing)?)$/;

describe('The sample workspace', () => {
  it('is small enough to be indexed while the person watches', () => {
    const files = sampleFiles();
    assert.ok(files.length >= 40 && files.length <= 70, `${files.length} files`);
    const wordCount = files.reduce((sum, file) => sum + words(readSample(file)).length, 0);
    assert.ok(wordCount < 15_000, `${wordCount} words`);
  });

  it('has every file that its expectations name', () => {
    const files = new Set(sampleFiles());
    const named = [
      ...expectations.queries.map((query) => query.firstFile),
      ...expectations.mixedTopics.map((mixed) => mixed.file),
      ...expectations.coherent.map((coherent) => coherent.file),
      ...expectations.nearDuplicates.files,
      ...expectations.twins.files,
      ...expectations.skipped.secret,
      expectations.outlier.file,
    ];
    assert.deepEqual(
      named.filter((file) => !files.has(file)),
      [],
    );
  });

  it('keeps every section within the 256 word pieces of one chunk', () => {
    const tooLong = sampleFiles()
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => sampleSections(file).map((section) => ({ file, ...section })))
      // English prose has about 1.3 word pieces a word.
      .filter((section) => words(section.text).length > 180)
      .map((section) => `${section.file}: ${section.headings.at(-1)}`);
    assert.deepEqual(tooLong, []);
  });

  it('has a folder with several documents and a file of short sentences for each topic', () => {
    for (const topic of expectations.topics) {
      const files = sampleFiles().filter((file) => file.startsWith(`${topic}/`));
      assert.ok(files.length >= 7, `${topic} has ${files.length} files`);
    }
    for (const topic of ['finance', 'sports', 'technology']) {
      const lines = readSample(`${topic}/sentences.txt`)
        .split('\n')
        .filter((line) => line !== '');
      assert.ok(lines.length >= 10, `${topic} has ${lines.length} sentences`);
      for (const line of lines) {
        assert.equal(sentences(line).length, 1, line);
        assert.ok(words(line).length <= 16, line);
      }
    }
  });

  it('answers the refund question with a page that shares no word with it', () => {
    const refund = expectations.queries.find((query) => query.sharesNoWord);
    assert.ok(refund);
    const asked = new Set(words(refund.query));
    assert.ok(asked.has('money') && asked.has('back'));
    const shared = words(readSample(refund.firstFile)).filter((word) => asked.has(word) || questionForms.test(word));
    assert.deepEqual(shared, []);
  });

  it('has other support pages that do share words with the refund question, so that a word search fails', () => {
    const refund = expectations.queries.find((query) => query.sharesNoWord)!;
    const others = sampleFiles().filter((file) => file.startsWith('support/') && file !== refund.firstFile);
    const sharing = others.filter((file) => words(readSample(file)).some((word) => questionForms.test(word)));
    assert.ok(sharing.length >= 3, sharing.join(', '));
  });

  it('cuts each mixed section between two parts of at least four sentences', () => {
    for (const { file, heading, secondPartBegins } of expectations.mixedTopics) {
      const parts = sectionUnder(file, heading).text.split(secondPartBegins);
      assert.equal(parts.length, 2, `${file}: the first sentence of the second part must occur once`);
      assert.ok(sentences(parts[0].trim()).length >= 4, `${file}: first part`);
      assert.ok(1 + sentences(parts[1].trim()).length >= 4, `${file}: second part`);
      assert.ok(!parts.join('').includes('\n'), `${file}: no blank line gives the cut away`);
    }
  });

  it('has coherent sections as long as the mixed ones beside them', () => {
    const mixedFiles = new Set(expectations.mixedTopics.map((mixed) => mixed.file));
    for (const { file, heading } of expectations.coherent) {
      assert.ok(sentences(sectionUnder(file, heading).text).length >= 5, `${file}: ${heading}`);
    }
    for (const file of mixedFiles) {
      assert.ok(
        expectations.coherent.some((coherent) => coherent.file === file),
        file,
      );
    }
  });

  it('has near-duplicates that differ in a few words in every section', () => {
    const [newer, older] = expectations.nearDuplicates.files.map((file) => sampleSections(file));
    assert.deepEqual(
      newer.map((section) => section.headings),
      older.map((section) => section.headings),
    );
    newer.forEach((section, i) => {
      if (section.text === '') return;
      const [a, b] = [new Set(words(section.text)), new Set(words(older[i].text))];
      const shared = [...a].filter((word) => b.has(word)).length;
      assert.notEqual(section.text, older[i].text);
      assert.ok(shared / (a.size + b.size - shared) > 0.6, section.headings.at(-1));
    });
  });

  it('has twins whose text and headings are the same, so that they are one point', () => {
    const [one, other] = expectations.twins.files.map((file) => sectionUnder(file, expectations.twins.heading));
    assert.deepEqual(one, other);
    assert.deepEqual(one.headings, [expectations.twins.heading]);
    assert.ok(words(one.text).length > 40);
  });

  it('has an outlier whose subject no other document mentions', () => {
    const subject = /falcon|hawk|peregrine|jesses/i;
    const mentions = sampleFiles().filter((file) => file !== 'README.md' && subject.test(readSample(file)));
    assert.deepEqual(mentions, [expectations.outlier.file]);
  });

  it('has a file of secrets that git keeps and whose value stands nowhere else', async () => {
    const checkout = path.resolve(__dirname, '../../..');
    const rules = await (await IgnoreRules.above(checkout, true)).enter(checkout);
    for (const file of expectations.skipped.secret) {
      const { ignored } = rules.verdict(path.join(checkout, 'samples/workspace', file), false);
      assert.ok(!ignored, `${file} is hidden by .gitignore`);
      const value = /=(\w+)\n/.exec(readSample(file))?.[1];
      assert.ok(value);
      const leaks = sampleFiles().filter((other) => other !== file && readSample(other).includes(value));
      assert.deepEqual(leaks, []);
    }
  });

  it('suggests queries in its README that are among the expectations', () => {
    const rows = [...readSample('README.md').matchAll(/^\| ([^|]+) \| (`[^|]+) \|$/gm)];
    assert.ok(rows.length >= 5);
    for (const [, query, finds] of rows) {
      const expected = expectations.queries.find((known) => known.query === query);
      assert.ok(expected, query);
      assert.ok(finds.startsWith(`\`${expected.firstFile}\``), `${query} finds ${expected.firstFile}`);
    }
  });
});
