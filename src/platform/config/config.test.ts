import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TributaryError } from '../../kernel/errors.ts';
import { generateSecretKey } from '../secrets/secret-key.ts';
import { readConfig, type Environment } from './config.ts';
import { environmentVariables } from './environment-variables.ts';

function refusal(environment: Environment): TributaryError {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof TributaryError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('The configuration', () => {
  test('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: null,
      dataDir: resolve('./data'),
      secretKey: null,
      secretKeyPrevious: null,
      publicUrl: 'http://127.0.0.1:4000',
      publicUrlGiven: false,
      trustedProxies: [],
      demo: true,
      bootstrapApiKey: null,
      adminEmail: null,
      adminPassword: null,
      mail: null,
      logLevel: 'info',
    });
  });

  test('takes what the environment says', () => {
    const secretKey = generateSecretKey();
    const config = readConfig({
      HOST: '0.0.0.0',
      PORT: '8080',
      DATABASE_URL: 'postgres://user:pass@db/books',
      TRIBUTARY_DATA_DIR: '/var/lib/books',
      TRIBUTARY_SECRET_KEY: secretKey,
      TRIBUTARY_PUBLIC_URL: 'https://books.example.com/tributary/',
      TRIBUTARY_TRUSTED_PROXIES: '10.0.0.5, 172.16.0.0/12,fd00::/8,loopback',
      TRIBUTARY_DEMO: 'off',
      TRIBUTARY_BOOTSTRAP_API_KEY: 'a-key-of-enough-characters',
      TRIBUTARY_ADMIN_EMAIL: 'Admin@Example.com',
      TRIBUTARY_ADMIN_PASSWORD: 'correct horse',
      TRIBUTARY_LOG_LEVEL: 'debug',
    });
    expect(config).toMatchObject({
      port: 8080,
      dataDir: '/var/lib/books',
      secretKey,
      publicUrl: 'https://books.example.com/tributary',
      publicUrlGiven: true,
      trustedProxies: ['10.0.0.5', '172.16.0.0/12', 'fd00::/8', 'loopback'],
      demo: false,
      adminEmail: 'admin@example.com',
      logLevel: 'debug',
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('mails in the name of SMTP_FROM, else of the user that signs in', () => {
    const url = 'smtp://books%40seller.example:secret@mail.example:587';
    expect(readConfig({ SMTP_URL: url }).mail).toEqual({ url, from: 'books@seller.example' });
    const named = readConfig({ SMTP_URL: 'smtps://mail.example', SMTP_FROM: 'AR@seller.example' });
    expect(named.mail?.from).toBe('ar@seller.example');
    expect(refusal({ SMTP_URL: 'smtps://mail.example' }).fields[0]?.field).toBe('SMTP_FROM');
    expect(refusal({ SMTP_URL: 'http://user:hidden@mail.example' }).message).not.toContain('hidden');
  });

  test('takes an empty variable as one that is not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', TRIBUTARY_DEMO: '' })).toEqual(readConfig({}));
  });

  test('has no demo on PostgreSQL unless it is asked for', () => {
    const environment = { DATABASE_URL: 'postgres://db/books', TRIBUTARY_SECRET_KEY: generateSecretKey() };
    expect(readConfig(environment).demo).toBe(false);
    expect(readConfig({ ...environment, TRIBUTARY_DEMO: 'on' }).demo).toBe(true);
  });

  test('leads to the machine itself when the server listens on every address', () => {
    expect(readConfig({ HOST: '0.0.0.0' }).publicUrl).toBe('http://127.0.0.1:4000');
    expect(readConfig({ HOST: '::1', PORT: '80' }).publicUrl).toBe('http://[::1]:80');
  });

  test.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['TRIBUTARY_PUBLIC_URL', 'books.example.com'],
    ['TRIBUTARY_PUBLIC_URL', 'ftp://books.example.com'],
    ['TRIBUTARY_PUBLIC_URL', 'https://books.example.com/?a=b'],
    ['TRIBUTARY_TRUSTED_PROXIES', 'true'],
    ['TRIBUTARY_TRUSTED_PROXIES', 'proxy.example.com'],
    ['TRIBUTARY_TRUSTED_PROXIES', '10.0.0.5,'],
    ['TRIBUTARY_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRIBUTARY_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRIBUTARY_DEMO', 'yes'],
    ['TRIBUTARY_ADMIN_EMAIL', 'admin'],
    ['TRIBUTARY_LOG_LEVEL', 'verbose'],
  ])('refuses %s=%s, naming the variable, what was given and what it must be', (name, value) => {
    const error = refusal({ [name]: value });
    expect(error.code).toBe('invalid_environment');
    expect(error.detail).toMatch(new RegExp(`^${name} is "${value.replace('?', '\\?')}"; it must `));
    expect(error.fields).toHaveLength(1);
  });

  test.each([
    ['DATABASE_URL', 'mysql://user:hidden@db/books'],
    ['TRIBUTARY_SECRET_KEY', 'hidden'],
    ['TRIBUTARY_SECRET_KEY_PREVIOUS', 'hidden'],
    ['TRIBUTARY_BOOTSTRAP_API_KEY', 'hidden hidden'],
    ['TRIBUTARY_ADMIN_PASSWORD', 'hidden'],
  ])('refuses a bad %s without repeating it', (name, value) => {
    const error = refusal({ TRIBUTARY_SECRET_KEY: generateSecretKey(), [name]: value });
    expect(error.detail).toMatch(new RegExp(`^${name} must `));
    expect(JSON.stringify(error.fields) + error.message).not.toContain('hidden');
  });

  test('names everything that is wrong at once', () => {
    const error = refusal({ PORT: 'x', TRIBUTARY_DEMO: 'x' });
    expect(error.fields.map(({ field }) => field)).toEqual(['PORT', 'TRIBUTARY_DEMO']);
  });

  test('asks for a secret key with PostgreSQL', () => {
    expect(refusal({ DATABASE_URL: 'postgres://db/books' }).detail).toMatch(
      /^TRIBUTARY_SECRET_KEY is required with DATABASE_URL/,
    );
  });

  test('refuses a previous key that is the present one', () => {
    const key = generateSecretKey();
    expect(refusal({ TRIBUTARY_SECRET_KEY: key, TRIBUTARY_SECRET_KEY_PREVIOUS: key }).fields[0]?.field).toBe(
      'TRIBUTARY_SECRET_KEY_PREVIOUS',
    );
  });

  test('says of each variable what it means and what applies without it', () => {
    for (const { name, meaning, defaultText } of Object.values(environmentVariables)) {
      expect(name).toMatch(/^[A-Z_]+$/);
      expect(meaning).toMatch(/\.$/);
      expect(defaultText).not.toBe('');
    }
  });
});
