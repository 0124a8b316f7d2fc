import { beforeAll, expect, test } from 'vitest';
import { addressRateLimit, callerRateLimit } from '../../src/api/rate-limit.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi, publicUrl } from './api-fixture.ts';

describeOnBothStores('The limit on requests', (open) => {
  let fixture: ApiFixture;
  beforeAll(async () => {
    fixture = await openApi(await open());
    return () => fixture.app.close();
  });

  test('a caller that asks too often is told when to come back, others are not', async () => {
    const limited = await openApi(fixture.database, { clock: () => new Date('2030-01-01T00:00:00Z') });
    const ask = (key: string) =>
      limited.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: bearer(key) });
    const codes = new Set<number>();
    for (let count = 0; count < callerRateLimit.burst; count += 1) {
      codes.add((await ask(bootstrapKey)).statusCode);
    }
    expect([...codes]).toEqual([204]);
    const stopped = await ask(bootstrapKey);
    expect(stopped.statusCode).toBe(429);
    expect(stopped.headers['retry-after']).toBe('1');
    expect(stopped.json()).toMatchObject({ code: 'too_many_requests' });
    expect((await ask(limited.otherKey)).statusCode).toBe(204);
    await limited.app.close();
  });

  test('behind a proxy that is trusted each address has its own limit; nobody else says who he is', async () => {
    const limited = await openApi(fixture.database, {
      config: { publicUrl, version: '0.0.0-test', trustedProxies: ['10.0.0.5'] },
      clock: () => new Date('2030-01-01T00:00:00Z'),
    });
    const ask = async (remoteAddress: string, from: string) => {
      const headers = { 'x-forwarded-for': from };
      return (await limited.app.inject({ url: '/api/v1/users', remoteAddress, headers })).statusCode;
    };
    for (let count = 0; count < addressRateLimit.burst; count += 1) await ask('10.0.0.5', '203.0.113.1');
    expect(await ask('10.0.0.5', '203.0.113.1')).toBe(429);
    expect(await ask('10.0.0.5', '203.0.113.2')).toBe(401);
    for (let count = 0; count < addressRateLimit.burst; count += 1)
      await ask('10.0.0.6', `203.0.113.${count}`);
    expect(await ask('10.0.0.6', '203.0.113.250')).toBe(429);
    await limited.app.close();
  });
});
