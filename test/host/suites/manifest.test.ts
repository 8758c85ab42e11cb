import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { LatentLensApi } from '../../../src/host/extension';

interface Manifest {
  contributes: {
    commands: { command: string; title: string; category: string }[];
    configuration: {
      properties: Record<string, { default: unknown; markdownDescription?: string; scope?: string; order?: number }>;
    }[];
    menus: Record<string, { command: string }[]>;
    walkthroughs: { id: string; steps: { description: string; media: { svg: string } }[] }[];
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  icon: string;
}

describe('the manifest', () => {
  const extension = vscode.extensions.getExtension<LatentLensApi>('latent-lens.latent-lens');
  assert.ok(extension, 'Latent Lens is not installed here');
  const manifest = extension.packageJSON as Manifest;
  const contributed = manifest.contributes.commands.map(({ command }) => command).sort();
  let api: LatentLensApi;

  before(async () => {
    api = await extension.activate();
  });

  it('contributes the commands that exist, and no other', () => {
    assert.deepEqual(contributed, [...api.commandIds].sort());
  });

  it('has every command registered once the extension is active', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('names commands in menus and walkthroughs that exist', () => {
    const inMenus = Object.values(manifest.contributes.menus).flatMap((menu) => menu.map(({ command }) => command));
    const inSteps = manifest.contributes.walkthroughs
      .flatMap(({ steps }) => steps)
      .flatMap(({ description }) => [...description.matchAll(/\(command:([^)]+)\)/g)].map((match) => match[1] ?? ''));
    assert.ok(inSteps.length >= 4);
    for (const command of [...inMenus, ...inSteps])
      assert.ok(contributed.includes(command), `${command} does not exist`);
  });

  it('describes every setting, gives it a scope and an order, and VS Code knows its default', () => {
    const properties = manifest.contributes.configuration.flatMap((section) => Object.entries(section.properties));
    assert.ok(properties.length >= 9);
    for (const [name, property] of properties) {
      assert.ok(property.markdownDescription, `${name} has no description`);
      assert.ok(property.scope && property.order, `${name} has no scope or no order`);
      const inspected = vscode.workspace.getConfiguration().inspect(name);
      assert.deepEqual(inspected?.defaultValue, property.default, `default of ${name}`);
    }
  });

  it('lets neither a workspace nor a folder name an executable', async () => {
    const engine = vscode.workspace.getConfiguration('latentLens.engine');
    for (const name of ['nodePath', 'runtime', 'threads']) {
      await assert.rejects(
        async () => engine.update(name, name === 'threads' ? 1 : 'wasm', vscode.ConfigurationTarget.Workspace),
        `latentLens.engine.${name} can be set by a workspace`,
      );
    }
    assert.ok(
      manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.includes('latentLens.engine.nodePath'),
    );
  });

  it('ships the pictures that it names', async () => {
    const pictures = [
      manifest.icon,
      ...manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
    ];
    for (const picture of pictures) {
      const { size } = await vscode.workspace.fs.stat(vscode.Uri.joinPath(extension.extensionUri, picture));
      assert.ok(size > 100, `${picture} is empty`);
    }
  });
});
