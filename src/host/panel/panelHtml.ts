import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The folders whose files the panel may load. */
export function panelResourceRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, 'dist', 'webview'), vscode.Uri.joinPath(extensionUri, 'media')];
}

/** The panel's page, with the state that the last one left: nothing is loaded but its own script, styles and font, and nothing may be fetched. */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri, state?: string): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', name)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data: blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" id="vscode-codicon-stylesheet" nonce="${nonce}" href="${file('codicon.css')}">
<link rel="stylesheet" nonce="${nonce}" href="${file('panel.css')}">
${state === undefined ? '' : `<meta name="latent-lens-state" content="${escaped(state)}">\n`}<title>Latent Map</title>
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${file('panel.js')}"></script>
</body>
</html>
`;
}

/** As the value of an attribute: the state holds what people typed. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
