import assert from 'node:assert/strict';
import type { LatentLens } from './latentLens';
import { VscodeSession } from './vscodeSession';

/** A folder that no extension of this window can fetch, as it lies on no disk. */
const virtual = { uri: 'memfs:/remote', name: 'remote docs' };

async function hoverOver({ workbench, statusItem }: LatentLens): Promise<string> {
  await statusItem.hover();
  const hover = workbench.page.locator('.monaco-hover:visible', { hasText: 'Latent Lens' });
  await hover.waitFor();
  return hover.innerText();
}

describe('Folders that lie on no disk', () => {
  let session: VscodeSession;
  before(async () => (session = await VscodeSession.start()));
  after(() => session.stop());

  it('are named with the reason in status bar, panel and commands, and start no engine', async () => {
    const lens = await session.openFolders([virtual]);
    const { workbench, statusItem, panel } = lens;
    await statusItem.filter({ hasText: 'Not supported here' }).waitFor({ timeout: 60_000 });
    assert.match(await hoverOver(lens), /remote docs \(memfs\) lies on no disk/);
    await workbench.runCommand('Latent Lens: Open Latent Map');
    await panel.getByText('Nothing here lies on a disk').waitFor();
    await panel.getByText(/remote docs is a virtual folder/).waitFor();
    await workbench.runCommand('Latent Lens: Search Workspace Semantically');
    const said = await workbench.notifications();
    assert.ok(
      said.some((text) => text.includes('remote docs (memfs) lies on no disk')),
      said.join('\n'),
    );
    assert.deepEqual(session.engines(), []);
    await workbench.close();
  });

  it('are left out beside folders that lie on one, which are indexed', async () => {
    const lens = await session.openFolders([virtual, { path: session.workspace }]);
    const chunks = await lens.index();
    assert.ok(chunks > 100, `${chunks} chunks`);
    const hover = await hoverOver(lens);
    assert.match(hover, /remote docs \(memfs\) lies on no disk/);
    assert.match(hover, /\d+ files · \d+ chunks/);
  });
});
