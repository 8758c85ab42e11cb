// `npm test [-- --layer unit] [--grep TITLE]`: installs what is missing, runs the layers and adds up their counts.
// Node's own modules alone until the packages are installed.
import { parseArgs } from 'node:util';
import { PlainError, runScript, secondsSince, step } from './processes.mjs';
import { ensureDependencies } from './project.mjs';
import { layers } from './testLayers.mjs';

function readArguments() {
  const usage = `Usage: npm test [-- [--layer ${Object.keys(layers).join('|')}]... [--grep TITLE]]`;
  try {
    const { values } = parseArgs({ options: { layer: { type: 'string', multiple: true }, grep: { type: 'string' } } });
    const chosen = values.layer ?? Object.keys(layers);
    if (!chosen.every((name) => Object.hasOwn(layers, name))) throw new Error('usage');
    return { chosen, grep: values.grep };
  } catch {
    throw new PlainError(usage);
  }
}

async function main() {
  const { chosen, grep } = readArguments();
  const startedAt = Date.now();
  const sum = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const summary = [];
  await ensureDependencies();
  for (const name of chosen) {
    const layerStartedAt = Date.now();
    step(`Layer ${name}`);
    let counts;
    try {
      counts = await layers[name]({ grep });
      if (counts.passed + counts.failed === 0) throw new PlainError(`No ${name} test ran.`);
    } catch (error) {
      // The other layers still say what they can; this one counts as one failure.
      console.error(error instanceof PlainError ? error.message : error);
      counts = { passed: 0, failed: 1, skipped: 0 };
    }
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
    summary.push(`${name.padEnd(8)} ${counted(counts)} in ${secondsSince(layerStartedAt)} s`);
    step(summary[summary.length - 1]);
  }
  console.log(`\n${summary.join('\n')}\n${'all'.padEnd(8)} in ${secondsSince(startedAt)} s\n`);
  console.log(counted(sum));
  return sum.failed === 0 ? 0 : 1;
}

/** @param {import('./testLayers.mjs').Counts} counts */
function counted({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

await runScript(main);
