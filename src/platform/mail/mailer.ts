import { createTransport } from 'nodemailer';
import { TributaryError } from '../../kernel/errors.ts';

/** A mail server that is silent for longer is taken for unreachable: the caller of a request waits for it. */
const timeoutMs = 20_000;

export interface Mail {
  /** Plain addresses. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly {
    readonly name: string;
    readonly mediaType: string;
    readonly bytes: Uint8Array;
  }[];
}

/** Hands mails to the operator's mail server. */
export interface Mailer {
  /** The address that they come from. */
  readonly from: string;
  /**
   * Returns the id of the message. Errors: `mail_rejected` (the server refuses a recipient, the sender or the message),
   * `mail_unavailable` (no answer, or one that may be another later).
   */
  readonly send: (mail: Mail) => Promise<string>;
}

/** A mailer for a server: `smtp://user:password@host:587` (STARTTLS where it is offered) or `smtps://…` (TLS from the start). */
export function createMailer({ url, from }: { readonly url: string; readonly from: string }): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A name or a path in a message is text and never a file of ours.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    from,
    send: async ({ to, subject, text, attachments }) => {
      try {
        const { messageId } = await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          attachments: attachments.map(({ name, mediaType, bytes }) => ({
            filename: name,
            contentType: mediaType,
            content: Buffer.from(bytes),
          })),
        });
        return messageId;
      } catch (error) {
        throw toMailError(error);
      }
    },
  };
}

/** RFC 5321: answers of 500 and more are final, those of 400 may be others later. A failed sign-in is the operator's to mend. */
function toMailError(error: unknown): TributaryError {
  const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : Number.NaN;
  const answer = error instanceof Error ? error.message : String(error);
  const rejected = code >= 500 && code < 600;
  return new TributaryError(rejected ? 'mail_rejected' : 'mail_unavailable', answer, { cause: error });
}
