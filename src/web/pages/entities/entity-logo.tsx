import { Button, FileButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { Note, Problem } from '../../parts/note.tsx';
import type { EntityCardProps } from './entity-card.ts';

const logoBytesMax = 200 * 1024;
/** `String.fromCharCode` takes so many at once. */
const chunkBytes = 8192;

async function toBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    text += String.fromCharCode(...bytes.subarray(start, start + chunkBytes));
  }
  return btoa(text);
}

/** The picture on its invoices. It is shown as a picture, so that a drawing in it runs nothing. */
export function EntityLogo({ entity, canChange }: EntityCardProps) {
  const [tooLarge, setTooLarge] = useState(false);
  const logo = useQuery({
    ...apiQuery('getEntityLogo', { params: { id: entity.id } }),
    enabled: entity.logo !== null,
  });
  const changes = ['getEntity', 'getEntityLogo'] as const;
  const set = useApiMutation('setEntityLogo', { changes });
  const remove = useApiMutation('deleteEntityLogo', { changes });
  const upload = async (file: File | null): Promise<void> => {
    if (!file) return;
    setTooLarge(file.size > logoBytesMax);
    if (file.size > logoBytesMax) return;
    set.mutate({ params: { id: entity.id }, body: { data: await toBase64(file) } });
  };
  return (
    <section className="card stack" aria-labelledby="logo">
      <h2 id="logo" style={{ margin: 0 }}>
        Logo
      </h2>
      {entity.logo && logo.data ? (
        <div>
          <img
            src={`data:${logo.data.mediaType};base64,${logo.data.data}`}
            alt={`Logo of ${entity.name}`}
            style={{ maxWidth: '100%', maxHeight: 120, background: '#fff', padding: 8, borderRadius: 6 }}
          />
        </div>
      ) : (
        <p className="soft" style={{ margin: 0 }}>
          None yet. A PNG, JPEG or plain SVG of at most 200 kB.
        </p>
      )}
      {tooLarge ? (
        <Note tone="bad" live title="The picture is too large">
          Give one of at most 200 kB.
        </Note>
      ) : null}
      <Problem error={set.error ?? remove.error} title="The logo was not changed." />
      {canChange ? (
        <div className="row">
          <FileButton
            accept="image/png,image/jpeg,image/svg+xml"
            // What goes wrong is shown by the mutation.
            onChange={(file) => void upload(file)}
          >
            {(props) => (
              <Button variant="default" loading={set.isPending} {...props}>
                {entity.logo ? 'Choose another' : 'Choose a picture'}
              </Button>
            )}
          </FileButton>
          {entity.logo ? (
            <Button
              variant="subtle"
              color="gray"
              loading={remove.isPending}
              onClick={() => remove.mutate({ params: { id: entity.id } })}
            >
              Take it away
            </Button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}
