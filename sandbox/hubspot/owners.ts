import type { Random } from './random.ts';

/** An owner: its id is not the user's id, and an archived one has no `userId`. */
export interface Owner {
  readonly id: string;
  readonly userId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly type: 'PERSON' | 'QUEUE';
  readonly archived: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

const PEOPLE: readonly (readonly [string, string])[] = [
  ['Aroha', 'Ngata'],
  ['Björn', 'Lindqvist'],
  ['Chiara', 'Esposito'],
  ['Dmitri', 'Ivanov'],
  ['Esi', 'Owusu'],
  ['Fatima', 'Al-Sabah'],
  ['Grace', "O'Neill"],
  ['Hiroshi', 'Tanaka'],
];

/** Makes the owners of a portal: every eighth is archived, one is a queue. */
export function makeOwners(count: number, domain: string, random: Random, createdAt: number): Owner[] {
  const owners: Owner[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = PEOPLE[index % PEOPLE.length] ?? ['Sam', 'Hill'];
    const suffix = index < PEOPLE.length ? '' : String(Math.floor(index / PEOPLE.length) + 1);
    const account = `${person[0]}.${person[1]}${suffix}`.normalize('NFKD').replace(/[^A-Za-z0-9.]/g, '');
    owners.push({
      id: String(611_000_000 + index * 37 + random.between(0, 30)),
      userId: 48_000_000 + index * 11 + random.between(0, 9),
      email: `${account.toLowerCase()}@${domain}`,
      firstName: person[0],
      lastName: `${person[1]}${suffix}`,
      type: index === 6 ? 'QUEUE' : 'PERSON',
      archived: index % 8 === 7,
      createdAt,
      updatedAt: createdAt,
    });
  }
  return owners;
}

export function ownerToWire(owner: Owner): object {
  return {
    id: owner.id,
    email: owner.email,
    type: owner.type,
    firstName: owner.firstName,
    lastName: owner.lastName,
    userId: owner.archived ? null : owner.userId,
    userIdIncludingInactive: owner.userId,
    createdAt: new Date(owner.createdAt).toISOString(),
    updatedAt: new Date(owner.updatedAt).toISOString(),
    archived: owner.archived,
    teams: [],
  };
}
