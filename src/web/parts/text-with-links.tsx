import { OutsideLink } from './link.tsx';
import { Name } from './name.tsx';

const address = /(https?:\/\/[^\s<>"']+)/;

/** Text from outside, over several lines, whose web addresses can be followed. */
export function TextWithLinks({ text }: { readonly text: string }) {
  return (
    <span style={{ whiteSpace: 'pre-line' }}>
      {text.split(address).map((part, index) =>
        // Split by one group, every second part is an address.
        index % 2 === 1 ? (
          // oxlint-disable-next-line react/no-array-index-key -- parts of one text, which never change their order
          <OutsideLink key={index} href={part}>
            {part}
          </OutsideLink>
        ) : part === '' ? null : (
          // oxlint-disable-next-line react/no-array-index-key -- parts of one text, which never change their order
          <Name key={index} text={part} whole />
        ),
      )}
    </span>
  );
}
