import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { kindSettings } from '../../../src/host/quality/warningText';
import { qualityKinds, qualityKindsOnByDefault } from '../../../src/shared/chunkQuality';

interface Manifest {
  contributes: { configuration: { properties: Record<string, { default: unknown }> }[] };
}

describe('settings of chunk quality', () => {
  it('report without being asked exactly the kinds that were right when read', () => {
    const file = path.join(__dirname, '../../../package.json');
    const { contributes } = JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest;
    const settings = Object.assign({}, ...contributes.configuration.map(({ properties }) => properties)) as Record<
      string,
      { default: unknown }
    >;
    assert.deepEqual(
      qualityKinds.filter((kind) => settings[`latentLens.quality.${kindSettings[kind]}`]?.default === true),
      qualityKindsOnByDefault,
    );
  });
});
