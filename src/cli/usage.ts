/** Wrong usage: told with a hint at the help, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Usage: latent-lens COMMAND …

  embed [FILE]
        JSON lines {"text": …} in (from standard input without FILE),
        {"vector": […]} out in the same order
  index FOLDER
        builds the index of a folder or brings it up to date
  search FOLDER QUERY [--limit N]
        the chunks nearest to a query in meaning
  neighbors FOLDER PATH:LINE [--limit N]
        the chunks nearest to the one at that line
  check FOLDER [--all] [--json|--sarif] [--max N] [--strength S]
        chunks that mix two topics, and where to cut them, those first that a
        cut would help most. --all lists every chunk with the strength of its
        best cut; --strength flags from that percentile on; exit code 1 when
        more than --max chunks are flagged; --sarif for code scanning
  segment [FILE] [--text]
        a document of one sentence a line (--text: of prose) in segments,
        a line of ten = between them
  folders FOLDER [--by folder|type]
        folders that fall together: nearest chunks can't tell them apart
  why FOLDER FILE
        whether a file is indexed, and which rule decided; embeds nothing
  report FOLDER
        files, chunks and word pieces by folder and type, what was left out
        and why, what failed, and what the index costs
  map FOLDER --out FILE.svg|FILE.png|FILE.json
        the map of the folder as a picture or as data
  project VECTORS.f32 --dimensions D --out COORDS.f32
          [--method umap|umap-js|pca|tsne] [--neighbors K] [--epochs E]
          [--seed S]
        coordinates of raw little-endian float32 vectors,
        and the seconds that each stage took

search, neighbors, check, folders, report and map bring the index up to date
first.
Similarity is the cosine. Its percentile is the share of random pairs of this
index that are less similar: of chunks, or of queries and chunks for search.

Options of commands with a FOLDER, see "Chunking like your pipeline" in README:
  --chunker NAME  structure (headings, blocks, definitions of code),
                  recursive (LangChain's), tokens or sentences
  --chunk-size N --chunk-overlap N
                  tokens; sentences for sentences, characters for recursive
  --chunk-language NAME
                  LangChain's separators for markdown, python, …

Options of every command:
  --json          one JSON document on standard output (embed: always lines)
  --store FILE    where the index lies; by default in your cache folder,
                  keyed by the folder's real path
  --runtime NAME  auto (the fastest that works here), native or wasm
  --threads N     sessions that embed side by side; 0 chooses
  -h, --help      this page
  --version

Exit codes: 0 done, 1 error or more flags than --max, 2 wrong usage,
130 stopped by Ctrl-C (what was embedded is kept).`;
