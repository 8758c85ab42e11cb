/**
 * What VS Code runs inside its extension host when it is started for tests: mocha over the bundled suites beside this
 * file. The same module serves the VS Code of the browser and the desktop (`extensionTestsPath`).
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import CountingReporter from './countingReporter';

const defaultTimeoutMs = 60_000;

/** @throws when a test failed or none ran: VS Code then exits with 1 */
export async function run(): Promise<void> {
  console.log(`Host tests in VS Code ${vscode.version} on Node ${process.version}`);
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: defaultTimeoutMs,
    grep: process.env['LATENT_LENS_TEST_GREP'] || undefined,
    reporter: CountingReporter,
    reporterOptions: { output: process.env['LATENT_LENS_TEST_RESULTS'] },
  });
  const suites = path.join(__dirname, 'suites');
  for (const file of readdirSync(suites).sort()) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(suites, file));
  }
  const { passes, failures } = await new Promise<Mocha.Stats>((resolve, reject) => {
    const runner = mocha.run(() => (runner.stats ? resolve(runner.stats) : reject(new Error('Mocha kept no counts.'))));
  });
  if (failures > 0) throw new Error(`${failures} of ${passes + failures} tests failed.`);
  if (passes === 0) throw new Error('No test ran.');
}
