import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { cutOff, RepeatedPassages, tooLong, tooShort } from '../../../src/core/topics/chunkQuality';
import { qualityKinds, qualityKindsOnByDefault } from '../../../src/shared/chunkQuality';

describe('faults of chunks', () => {
  it('sees a chunk that ends in mid-sentence, and the one that goes on with it', () => {
    const [first, second] = ['The harbor opens at dawn and the pilot', 'comes aboard when the tide is high.'];
    assert.match(cutOff(first, undefined, second)!.reason, /ends in mid-sentence, after “… dawn and the pilot”/);
    assert.match(cutOff(second, first, undefined)!.reason, /begins in mid-sentence, with “comes aboard when the …”/);
    assert.equal(cutOff('The harbor opens at dawn.', undefined, 'Ships wait.'), undefined);
    assert.equal(cutOff('The harbor opens at dawn:', undefined, 'ships first.'), undefined);
    assert.equal(cutOff('- the harbor', undefined, 'a pilot'), undefined);
  });

  it('sees a subject that stands in the chunk before, and none where there is no chunk before', () => {
    const text = 'This makes sense because the pilot knows the harbor.';
    assert.match(cutOff(text, 'Pilots go first.', undefined)!.reason, /what that is stands in the chunk before it/);
    assert.equal(cutOff(text, undefined, undefined), undefined);
    assert.equal(cutOff('This harbor is old.', 'Pilots go first.', undefined), undefined);
  });

  it('counts words that name something, with those of the headings above', () => {
    assert.match(tooShort('<a id="old"></a>', [])!.reason, /no word/);
    assert.equal(tooShort('See there.', ['Fees for pilots in the harbor of Madison']), undefined);
  });

  it('sees what the model cannot see, and too many sentences', () => {
    assert.match(tooLong('A harbor.', 300, 256)!.reason, /300 word pieces, the model sees 256/);
    assert.match(tooLong('The harbor opens at dawn for everybody. '.repeat(30), 200, 256)!.reason, /30 sentences/);
    assert.equal(tooLong('A harbor.', 3, 256), undefined);
  });

  it('finds passages that stand in three files, whatever their numbers, and not listings', () => {
    const passages = new RepeatedPassages();
    const license = 'Licensed under the harbor license, version 2, by the pilots of the bay.';
    for (let file = 1; file <= 3; file++) passages.add(license.replace('2', String(file)), `file ${file}`);
    assert.match(passages.judge(license)!.reason, /All of it stands in 3 files/);
    assert.equal(passages.judge(`${license}\n\n${'A text of its own about ships. '.repeat(6)}`), undefined);
    const listing = `\`\`\`sh\n${license}\n\`\`\``;
    for (let file = 1; file <= 3; file++) passages.add(listing, `listing ${file}`);
    assert.equal(passages.judge(listing), undefined);
  });

  it('is on by default exactly where four of five hand-checked warnings were right', () => {
    const labels = fs
      .readFileSync(path.join(__dirname, '../../fixtures/chunkQualityLabels.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; right: boolean });
    const reliable = qualityKinds.filter((kind) => {
      const own = labels.filter((label) => label.kind === kind);
      return own.length >= 10 && own.filter(({ right }) => right).length >= 0.8 * own.length;
    });
    assert.deepEqual(reliable, qualityKindsOnByDefault);
  });
});
