import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Panel } from './panel';

export const PanelContext = createContext<Panel | undefined>(undefined);

export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error('A component of the panel was drawn outside of it.');
  return panel;
}
