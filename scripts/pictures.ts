// npm run pictures: makes the pictures of README from the sample workspace in the real VS Code, dark and light.
import path from 'node:path';
import { VscodeSession } from '../test/screen/vscodeSession';
import { root, step } from './processes.mjs';

const query = 'How long does it take to get my money back?';
const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern' };

async function takePicture(name: string, theme: string): Promise<void> {
  const session = await VscodeSession.start({
    settings: { 'workbench.colorTheme': theme, 'workbench.activityBar.location': 'hidden' },
  });
  try {
    const lens = await session.open({ width: 1280, height: 800 });
    const { page } = lens.workbench;
    await lens.index();
    await lens.openMap();
    await page.keyboard.press('Control+b');
    await lens.panel.locator('vscode-textfield.search input').fill(query);
    await lens.panel.locator('#panel-results [role=option]').first().click();
    await lens.panel.locator('#tab-chunk').click();
    await lens.panel.locator('#panel-chunk .file-link').waitFor();
    await page.mouse.move(5, 5);
    await page.waitForTimeout(1500);
    step(await lens.workbench.screenshot(`map-${name}`, path.join(root, 'docs', 'images')));
  } finally {
    await session.stop();
  }
}

async function main(): Promise<void> {
  for (const [name, theme] of Object.entries(themes)) await takePicture(name, theme);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
