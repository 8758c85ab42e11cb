/** Warnings as SARIF 2.1.0, with what GitHub's code scanning asks of an upload. */
import { createHash } from 'node:crypto';
import { SarifBuilder, SarifResultBuilder, SarifRuleBuilder, SarifRunBuilder } from 'node-sarif-builder';

export interface SarifWarning {
  /** Inside the folder, with forward slashes. */
  path: string;
  /** From 1. */
  line: number;
  endLine: number;
  /** Plain text: brackets would be links. */
  message: string;
  /** The chunk's text: an alert stays the same while its chunk does, wherever it moves. */
  text: string;
}

const rule = 'mixed-topics';

export function sarifLog(warnings: readonly SarifWarning[], version: string): string {
  const run = new SarifRunBuilder().initSimple({ toolDriverName: 'Latent Lens', toolDriverVersion: version });
  run.addRule(
    new SarifRuleBuilder().initSimple({
      ruleId: rule,
      shortDescriptionText: 'Chunk mixes two topics',
      fullDescriptionText:
        'The vector of a chunk that mixes two topics lies between both, and is found for neither. Cut it where the topic changes.',
    }),
  );
  for (const { path, line, endLine, message, text } of warnings) {
    const result = new SarifResultBuilder().initSimple({
      level: 'note',
      ruleId: rule,
      messageText: message.replace(/[\\[\]]/g, '\\$&'),
      fileUri: path.split('/').map(encodeURIComponent).join('/'),
      startLine: line,
      startColumn: 1,
      endLine,
    });
    result.result.partialFingerprints = {
      'chunkText/v1': createHash('sha256').update(text).digest('hex').slice(0, 32),
    };
    run.addResult(result);
  }
  const builder = new SarifBuilder();
  builder.addRun(run);
  return builder.buildSarifJsonString({ indent: true });
}
