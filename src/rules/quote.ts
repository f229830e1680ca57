/** Longer values are cut: a finding is read by people. */
const LONGEST = 100;

/** An offending value as findings print it: in double quotes, on one line. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? String(value);
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `"${shown.replace(/\s/g, ' ')}"`;
}

/** The end of a fact where a form is known that would do; empty where none is. */
export function didYouMean(suggestion: string | number | undefined): string {
  if (suggestion === undefined || suggestion === '') {
    return '';
  }
  return `; did you mean ${typeof suggestion === 'number' ? suggestion : quote(suggestion)}?`;
}

/** The name that differs from a text in case and punctuation only, or the only one there is. */
export function likelyMeant(text: string, names: Iterable<string>): string | undefined {
  const known = [...names];
  const alike = known.filter((name) => lettersOf(name) === lettersOf(text));
  return alike.length === 1 ? alike[0] : known.length === 1 ? known[0] : undefined;
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
