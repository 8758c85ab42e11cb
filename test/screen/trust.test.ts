import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sampleWorkspace, VscodeSession } from './vscodeSession';

describe('A folder that is not trusted', () => {
  let folder: string;
  let session: VscodeSession;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'latent-lens-stranger-'));
    cpSync(path.join(sampleWorkspace, 'support'), path.join(folder, 'support'), { recursive: true });
    mkdirSync(path.join(folder, '.vscode'));
    writeFileSync(
      path.join(folder, 'hidden-by-the-folder.md'),
      '# A page\n\nThe folder would like to hide this page.\n',
    );
    // What a stranger's folder would set: another program to run, another runtime, files left out.
    const settings = {
      'latentLens.engine.nodePath': path.join(folder, 'evil-node'),
      'latentLens.engine.runtime': 'wasm',
      'latentLens.index.exclude': { '**/hidden-by-the-folder.md': true },
    };
    writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
    writeFileSync(path.join(folder, 'evil-node'), `#!/bin/sh\ntouch "${folder}/evil-ran"\n`, { mode: 0o755 });
    session = await VscodeSession.start({ folder, trust: true });
  });

  after(async () => {
    await session?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is indexed and searched in Restricted Mode, by the settings of the person alone', async () => {
    const lens = await session.open();
    const { page } = lens.workbench;
    // This VS Code opens what it does not know in Restricted Mode without asking.
    await lens.workbench.statusEntry(/Restricted Mode/);
    await lens.index();
    const information = await lens.engineInformation();
    assert.doesNotMatch(information, /Runtime: WASM/i, 'the runtime that the folder set is not used');
    const hits = await lens.search('a page that would be hidden');
    assert.ok(
      hits.some((hit) => hit.path === 'hidden-by-the-folder.md'),
      'what the folder leaves out is left out only once it is trusted',
    );
    await page.keyboard.press('Escape');
    await lens.workbench.screenshot('restricted');
  });
});
