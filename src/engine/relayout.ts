/** The map laid out anew at a person's wish, and that wish taken back. */
import { defaultLayoutSettings, type LayoutMethod, type LayoutSettings } from '../shared/layoutMethods';
import type { Space } from './space';

/** Lays the map out as asked; a window that cancels its request ends the layout. */
export async function relayout(
  space: Space,
  { method, ...given }: { method: LayoutMethod } & Partial<LayoutSettings>,
  signal: AbortSignal,
): Promise<null> {
  const settings = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const cancel = () => signal.reason === 'cancelled' && void space.layout.stop();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    await space.layout.layOut({ method, ...defaultLayoutSettings(method), ...settings });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
  return null;
}

export async function stopLayout(space: Space): Promise<null> {
  await space.layout.stop();
  return null;
}
