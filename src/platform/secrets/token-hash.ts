import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits: nobody guesses one, so that a fast hash without salt is enough to store it by. */
const tokenBytes = 32;

/** A new random token in base64url; the caller shows it once and keeps only its hash. */
export function newToken(): string {
  return randomBytes(tokenBytes).toString('base64url');
}

/** SHA-256 in base64url: what a session, an API key or an OAuth state is stored and looked up by. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Compares two secrets in a time that says nothing about where, or in what length, they differ. */
export function equalSecrets(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
