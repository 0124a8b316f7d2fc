import { TributaryError } from '../kernel/errors.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { getEntity } from './entities.ts';
import {
  deleteEntityLogoRow,
  type Logo,
  type LogoMediaType,
  readLogoFacts,
  upsertEntityLogo,
} from './entity-details-store.ts';

/** A larger picture would make every invoice larger that carries it. */
export const logoBytesMax = 200 * 1024;

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const jpegSignature = [0xff, 0xd8, 0xff];
/** What makes of a drawing a program, or has it load something: none of it belongs in a logo. */
const activeSvg =
  /<script|<foreignObject|<!ENTITY|<!DOCTYPE|\son\w+\s*=|javascript:|(href|src)\s*=\s*["']\s*(?!#|data:image\/)/i;

/** Errors: `invalid_request` (no PNG, JPEG or SVG; too large; a drawing that runs or loads something). */
export function checkLogo(bytes: Uint8Array): Logo {
  if (bytes.length === 0 || bytes.length > logoBytesMax) {
    refuse(`Give a picture of at most ${logoBytesMax / 1024} kB.`);
  }
  const mediaType = mediaTypeOf(bytes);
  if (!mediaType) refuse('Give a PNG, JPEG or SVG picture.');
  if (mediaType === 'image/svg+xml' && activeSvg.test(new TextDecoder().decode(bytes))) {
    refuse('The SVG holds scripts, or points outside of itself: export it as a plain drawing.');
  }
  return { mediaType, bytes };
}

function refuse(message: string): never {
  throw new TributaryError('invalid_request', message, { fields: [{ field: 'data', message }] });
}

/** By what the bytes are, whatever the file was called. */
function mediaTypeOf(bytes: Uint8Array): LogoMediaType | null {
  const latin = new TextDecoder('latin1');
  if (pngSignature.every((byte, index) => bytes[index] === byte)) {
    // Whole: the header first and the end last, so that whoever prints it does not fail over half a picture.
    const isWhole =
      latin.decode(bytes.subarray(12, 16)) === 'IHDR' && latin.decode(bytes.slice(-8, -4)) === 'IEND';
    return isWhole ? 'image/png' : null;
  }
  if (jpegSignature.every((byte, index) => bytes[index] === byte)) {
    return bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9 ? 'image/jpeg' : null;
  }
  const text = new TextDecoder()
    .decode(bytes)
    .replace(/^\uFEFF/, '')
    .trimStart();
  const root = text.replace(/^<\?xml[^>]*\?>/, '').replace(/^(\s*<!--[\s\S]*?-->)*\s*/, '');
  return /^<svg[\s>]/i.test(root) || /^<!DOCTYPE svg/i.test(root) ? 'image/svg+xml' : null;
}

/** Errors: `not_found`, those of `checkLogo`. */
export async function setEntityLogo(
  tx: Transaction,
  entityId: string,
  bytes: Uint8Array,
  context: AuditContext,
): Promise<Logo> {
  await getEntity(tx, entityId);
  const logo = checkLogo(bytes);
  const before = await readLogoFacts(tx, entityId);
  await upsertEntityLogo(tx, { organizationId: context.organizationId, entityId }, logo);
  await appendAuditEntries(tx, context, [
    {
      action: 'entity.logo_set',
      subjectType: 'entity',
      subjectId: entityId,
      before,
      after: { mediaType: logo.mediaType, bytes: bytes.length },
    },
  ]);
  return logo;
}

/** Errors: `not_found` (no such entity, or it has no logo). */
export async function removeEntityLogo(
  tx: Transaction,
  entityId: string,
  context: AuditContext,
): Promise<void> {
  await getEntity(tx, entityId);
  const before = await readLogoFacts(tx, entityId);
  if (!(await deleteEntityLogoRow(tx, entityId))) {
    throw new TributaryError('not_found', 'The entity has no logo.');
  }
  await appendAuditEntries(tx, context, [
    { action: 'entity.logo_removed', subjectType: 'entity', subjectId: entityId, before },
  ]);
}
