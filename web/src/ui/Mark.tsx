/** The sign of Segnavia: the white-red-white stroke painted along a path. */
export function Mark() {
  return (
    <span class="mark">
      <svg viewBox="0 0 32 22" aria-hidden="true">
        <rect class="mark-edge" x="1" y="1" width="30" height="20" rx="3" />
        <rect class="mark-red" x="1" y="8" width="30" height="6" />
      </svg>
      Segnavia
    </span>
  );
}
