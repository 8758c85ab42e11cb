/** Wrong usage: told with the command's form, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Usage: latent-lens COMMAND …

  embed [FILE] [--runtime auto|native|wasm]
        JSON lines {"text": …} in (from standard input without FILE), {"vector": […]} out, in the same order
  index FOLDER
        builds the index of a folder or brings it up to date
  search FOLDER QUERY [--limit N]
        the chunks nearest to a query in meaning
  neighbors FOLDER PATH:LINE [--limit N]
        the chunks nearest to the one at that line
  check FOLDER
        chunks that mix two topics, and where to cut them
  map FOLDER --out FILE.svg|FILE.png|FILE.json
        the map of the folder as a picture or as data
  project VECTORS.f32 --dimensions D --out COORDS.f32 [--method umap|umap-js|pca] [--neighbors K] [--epochs E] [--seed S]
        coordinates of raw little-endian float32 vectors, and the seconds of each stage

Options of every command:
  --json            one JSON document (or JSON lines) on standard output
  --store FILE      where the index lies; by default in your cache folder, keyed by the folder's real path
  --runtime NAME    auto, native or wasm
  --threads N       sessions that embed side by side
  --help, --version`;
