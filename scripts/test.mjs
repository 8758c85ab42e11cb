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
  /** Once more at the end, where nobody has to scroll for them. @type {string[]} */
  const failures = [];
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
      counts = { passed: 0, failed: 1, skipped: 0, failures: [`the layer itself: ${messageOf(error)}`] };
    }
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
    failures.push(...counts.failures.map((failure) => `✖ ${name}: ${shortened(failure)}`));
    summary.push(`${name.padEnd(8)} ${counted(counts)} in ${secondsSince(layerStartedAt)} s`);
    step(summary[summary.length - 1]);
  }
  if (failures.length > 0) console.log(`\n${failures.join('\n')}`);
  console.log(`\n${summary.join('\n')}\n${'all'.padEnd(8)} in ${secondsSince(startedAt)} s\n`);
  console.log(counted(sum));
  return sum.failed === 0 ? 0 : 1;
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** The first lines of a failure: what is whole stands where it happened. @param {string} failure */
function shortened(failure) {
  const lines = failure.split('\n').filter((line) => line.trim() !== '');
  const first = lines.slice(0, 6).join('\n    ');
  return first.length > 600 ? `${first.slice(0, 600)}…` : first;
}

/** @param {Omit<import('./testLayers.mjs').Counts, 'failures'>} counts */
function counted({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

await runScript(main);
