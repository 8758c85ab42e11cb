/**
 * What VS Code runs inside its extension host when it is started for tests: mocha over the bundled suites beside this
 * file. The same module serves the VS Code of the browser and the desktop (`extensionTestsPath`).
 */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import * as vscode from 'vscode';

const defaultTimeoutMs = 60_000;

/** @throws when a test failed or none ran: VS Code then exits with 1 */
export async function run(): Promise<void> {
  console.log(`Host tests in VS Code ${vscode.version} on Node ${process.version}`);
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: defaultTimeoutMs,
    grep: process.env['LATENT_LENS_TEST_GREP'] || undefined,
    reporter: 'spec',
  });
  const suites = path.join(__dirname, 'suites');
  for (const file of readdirSync(suites).sort()) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(suites, file));
  }
  const failures: string[] = [];
  const { passes, pending } = await new Promise<Mocha.Stats>((resolve, reject) => {
    const runner = mocha.run(() => (runner.stats ? resolve(runner.stats) : reject(new Error('Mocha kept no counts.'))));
    runner.on('fail', (test, error: Error) => failures.push(`${test.fullTitle()}: ${error.message}`));
  });
  const results = process.env['LATENT_LENS_TEST_RESULTS'];
  if (results)
    writeFileSync(results, JSON.stringify({ passed: passes, failed: failures.length, skipped: pending, failures }));
  if (failures.length > 0) throw new Error(`${failures.length} of ${passes + failures.length} tests failed.`);
  if (passes === 0) throw new Error('No test ran.');
}
