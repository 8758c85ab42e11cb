/** The panel's data on disk; `makePanelFixture.ts` writes it. */
export interface PanelFixture {
  paths: string[];
  folders: string[];
  chunks: {
    path: number;
    folder: number;
    /** -1 for none. */
    cluster: number;
    start: number;
    end: number;
    startLine: number;
    endLine: number;
    x: number;
    y: number;
    trust: number;
    text: string;
    neighbors: number[];
    similarities: number[];
  }[];
  clusters: { terms: string[]; x: number; y: number }[];
}
