import { theme } from './theme/theme';

interface Dot {
  x: number;
  y: number;
  group: number;
}

const islands = [
  { x: 78, y: 62, spread: 30, dots: 34 },
  { x: 176, y: 46, spread: 24, dots: 24 },
  { x: 232, y: 104, spread: 27, dots: 28 },
  { x: 132, y: 118, spread: 22, dots: 20 },
];

/** Dots of a small map, in the order in which they light up: each island is a sunflower of its own. */
const dots: readonly Dot[] = islands
  .flatMap(({ x, y, spread, dots: number }, group) =>
    Array.from({ length: number }, (_, i) => {
      const reach = spread * Math.sqrt((i + 0.5) / number);
      const angle = i * 2.39996 + group;
      return {
        x: x + 1.25 * reach * Math.cos(angle),
        y: y + reach * Math.sin(angle),
        group,
        turn: (i + 0.5) / number + group * 0.003,
      };
    }),
  )
  .sort((a, b) => a.turn - b.turn);

/** The picture of the empty states: a small map whose dots take their colors as the index fills. */
export function Constellation({ lit }: { lit: number }) {
  const colors = theme.value.groupColors;
  const count = Math.round(lit * dots.length);
  return (
    <svg class="constellation" viewBox="24 8 264 150" aria-hidden="true">
      {dots.map((dot, i) => (
        <circle
          key={i}
          class="dot"
          cx={dot.x}
          cy={dot.y}
          r={2.6}
          fill={colors[dot.group]}
          opacity={i < count ? 0.95 : 0.28}
        />
      ))}
    </svg>
  );
}
