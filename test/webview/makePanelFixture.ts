/**
 * Writes `test/fixtures/panel.json`, the data that the panel is tried on in a browser: chunks of the Rust book (MIT or
 * Apache-2.0) with neighbors, clusters and a layout that follow from their words (TF-IDF cosine, Louvain, umap-js).
 *
 *     npx tsx test/webview/makePanelFixture.ts FOLDER_OF_THE_BOOK
 */
import fs from 'node:fs';
import path from 'node:path';
import { UndirectedGraph } from 'graphology';
import louvain from 'graphology-communities-louvain';
import { UMAP } from 'umap-js';
import type { PanelFixture } from './panelFixture';

const maxChunks = 1200;
const neighborsStored = 8;
const k = 15;

const source = process.argv[2];
if (!source) throw new Error('Name the folder of the Rust book.');

const chapterFolders: [number, string][] = [
  [3, 'basics'],
  [5, 'ownership'],
  [8, 'enums-and-modules'],
  [11, 'errors-and-traits'],
  [13, 'iterators'],
  [16, 'pointers-and-threads'],
  [18, 'async-and-objects'],
  [99, 'advanced'],
];

interface Draft {
  path: string;
  folder: string;
  start: number;
  end: number;
  startLine: number;
  endLine: number;
  text: string;
}

let seed = 7;
const random = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

const drafts = thin(readDrafts(path.join(source, 'src')));
const vectors = tfIdf(drafts.map((draft) => draft.text));
const { nearest, similarities } = neighborsOf(vectors);
const communities = clusters(nearest, similarities);
const coordinates = layout(nearest, similarities);
const fixture = assemble();
fs.writeFileSync(path.join(import.meta.dirname, '../fixtures/panel.json'), `${JSON.stringify(fixture)}\n`);
console.log(`${drafts.length} chunks, ${fixture.clusters.length} clusters`);

function readDrafts(folder: string): Draft[] {
  const found: Draft[] = [];
  for (const name of fs.readdirSync(folder).sort()) {
    if (!name.endsWith('.md') || name === 'SUMMARY.md') continue;
    const chapter = Number(/^ch(\d+)/.exec(name)?.[1] ?? NaN);
    const group = Number.isNaN(chapter) ? 'appendix' : chapterFolders.find(([last]) => chapter <= last)![1];
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    let start = 0;
    const pieces = text.split(/(?<=\n\n)/);
    let held = '';
    for (const piece of [...pieces, '']) {
      const breaks = piece === '' || (held.length > 0 && (held.length + piece.length > 900 || piece.startsWith('#')));
      if (breaks && held.trim().length > 120) {
        const startLine = text.slice(0, start).split('\n').length - 1;
        const body = held.trimEnd();
        found.push({
          path: `${group}/${name}`,
          folder: group,
          start,
          end: start + body.length,
          startLine,
          endLine: startLine + body.split('\n').length - 1,
          text: body,
        });
      }
      if (breaks) {
        start += held.length;
        held = '';
      }
      held += piece;
    }
  }
  return found;
}

function thin(all: Draft[]): Draft[] {
  const step = all.length / Math.min(maxChunks, all.length);
  return Array.from({ length: Math.min(maxChunks, all.length) }, (_, i) => all[Math.floor(i * step)]);
}

function tokens(text: string): string[] {
  const stop = new Set(
    'the and that this with for you are can from will have not but our use when which into has its one we it is in to of a as be on an or at by if so let fn rs'.split(
      ' ',
    ),
  );
  return (text.toLowerCase().match(/[a-z]{3,}/g) ?? [])
    .map((word) => word.replace(/s$/, ''))
    .filter((word) => !stop.has(word) && word.length > 2);
}

function tfIdf(texts: string[]): Map<string, number>[] {
  const documents = new Map<string, number>();
  const counted = texts.map((text) => {
    const counts = new Map<string, number>();
    for (const word of tokens(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const word of counts.keys()) documents.set(word, (documents.get(word) ?? 0) + 1);
    return counts;
  });
  return counted.map((counts) => {
    let norm = 0;
    const vector = new Map<string, number>();
    for (const [word, n] of counts) {
      const weight = (1 + Math.log(n)) * Math.log(texts.length / documents.get(word)!);
      vector.set(word, weight);
      norm += weight * weight;
    }
    for (const [word, weight] of vector) vector.set(word, weight / Math.sqrt(norm));
    return vector;
  });
}

function neighborsOf(all: Map<string, number>[]): { nearest: number[][]; similarities: number[][] } {
  const postings = new Map<string, [number, number][]>();
  all.forEach((vector, i) =>
    vector.forEach((weight, word) => (postings.get(word) ?? postings.set(word, []).get(word)!).push([i, weight])),
  );
  const nearest: number[][] = [];
  const values: number[][] = [];
  for (const vector of all) {
    const scores = new Float64Array(all.length);
    vector.forEach((weight, word) => postings.get(word)!.forEach(([j, other]) => (scores[j] += weight * other)));
    const self = nearest.length;
    const order = [...scores.keys()].filter((j) => j !== self).sort((a, b) => scores[b] - scores[a]);
    nearest.push(order.slice(0, k));
    values.push(order.slice(0, k).map((j) => scores[j]));
  }
  return { nearest, similarities: values };
}

function clusters(rows: number[][], values: number[][]): number[] {
  const graph = new UndirectedGraph();
  rows.forEach((_, i) => graph.addNode(String(i)));
  rows.forEach((row, i) =>
    row.forEach((j, n) => graph.mergeEdge(String(i), String(j), { weight: values[i][n] + 0.01 })),
  );
  const byNode = louvain(graph, { rng: random, resolution: 1.2 }) as Record<string, number>;
  return rows.map((_, i) => byNode[String(i)]);
}

function layout(rows: number[][], values: number[][]): number[][] {
  const umap = new UMAP({ nNeighbors: k, nEpochs: 300, minDist: 0.12, random });
  umap.setPrecomputedKNN(
    rows.map((row, i) => [i, ...row.slice(0, k - 1)]),
    values.map((row) => [0, ...row.slice(0, k - 1).map((similarity) => 1 - similarity)]),
  );
  const placed = umap.fit(rows.map((_, i) => [i]));
  const xs = placed.map(([x]) => x);
  const ys = placed.map(([, y]) => y);
  const span = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) / 2;
  const midX = (Math.max(...xs) + Math.min(...xs)) / 2;
  const midY = (Math.max(...ys) + Math.min(...ys)) / 2;
  return placed.map(([x, y]) => [round((x - midX) / span), round((y - midY) / span)]);
}

function trustOf(i: number): number {
  const [x, y] = coordinates[i];
  const onMap = coordinates
    .map(([ox, oy], j) => ({ j, distance: (ox - x) ** 2 + (oy - y) ** 2 }))
    .filter(({ j }) => j !== i)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, k);
  const truly = new Set(nearest[i]);
  return onMap.filter(({ j }) => truly.has(j)).length;
}

function assemble(): PanelFixture {
  const paths = [...new Set(drafts.map((draft) => draft.path))];
  const folders = [...new Set(drafts.map((draft) => draft.folder))];
  const sizes = new Map<number, number>();
  for (const community of communities) sizes.set(community, (sizes.get(community) ?? 0) + 1);
  const kept = [...sizes]
    .filter(([, size]) => size >= 12)
    .sort((a, b) => b[1] - a[1])
    .map(([community]) => community);
  const terms = classTerms(kept);
  return {
    paths,
    folders,
    chunks: drafts.map((draft, i) => ({
      path: paths.indexOf(draft.path),
      folder: folders.indexOf(draft.folder),
      cluster: kept.includes(communities[i]) ? kept.indexOf(communities[i]) : -1,
      start: draft.start,
      end: draft.end,
      startLine: draft.startLine,
      endLine: draft.endLine,
      x: coordinates[i][0],
      y: coordinates[i][1],
      trust: trustOf(i),
      text: draft.text.slice(0, 150),
      neighbors: nearest[i].slice(0, neighborsStored),
      similarities: similarities[i].slice(0, neighborsStored).map(round),
    })),
    clusters: kept.map((community, c) => ({ terms: terms[c], ...densest(community) })),
  };
}

/** Class-based TF-IDF: the words of a cluster that the others lack. */
function classTerms(kept: number[]): string[][] {
  const counts = kept.map(() => new Map<string, number>());
  const total = new Map<string, number>();
  drafts.forEach((draft, i) => {
    const c = kept.indexOf(communities[i]);
    for (const word of new Set(tokens(draft.text))) {
      total.set(word, (total.get(word) ?? 0) + 1);
      if (c >= 0) counts[c].set(word, (counts[c].get(word) ?? 0) + 1);
    }
  });
  return counts.map((words) =>
    [...words]
      .sort(
        ([a, n], [b, m]) =>
          m * Math.log(1 + drafts.length / total.get(b)!) ** 1.5 -
          n * Math.log(1 + drafts.length / total.get(a)!) ** 1.5,
      )
      .slice(0, 5)
      .map(([word]) => word),
  );
}

function densest(community: number): { x: number; y: number } {
  const members = communities.flatMap((c, i) => (c === community ? [coordinates[i]] : []));
  const density = members.map(([x, y]) =>
    members.reduce((sum, [ox, oy]) => sum + Math.exp(-((x - ox) ** 2 + (y - oy) ** 2) / 0.01), 0),
  );
  const [x, y] = members[density.indexOf(Math.max(...density))];
  return { x, y };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
