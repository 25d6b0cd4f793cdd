/** A code as it is spoken: "GE 4821 7308". */
export const spoken = (code: string | undefined): string =>
  code ? `${code.slice(0, 2)} ${code.slice(2, 6)} ${code.slice(6)}` : '';
