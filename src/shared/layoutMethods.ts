/**
 * What layouts there are, what can be set about them and what each setting does: the panel draws its form from this, the
 * engine checks requests against it and the command line prints it. One place, so that no two of them differ.
 */

export const layoutMethodNames = ['umap', 'umap-js', 'pca', 'tsne'] as const;
export type LayoutMethod = (typeof layoutMethodNames)[number];

/**
 * What "near" means to a layout. Vectors are of length 1, so Euclidean distance orders them as cosine does and would be
 * a second name for the same thing; `centered` is not: it takes away what all texts have in common before it compares.
 * Lists, trust and clusters count cosine whatever the layout counts.
 */
export const layoutMetricNames = ['cosine', 'centered'] as const;
export type LayoutMetric = (typeof layoutMetricNames)[number];

/** Everything that people can set about a layout. */
export interface LayoutSettings {
  /** UMAP's n_neighbors, the point itself counted. */
  neighbors: number;
  /** UMAP's min_dist. */
  minimalDistance: number;
  /** t-SNE's effective number of neighbors. */
  perplexity: number;
  metric: LayoutMetric;
  epochs: number;
  seed: number;
}

export type LayoutSettingName = keyof LayoutSettings;

export interface NumberSetting {
  kind: 'number';
  name: string;
  /** One sentence: what happens when it is changed. */
  help: string;
  min: number;
  max: number;
  step: number;
  default: number;
}

export interface ChoiceSetting {
  kind: 'choice';
  name: string;
  help: string;
  options: { value: LayoutMetric; name: string; help: string }[];
  default: LayoutMetric;
}

export const layoutSettings: {
  [Name in LayoutSettingName]: LayoutSettings[Name] extends number ? NumberSetting : ChoiceSetting;
} = {
  neighbors: {
    kind: 'number',
    name: 'Neighbors',
    help: 'How many nearest chunks each one is tied to, itself counted: few show fine structure, many show the broad one.',
    min: 2,
    max: 50,
    step: 1,
    default: 15,
  },
  minimalDistance: {
    kind: 'number',
    name: 'Minimal distance',
    help: 'How tightly points may be packed: small values make dense clumps, large ones spread the points evenly.',
    min: 0,
    max: 1,
    step: 0.05,
    default: 0.1,
  },
  perplexity: {
    kind: 'number',
    name: 'Perplexity',
    help: 'About how many neighbors each point tries to keep near: few show fine structure, many show the broad one.',
    min: 5,
    max: 50,
    step: 1,
    default: 30,
  },
  metric: {
    kind: 'choice',
    name: 'Distance',
    help: 'What the layout takes for near; lists and trust always count cosine similarity.',
    options: [
      { value: 'cosine', name: 'Cosine', help: 'The angle between two vectors, as in search and in all lists.' },
      {
        value: 'centered',
        name: 'Centered cosine',
        help: 'The angle after the mean of all vectors is taken away: what all chunks share no longer counts.',
      },
    ],
    default: 'cosine',
  },
  epochs: {
    kind: 'number',
    name: 'Epochs',
    help: 'How long the points are moved: more take longer and settle further.',
    min: 50,
    max: 1000,
    step: 50,
    default: 200,
  },
  seed: {
    kind: 'number',
    name: 'Seed',
    help: 'Start of the random numbers: the same seed gives the same map, another one shows what is chance.',
    min: 0,
    max: 2_147_483_647,
    step: 1,
    default: 42,
  },
};

export interface LayoutMethodDescription {
  method: LayoutMethod;
  name: string;
  /** One or two sentences on what the picture shows. */
  help: string;
  /** Settings that count for it, in the order of the form; the others change nothing. */
  settings: LayoutSettingName[];
  /** Epochs where nobody asked for others. */
  defaultEpochs: number | undefined;
}

export const layoutMethods: LayoutMethodDescription[] = [
  {
    method: 'umap',
    name: 'UMAP',
    help: 'Keeps near chunks together and groups apart; stays recognizable as the index grows. Distances between groups mean little.',
    settings: ['neighbors', 'minimalDistance', 'metric', 'epochs', 'seed'],
    defaultEpochs: 200,
  },
  {
    method: 'tsne',
    name: 't-SNE',
    help: 'Keeps more of the nearest neighbors than UMAP and fills the plane evenly. Sizes of groups and distances between them mean nothing.',
    settings: ['perplexity', 'metric', 'epochs', 'seed'],
    defaultEpochs: 500,
  },
  {
    method: 'pca',
    name: 'PCA',
    help: 'A straight shadow along the two directions of greatest variance. Axes and distances are true, but far chunks may fall on each other.',
    settings: ['metric'],
    defaultEpochs: undefined,
  },
  {
    method: 'umap-js',
    name: 'umap-js',
    help: 'The JavaScript library as published, slower and from random places each time it starts: a reference to compare with.',
    settings: ['neighbors', 'minimalDistance', 'metric', 'epochs', 'seed'],
    defaultEpochs: 200,
  },
];

/** What a method is laid out with where nobody asked for anything else. */
export function defaultLayoutSettings(method: LayoutMethod): LayoutSettings {
  const described = layoutMethods.find((candidate) => candidate.method === method);
  return {
    neighbors: layoutSettings.neighbors.default,
    minimalDistance: layoutSettings.minimalDistance.default,
    perplexity: layoutSettings.perplexity.default,
    metric: layoutSettings.metric.default,
    epochs: described?.defaultEpochs ?? layoutSettings.epochs.default,
    seed: layoutSettings.seed.default,
  };
}
