/**
 * What waits on a device whose person is signed out: AES-256-GCM (NIST SP 800-38D)
 * under a key of the person's, which the town gives to whoever signs in as them. The
 * key is not kept beside it.
 */
export type Sealed = {
  /** Whose it is. */
  user: string;
  /** What it was: a store, and its key there. */
  from: 'outbox' | 'acked' | 'blobs' | 'drafts';
  key: number | string;
  /** Only this device has it. */
  waits: boolean;
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
};

/** A thing that IndexedDB keeps, whose blob, if it has one, is called so. */
export type Sealable = { blob?: Blob; [field: string]: unknown };

type Head = { value: object; mime?: string };

/** The key of a grant, or undefined where the browser, the address without https or
 * the town knows none. */
export async function sealKey(seal: string | undefined): Promise<CryptoKey | undefined> {
  const { subtle } = globalThis.crypto;
  if (!seal || !subtle) return undefined;
  const raw = atob(seal.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  return subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

const newline = 10;

/** Seals a value, and its blob after it. */
export async function seal(key: CryptoKey, value: Sealable): Promise<Pick<Sealed, 'iv' | 'bytes'>> {
  const { blob, ...rest } = value;
  const head: Head = { value: rest, ...(blob ? { mime: blob.type } : {}) };
  const parts = [`${JSON.stringify(head)}\n`, ...(blob ? [blob] : [])];
  const plain = await new Blob(parts).arrayBuffer();
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain) };
}

/** Opens what was sealed. It throws an OperationError where the key is another, or the
 * bytes are. */
export async function unseal<T extends Sealable>(key: CryptoKey, sealed: Sealed): Promise<T> {
  const { iv, bytes } = sealed;
  const plain = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes));
  const end = plain.indexOf(newline);
  const head = JSON.parse(new TextDecoder().decode(plain.subarray(0, end))) as Head;
  const blob =
    head.mime === undefined ? {} : { blob: new Blob([plain.slice(end + 1)], { type: head.mime }) };
  return { ...head.value, ...blob } as T;
}
