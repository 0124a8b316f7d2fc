import { afterEach, describe, expect, test } from 'vitest';
import { type MailServer, startMailServer } from '../../../test/support/mail-server.ts';
import { createMailer } from './mailer.ts';

const mail = {
  to: ['books@acme.example', 'cfo@acme.example'],
  subject: 'Rechnung für 株式会社\r\nBcc: everybody@example.com',
  text: 'Guten Tag,\n.\nanbei.',
  attachments: [{ name: 'INV-1.pdf', mediaType: 'application/pdf', bytes: new Uint8Array([1, 2, 3]) }],
};

let server: MailServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

describe('A mail', () => {
  test('arrives at each recipient with its attachment, and nobody is added by its subject', async () => {
    server = await startMailServer();
    const id = await createMailer({ url: server.url, from: 'billing@seller.example' }).send(mail);
    expect(id).toMatch(/^<.+@.+>$/);
    const [received] = server.received();
    expect(received?.from).toBe('billing@seller.example');
    expect(received?.to).toEqual(mail.to);
    expect(received?.source).toContain('filename=INV-1.pdf');
    expect(received?.source).toContain(Buffer.from([1, 2, 3]).toString('base64'));
    expect(received?.source).not.toMatch(/^Bcc:/m);
  });

  test('that is refused for good says what the server answered', async () => {
    server = await startMailServer({ refuse: { address: 'cfo@acme.example', code: 550 } });
    const mailer = createMailer({ url: server.url, from: 'billing@seller.example' });
    const onlyRefused = { ...mail, to: ['cfo@acme.example'] };
    await expect(mailer.send(onlyRefused)).rejects.toMatchObject({ code: 'mail_rejected' });
    await expect(mailer.send(onlyRefused)).rejects.toThrow(/550/);
  });

  test('that can be tried again later says so: no server, or one that is busy', async () => {
    server = await startMailServer({ refuse: { address: 'cfo@acme.example', code: 450 } });
    const { url } = server;
    const mailer = createMailer({ url, from: 'billing@seller.example' });
    const busy = { ...mail, to: ['cfo@acme.example'] };
    await expect(mailer.send(busy)).rejects.toMatchObject({ code: 'mail_unavailable' });
    await server.close();
    server = null;
    await expect(mailer.send(mail)).rejects.toMatchObject({ code: 'mail_unavailable' });
  });
});
