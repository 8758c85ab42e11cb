// Mocha's spec reporter that also leaves its counts and failures in a file: what the test command adds up over all layers.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

class CountingReporter extends Mocha.reporters.Spec {
  /** @param options `reporterOptions.output` names the file */
  constructor(runner: Mocha.Runner, options: { reporterOptions?: { output?: string } }) {
    super(runner, options);
    const { output } = options.reporterOptions ?? {};
    if (!output) throw new Error('The counting reporter needs its option `output`: the file for its counts.');
    const failures: string[] = [];
    runner.on('fail', (test, error: Error) => failures.push(`${test.fullTitle()}: ${error.message}`));
    runner.once('end', () => {
      const { passes, pending } = this.stats;
      writeFileSync(output, JSON.stringify({ passed: passes, failed: failures.length, skipped: pending, failures }));
    });
  }
}

// eslint-disable-next-line no-restricted-syntax -- Mocha takes a reporter as the default export of a module.
export default CountingReporter;
