import { checkRandomBooks } from './check-random-books.ts';

checkRandomBooks('Books after random operations, the first half', 0);
