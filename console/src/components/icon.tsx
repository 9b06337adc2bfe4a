const PATHS = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M3.5 3.5l9 9m0-9l-9 9',
  dots: [3, 8, 13].map((x) => `M${x - 0.5} 8a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0`).join(''),
  down: 'M4 6l4 4 4-4',
  search: 'M11.5 7a4.5 4.5 0 1 1-9 0a4.5 4.5 0 1 1 9 0M10.5 10.5L14 14',
  up: 'M4 10l4-4 4 4',
};

/** An icon beside a text, or in a button that has a label. Screen readers skip it. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className="icon">
      <path d={PATHS[name]} />
    </svg>
  );
}
