import type { Chunker } from '../core/chunking/chunk';
import type { ModelFolder } from '../core/embedding/modelFolder';
import type { WordPieceTokenizer } from '../core/embedding/tokenizer';
import type { ChunkingSettings } from '../shared/chunking';
import type { FolderToOpen } from '../shared/hostEngine';
import type { EngineInfo } from '../shared/engineInfo';
import type { EmbeddingHost } from './embeddingHost';
import type { FolderStores } from './folderStores';
import type { Space } from './space';

/** What the answers need of the engine. */
export interface EngineRooms {
  readonly options: { storageFolder: string };
  info(): EngineInfo;
  /** @throws Error when the window's space is not open */
  space(id: string): Space;
  openSpace(folders: FolderToOpen[], refresh?: boolean): Space;
  deleteIndex(folderUri: string): Promise<{ bytes: number }>;
  model(): ModelFolder;
  tokenizer(): Promise<WordPieceTokenizer>;
  chunker(settings: ChunkingSettings): Promise<Chunker>;
  embeddingHost(): EmbeddingHost;
  folderStores(): FolderStores;
}
