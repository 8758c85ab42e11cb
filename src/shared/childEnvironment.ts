/**
 * Environment of a process that we start: the editor's own executable behaves as Node, and no option of a shell or a
 * debugger that surrounds us reaches it.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  for (const name of ['NODE_OPTIONS', 'NODE_REPL_EXTERNAL_MODULE', 'VSCODE_INSPECTOR_OPTIONS'])
    delete environment[name];
  return environment;
}
