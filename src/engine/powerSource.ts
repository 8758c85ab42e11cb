import * as fs from 'node:fs';
import * as path from 'node:path';

/** Where Linux describes its power supplies, one folder each. */
const linuxSupplies = '/sys/class/power_supply';

/**
 * Whether the computer runs on its battery; undefined where the system does not tell it by a file: only Linux does,
 * other systems need native code.
 */
export function runsOnBattery(suppliesFolder = linuxSupplies): boolean | undefined {
  let names: string[];
  try {
    names = fs.readdirSync(suppliesFolder);
  } catch {
    return undefined;
  }
  let discharging: boolean | undefined;
  for (const name of names) {
    const of = (property: string): string => readIfThere(path.join(suppliesFolder, name, property));
    // The battery of a mouse or a phone is a supply too, of a device.
    if (of('scope') === 'Device') continue;
    if (of('type') === 'Battery') discharging = discharging === true || of('status') === 'Discharging';
    else if (of('online') === '1') return false;
  }
  return discharging;
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
