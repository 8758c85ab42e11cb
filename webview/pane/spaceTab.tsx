import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SpaceReadings } from '../../src/shared/space';
import { usePanel } from '../model/panelContext';
import { byteSize, count, counted } from '../../src/shared/plainWords';
import { durationText, runtimeName, similarityText, skippedList } from '../wording';
import { GroupVerdicts } from './groupVerdicts';
import { Histogram } from './histogram';
import { RankCurve } from './rankCurve';

/** Readings of the whole space in plain words. */
export function SpaceTab() {
  const panel = usePanel();
  const revision = panel.map.value?.revision;
  useEffect(() => void panel.loadReadings(), [revision, panel]);
  const readings = panel.readings.value;
  if (panel.readingsError.value) {
    return (
      <div class="notice" role="alert">
        <span class="codicon codicon-error error-icon" aria-hidden="true" />
        <div>
          <div>{panel.readingsError.value}</div>
          <button type="button" class="link" onClick={() => void panel.loadReadings(true)}>
            Try again
          </button>
        </div>
      </div>
    );
  }
  if (!readings) return <div class="loading dim">Reading the space…</div>;
  return (
    <div class="space">
      <Section title="How far the map can be trusted">
        <TrustWords readings={readings} />
      </Section>
      <Section title="What falls together">
        <GroupVerdicts />
      </Section>
      <Section title="How much of each neighborhood it keeps">
        <RankWords readings={readings} />
      </Section>
      <Section title="How similar chunks are by chance">
        <BaselineWords readings={readings} />
      </Section>
      <Section title="What is in it">
        <Facts
          facts={[
            ['Files', count(readings.files)],
            ['Chunks', count(readings.chunks)],
            [
              'Points',
              readings.points === readings.chunks
                ? count(readings.points)
                : `${count(readings.points)}, as some chunks hold the same text`,
            ],
            ['Word pieces', count(readings.tokens)],
            ['Mixed-topic chunks', count(readings.mixed)],
            ...folderSkips(panel.status.value?.state.skipped ?? {}),
          ]}
        />
      </Section>
      <Section title="How it was made">
        <Facts facts={madeFacts(readings, panel.status.value?.engine)} />
      </Section>
    </div>
  );
}

function TrustWords({ readings }: { readings: SpaceReadings }) {
  const { trust, trustOf, falseNeighbors, neighborRecall } = readings;
  if (trust === undefined) return <p class="dim">Known once the map is drawn.</p>;
  const chance = readings.points > 1 ? (trustOf * trustOf) / (readings.points - 1) : 0;
  return (
    <>
      <div class="gauges">
        <Gauge value={trust} of={trustOf} words="true neighbors are near on the map" />
        {falseNeighbors !== undefined && (
          <Gauge value={falseNeighbors} of={trustOf} words="near points are strangers" isBad />
        )}
      </div>
      <p class="dim">
        On average, {trust.toFixed(1)} of a chunk's {trustOf} nearest chunks are also among the {trustOf} nearest points
        on the map. A random picture would keep {chance.toFixed(1)}.
        {falseNeighbors !== undefined &&
          ` The other way round, ${falseNeighbors.toFixed(1)} of the ${trustOf} nearest points on the map are not even among its 50 nearest chunks.`}{' '}
        {readings.dimensions} dimensions don't fit into two without loss: distances between far islands mean little, and
        lists are always computed in the original space.
      </p>
      {neighborRecall !== undefined && neighborRecall < 1 && (
        <p class="dim">
          Neighbors behind map, clusters and trust were found by regions: recall {neighborRecall.toFixed(2)}, measured
          on 250 points. Lists are exact.
        </p>
      )}
    </>
  );
}

function Gauge({ value, of, words, isBad }: { value: number; of: number; words: string; isBad?: boolean }) {
  return (
    <div class="gauge">
      <p class="reading">
        <strong>{value.toFixed(1)}</strong> of {of} {words}
      </p>
      <div class={isBad ? 'token-bar bad' : 'token-bar'} aria-hidden="true">
        <span class="token-fill" style={{ width: `${(value / of) * 100}%` }} />
      </div>
    </div>
  );
}

/** R_NX: near in the original space is by cosine similarity, near on the map by distance. */
function RankWords({ readings }: { readings: SpaceReadings }) {
  const { rankQuality, trustOf } = readings;
  if (!rankQuality) return <p class="dim">Known once a map is laid out.</p>;
  const { area, rows, of, words } = rankQuality;
  return (
    <>
      <p class="reading">
        <strong>{area.toFixed(2)}</strong> of 1 beyond chance
      </p>
      <RankCurve quality={rankQuality} markedAt={trustOf} />
      <p class="dim">
        {words}
        {rows >= of && ` Read from all ${count(of)} points.`}
      </p>
      <details class="dim">
        <summary>What the curve compares</summary>
        <p>
          The nearest chunks by similarity in the original space with the nearest points by distance on the map, from
          few neighbors (left) to many (right): 1 when they are the same, 0 when a random picture would do as well (R
          <sub>NX</sub> of Lee and Verleysen). The dashed line stands at the {trustOf} of trust.
        </p>
      </details>
    </>
  );
}

function BaselineWords({ readings }: { readings: SpaceReadings }) {
  const { baseline } = readings;
  if (!baseline) return <p class="dim">Known once there are enough chunks.</p>;
  return (
    <>
      <Histogram baseline={baseline} />
      <p class="dim">
        Half of random pairs are more similar than {similarityText(baseline.median)}, one in twenty more than{' '}
        {similarityText(baseline.p95)}, one in a hundred more than {similarityText(baseline.p99)}. Every percentile in
        the panel is measured against these pairs.
      </p>
    </>
  );
}

function folderSkips(skipped: Parameters<typeof skippedList>[0]): [string, string][] {
  const list = skippedList(skipped);
  if (list.length === 0) return [];
  const total = list.reduce((sum, { files }) => sum + files, 0);
  return [
    [
      'Skipped',
      `${counted(total, 'file')}: ${list.map(({ reason, files }) => `${count(files)} ${reason}`).join(', ')}`,
    ],
  ];
}

function madeFacts(readings: SpaceReadings, engine: Parameters<typeof runtimeName>[0] | undefined): [string, string][] {
  const facts: [string, string][] = [['Model', `${readings.modelName}, ${count(readings.dimensions)} dimensions`]];
  if (engine) {
    const rate = engine.tokensPerSecond === undefined ? '' : `, ${count(engine.tokensPerSecond)} word pieces a second`;
    facts.push(['Runtime', `${runtimeName(engine)}, ${counted(engine.threads, 'thread')}${rate}`]);
    if (engine.steppedDown.length > 0) facts.push(['Not used', engine.steppedDown.join(' ')]);
  }
  const { layout } = readings;
  if (layout) {
    const method = { umap: 'UMAP', 'umap-js': 'umap-js', pca: 'PCA', tsne: 't-SNE' }[layout.method] ?? layout.method;
    const shape =
      layout.method === 'pca'
        ? ''
        : `, ${layout.neighbors} neighbors, ${count(layout.epochs)} epochs, seed ${layout.seed}`;
    facts.push(['Layout', `${method}${shape}, ${durationText(layout.elapsedMs / 1000)}`]);
  }
  facts.push(['Store', `${byteSize(readings.storeBytes)} at ${readings.storePath}`]);
  return facts;
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="space-section">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Facts({ facts }: { facts: readonly [string, string][] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt class="dim">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
