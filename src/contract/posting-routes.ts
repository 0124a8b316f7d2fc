import { draftChoiceWire, draftsPostedWire } from './posting-wire.ts';
import { route } from './route.ts';

/** Posting in bulk. */
export const postingRoutes = {
  postDrafts: route({
    method: 'POST',
    path: '/documents/post-drafts',
    tag: 'Books',
    summary: 'Post every draft that passes a filter, by date; at most 10,000',
    scope: 'post',
    body: draftChoiceWire,
    status: 200,
    response: draftsPostedWire,
    errors: ['conflict'],
  }),
} as const;
