export function Chevron() {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className="icon">
      <path d="M4 6l4 4 4-4" />
    </svg>
  );
}
