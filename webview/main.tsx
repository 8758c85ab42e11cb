import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { render } from 'preact';
import { App } from './app';
import { HostConnection } from './model/host';
import { Panel } from './model/panel';
import { PanelContext } from './model/panelContext';
import './panel.css';
import './controls.css';
import './selection.css';
import './table.css';
import { watchTheme } from './theme/theme';

const host = new HostConnection();
const panel = new Panel(host);
watchTheme();
render(
  <PanelContext.Provider value={panel}>
    <App />
  </PanelContext.Provider>,
  document.body.querySelector('#root') ?? document.body,
);
host.post({ type: 'ready' });
