/**
 * Serves the built panel with the fake host on this machine, for the tests and for looking at it:
 *
 *     npx tsx test/webview/panelServer.ts
 */
import { createServer, type Server } from 'node:http';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '../..');
const nonce = 'fixed-for-tests';

/** The policy that the host sets, word for word but for the source and the icon: what it forbids must fail here too. */
const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; font-src 'self'; img-src data:`;

const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<title>Latent Map</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" id="vscode-codicon-stylesheet" nonce="${nonce}" href="/codicon.css">
<link rel="stylesheet" nonce="${nonce}" href="/panel.css">
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="/fakeHost.js"></script>
<script type="module" nonce="${nonce}" src="/panel.js"></script>
</body>
</html>
`;

const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/** @param builtPanel Folder with panel.js and panel.css; what `npm run build` writes unless named. */
export async function servePanel(
  port = 0,
  builtPanel = process.env.LATENT_LENS_PANEL ?? path.join(root, 'dist', 'webview'),
): Promise<{ server: Server; address: string }> {
  const fakeHost = await build({
    entryPoints: [path.join(import.meta.dirname, 'pages', 'fakeHost.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'warning',
  });
  const codicons = path.join(root, 'node_modules', '@vscode', 'codicons', 'dist');
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const send = (body: string | Buffer, type: string): void => {
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
      response.end(body);
    };
    if (pathname === '/') {
      response.setHeader('content-security-policy', policy);
      send(page, 'text/html');
      return;
    }
    if (pathname === '/fakeHost.js') {
      send(fakeHost.outputFiles[0].text, 'text/javascript');
      return;
    }
    const name = path.basename(pathname);
    const file = [path.join(builtPanel, name), path.join(codicons, name)].find((candidate) => fs.existsSync(candidate));
    const type = types[path.extname(name)];
    if (file && type) send(fs.readFileSync(file), type);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = server.address();
  return { server, address: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : port}/` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  void servePanel(8123).then(({ address }) => {
    console.log(
      `The panel over the fixture: ${address}
Parameters: theme=dark|light|highContrast|highContrastLight, situation=ready|estimate|counting|indexing|scanning|error|no-folder, points=100000, no-webgl`,
    );
  });
}
