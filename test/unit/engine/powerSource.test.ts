import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runsOnBattery } from '../../../src/engine/powerSource';

describe('the power source', () => {
  let folder: string;
  const supply = (name: string, properties: Record<string, string>): void => {
    fs.mkdirSync(path.join(folder, name), { recursive: true });
    for (const [property, value] of Object.entries(properties))
      fs.writeFileSync(path.join(folder, name, property), `${value}\n`);
  };

  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-power-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('is the battery when it discharges and nothing else is plugged in', () => {
    supply('AC', { type: 'Mains', online: '0' });
    supply('BAT0', { type: 'Battery', status: 'Discharging' });
    assert.equal(runsOnBattery(folder), true);
    supply('AC', { type: 'Mains', online: '1' });
    assert.equal(runsOnBattery(folder), false);
  });

  it('is not the battery of a mouse', () => {
    supply('hidpp_battery_0', { type: 'Battery', scope: 'Device', status: 'Discharging' });
    assert.equal(runsOnBattery(folder), undefined);
  });

  it('is not known where the system does not tell', () => {
    assert.equal(runsOnBattery(path.join(folder, 'none')), undefined);
  });
});
