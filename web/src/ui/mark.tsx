// The mark: a G that is a glass bubble on its pipe with the hot gather inside.
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M25.2 8.3A12 12 0 1 0 28 16H18.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="16" r="3.4" fill="var(--molten)" />
    </svg>
  );
}
