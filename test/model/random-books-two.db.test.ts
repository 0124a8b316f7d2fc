import { checkRandomBooks } from './check-random-books.ts';

checkRandomBooks('Books after random operations, the second half', 1);
