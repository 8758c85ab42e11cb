/**
 * onnxruntime-node uploads telemetry and keeps a device id on the disk (since 1.29, outside Windows) unless the process's
 * environment says `1` here before its library is loaded (microsoft/onnxruntime#27379). Native code does not see what a
 * thread sets, so each process that loads it is started with it, or sets it before anything else.
 */
export const telemetryVariable = 'ORT_DISABLE_TELEMETRY';

/**
 * Environment of a process that we start: the editor's own executable behaves as Node, and no option of a shell or a
 * debugger that surrounds us reaches it.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  for (const name of ['NODE_OPTIONS', 'NODE_REPL_EXTERNAL_MODULE', 'VSCODE_INSPECTOR_OPTIONS'])
    delete environment[name];
  environment[telemetryVariable] = '1';
  return environment;
}
