import assert from 'node:assert/strict';
import * as v from 'valibot';
import { sarifLog } from '../../../src/cli/sarif';

/** What GitHub's code scanning requires of an upload, and what SARIF 2.1.0 says of these properties. */
const line = v.pipe(v.number(), v.integer(), v.minValue(1));
const uploadSchema = v.object({
  $schema: v.pipe(v.string(), v.regex(/sarif.*2\.1\.0/)),
  version: v.literal('2.1.0'),
  runs: v.tuple([
    v.object({
      tool: v.object({
        driver: v.object({
          name: v.pipe(v.string(), v.nonEmpty()),
          version: v.string(),
          rules: v.array(
            v.object({
              id: v.string(),
              shortDescription: v.object({ text: v.pipe(v.string(), v.maxLength(1024)) }),
              fullDescription: v.object({ text: v.pipe(v.string(), v.maxLength(1024)) }),
            }),
          ),
        }),
      }),
      results: v.array(
        v.object({
          ruleId: v.string(),
          ruleIndex: v.pipe(v.number(), v.integer(), v.minValue(0)),
          level: v.picklist(['none', 'note', 'warning', 'error']),
          message: v.object({ text: v.pipe(v.string(), v.nonEmpty()) }),
          locations: v.pipe(
            v.array(
              v.object({
                physicalLocation: v.object({
                  artifactLocation: v.object({ uri: v.pipe(v.string(), v.regex(/^[^/\\#? ][^\\#? ]*$/)) }),
                  region: v.object({ startLine: line, endLine: line }),
                }),
              }),
            ),
            v.length(1),
          ),
          partialFingerprints: v.record(v.string(), v.pipe(v.string(), v.nonEmpty())),
        }),
      ),
    }),
  ]),
});

describe('warnings as SARIF', () => {
  const warning = { path: 'notes/may & june #1.md', line: 5, endLine: 9, message: 'beans | accounts', text: 'Beans.' };

  it('has what code scanning asks for, with each result under its rule', () => {
    const { runs } = v.parse(uploadSchema, JSON.parse(sarifLog([warning, { ...warning, line: 7 }], '1.2.3')));
    const [{ tool, results }] = runs;
    assert.deepEqual([tool.driver.name, tool.driver.version], ['Latent Lens', '1.2.3']);
    for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
    const [{ physicalLocation }] = results[0].locations;
    assert.equal(decodeURIComponent(physicalLocation.artifactLocation.uri), warning.path);
    assert.deepEqual([physicalLocation.region.startLine, physicalLocation.region.endLine], [5, 9]);
    // An alert is the same one while its chunk is, wherever that moves.
    assert.deepEqual(results[0].partialFingerprints, results[1].partialFingerprints);
  });

  it('keeps what looks like a link in a heading as words', () => {
    const linked = { ...warning, message: 'under “[Driving](https://example.com)”' };
    const { runs } = JSON.parse(sarifLog([linked], '1.0.0')) as {
      runs: { results: { message: { text: string } }[] }[];
    };
    assert.equal(runs[0].results[0].message.text, 'under “\\[Driving\\](https://example.com)”');
  });

  it('is valid when there is nothing to tell', () => {
    assert.deepEqual(v.parse(uploadSchema, JSON.parse(sarifLog([], '1.0.0'))).runs[0].results, []);
  });
});
