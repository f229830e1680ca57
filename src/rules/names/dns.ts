/** Most characters of an RFC 1123 label. */
export const LABEL_LIMIT = 63;

/** Most characters of an RFC 1123 subdomain. */
export const SUBDOMAIN_LIMIT = 253;

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** Whether a text is an RFC 1123 label of at most `limit` characters. */
export function isLabel(text: string, limit: number = LABEL_LIMIT): boolean {
  return text.length <= limit && LABEL.test(text);
}

/** Whether a text is an RFC 1123 subdomain of at most `limit` characters: labels with dots between them. */
export function isSubdomain(text: string, limit: number = SUBDOMAIN_LIMIT): boolean {
  return text.length <= limit && SUBDOMAIN.test(text);
}

/** The label that a text was probably meant to be; empty where nothing of it can stay. */
export function toLabel(text: string, limit: number = LABEL_LIMIT): string {
  return trimHyphens(trimHyphens(text.toLowerCase().replace(/[^a-z0-9]+/g, '-')).slice(0, limit));
}

/** The subdomain that a text was probably meant to be; empty where nothing of it can stay. */
export function toSubdomain(text: string, limit: number = SUBDOMAIN_LIMIT): string {
  const parts = text.toLowerCase().split('.').map((part) => trimHyphens(part.replace(/[^a-z0-9]+/g, '-')));
  const joined = parts.filter((part) => part !== '').join('.').slice(0, limit);
  return joined.replace(/^[-.]|[-.]+$/g, '');
}

function trimHyphens(text: string): string {
  return text.replace(/^-|-$/g, '');
}
