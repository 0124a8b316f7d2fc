import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { assert } from '../../kernel/assert.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { parseSecretKey } from './secret-key.ts';

/** Encrypts what must be read again, such as the tokens of a connection. */
export interface SecretBox {
  /**
   * Encrypts and authenticates. `context` says what the secret belongs to, such as the connection's id; it is not stored, and
   * the sealed text opens only with the same one, so that a row cannot be given another row's secret.
   */
  seal(plaintext: string, context: string): string;
  /** @throws `secret_key_wrong` when it was sealed with another key, for another context, or was changed. */
  open(sealed: string, context: string): string;
  /** Whether it was sealed with the previous key: open it and seal it again. */
  needsReseal(sealed: string): boolean;
}

export interface SecretKeys {
  /** 32 bytes in base64. */
  readonly key: string;
  /** While rotating: the key before. It opens and never seals. */
  readonly previousKey?: string | null;
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

const version = 'v1';
const cipher = 'aes-256-gcm';
/** The nonce that GCM is made for. Random: safe for 2^32 secrets under one key, far beyond the connections of any installation. */
const nonceBytes = 12;
const tagBytes = 16;

/**
 * A sealed text is `v1.<key id>.<nonce, ciphertext and tag in base64url>`. Version, key id and context are authenticated.
 */
export function createSecretBox({ key, previousKey = null }: SecretKeys): SecretBox {
  const current = toKey(key);
  const keys = previousKey === null ? [current] : [current, toKey(previousKey)];

  const seal = (plaintext: string, context: string): string => {
    const nonce = randomBytes(nonceBytes);
    const encryption = createCipheriv(cipher, current.bytes, nonce, { authTagLength: tagBytes });
    encryption.setAAD(associatedData(current.id, context));
    const body = [nonce, encryption.update(plaintext, 'utf8'), encryption.final(), encryption.getAuthTag()];
    return `${version}.${current.id}.${Buffer.concat(body).toString('base64url')}`;
  };

  const open = (sealed: string, context: string): string => {
    const { keyId, body } = parseSealed(sealed);
    const sealedWith = keys.find(({ id }) => id === keyId);
    if (!sealedWith) throw new TributaryError('secret_key_wrong', `They were stored with the key ${keyId}.`);
    try {
      const nonce = body.subarray(0, nonceBytes);
      const decryption = createDecipheriv(cipher, sealedWith.bytes, nonce, { authTagLength: tagBytes });
      decryption.setAAD(associatedData(keyId, context));
      decryption.setAuthTag(body.subarray(-tagBytes));
      const text = [decryption.update(body.subarray(nonceBytes, -tagBytes)), decryption.final()];
      return Buffer.concat(text).toString('utf8');
    } catch (cause) {
      throw new TributaryError(
        'secret_key_wrong',
        'The stored text was changed, or belongs to another record.',
        {
          cause,
        },
      );
    }
  };

  return { seal, open, needsReseal: (sealed) => parseSealed(sealed).keyId !== current.id };
}

function toKey(text: string): Key {
  const bytes = parseSecretKey(text);
  assert(bytes, 'a secret key is 32 bytes in base64');
  // Enough to tell keys apart; says nothing about the key.
  const id = createHash('sha256').update('tributary key id\0').update(bytes).digest('base64url').slice(0, 8);
  return { id, bytes };
}

function associatedData(keyId: string, context: string): Buffer {
  return Buffer.from(`${version}\0${keyId}\0${context}`, 'utf8');
}

function parseSealed(sealed: string): { keyId: string; body: Buffer } {
  const [sealedVersion, keyId, text, ...rest] = sealed.split('.');
  const body = Buffer.from(text ?? '', 'base64url');
  if (sealedVersion !== version || !keyId || rest.length > 0 || body.length < nonceBytes + tagBytes)
    throw new TributaryError('secret_key_wrong', 'The stored text is not one that Tributary has sealed.');
  return { keyId, body };
}
